/// What a file that was cut out of a recording says of itself, in its metadata record `odcv.slice`: it shows nothing of what
/// was left out, and its verdicts count from an input on that has enough before it.
public struct SliceMark: Sendable, Equatable {
  static let name = "odcv.slice"

  /// The recording's file name.
  public var source: String
  /// Arrival indices of the first and last input that are in it.
  public var first: UInt64
  public var last: UInt64
  /// From this input on verdicts are those of the whole recording, byte for byte, but for `apart`; before it the monitor only learns
  /// what there is.
  public var countsFrom: UInt64
  /// Names of rules that pass here as they pass there, with other numbers: they remember longer than the slice goes back.
  public var apart: [String] = []
  /// The input that it was cut out around.
  public var around: UInt64
  /// That input's record in the violation log; `nil`: it was named by its index.
  public var logSequence: UInt64?

  public init(
    source: String, first: UInt64, last: UInt64, countsFrom: UInt64, around: UInt64, logSequence: UInt64?
  ) {
    self.source = source
    self.first = first
    self.last = last
    self.countsFrom = countsFrom
    self.around = around
    self.logSequence = logSequence
  }

  /// `nil` when a number is missing or they contradict each other.
  init?(_ values: [String: String]) {
    func number(_ key: String) -> UInt64? { values[key].flatMap { UInt64($0) } }
    guard let source = values["source"], let first = number("first_index"), let last = number("last_index"),
      let countsFrom = number("counts_from_index"), let around = number("around_index"),
      first > 0, first <= countsFrom, countsFrom <= around, around <= last
    else { return nil }
    self.init(
      source: source, first: first, last: last, countsFrom: countsFrom, around: around,
      logSequence: number("log_sequence"))
    apart = (values["apart_rules"] ?? "").split(separator: " ").map(String.init)
  }

  public var metadata: MCAPMetadata {
    var values = [
      "source": source, "first_index": String(first), "last_index": String(last), "counts_from_index": String(countsFrom),
      "around_index": String(around),
    ]
    if !apart.isEmpty { values["apart_rules"] = apart.joined(separator: " ") }
    if let logSequence { values["log_sequence"] = String(logSequence) }
    return MCAPMetadata(name: Self.name, values: values)
  }
}

/// What `recover` writes into a file that may lack something of the original, as the metadata record `odcv.recovered`.
public enum RecoveryMark {
  static let name = "odcv.recovered"

  static func metadata(_ report: MCAPRecoveryReport) -> [String: String] {
    let losses = [report.ending].filter { $0 != .closed }.map(\.fact) + report.problems.map(\.description)
    return ["loss": losses.joined(separator: "\n")]
  }
}
