import ArgumentParser
import ODCVEvidence

/// Saves what reads of a cut or damaged recording, or of a segment of the violation log.
struct Recover: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what can be read of a cut or damaged recording, or segment of the violation log, into a new file.",
    discussion: """
      The file stays as it is. A recovered segment is for reading: the log that it is of goes on without it. Ends with 0 when \
      nothing was lost, 1 when nothing could be saved, 2 for a bad file name, 3 when something was or may have been lost.
      """)

  @Argument(help: "The recording, or a segment of the violation log.")
  var recording: String

  @Option(help: "File for the result; it must not exist yet. FILE.recovered.mcap (.odcvlog) when not given.")
  var out: String?

  func run() throws {
    if recording.hasSuffix(".odcvlog") { return try recoverSegment() }
    let target = out ?? recording.replacing(/\.mcap$/, with: "") + ".recovered.mcap"
    try Stop.unlessNew(target)
    let report: MCAPRecoveryReport
    do throws(EvidenceError) {
      report = try MCAPRecovery.recover(from: recording, to: target)
    } catch {
      throw Stop(.violations, "\(error)")
    }
    tell("\(target): \(report.messages) messages, \(report.attachments) attachments")
    if report.ending != .closed { say("\(recording): \(report.ending.fact)") }
    for problem in report.problems { say("\(recording): \(problem)") }
    if report.isLossy { throw Stop(.incomplete, "") }
  }

  private func recoverSegment() throws {
    let target = out ?? recording.replacing(/\.odcvlog$/, with: "") + ".recovered.odcvlog"
    try Stop.unlessNew(target)
    let report: SegmentSalvage.Report
    do throws(EvidenceError) {
      report = try SegmentSalvage.recover(from: recording, to: target)
    } catch {
      throw Stop(.violations, "\(error)")
    }
    tell("\(target): \(report.records) records")
    for loss in report.losses { say("\(recording): \(loss)") }
    if !report.losses.isEmpty { throw Stop(.incomplete, "") }
  }
}
