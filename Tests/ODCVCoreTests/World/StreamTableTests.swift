import TestSupport
import Testing

@testable import ODCVCore

/// Where a message stands in its stream.
@Suite struct StreamTableTests {
  private func sequence(_ number: UInt64?, boot: UInt64 = 1, id: UInt32 = 7, frame: UInt8 = 0) -> Sequence {
    var sequence = Sequence(stream: id, number: number, boot: boot)
    sequence.frame = frame
    return sequence
  }

  /// How a message is placed behind others of its stream.
  private func place(_ next: Sequence, after before: [Sequence]) -> StreamPlace {
    var table = StreamTable()
    for sequence in before { _ = table.place(.state, sequence) }
    return table.place(.state, next)
  }

  @Test func theFirstMessageIsInOrderWhateverItsNumber() {
    let first = place(sequence(9), after: [])
    #expect(first.inOrder && first.missing == 0 && first.behind == 0 && !first.foreign && !first.reframed && !first.unnumbered)
    #expect(first.stream == .state)
  }

  @Test func gapsAreCountedAndDoNotMakeItLate() {
    #expect(place(sequence(10), after: [sequence(9)]).missing == 0)
    let late = place(sequence(13), after: [sequence(9)])
    #expect(late.missing == 3 && late.inOrder)
  }

  @Test func howFarBehindIsCountedFromOne() {
    #expect(place(sequence(9), after: [sequence(9)]).behind == 1)
    #expect(place(sequence(7), after: [sequence(9)]).behind == 3)
    #expect(place(sequence(0), after: [sequence(.max)]).behind == .max)
    #expect(!place(sequence(9), after: [sequence(9)]).inOrder)
    // What comes late is not the newest.
    #expect(place(sequence(10), after: [sequence(9), sequence(3)]).missing == 0)
  }

  @Test func aMessageWithoutNumberAnotherPublisherAndAnotherFrameAreOutOfOrder() {
    #expect(place(sequence(nil), after: [sequence(1)]).unnumbered && !place(sequence(nil), after: []).inOrder)
    let foreign = place(sequence(2, id: 8), after: [sequence(1)])
    #expect(foreign.foreign && !foreign.inOrder)
    let reframed = place(sequence(2, frame: 1), after: [sequence(1)])
    #expect(reframed.reframed && !reframed.inOrder)
    // They are not remembered.
    #expect(place(sequence(2), after: [sequence(1), sequence(5, id: 8), sequence(5, frame: 1)]).missing == 0)
  }

  @Test func aRestartBeginsAfreshAndTheBootBeforeIsOld() {
    let restarted = place(sequence(1, boot: 2), after: [sequence(9)])
    #expect(restarted.inOrder && restarted.missing == 0)
    let old = place(sequence(10), after: [sequence(9), sequence(1, boot: 2)])
    #expect(old.behind == 1 && !old.inOrder)
    // The last four are known, and the fifth before is not.
    let boots = (1...6).map { sequence(1, boot: UInt64($0)) }
    for boot in 2...5 { #expect(place(sequence(9, boot: UInt64(boot)), after: boots).behind == 1, "\(boot)") }
    #expect(place(sequence(9, boot: 1), after: boots).behind == 0)
  }

  @Test func aSourceThatHasNamedItsBootGoesOnTo() {
    #expect(place(sequence(2, boot: 0), after: [sequence(1)]).unnumbered)
    #expect(place(sequence(2, boot: 0), after: [sequence(1, boot: 0)]).inOrder)
    #expect(place(sequence(2), after: [sequence(1, boot: 0)]).inOrder)
  }

  @Test func forgottenStreamsBeginAfresh() {
    var table = StreamTable()
    for stream in [ODCVCore.Stream.action, .state] { _ = table.place(stream, sequence(5)) }
    for sensor in 0..<Capacity.signals { _ = table.place(.signal, sequence(5), sensor: sensor) }
    table.forget()
    for stream in [ODCVCore.Stream.action, .state] { #expect(table.place(stream, sequence(2)).inOrder) }
    for sensor in 0..<Capacity.signals { #expect(table.place(.signal, sequence(2), sensor: sensor).inOrder) }
  }

  @Test func everyStreamHasAPlaceOfItsOwn() {
    var slots: [Int] = []
    slots.append(StreamTable.slot(.action, 0)!)
    slots.append(StreamTable.slot(.state, 0)!)
    for stream in [ODCVCore.Stream.people, .obstacles] {
      for sensor in 0..<Capacity.sensors { slots.append(StreamTable.slot(stream, sensor)!) }
      #expect(StreamTable.slot(stream, Capacity.sensors) == nil && StreamTable.slot(stream, -1) == nil)
    }
    for signal in 0..<Capacity.signals { slots.append(StreamTable.slot(.signal, signal)!) }
    #expect(StreamTable.slot(.signal, Capacity.signals) == nil && StreamTable.slot(.signal, -1) == nil)
    #expect(slots == Array(0..<slots.count))
    for stream in [ODCVCore.Stream.layout, .reasoning, .pressure, .episode, .control, .heartbeat] {
      #expect(StreamTable.slot(stream, 0) == nil)
    }
    var table = StreamTable()
    #expect(table.place(.people, sequence(1), sensor: Capacity.sensors).foreign)
  }
}
