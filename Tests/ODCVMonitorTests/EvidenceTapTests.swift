import Glibc
import ODCVCore
import Synchronization
import Testing

@testable import ODCVEvidence
@testable import ODCVMonitor

@Suite struct EvidenceTapTests {
  @Test func aFullRingIsCountedAndAlarmedAndClearedWhenThereIsRoomAgain() {
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    var tap = EvidenceTap(ring: ring, confirmations: AckRing()) { .writing }
    var index: UInt64 = 0
    while tap.summary.unrecorded < 3 {
      index += 1
      tap.record(.tick, index, MonoInstant(nanoseconds: Int64(index)), .none, duration: 0)
    }
    let raised = tap.changes(at: MonoInstant(nanoseconds: Int64(index)))
    #expect(raised.ring?.raised == true && raised.ring?.id == "evidence.ring" && raised.disk == nil)
    #expect(tap.summary.condition == .ringFull)
    let told = tap.changes(at: MonoInstant(nanoseconds: Int64(index) + 1))
    #expect(told.ring == nil, "told once")
    // A violation still fits into what is kept for violations.
    let before = ring.refusedViolations
    [1, 2, 3].withUnsafeBytes { tap.recordViolation($0, index, MonoInstant(nanoseconds: Int64(index))) }
    #expect(ring.refusedViolations == before)
    let cleared = tap.changes(at: MonoInstant(nanoseconds: Int64(index) + 2_000_000_000))
    #expect(cleared.ring?.raised == false)
    #expect(tap.summary.unrecorded == 3, "what is missing stays counted")
  }

  @Test func aDiskThatFailsIsAnAlarmOfItsOwn() {
    var tap = EvidenceTap(ring: RecordRing(capacity: 4096, reservedBytes: 1024), confirmations: AckRing()) { .failed(28) }
    let change = tap.changes(at: MonoInstant(nanoseconds: 1)).disk
    #expect(change?.raised == true && change?.id == "evidence.disk")
    #expect(change?.text.contains("No space left on device") == true)
    #expect(tap.summary.condition == .diskError)
  }

  @Test func aLogThatFailsAfterTheRecordingHasIsAnAlarmOfItsOwn() {
    let logError = Atomic<Int32>(0)
    let state: @Sendable () -> RecorderState = {
      RecorderState(
        logError: logError.load(ordering: .relaxed), recordingError: ENOSPC, recordingEnded: false, part: 1, splitError: 0, freeBytes: 0,
        checkpointError: 0, stalled: 0, refusedRecords: 0, refusedInputs: 0, refusedViolations: 0)
    }
    var tap = EvidenceTap(ring: RecordRing(capacity: 4096, reservedBytes: 1024), confirmations: AckRing(), recorder: state) {
      DiskState(state())
    }
    let first = tap.changes(at: MonoInstant(nanoseconds: 1))
    #expect(first.disk?.raised == true && first.log == nil && tap.standingLog == nil)
    #expect(first.disk?.text.contains("the recording can't be written (No space left on device)") == true)
    #expect(first.disk?.text.contains("the violation log go on") == true)
    logError.store(EIO, ordering: .relaxed)
    let second = tap.changes(at: MonoInstant(nanoseconds: 2)).log
    #expect(second?.raised == true && second?.id == "evidence.log" && tap.standingLog != nil)
    #expect(second?.text.contains("Input/output error") == true && second?.text.contains("none is logged") == true)
    let third = tap.changes(at: MonoInstant(nanoseconds: 3)).log
    #expect(third == nil, "told once")
  }

  @Test func aRecordingThatEndedForLackOfSpaceIsAnAlarmUntilAnotherRunIsRecorded() {
    let hasEnded = Atomic<Bool>(false)
    let state: @Sendable () -> RecorderState? = {
      RecorderState(
        logError: 0, recordingError: 0, recordingEnded: hasEnded.load(ordering: .relaxed), part: 1, splitError: 0, freeBytes: 7,
        checkpointError: 0, stalled: 0, refusedRecords: 0, refusedInputs: 0, refusedViolations: 0)
    }
    var tap = EvidenceTap(ring: RecordRing(capacity: 4096, reservedBytes: 1024), confirmations: AckRing(), recorder: state) { .writing }
    let quiet = tap.changes(at: MonoInstant(nanoseconds: 1)).recording
    #expect(quiet == nil && tap.recorderState?.freeBytes == 7)
    hasEnded.store(true, ordering: .relaxed)
    let raised = tap.changes(at: MonoInstant(nanoseconds: 2))
    #expect(raised.recording?.raised == true && raised.recording?.id == "evidence.recording" && raised.disk == nil)
    #expect(raised.recording?.text.contains("the violation log go on") == true && tap.standingRecording != nil)
    #expect(tap.summary.condition == .recordingEnded)
    let told = tap.changes(at: MonoInstant(nanoseconds: 3)).recording
    #expect(told == nil, "told once")
    hasEnded.store(false, ordering: .relaxed)
    let cleared = tap.changes(at: MonoInstant(nanoseconds: 4)).recording
    #expect(cleared?.raised == false && tap.standingRecording == nil)
  }

  @Test func whatHappensToFilesAndWhatTheLogCannotSayAreAlarms() {
    let isMisplaced = Atomic<Bool>(false)
    let doubtful = Atomic<Int>(0)
    let state: @Sendable () -> RecorderState? = {
      RecorderState(
        logError: 0, recordingError: 0, recordingEnded: false, part: 1, splitError: 0, freeBytes: 7,
        recordingMisplaced: isMisplaced.load(ordering: .relaxed), doubtfulRuns: doubtful.load(ordering: .relaxed),
        checkpointError: 0, stalled: 0, refusedRecords: 0, refusedInputs: 0, refusedViolations: 0)
    }
    var tap = EvidenceTap(ring: RecordRing(capacity: 4096, reservedBytes: 1024), confirmations: AckRing(), recorder: state) { .writing }
    let quiet = tap.changes(at: MonoInstant(nanoseconds: 1))
    #expect(quiet.files == nil && quiet.retention == nil)
    isMisplaced.store(true, ordering: .relaxed)
    doubtful.store(2, ordering: .relaxed)
    let raised = tap.changes(at: MonoInstant(nanoseconds: 2))
    #expect(raised.files?.raised == true && raised.files?.id == "evidence.files" && tap.standingFiles != nil)
    #expect(raised.retention?.raised == true && raised.retention?.id == "evidence.retention")
    #expect(raised.retention?.text.contains("of 2 runs") == true && tap.standingRetention != nil)
    let told = tap.changes(at: MonoInstant(nanoseconds: 3))
    #expect(told.files == nil && told.retention == nil, "told once")
    isMisplaced.store(false, ordering: .relaxed)
    doubtful.store(0, ordering: .relaxed)
    let cleared = tap.changes(at: MonoInstant(nanoseconds: 4))
    #expect(cleared.files?.raised == false && cleared.retention?.raised == false && tap.standingFiles == nil)
  }

  @Test func aDiskThatOnlyStallsIsNotCalledBrokenAndItsRecoveryIsTold() {
    let state = Mutex(DiskState.stalled(1_300_000_000))
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    var tap = EvidenceTap(ring: ring, confirmations: AckRing()) { state.withLock { $0 } }
    let raised = tap.changes(at: MonoInstant(nanoseconds: 1)).disk
    #expect(raised?.raised == true && raised?.text.contains("no sync for 1.3 s") == true)
    #expect(raised?.text.contains("free space") == false)
    #expect(tap.summary.condition == .diskStalled)
    state.withLock { $0 = .stalled(2_000_000_000) }
    let told = tap.changes(at: MonoInstant(nanoseconds: 2)).disk
    #expect(told == nil, "told once")
    state.withLock { $0 = .writing }
    let cleared = tap.changes(at: MonoInstant(nanoseconds: 3)).disk
    #expect(cleared?.raised == false && cleared?.text.contains("after a stall of 2.0 s") == true)
    #expect(tap.summary.condition == .writing && tap.standingDisk == nil)
    state.withLock { $0 = .failed(5) }
    let failed = tap.changes(at: MonoInstant(nanoseconds: 4)).disk
    #expect(failed?.raised == true && failed?.condition == .diskError)
  }
}
