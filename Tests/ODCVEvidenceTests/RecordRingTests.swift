import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

@Suite struct RecordRingTests {
  /// A body that tells which record it belongs to, at every byte.
  private static func body(_ index: UInt64, _ count: Int) -> [UInt8] {
    var random = SeededGenerator(seed: index)
    return random.bytes(count)
  }

  @Test(arguments: [4096, 65536])
  func twoThreadsGetEveryRecordOnceInOrderUnchanged(capacity: Int) async {
    let ring = RecordRing(capacity: capacity, reservedBytes: 512)
    let count: UInt64 = 20_000
    let producer = Thread {
      var random = SeededGenerator(seed: 7)
      for index in 1...count {
        let size = Int(random.next() % 300)
        let topic = String(repeating: "t", count: Int(random.next() % 40))
        let body = Self.body(index, size)
        let channel = UInt8(index % 7)
        while !ring.push(.state, channel: channel, index, at: Int64(index) * 3, detail: -Int64(index), topic, body) {
          sched_yield()
        }
      }
    }
    producer.start()
    var random = SeededGenerator(seed: 7)
    var record = RingRecord(capacity: 16)
    var index: UInt64 = 0
    var wrong: UInt64?
    while index < count, wrong == nil {
      guard ring.pop(into: &record) else {
        sched_yield()
        continue
      }
      index += 1
      let size = Int(random.next() % 300)
      let topic = Int(random.next() % 40)
      let isRight =
        record.kind == .state && record.index == index && record.channel == UInt8(index % 7)
        && record.instant == Int64(index) * 3 && record.detail == -Int64(index) && record.topic.count == topic
        && record.topic.allSatisfy { $0 == 0x74 } && Array(record.body) == Self.body(index, size)
      if !isRight { wrong = index }
    }
    #expect(wrong == nil)
    #expect(index == count)
    let isEmpty = !ring.pop(into: &record)
    #expect(isEmpty)
    #expect(ring.usedBytes == 0)
  }

  @Test func fullRingRefusesAndCounts() {
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    var accepted = 0
    while ring.push(.action, 1, "", [UInt8](repeating: 1, count: 88)) { accepted += 1 }
    #expect(accepted == (4096 - 1024) / 128)
    #expect(ring.refusedRecords == 1)
    #expect(ring.refusedInputs == 1)
    let verdict = ring.push(.verdict, 1, "", [1])
    #expect(!verdict)
    #expect(ring.refusedRecords == 2)
    #expect(ring.refusedInputs == 1)
    #expect(ring.refusedViolations == 0)
  }

  @Test func violationFitsWhereNothingElseDoes() {
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    while ring.push(.action, 1, "", [UInt8](repeating: 1, count: 88)) {}
    var violations: UInt64 = 0
    while ring.push(.violation, violations, "", [UInt8](repeating: 2, count: 88)) { violations += 1 }
    #expect(violations == 1024 / 128)
    #expect(ring.refusedViolations == 1)
    var record = RingRecord()
    var seen: UInt64 = 0
    while ring.pop(into: &record) {
      if record.kind == .violation {
        #expect(record.index == seen)
        seen += 1
      }
    }
    #expect(seen == violations)
    #expect(ring.push(.action, 1, "", []))
  }

  @Test func recordLargerThanTheRingIsRefused() {
    let ring = RecordRing(capacity: 4096, reservedBytes: 0)
    #expect(!ring.push(.undecoded, 1, "", [UInt8](repeating: 0, count: 5000)))
    #expect(ring.push(.undecoded, 1, "", [UInt8](repeating: 0, count: 4096 - 40)))
  }

  @Test func confirmationsComeBackInOrderAndWaitWhenNobodyReads() {
    let acks = AckRing(capacity: 4)
    for round in 0..<10 as Range<UInt64> {
      for place in 0..<4 as Range<UInt64> {
        #expect(acks.push(CommitConfirmation(arrivalIndex: place, logSequence: round)))
      }
      #expect(!acks.push(CommitConfirmation(arrivalIndex: 9, logSequence: 9)))
      for place in 0..<4 as Range<UInt64> {
        #expect(acks.pop() == CommitConfirmation(arrivalIndex: place, logSequence: round))
      }
      #expect(acks.pop() == nil)
    }
  }
}
