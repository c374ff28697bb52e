import ODCVCore

/// Where things stand in a verdict's canonical bytes, as `Verdict.encode` writes them.
enum VerdictBytes {
  /// The configuration's digest: behind the magic and the version.
  static let configuration = 6..<38
  private static let targetCount = 73
  /// Latch and the two ages, behind the target.
  private static let agesSize = 24
  private static let findingSize = 116
  /// Rule, outcome, reason, sense, improving.
  private static let findingHead = 5
  private static let pass: UInt8 = 4

  /// The findings' places, in their order.
  static func findings(in core: [UInt8]) -> [Range<Int>] {
    let count = targetCount + 1 + 8 * Int(core[targetCount]) + agesSize
    let start = count + 1
    precondition(core.count == start + findingSize * Int(core[count]), "a verdict's bytes are not laid out as they were")
    return (0..<Int(core[count])).map { start + $0 * findingSize..<start + ($0 + 1) * findingSize }
  }

  /// The bytes without the numbers of these rules where they pass.
  static func masked(_ core: [UInt8], apart: Set<UInt8>) -> [UInt8] {
    guard !apart.isEmpty else { return core }
    var masked = core
    for place in findings(in: core) where apart.contains(core[place.lowerBound]) && core[place.lowerBound + 1] == pass {
      for byte in place.dropFirst(findingHead) { masked[byte] = 0 }
    }
    return masked
  }

  /// What two judgements of one input are compared by; good for this process only.
  struct Fingerprint: Equatable {
    /// Of everything but what rules that pass found in numbers.
    var firm: Int
    /// Of those numbers, by rule.
    var passing: [UInt8: Int]

    init(_ core: [UInt8]) {
      passing = [:]
      var rest = Set<UInt8>()
      for place in VerdictBytes.findings(in: core) where core[place.lowerBound + 1] == VerdictBytes.pass {
        passing[core[place.lowerBound]] = Array(core[place]).hashValue
        rest.insert(core[place.lowerBound])
      }
      firm = VerdictBytes.masked(core, apart: rest).hashValue
    }
  }
}
