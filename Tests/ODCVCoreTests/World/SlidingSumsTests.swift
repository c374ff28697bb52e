import TestSupport
import Testing

@testable import ODCVCore

/// Sums over a window of 31 s, whose buckets are one second wide.
@Suite struct SlidingSumsTests {
  private func instant(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: Int64(seconds * 1e9)) }

  /// Whether what was added at one instant still counts at the other.
  private func counts(from: Double, at: Double) -> Bool {
    var sums = SlidingSums(windows: [7, 31, 7])
    sums.add(1, seconds: 0.25, impulse: 3, at: instant(from))
    let found = sums.sums(1, at: instant(at))
    #expect(found.seconds == 0 || (found.seconds == 0.25 && found.impulse == 3))
    #expect(sums.sums(0, at: instant(at)).seconds == 0 && sums.sums(2, at: instant(at)).impulse == 0)
    return found.seconds > 0
  }

  @Test func whatIsAddedCountsForTheWindowAndUpToABucketMore() {
    for from in [0, 0.5, -5, -4.5, 100.25] {
      #expect(counts(from: from, at: from) && counts(from: from, at: from + 31))
      #expect(!counts(from: from, at: from + 32))
    }
    #expect(counts(from: 0.5, at: 31.9) && counts(from: 0, at: 31.5) && !counts(from: 0.5, at: 32))
    #expect(counts(from: -4.75, at: 26.5) && !counts(from: -4.75, at: 27))
  }

  @Test func whereBucketsAreTooManyToBeNumberedNothingIsForgotten() {
    // Of 0.1 µs, and thirty years from the clock's zero.
    for begin in [1e9, -1e9 - 1] {
      var sums = SlidingSums(windows: [3.1e-6])
      sums.add(0, seconds: 0.25, impulse: 3, at: instant(begin))
      let later = sums.sums(0, at: instant(begin + 1))
      #expect(later.seconds == 0.25 && later.impulse == 3)
    }
    var near = SlidingSums(windows: [3.1e-6])
    near.add(0, seconds: 0.25, impulse: 3, at: instant(1))
    let gone = near.sums(0, at: instant(2))
    #expect(gone.seconds == 0 && gone.impulse == 0)
  }

  @Test func whatIsAddedAddsUpAndTimeThatRunsBackTakesNothingAway() {
    var sums = SlidingSums(windows: [31])
    for second in [1, 2, 9, 3] { sums.add(0, seconds: 1, impulse: 2, at: instant(Double(second))) }
    let all = sums.sums(0, at: instant(20))
    #expect(all.seconds == 4 && all.impulse == 8)
    // The last one came into the newest bucket.
    let late = sums.sums(0, at: instant(40))
    #expect(late.seconds == 2 && late.impulse == 4)
    let none = sums.sums(0, at: instant(500))
    #expect(none.seconds == 0 && none.impulse == 0)
  }
}
