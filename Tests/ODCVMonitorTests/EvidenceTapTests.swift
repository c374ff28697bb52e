import ODCVCore
import ODCVEvidence
import Testing

@testable import ODCVMonitor

@Suite struct EvidenceTapTests {
  @Test func aFullRingIsCountedAndAlarmedAndClearedWhenThereIsRoomAgain() {
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    var tap = EvidenceTap(ring: ring, confirmations: AckRing()) { false }
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
    tap.recordViolation([1, 2, 3], index, MonoInstant(nanoseconds: Int64(index)))
    #expect(ring.refusedViolations == before)
    let cleared = tap.changes(at: MonoInstant(nanoseconds: Int64(index) + 2_000_000_000))
    #expect(cleared.ring?.raised == false)
    #expect(tap.summary.unrecorded == 3, "what is missing stays counted")
  }

  @Test func aDiskThatFailsIsAnAlarmOfItsOwn() {
    var tap = EvidenceTap(ring: RecordRing(capacity: 4096, reservedBytes: 1024), confirmations: AckRing()) { true }
    let change = tap.changes(at: MonoInstant(nanoseconds: 1)).disk
    #expect(change?.raised == true && change?.id == "evidence.disk")
    #expect(tap.summary.condition == .diskError)
  }
}
