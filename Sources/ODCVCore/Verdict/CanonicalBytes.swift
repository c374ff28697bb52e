/// The verdict's own bytes: version 1, little-endian, fixed order, IEEE bits. No mode, latency, wall time or host.
///
/// Layout: "ODCV", version u16, configuration digest 32 bytes, index u64, instant i64, judged u8, row u8 (255: none), action sequence u64,
/// decision u8, scale f64, target count u8 and f64 each, latch u64, state age f64 and people age f64 (NaN: none), finding
/// count u8; then per finding: rule u8, outcome u8, reason u8, sense u8, improving u8, value, limit and margin as f64
/// (lower, upper, limit, lower, upper), subject and other (u8 kind, u32, u32 each), points flag u8 and six f64, failing
/// u32.
extension Verdict {
  public static let canonicalVersion: UInt16 = 1

  /// Writes the canonical bytes; `Capacity.verdictBytes` always suffice. Returns how many.
  public func encode(into buffer: UnsafeMutableRawBufferPointer, configuration digest: [UInt8]) -> Int {
    var out = ByteWriter(buffer)
    out.prepare(Verdict.headBytes + digest.count + Capacity.joints * 8)
    // "ODCV"
    out.put(0x5643_444F as UInt32)
    out.put(Verdict.canonicalVersion)
    for index in digest.indices { out.put(digest[index]) }
    out.put(index)
    out.put(UInt64(bitPattern: instant.nanoseconds))
    out.put(judged.rawValue)
    out.put(UInt8(row ?? 255))
    out.put(actionSequence)
    put(decision, &out)
    out.put(latch)
    out.put(stateAge ?? .nan)
    out.put(peopleAge ?? .nan)
    out.put(UInt8(findings.count))
    for place in 0..<findings.count { put(finding(at: place), &out) }
    return out.count
  }

  /// All but the digest, a target's joints and the findings.
  static let headBytes = 67
  static let findingBytes = 116

  private func put(_ decision: Decision, _ out: inout ByteWriter) {
    switch decision {
    case .allow: put(1, 1, .absent, &out)
    case .slow(let scale, let target): put(2, scale, target, &out)
    case .hold: put(3, 0, .absent, &out)
    case .halt: put(4, 0, .absent, &out)
    }
  }

  private func put(_ kind: UInt8, _ scale: Double, _ target: JointVector, _ out: inout ByteWriter) {
    out.put(kind)
    out.put(scale)
    out.put(UInt8(target.count))
    for joint in 0..<target.count { out.put(target[joint]) }
  }

  private func put(_ finding: Finding, _ out: inout ByteWriter) {
    out.prepare(Verdict.findingBytes)
    out.put(finding.rule.rawValue)
    switch finding.outcome {
    case .violationCertain: out.put(UInt8(1), UInt8(0))
    case .violationPossible: out.put(UInt8(2), UInt8(0))
    case .unknown(let reason): out.put(UInt8(3), reason.rawValue)
    case .pass: out.put(UInt8(4), UInt8(0))
    case .notApplicable: out.put(UInt8(5), UInt8(0))
    }
    out.put(finding.sense.rawValue)
    out.put(UInt8(finding.improving ? 1 : 0))
    out.put(finding.value.lower)
    out.put(finding.value.upper)
    out.put(finding.limit)
    let margin = finding.margin
    out.put(margin.lower)
    out.put(margin.upper)
    put(finding.subjectCode, &out)
    put(finding.otherCode, &out)
    out.put(UInt8(finding.points == nil ? 0 : 1))
    let (first, second) = finding.points ?? (.zero, .zero)
    for axis in 0..<3 { out.put(first[axis]) }
    for axis in 0..<3 { out.put(second[axis]) }
    out.put(finding.failing)
  }

  private func put(_ subject: SubjectCode, _ out: inout ByteWriter) {
    out.put(subject.kind)
    out.put(subject.first)
    out.put(subject.second)
  }
}

/// Little-endian bytes, one after the other. Running out of room is a bug of ours, not of any input.
private struct ByteWriter {
  private let start: UnsafeMutableRawPointer
  private let room: Int
  private(set) var count = 0

  init(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let start = buffer.baseAddress else { preconditionFailure("no memory to write to") }
    self.start = start
    room = buffer.count
  }

  /// There is room for what is put until the next call: it is asked once for all of it.
  func prepare(_ bytes: Int) { precondition(room - count >= bytes, "the canonical bytes do not fit") }

  mutating func put(_ value: some FixedWidthInteger) {
    start.storeBytes(of: value.littleEndian, toByteOffset: count, as: type(of: value))
    count += value.bitWidth / 8
  }

  mutating func put(_ a: UInt8, _ b: UInt8) {
    put(a)
    put(b)
  }

  mutating func put(_ value: Double) {
    // One NaN only: its payload would otherwise tell machines apart.
    put(value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern)
  }
}
