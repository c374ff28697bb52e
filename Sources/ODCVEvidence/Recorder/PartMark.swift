/// What a later file of a run's recording says of its place, in its metadata record `odcv.part`.
///
/// Each file of a recording stands for itself: it repeats the run's `odcv` metadata, word for word, and its attachments.
struct PartMark: Equatable {
  static let name = "odcv.part"

  /// From 2; the run's first file has no such mark.
  var number: Int
  /// Name of the file before.
  var previous: String
  /// Arrival index of the last input in the files before.
  var previousLast: UInt64
  /// When the input that it begins with was received, ns of the monotonic clock.
  var begins: Int64
  /// Of the run: see `Recording.inForceFrom`.
  var inForceFrom: UInt64

  init(number: Int, previousLast: UInt64, begins: Int64, inForceFrom: UInt64) {
    self.number = number
    previous = Self.fileName(number - 1)
    self.previousLast = previousLast
    self.begins = begins
    self.inForceFrom = inForceFrom
  }

  /// `nil` when something is missing in it.
  init?(_ values: [String: String]) {
    guard let number = values["part"].flatMap({ Int($0) }), number > 1, number <= Self.greatest, let previous = values["previous"],
      let previousLast = values["previous_last_index"].flatMap({ UInt64($0) }),
      let begins = values["begin_ns"].flatMap({ Int64($0) }),
      let inForceFrom = values["in_force_from_index"].flatMap({ UInt64($0) })
    else { return nil }
    self.init(number: number, previousLast: previousLast, begins: begins, inForceFrom: inForceFrom)
    self.previous = previous
  }

  var values: [String: String] {
    [
      "part": String(number), "previous": previous, "previous_last_index": String(previousLast), "begin_ns": String(begins),
      "in_force_from_index": String(inForceFrom),
    ]
  }

  /// `recording.mcap`, `recording-2.mcap`, ...
  static func fileName(_ number: Int) -> String { number == 1 ? "recording.mcap" : "recording-\(number).mcap" }

  /// No recording is split more often: one a second for eleven days.
  private static let greatest = 1_000_000

  /// Which file of a recording has this name; `nil`: none.
  static func number(_ name: String) -> Int? {
    if name == fileName(1) { return 1 }
    guard name.hasPrefix("recording-"), name.hasSuffix(".mcap") else { return nil }
    guard let number = Int(name.dropFirst(10).dropLast(5)), number > 1, number <= greatest, fileName(number) == name else { return nil }
    return number
  }
}

/// Keys of the metadata record `odcv.end`, with which the recorder ends a file in order.
enum EndMark {
  static let name = "odcv.end"
  /// The file that follows; absent in the last one of a run.
  static let nextPart = "next_part"
  /// Arrival index of the last input so far.
  static let lastIndex = "last_index"
  /// When that input was received, ns of the monotonic clock.
  static let end = "end_ns"
  /// Why the recording ended although the run went on, in words; absent when it did not.
  static let endedEarly = "ended_early"
}
