import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

/// The files that a recorder would have made of a recording, had it been split before these inputs.
enum SplitRun {
  /// - Parameter indices: arrival indices, ascending, the first above 1
  static func split(_ recording: String, into directory: String, before indices: [UInt64]) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var whole = try Recording(path: recording)
    let (start, closing) = (whole.monotonicStart, whole.closing ?? [:])
    var instants: [UInt64: Int64] = [:]
    while let item = try whole.next() { if case .input(let input) = item { instants[input.index] = input.instant } }
    for number in 1...(indices.count + 1) {
      let first = number == 1 ? 1 : indices[number - 2]
      let end = number <= indices.count ? indices[number - 1] : .max
      try part(recording, directory, number, first..<end, begins: instants[first] ?? start, closing)
    }
  }

  private static func part(
    _ recording: String, _ directory: String, _ number: Int, _ range: Range<UInt64>, begins: Int64, _ closing: [String: String]
  ) throws {
    var reader = try MCAPReader(path: recording)
    var copy = try MCAPCopy(to: directory + "/" + PartMark.fileName(number))
    var indices = ArrivalIndex()
    var isMarked = number == 1
    while let item = try reader.next() {
      switch item {
      case .metadata(let record):
        if record.name == EndMark.name {
          var values = closing
          if range.upperBound < .max {
            values[EndMark.nextPart] = PartMark.fileName(number + 1)
            values[EndMark.lastIndex] = String(range.upperBound - 1)
          }
          try copy.add(metadata: EndMark.name, values)
        } else {
          try copy.add(item)
        }
      case .message(let message):
        guard range.contains(indices.whole(message.sequence)) else { continue }
        if !isMarked {
          let mark = PartMark(number: number, previousLast: range.lowerBound - 1, begins: begins, inForceFrom: 1)
          try copy.add(metadata: PartMark.name, mark.values)
          isMarked = true
        }
        try copy.add(item)
      case .header, .schema, .channel, .attachment: try copy.add(item)
      }
    }
    try copy.finish()
  }
}
