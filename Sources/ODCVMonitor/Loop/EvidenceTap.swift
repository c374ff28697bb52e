import Glibc
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire

/// How the disk does, as the recorder's thread shows it.
enum DiskState: Equatable, Sendable {
  case writing
  /// Nothing has failed, but the recorder waits for the disk, ns so far.
  case stalled(Int64)
  /// Writing has ended with this error number; -1 when it was no system call.
  case failed(Int32)
  /// That of the recording alone.
  case recordingFailed(Int32)

  /// ns that the recorder may need for one round before it counts as stalled
  static let patience: Int64 = 1_000_000_000

  init(_ state: RecorderState) {
    if state.logError != 0 {
      self = .failed(state.logError)
    } else if state.recordingError != 0 {
      self = .recordingFailed(state.recordingError)
    } else {
      self = state.stalled > DiskState.patience ? .stalled(state.stalled) : .writing
    }
  }

  var condition: Snapshot.Evidence.Condition {
    switch self {
    case .writing: .writing
    case .stalled: .diskStalled
    case .failed, .recordingFailed: .diskError
    }
  }
}

/// The loop's side of the evidence: hands records to the recorder's ring without waiting, and notices when that fails.
struct EvidenceTap: ~Copyable {
  /// Something about the evidence that is an alarm of its own.
  struct Change {
    var condition: Snapshot.Evidence.Condition
    var raised: Bool
    var id: String
    var text: String
  }

  /// What is in alarm now, and since when.
  struct Standing {
    var change: Change
    var since: MonoInstant
  }

  // Never optional: to unwrap a class is to retain it, with every command.
  private let ring: RecordRing
  private let confirmations: AckRing
  private let isRecording: Bool
  private let disk: @Sendable () -> DiskState
  private let recorder: @Sendable () -> RecorderState?
  private(set) var summary = Snapshot.Evidence()
  /// When the ring last refused a record; the alarm is cleared a second after.
  private var lastRefusal: MonoInstant?
  private(set) var standingRing: Standing?
  private(set) var standingDisk: Standing?
  private(set) var standingLog: Standing?
  private(set) var standingCheckpoints: Standing?
  private(set) var standingRecording: Standing?
  private(set) var standingFiles: Standing?
  private(set) var standingRetention: Standing?
  /// ns, of the stall that lasts
  private var stall: Int64 = 0

  /// With no ring, nothing is recorded and nothing is alarmed.
  ///
  /// - Parameter recorder: how it is beside its disk; `nil`: nobody knows
  init(
    ring: RecordRing?, confirmations: AckRing?, recorder: @escaping @Sendable () -> RecorderState? = { nil },
    disk: @escaping @Sendable () -> DiskState
  ) {
    self.recorder = recorder
    self.ring = ring ?? RecordRing(capacity: 4096, reservedBytes: 0)
    self.confirmations = confirmations ?? AckRing()
    isRecording = ring != nil
    self.disk = disk
    summary.condition = ring == nil ? .off : .writing
  }

  /// How the recorder is; `nil` when nothing is recorded.
  var recorderState: RecorderState? { isRecording ? recorder() : nil }

  /// Of the ring that wait for the recorder.
  var ringBytes: Int { isRecording ? ring.usedBytes : 0 }

  /// s, as a check will read it back from the record's whole nanoseconds.
  static func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) * 1e-9 }

  /// Records an input as it came.
  mutating func record(_ input: InputOutline, _ index: UInt64, _ instant: MonoInstant, _ origin: Origin, duration: Int64) {
    guard isRecording else { return }
    let accepted: Bool
    switch origin {
    case .none:
      if case .overrun = input {
        accepted = ring.push(kind: .overrun, index: index, instant: instant.nanoseconds, detail: duration)
      } else if case .lost(let stream, let count) = input {
        accepted = ring.push(
          kind: .lost, channel: EvidenceTap.channel(EvidenceTap.endpoint(stream)), index: index,
          instant: instant.nanoseconds, detail: Int64(clamping: count))
      } else if case .handover = input {
        accepted = ring.push(kind: .handover, index: index, instant: instant.nanoseconds)
      } else if case .restored(let latch) = input {
        accepted = ring.push(
          kind: .restored, index: index, instant: instant.nanoseconds, detail: Int64(bitPattern: latch))
      } else {
        accepted = ring.push(kind: .tick, index: index, instant: instant.nanoseconds)
      }
    case .message(let endpoint, let topic, let body):
      accepted = ring.push(
        kind: EvidenceTap.kind(input, endpoint, topic), channel: EvidenceTap.channel(endpoint), index: index,
        instant: instant.nanoseconds, topic: topic, body: body)
    }
    note(accepted, instant)
    if !accepted { summary.unrecorded += 1 }
  }

  /// What an endpoint's loss is a loss of, and the endpoint that such a loss is recorded for.
  static func stream(_ endpoint: Endpoint) -> ODCVCore.Stream {
    switch endpoint {
    case .action: .action
    case .state: .state
    case .scene: .people
    case .control, .gated, .verdict, .instruction: .control
    }
  }

  static func endpoint(_ stream: ODCVCore.Stream) -> Endpoint {
    switch stream {
    case .action, .layout, .reasoning, .heartbeat: .action
    case .state: .state
    case .people, .obstacles, .signal: .scene
    case .pressure, .episode, .control: .control
    }
  }

  mutating func recordVerdict(_ topic: TextTable.Text, _ body: UnsafeRawBufferPointer, _ index: UInt64, _ instant: MonoInstant) {
    push(.verdict, topic.bytes, body, index, instant)
  }

  mutating func recordAlarm(_ topic: TextTable.Text, _ body: UnsafeRawBufferPointer, _ index: UInt64, _ instant: MonoInstant) {
    push(.alarm, topic.bytes, body, index, instant)
  }

  /// For the violation log: confirmed when it is on disk.
  mutating func recordViolation(_ body: UnsafeRawBufferPointer, _ index: UInt64, _ instant: MonoInstant) {
    push(.violation, UnsafeRawBufferPointer(start: nil, count: 0), body, index, instant)
    summary.raised += 1
  }

  mutating func recordSent(
    forwarded: Bool, _ substitute: UnsafeRawBufferPointer, _ index: UInt64, _ instant: MonoInstant
  ) {
    guard isRecording else { return }
    let accepted = ring.push(
      kind: .sent, channel: EvidenceTap.channel(.gated), index: index, instant: instant.nanoseconds,
      detail: forwarded ? 1 : 0, body: substitute)
    note(accepted, instant)
  }

  // MARK: - From one run to the next: see `NextRun`. `false` when the ring is full now

  func prepare(_ recording: UInt64, _ index: UInt64, _ instant: MonoInstant, offset: Int64) -> Bool {
    !isRecording || ring.pushPrepared(recording, index: index, instant: instant.nanoseconds, next: offset)
  }

  func turn(_ index: UInt64, _ instant: MonoInstant) -> Bool {
    !isRecording || ring.push(kind: .turned, index: index, instant: instant.nanoseconds)
  }

  func abandon(_ index: UInt64, _ instant: MonoInstant) -> Bool {
    !isRecording || ring.push(kind: .abandoned, index: index, instant: instant.nanoseconds)
  }

  /// A layout that only the next run takes in now.
  mutating func recordForNext(
    _ endpoint: Endpoint, _ topic: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ index: UInt64, _ instant: MonoInstant
  ) {
    guard isRecording else { return }
    let accepted = ring.push(
      kind: .layout, channel: EvidenceTap.channel(endpoint), index: index, instant: instant.nanoseconds,
      detail: RecordKind.onlyNext, topic: topic, body: body)
    note(accepted, instant)
  }

  // MARK: -

  /// A violation that has reached the disk since the last call.
  mutating func nextConfirmation() -> CommitConfirmation? {
    guard let confirmation = confirmations.pop() else { return nil }
    summary.confirmed += 1
    summary.logSequence = confirmation.logSequence
    return confirmation
  }

  /// What changed about ring and disk since the last call, handed to `tell`.
  mutating func changes(
    at now: MonoInstant
  ) -> (ring: Change?, disk: Change?, log: Change?, checkpoints: Change?, recording: Change?, files: Change?, retention: Change?) {
    guard isRecording else { return (nil, nil, nil, nil, nil, nil, nil) }
    let isFull = lastRefusal.map { now.nanoseconds - $0.nanoseconds < 1_000_000_000 } ?? false
    let state = disk()
    let recorder = recorder()
    let condition = state.condition
    summary.condition =
      switch condition {
      case .writing where recorder?.recordingEnded == true: .recordingEnded
      case .writing where isFull: .ringFull
      case .off, .writing, .ringFull, .diskStalled, .diskError, .recordingEnded: condition
      }
    if case .stalled(let time) = state { stall = max(stall, time) }
    let (unrecorded, unlogged) = (summary.unrecorded, ring.refusedViolations)
    let ringChange = EvidenceTap.turn(&standingRing, isFull, at: now) {
      Change(
        condition: .ringFull, raised: $0, id: "evidence.ring",
        text: $0
          ? "the disk is too slow: inputs are judged but not recorded"
          : "records are taken again; \(unrecorded) inputs so far are not in the recording, and \(unlogged) violations not in the log")
    }
    var diskChange: Change?
    if condition != standingDisk?.change.condition ?? .writing {
      let change = Change(
        condition: condition, raised: condition != .writing, id: "evidence.disk", text: text(state))
      diskChange = change
      standingDisk = change.raised ? Standing(change: change, since: standingDisk?.since ?? now) : nil
      if condition == .writing { stall = 0 }
    }
    // Of its own: the recording may have failed before, and what is lost now is another thing. Like the next one it stands for good.
    let logError = recorder?.logError ?? 0
    let logChange = EvidenceTap.turn(&standingLog, standingLog != nil || logError != 0, at: now) {
      Change(
        condition: condition, raised: $0, id: "evidence.log",
        text: "the violation log can't be written (\(EvidenceTap.words(logError))): violations are told, and from here on "
          + "none is logged: free space or replace the disk, then start the monitor again")
    }
    let isUnsigned = standingCheckpoints != nil || recorder?.checkpointError ?? 0 != 0
    let checkpointChange = EvidenceTap.turn(&standingCheckpoints, isUnsigned, at: now) {
      Change(
        condition: condition, raised: $0, id: "evidence.checkpoints",
        text: "no more checkpoints of the violation log are signed; the log itself goes on: look at standard error, then start the "
          + "monitor again")
    }
    let hasEnded = recorder?.recordingEnded ?? (standingRecording != nil)
    let recordingChange = EvidenceTap.turn(&standingRecording, hasEnded, at: now) {
      Change(
        condition: condition, raised: $0, id: "evidence.recording",
        text: $0
          ? "the recording has ended, because space runs out; verdicts, alarms and the violation log go on: free space, then start the "
            + "monitor again or let it read its configuration anew"
          : "another run is recorded")
    }
    let filesChange = EvidenceTap.turn(&standingFiles, recorder.map(EvidenceTap.isMisplaced) ?? false, at: now) {
      Change(
        condition: condition, raised: $0, id: "evidence.files",
        text: $0
          ? "files of the evidence were removed or replaced while they were written: standard error names them; look who did it, and "
            + "run `odcv-monitor verify`"
          : "another run is recorded, and its files are in their place")
    }
    let doubtful = recorder?.doubtfulRuns ?? 0
    let retentionChange = EvidenceTap.turn(&standingRetention, doubtful > 0, at: now) {
      Change(
        condition: condition, raised: $0, id: "evidence.retention",
        text: $0
          ? "space runs out, and nothing is removed of \(doubtful) runs, because the violation log is not whole for "
            + "them: standard error names them; run `odcv-monitor verify`"
          : "the violation log is whole for all runs that are here")
    }
    return (ringChange, diskChange, logChange, checkpointChange, recordingChange, filesChange, retentionChange)
  }

  private static func isMisplaced(_ state: RecorderState) -> Bool { state.logMisplaced || state.recordingMisplaced }

  /// Raises or clears it; `nil` when it stands as it did.
  private static func turn(
    _ standing: inout Standing?, _ isRaised: Bool, at now: MonoInstant, _ make: (Bool) -> Change
  ) -> Change? {
    guard isRaised != (standing != nil) else { return nil }
    let change = make(isRaised)
    standing = isRaised ? Standing(change: change, since: now) : nil
    return change
  }

  private func text(_ state: DiskState) -> String {
    switch state {
    case .writing: "evidence is written again, after a stall of \(Words.rounded(EvidenceTap.seconds(stall))) s"
    case .stalled(let time):
      "evidence: no sync for \(Words.rounded(EvidenceTap.seconds(time))) s: the disk is slow or the machine overloaded; "
        + "records wait in memory until it goes on"
    case .failed(let code):
      "evidence can't be written (\(EvidenceTap.words(code))): free space or replace the disk, then start the monitor again"
    case .recordingFailed(let code):
      "the recording can't be written (\(EvidenceTap.words(code))); verdicts, alarms and the violation log go on: free space or replace "
        + "the disk, then start the monitor again or let it read its configuration anew"
    }
  }

  private static func words(_ code: Int32) -> String {
    code > 0 ? String(cString: strerror(code)) : "standard error names it when the monitor ends"
  }

  private mutating func push(
    _ kind: RecordKind, _ topic: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ index: UInt64,
    _ instant: MonoInstant
  ) {
    guard isRecording else { return }
    let accepted = ring.push(
      kind: kind, channel: EvidenceTap.channel(.verdict), index: index, instant: instant.nanoseconds, topic: topic,
      body: body)
    note(accepted, instant)
  }

  private mutating func note(_ accepted: Bool, _ instant: MonoInstant) {
    if !accepted { lastRefusal = instant }
  }

  static func channel(_ endpoint: Endpoint) -> UInt8 {
    switch endpoint {
    case .action: 0
    case .state: 1
    case .scene: 2
    case .gated: 3
    case .verdict: 4
    case .instruction: 5
    case .control: 6
    }
  }

  /// What a message is in the record: typed when its bytes are a message of the schema, `undecoded` when they are not.
  private static func kind(
    _ input: InputOutline, _ endpoint: Endpoint, _ topic: UnsafeRawBufferPointer
  ) -> RecordKind {
    if case .rejected(let rejection) = input {
      switch rejection.reason {
      case .undecodable, .oversized, .wrongEndpoint: return .undecoded
      case .wrongRobot, .missingField, .nonFinite, .wrongLength, .unknownSensor, .unsupported, .badSignature: break
      }
    }
    if endpoint == .control { return .request }
    switch Topic.parse(topic)?.kind {
    case .layout: return .layout
    case .action: return .action
    case .state: return .state
    case .people: return .people
    case .obstacles: return .obstacles
    case .signal: return .signal
    case .reasoning: return .reasoning
    case .heartbeat: return .heartbeat
    case .instruction, .verdict, .alarm, .lease, nil: return .undecoded
    }
  }
}
