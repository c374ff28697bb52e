import CSodium
import ODCVCore

/// What the verdicts of one recording were, compact enough to be kept with a test and to be read in a review: for each rule
/// and kind of motion how often it was judged and the inputs from which on its outcome was another one, and a digest of every 256
/// inputs' verdict bytes.
///
/// Its text, one recording after the other:
///
///     odcv-baseline 1
///     recording recording.mcap
///     configuration <SHA-256>
///     inputs <count> <last index>
///     rule clearance.static commanded <times judged> 12p 340c 345p
///     digest 1 <16 hex digits>
///
/// Outcomes: `c` certain violation, `o` possible violation, `u` unknown, `p` pass, `n` not applicable. A digest is of the inputs from its number on; the configuration's own digest is left out of it.
struct Baseline {
  /// Which motion was judged and by which rule.
  struct Track: Hashable {
    var rule: RuleID
    var judged: Judged
  }

  /// From this input on.
  struct Change: Equatable {
    var index: UInt64
    var outcome: UInt8
  }

  struct Run: Equatable {
    var count: UInt64 = 0
    var changes: [Change] = []
  }

  struct Block: Equatable {
    /// Its first possible input.
    var index: UInt64
    var digest: [UInt8]
  }

  static let blockInputs: UInt64 = 256
  static let digestBytes = 8
  static let header = "odcv-baseline 1"

  var recording: String
  var configuration: String
  var inputs: UInt64 = 0
  var last: UInt64 = 0
  var runs: [Track: Run] = [:]
  var blocks: [Block] = []

  /// Bytes of the block that is open, and its number.
  private var open: (bytes: [UInt8], block: UInt64?) = ([], nil)
  /// By kind of motion and rule: a table is quicker than a dictionary, with every finding.
  private var tallied = [Run](repeating: Run(), count: 5 * RuleID.count)

  init(recording: String, _ digest: [UInt8]) {
    self.init(recording: recording, configuration: Words.hex(digest))
  }

  init(recording: String, configuration: String) {
    self.recording = String(recording.split(separator: "/").last ?? "")
    self.configuration = configuration
  }

  /// - Parameter core: the verdict's canonical bytes
  mutating func take(_ verdict: Verdict, _ core: [UInt8]) {
    last = verdict.index
    let block = (verdict.index - 1) / Self.blockInputs
    if open.block != block { closeBlock() }
    open.block = block
    open.bytes += core[..<VerdictBytes.configuration.lowerBound]
    open.bytes += core[VerdictBytes.configuration.upperBound...]
    guard verdict.judged != .noted else { return }
    for finding in verdict.findings {
      let outcome = Self.letter(finding.outcome)
      let slot = Int(verdict.judged.rawValue) * RuleID.count + finding.rule.place
      tallied[slot].count += 1
      if outcome != tallied[slot].changes.last?.outcome { tallied[slot].changes.append(Change(index: verdict.index, outcome: outcome)) }
    }
  }

  mutating func finish(inputs: UInt64) {
    closeBlock()
    self.inputs = inputs
    for judged in Self.kinds {
      for place in 0..<RuleID.count {
        let run = tallied[Int(judged.rawValue) * RuleID.count + place]
        if run.count > 0 { runs[Track(rule: RuleID(place: place), judged: judged)] = run }
      }
    }
  }

  private mutating func closeBlock() {
    guard let block = open.block else { return }
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256(&digest, open.bytes, UInt64(open.bytes.count))
    blocks.append(Block(index: block * Self.blockInputs + 1, digest: Array(digest.prefix(Self.digestBytes))))
    open.bytes.removeAll(keepingCapacity: true)
    open.block = nil
  }

  // MARK: - Outcomes as letters

  static let notJudged = UInt8(ascii: "-")
  static let letters = Array("counp".utf8)
  /// Kinds of motion that are judged.
  static let kinds = [Judged.commanded, .predicted, .measured]

  static func letter(_ outcome: Outcome) -> UInt8 {
    switch outcome {
    case .violationCertain: UInt8(ascii: "c")
    case .violationPossible: UInt8(ascii: "o")
    case .unknown: UInt8(ascii: "u")
    case .pass: UInt8(ascii: "p")
    case .notApplicable: UInt8(ascii: "n")
    }
  }

  static func words(_ letter: UInt8) -> String {
    switch letter {
    case UInt8(ascii: "c"): "violation.certain"
    case UInt8(ascii: "o"): "violation.possible"
    case UInt8(ascii: "u"): "unknown"
    case UInt8(ascii: "p"): "pass"
    case UInt8(ascii: "n"): "notApplicable"
    default: "not judged"
    }
  }
}
