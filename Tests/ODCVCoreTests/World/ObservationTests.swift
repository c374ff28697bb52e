import TestSupport
import Testing

@testable import ODCVCore

/// States by their numbers.
@Suite struct ObservationTests {
  private func state(_ number: UInt64?, boot: UInt64 = 1, _ position: [Double] = [1, 2]) -> State {
    var feed = Feed()
    guard case .state(var state) = feed.state(position) else { fatalError() }
    state.sequence.number = number
    state.sequence.boot = boot
    return state
  }

  @Test func aStateIsFoundByItsNumber() {
    var observations = Observations()
    #expect(observations[0] == nil && observations[1] == nil)
    observations.add(state(1, [3, 4]))
    observations.add(state(2, [5, 6]))
    #expect(observations[1]?.values == [3, 4] && observations[2]?.values == [5, 6] && observations[3] == nil)
    // One that is not numbered is none, and ends nothing.
    observations.add(state(nil, boot: 2))
    observations.add(state(0, boot: 2))
    #expect(observations[1]?.values == [3, 4] && observations[0] == nil)
  }

  @Test func theNewestOfThemAreKeptAndThoseOfABootBeforeAreNot() {
    var observations = Observations()
    let count = UInt64(Capacity.observations)
    for number in 1...count + 1 { observations.add(state(number, [Double(number), 0])) }
    #expect(observations[1] == nil && observations[2]?.values == [2, 0] && observations[count + 1]?[0] == Double(count + 1))
    observations.add(state(1, boot: 2))
    for number in 2...count + 1 { #expect(observations[number] == nil) }
    #expect(observations[1]?.values == [1, 2])
    observations.add(state(2, boot: 3))
    #expect(observations[1] == nil && observations[2]?.values == [1, 2])
  }
}
