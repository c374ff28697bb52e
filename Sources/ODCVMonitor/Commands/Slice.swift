import ArgumentParser
import Glibc
import ODCVEvidence

/// Cuts the seconds around a violation out of a recording.
struct Slice: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut the seconds around a violation out of a recording, into a file that can be checked by itself.",
    discussion: """
      The slice begins as early as it must for its verdicts to be those of the whole recording, which is tried and not guessed, and \
      says from which input on they count. `check` knows it for a slice: it never passes as a whole recording. \
      The recording stays as it is. Ends with 0, or 3 when inputs are missing in the recording.
      """)

  @Argument(help: "The recording: a file, or the directory of a run.")
  var recording: String

  @Option(help: "The violation's sequence in the log, as alarms and `verify` count; its evidence directory holds the recording.")
  var around: UInt64?

  @Option(help: "An arrival index of the recording in its place, as `check` names inputs.")
  var index: UInt64?

  @Option(help: "The evidence directory, when the recording is not in it.")
  var evidence: String?

  @Option(help: "Seconds before it that count.")
  var before: Double = 2

  @Option(help: "Seconds after it.")
  var after: Double = 1

  @Option(help: "File for the slice; it must not exist yet.")
  var out: String

  func validate() throws {
    guard (around == nil) != (index == nil) else { throw ValidationError("name what to cut around: --around SEQ or --index N") }
    guard (0...60).contains(before), (0...60).contains(after) else {
      throw ValidationError("--before and --after are seconds, from 0 to 60")
    }
  }

  func run() throws {
    try Stop.unlessNew(out)
    let event = try LoggedEvent.find(
      around ?? index ?? 0, isIndex: index != nil, recording: recording, evidence: evidence)
    let result: Slicing.Result
    do {
      result = try Slicing(before: before, after: after).cut(event, to: out)
    } catch {
      // Half a slice must not lie about.
      unlink(out)
      throw error
    }
    let mark = result.mark
    tell("\(out): inputs \(mark.first) to \(mark.last), \(result.messages) messages")
    tell(
      "verdicts count from input \(mark.countsFrom) on; \(Words.rounded(result.lead)) s before it bring the monitor to where it was"
    )
    if !mark.apart.isEmpty {
      tell("apart from the numbers of \(mark.apart.joined(separator: ", ")), which pass in both and remember more than a slice holds")
    }
    for gap in result.gaps { say("\(recording): \(gap)") }
    if !result.gaps.isEmpty { throw Stop(.incomplete, "") }
  }
}
