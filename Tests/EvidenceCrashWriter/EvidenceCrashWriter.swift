import Glibc
import ODCVEvidence

/// Writes evidence as the daemon does and says what was confirmed, so that a test can kill it at any moment and then
/// look whether everything it said is there.
///
///     EvidenceCrashWriter ROOT FIRST-INDEX COUNT [FILE-LIMIT [KEY]]
///
/// COUNT 0: until killed. FILE-LIMIT: no file may grow beyond so many bytes, which is what a full disk looks like; 0: as
/// they like. KEY: file of the log's signing key.
/// Prints `open` when the log can be written, `loss <what>` before that for what the last run left unfinished, `confirmed <index> <sequence>` for each confirmation, `state <log error> <recording error>` when either
/// changes, and `done` at the end.
@main struct EvidenceCrashWriter {
  static func main() {
    guard CommandLine.arguments.count >= 4, let first = UInt64(CommandLine.arguments[2]),
      let count = UInt64(CommandLine.arguments[3])
    else { exit(2) }
    if limit > 0 { limitFiles(to: limit) }
    do {
      try run(root: CommandLine.arguments[1], first: first, count: count)
    } catch {
      say("error \(error)")
      exit(4)
    }
  }

  static var limit: UInt { CommandLine.arguments.count > 4 ? UInt(CommandLine.arguments[4]) ?? 0 : 0 }

  static func limitFiles(to bytes: UInt) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
  }

  static func run(root: String, first: UInt64, count: UInt64) throws {
    let directory = try EvidenceDirectory.create(root: root)
    var configuration = RecorderConfiguration(
      directory: directory, endpoints: ["action", "state"], robotID: "panda", configurationSHA256: "00",
      monotonicStart: 0, wallStart: 1_700_000_000_000_000_000)
    configuration.segmentBytes = 16 << 10
    configuration.chunkAge = 5_000_000
    if CommandLine.arguments.count > 5 { configuration.key = LogKeyFile(path: CommandLine.arguments[5]) }
    configuration.checkpointInterval = 5_000_000
    // Compressed, the recording would meet its limit after the log.
    if CommandLine.arguments.count > 4 { configuration.compression = .none }
    // Some kill falls into a split; with a limit of files, the recording is to meet it.
    if limit == 0 { configuration.splitInterval = 10_000_000 }
    let ring = RecordRing(capacity: 1 << 20, reservedBytes: 1 << 18)
    let confirmations = AckRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
    for loss in recorder.recovery.losses { say("loss \(loss)") }
    say("open")
    var state = recorder.state
    func tellState() {
      let now = recorder.state
      if (now.logError, now.recordingError) != (state.logError, state.recordingError) {
        state = now
        say("state \(now.logError) \(now.recordingError)")
      }
    }
    var index = first
    while count == 0 || index < first + count {
      let payload = Array("violation of input \(index)".utf8)
      payload.withUnsafeBytes { body in
        Array("odcv/2/state/panda".utf8).withUnsafeBytes { topic in
          _ = ring.push(kind: .state, channel: 1, index: index, instant: Int64(index), topic: topic, body: body)
        }
        _ = ring.push(kind: .violation, index: index, instant: Int64(index), body: body)
      }
      index += 1
      while let confirmation = confirmations.pop() {
        say("confirmed \(confirmation.arrivalIndex) \(confirmation.logSequence)")
      }
      tellState()
      usleep(100)
    }
    let summary = recorder.stop()
    // A recorder that ran late met its limit only now.
    tellState()
    while let confirmation = confirmations.pop() {
      say("confirmed \(confirmation.arrivalIndex) \(confirmation.logSequence)")
    }
    say("done \(summary.violationsLogged) \(summary.violationsLost) \(summary.errors)")
  }

  /// One write per line, so that what was said before a kill was said whole.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
  }
}
