import ArgumentParser
import ODCVEvidence

/// Saves what reads of a cut or damaged recording.
struct Recover: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what can be read of a cut or damaged recording into a new file.",
    discussion: """
      The recording stays as it is. Ends with 0 when nothing was lost, 1 when nothing could be saved, 2 for a bad file name, \
      3 when something was or may have been lost.
      """)

  @Argument(help: "The recording.")
  var recording: String

  @Option(help: "File for the result; it must not exist yet. FILE.recovered.mcap when not given.")
  var out: String?

  func run() throws {
    let target = out ?? recording.replacing(/\.mcap$/, with: "") + ".recovered.mcap"
    let report: MCAPRecoveryReport
    do throws(EvidenceError) {
      report = try MCAPRecovery.recover(from: recording, to: target)
    } catch {
      throw Stop(.violations, "\(error)")
    }
    tell("\(target): \(report.messages) messages, \(report.attachments) attachments")
    if report.ending != .closed { say("\(recording): \(report.ending)") }
    for problem in report.problems { say("\(recording): \(problem)") }
    if report.isLossy { throw Stop(.incomplete, "") }
  }
}
