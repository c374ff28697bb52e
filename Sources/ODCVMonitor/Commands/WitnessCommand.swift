import ArgumentParser
import Glibc
import ODCVEvidence

/// Keeps a log honest from outside: remembers the newest checkpoint and accepts only what goes on from it.
struct WitnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness", abstract: "Accept a violation log's newest checkpoint if it goes on from the last one accepted.",
    discussion: """
      Prints the accepted checkpoint, cosigned with --key. Ends with 1 when the checkpoint is not a consistent extension, and with \
      3 when --watch has seen none for --max-age seconds; an ALARM line on standard error says which. Keep the state, and the \
      key, where those who can write the log can't.
      """)

  @Argument(help: "The evidence directory, a file that `checkpoint --from` wrote, or - for standard input.")
  var source: String

  @Option(help: "File of what the witness remembers; made when it does not exist.")
  var state: String

  @Option(help: "The log's first key, as keygen printed it; to begin with.")
  var logKey: String?

  @Option(help: "File of the witness's own key (keygen --kind witness), to cosign with.")
  var key: String?

  @Flag(help: "Go on, until it is ended or there is an alarm.")
  var watch = false

  @Option(help: "With --watch: alarm when there was no new checkpoint for so many seconds.")
  var maxAge: Double = 90

  @Option(help: "With --watch: seconds between two looks.")
  var interval: Double = 2

  func validate() throws {
    guard maxAge > 0, maxAge < 1e9, interval >= 0.05, interval <= 3600 else {
      throw ValidationError("--max-age must be above 0, --interval 0.05 to 3600")
    }
    if watch, source == "-" { throw ValidationError("--watch looks at a directory or file again and again: name one") }
  }

  func run() throws {
    if watch { Signals.block() }
    let signer: NoteSigner?
    var kept: WitnessState
    do throws(EvidenceError) {
      signer = if let key { try WitnessKeyFile.load(key) } else { nil }
      kept = try start()
    } catch {
      throw Stop(.usage, "\(error)")
    }
    guard watch else {
      guard try look(&kept, signer) else {
        guard let last = kept.last else { throw Stop(.nothing, "\(source): no checkpoint here") }
        say("odcv-monitor: no newer checkpoint than the one of \(kept.checkpoint?.size ?? 0) records")
        tell(String(decoding: last.encoded.dropLast(), as: UTF8.self))
        return
      }
      if let last = kept.last { tell(String(decoding: last.encoded.dropLast(), as: UTF8.self)) }
      return
    }
    try follow(&kept, signer)
  }

  private func follow(_ kept: inout WitnessState, _ signer: NoteSigner?) throws {
    // Age over an earlier run of this witness counts: who stops the witness too must not win time.
    let before = kept.seen == 0 ? 0 : max(0, Double(realtimeNow()) / 1e9 - Double(kept.seen))
    var accepted = Double(monotonicNow().nanoseconds) / 1e9 - min(before, maxAge)
    while true {
      if try look(&kept, signer) {
        accepted = Double(monotonicNow().nanoseconds) / 1e9
        // A witness goes on whether or not anybody reads this.
        if !announce("accepted \(kept.checkpoint?.size ?? 0) records, epoch \(kept.epoch)") {
          say("odcv-monitor: standard output: \(errorText())")
        }
      }
      let age = Double(monotonicNow().nanoseconds) / 1e9 - accepted
      guard age <= maxAge else {
        throw Stop(
          .incomplete,
          "ALARM: no new checkpoint of \(kept.first.name) for \(Int(age)) s: its monitor has ended, or its log is held back or changed")
      }
      if Signals.wait(milliseconds: Int(interval * 1000)) == .end { return }
    }
  }

  /// What was kept, or a beginning.
  private func start() throws(EvidenceError) -> WitnessState {
    let given = try logKey.map { (text) throws(EvidenceError) in try noteKey(text) }
    guard WitnessState.exists(state) else {
      guard let given else {
        throw EvidenceError("\(state): does not exist; begin with the log's first key: --log-key")
      }
      return WitnessState(first: given)
    }
    let kept = try WitnessState.load(state)
    guard given == nil || given == kept.first else {
      throw EvidenceError("\(state): is of another log, whose first key is \(kept.first); name another --state")
    }
    return kept
  }

  /// Whether there was a new checkpoint. It is on disk when this returns.
  private func look(_ kept: inout WitnessState, _ signer: NoteSigner?) throws -> Bool {
    let steps = try extensions(kept)
    var next = kept
    do throws(EvidenceError) {
      try next.accept(steps, signer: signer, now: UInt64(max(0, realtimeNow() / 1_000_000_000)))
    } catch {
      throw Stop(.violations, "ALARM: \(error)")
    }
    guard next != kept else { return false }
    do throws(EvidenceError) { try next.store(state) } catch { throw Stop(.failed, "\(error)") }
    kept = next
    return true
  }

  private func extensions(_ kept: WitnessState) throws -> [LogExtension] {
    var status = stat()
    if source != "-", stat(source, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      do throws(EvidenceError) {
        let known = kept.checkpoint
        let newest = try LogProver.newest(directory: source)
        if newest == known { return [] }
        guard newest != nil else { throw EvidenceError("the log's checkpoints are gone; keep \(state) and look for them") }
        return try LogProver(directory: source).extensions(
          from: known?.size ?? 0, epoch: kept.epoch, time: known?.time ?? .min)
      } catch {
        throw Stop(.violations, "ALARM: \(error)")
      }
    }
    guard let bytes = readFile(source == "-" ? "/dev/stdin" : source) else {
      throw Stop(.usage, "\(source): \(errorText()); name an evidence directory, a file, or -")
    }
    guard let steps = LogExtension.parse(bytes) else {
      throw Stop(.usage, "\(source): not what `odcv-monitor checkpoint DIR --from SIZE --epoch N` prints")
    }
    // A file that is looked at again holds what was accepted before.
    let known = kept.checkpoint?.time ?? .min
    return watch ? steps.filter { (Checkpoint($0.note)?.time ?? .max) > known } : steps
  }
}

/// A public key of signed notes on the command line.
func noteKey(_ text: String) throws(EvidenceError) -> NoteKey {
  guard let key = NoteKey(parsing: text) else {
    throw EvidenceError(
      "`\(text)` is no key of a log or a witness: write what `odcv-monitor keygen --kind log` printed, "
        + "name+hash+key")
  }
  return key
}
