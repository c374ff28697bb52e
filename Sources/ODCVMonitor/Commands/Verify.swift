import ArgumentParser
import ODCVEvidence

/// Checks the violation log's chain, and each recording's end against it.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify the violation log of an evidence directory.",
    discussion: "Ends with 0 when every record is as it was written, 1 when one is not, and names it.")

  @Argument(help: "The evidence directory, or its `violations` directory.")
  var directory: String

  @Flag(help: "One JSON line.")
  var json = false

  func run() throws {
    let report: VerifyReport
    do throws(EvidenceError) {
      report = try LogVerifier.verify(directory: directory)
    } catch {
      throw Stop(.usage, "\(error)")
    }
    if json {
      tell(
        JSON.object([
          ("directory", .string(directory)), ("intact", .bool(report.isIntact)),
          ("segments", .integer(Int64(report.segments))), ("records", .integer(Int64(report.records))),
          ("violations", .integer(Int64(report.violations))), ("last_sequence", .count(report.lastSequence)),
          ("head_sha256", .string(Words.hex(report.headDigest))),
          ("failures", .array(report.failures.map { .string($0.description) })),
          ("notes", .array(report.notes.map { .string($0) })),
        ]).line)
    } else {
      tell(
        "\(report.segments) segments, \(report.records) records, \(report.violations) violations, last sequence \(report.lastSequence)"
      )
      tell("head sha256 \(Words.hex(report.headDigest))")
      for note in report.notes { tell("note: \(note)") }
      for failure in report.failures { tell("FAILED: \(failure)") }
      if report.isIntact { tell("intact") }
    }
    if report.segments == 0 { throw Stop(.nothing, "\(directory): no violation log here") }
    if !report.isIntact { throw Stop(.violations, "") }
  }
}
