import ODCVCore

extension Baseline {
  /// The order is that of the rule book, so that two texts differ where their verdicts do.
  var text: String {
    var lines = [
      Self.header, "recording \(recording)", "configuration \(configuration)", "inputs \(inputs) \(last)",
    ]
    for rule in RuleID.allCases {
      for judged in Self.kinds {
        guard let run = runs[Track(rule: rule, judged: judged)] else { continue }
        let changes = run.changes.map { "\($0.index)\(String(decoding: [$0.outcome], as: UTF8.self))" }
        lines.append("rule \(rule.name) \(Self.word(judged)) \(run.count) \(changes.joined(separator: " "))")
      }
    }
    for block in blocks { lines.append("digest \(block.index) \(Words.hex(block.digest))") }
    return lines.joined(separator: "\n") + "\n"
  }

  static func word(_ judged: Judged) -> String {
    switch judged {
    case .commanded: "commanded"
    case .predicted: "predicted"
    case .measured: "measured"
    case .noted: "noted"
    }
  }

  /// The baselines of a file, in its order.
  ///
  /// - Throws: `Stop` with 2 that names the line.
  static func parse(_ bytes: [UInt8], file: String) throws -> [Baseline] {
    var baselines: [Baseline] = []
    for (place, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated() where !line.isEmpty
    {
      func bad(_ what: String) -> Stop {
        Stop(.usage, "\(file):\(place + 1): \(what); write the baseline again with --write-baseline")
      }
      if line == header {
        baselines.append(Baseline(recording: "", configuration: ""))
        continue
      }
      guard !baselines.isEmpty else {
        throw bad(line.hasPrefix("odcv-baseline ") ? "a baseline of another version" : "is no baseline of odcv-monitor")
      }
      guard try baselines[baselines.count - 1].add(line) else { throw bad("`\(line.prefix(60))` is no line of a baseline") }
    }
    guard !baselines.isEmpty else { throw Stop(.usage, "\(file): is empty; write a baseline with --write-baseline") }
    return baselines
  }

  private mutating func add(_ line: Substring) throws -> Bool {
    let words = line.split(separator: " ")
    switch words.first {
    case "recording":
      recording = String(line.dropFirst("recording ".count))
      return true
    case "configuration" where words.count == 2:
      configuration = String(words[1])
      return true
    case "inputs" where words.count == 3:
      guard let count = UInt64(words[1]), let last = UInt64(words[2]) else { return false }
      (inputs, self.last) = (count, last)
      return true
    case "rule" where words.count > 3:
      guard let rule = RuleID.allCases.first(where: { $0.name == words[1] }),
        let judged = Self.kinds.first(where: { Self.word($0) == words[2] }), let count = UInt64(words[3])
      else { return false }
      var changes: [Change] = []
      for word in words.dropFirst(4) {
        guard let letter = word.utf8.last, Self.letters.contains(letter), let index = UInt64(word.dropLast()),
          index > changes.last?.index ?? 0
        else { return false }
        changes.append(Change(index: index, outcome: letter))
      }
      runs[Track(rule: rule, judged: judged)] = Run(count: count, changes: changes)
      return true
    case "digest" where words.count == 3:
      guard let index = UInt64(words[1]), let digest = Self.bytes(words[2]) else { return false }
      blocks.append(Block(index: index, digest: digest))
      return true
    default: return false
    }
  }

  private static func bytes(_ hex: Substring) -> [UInt8]? {
    guard hex.utf8.count == 2 * digestBytes, let value = UInt64(hex, radix: 16) else { return nil }
    return withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
