import TestSupport
import Testing

@testable import ODCVCore

/// What stamps tell against receipts.
@Suite struct ClockWatchTests {
  private func read(_ stamps: [Int64], clock: SourceTime.Clock = .monotonic) -> ClockWatch.Reading? {
    var cell = Planar.cell()
    cell.clocks = [SourceClock(stream: .state, clock: clock)]
    var watch = ClockWatch(cell)
    var reading: ClockWatch.Reading?
    for (index, stamp) in stamps.enumerated() {
      var sequence = Sequence(stream: 0, number: UInt64(index + 1), boot: 1)
      sequence.time = SourceTime(clock: clock, nanoseconds: stamp)
      reading = watch.read(.state, sequence, sensor: 0, at: MonoInstant(nanoseconds: Int64(index) * 500_000_000))
    }
    return reading
  }

  @Test func theFirstStampOfABootTellsNothingYet() {
    let first = read([7_000_000_000])
    #expect(first?.unknown == nil && first?.back == 0 && first?.step == 0 && first?.drift == 0 && first?.elapsed == 0)
  }

  @Test func theNextOnesTellStepAndDriftSinceThen() {
    let third = read([7_000_000_000, 7_750_000_000, 8_500_000_000])
    #expect(third?.step == 0.25 && third?.drift == 0.5 && third?.elapsed == 1 && third?.back == 0)
    let simulated = read([7_000_000_000, 6_500_000_000], clock: .simulated)
    #expect(simulated?.back == 0.5 && simulated?.step == 0 && simulated?.drift == 0 && simulated?.elapsed == 0.5)
  }
}
