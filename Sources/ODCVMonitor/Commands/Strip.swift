import ArgumentParser
import Glibc
import ODCVEvidence

/// Copies a recording without anything that the monitor said.
struct Strip: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy a recording without its stored verdicts, alarms and sent commands.",
    discussion: "What is left is what `check` reads: raw inputs and configuration.")

  @Argument(help: "The recording: a file, or the directory of a run.")
  var recording: String

  @Option(help: "File for the copy; it must not exist yet.")
  var out: String

  func run() throws {
    do throws(EvidenceError) {
      let (kept, left) = try Strip.copy(recording, to: out)
      tell("\(kept) messages kept, \(left) left out")
    } catch {
      throw Stop(.usage, "\(error)")
    }
  }

  private static let outputs: [MessageSchema] = [.verdict, .alarm, .sent]

  private static func copy(_ path: String, to out: String) throws(EvidenceError) -> (kept: UInt64, left: UInt64) {
    let parts = try RecordingParts.find(path)
    // A closed copy of a recording that is cut, or lacks a file, would look whole.
    if let gap = parts.gaps.first { throw EvidenceError("\(path): \(gap)") }
    var copy = try MCAPCopy(to: out, leavingOut: Set(outputs.map(\.name) + DrawnSchema.allCases.map(\.name)))
    for (place, file) in parts.paths.enumerated() {
      var reader = try MCAPReader(path: file)
      copy.beginNextFile()
      while let item = try reader.next() { if parts.carries(item, from: place) { try copy.add(item) } }
      let damage = [reader.ending ?? .closed].filter { $0 != .closed }.map(\.description) + reader.problems.map(\.description)
      if let first = damage.first {
        unlink(out)
        throw EvidenceError("\(file): \(first); run `recover` first and strip what it saves")
      }
    }
    try copy.finish()
    return (copy.messages, copy.leftOut)
  }
}
