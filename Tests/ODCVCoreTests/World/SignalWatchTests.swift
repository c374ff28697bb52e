import Testing

@testable import ODCVCore

/// When a signal was set, rose and fell.
@Suite struct SignalWatchTests {
  /// What is known after these values, a nanosecond apart.
  private func line(_ values: [Double], from first: UInt64? = 1) -> SignalWatch.Line? {
    var watch = SignalWatch()
    for (index, value) in values.enumerated() {
      let sequence = Sequence(stream: 0, number: first.map { $0 + UInt64(index) }, boot: 1)
      watch.take(Signal(index: 0, sequence: sequence, value: value), at: MonoInstant(nanoseconds: Int64(index + 1)))
    }
    return watch[0]
  }

  @Test func itIsClearSinceItFellOrWasFirstHeard() {
    #expect(line([]) == nil)
    #expect(line([0])?.clearSince.nanoseconds == 1 && line([0, 0, 0])?.clearSince.nanoseconds == 1)
    #expect(line([1, 0])?.clearSince.nanoseconds == 2 && line([1, 0, 0])?.clearSince.nanoseconds == 2)
    #expect(line([0, 0, 1, 1, 0, 0])?.clearSince.nanoseconds == 5)
  }

  @Test func itRoseWhenItsValueGrewAndWasSetWhenItWasAboveZero() {
    #expect(line([0])?.rose == nil && line([0])?.lastSet == nil && line([-1])?.rose == nil)
    #expect(line([1])?.rose?.nanoseconds == 1 && line([0, 1, 1])?.rose?.nanoseconds == 2)
    #expect(line([0, 1, 1, 0])?.lastSet?.nanoseconds == 3 && line([1, 0, 1])?.rose?.nanoseconds == 3)
    // A greater value is another event.
    #expect(line([1, 1, 2])?.rose?.nanoseconds == 3)
  }

  /// Set for a second or for a week: nobody knows.
  @Test func whatIsJoinedLateHasNotRisen() {
    for first in [2, 5000, nil] as [UInt64?] {
      #expect(line([1], from: first)?.rose == nil && line([1, 1, 1], from: first)?.rose == nil)
      #expect(line([1], from: first)?.isSet == true && line([1], from: first)?.lastSet?.nanoseconds == 1)
      #expect(line([1, 0, 1], from: first)?.rose?.nanoseconds == 3 && line([1, 2], from: first)?.rose?.nanoseconds == 2)
    }
  }
}
