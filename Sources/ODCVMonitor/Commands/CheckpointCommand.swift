import ArgumentParser
import ODCVEvidence

/// Prints what a log's directory proves, for someone who does not have it.
struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Print the newest signed checkpoint of a violation log, or a proof that leads to it.",
    discussion: """
      --from SIZE --epoch N prints what a witness needs that has accepted a checkpoint of SIZE records in epoch N (pass it to \
      `witness -`); --record SEQUENCE prints the proof that this record is in the checkpoint.
      """)

  @Argument(help: "The evidence directory, or its `violations` directory.")
  var directory: String

  @Option(help: "Records of the checkpoint that is known; 0 when none is.")
  var from: UInt64?

  @Option(help: "Epoch whose key is known.")
  var epoch: UInt64 = 0

  @Option(help: "Sequence of a record to prove.")
  var record: UInt64?

  func validate() throws {
    if from != nil, record != nil { throw ValidationError("--from and --record are two questions: ask one") }
  }

  func run() throws {
    let prover: LogProver
    do throws(EvidenceError) { prover = try LogProver(directory: directory) } catch { throw Stop(.usage, "\(error)") }
    guard let newest = prover.newest else {
      throw Stop(.nothing, "\(directory): no checkpoint here; the monitor signs them with `evidence: {key: FILE}`")
    }
    if let record {
      guard let proof = prover.inclusion(of: record) else {
        throw Stop(.usage, "record \(record) is not in the newest checkpoint; see `odcv-monitor verify` for how many there are")
      }
      tell(proof)
    } else if let from {
      let steps = prover.extensions(from: from, epoch: epoch)
      tell(Array(steps.map(\.encoded).joined(separator: [0x0A])))
    } else {
      tell(newest.encoded)
    }
  }

  private func tell(_ bytes: [UInt8]) {
    // `tell` ends the last line itself.
    ODCVMonitor.tell(String(decoding: bytes.dropLast(), as: UTF8.self))
  }
}
