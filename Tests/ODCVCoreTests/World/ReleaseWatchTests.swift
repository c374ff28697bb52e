import TestSupport
import Testing

@testable import ODCVCore

/// An operator's order to free somebody, and its time.
@Suite struct ReleaseWatchTests {
  private func second(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: Int64(seconds * 1e9)) }

  @Test func anOrderHoldsForItsTimeAndIsTakenOnce() {
    var watch = ReleaseWatch(Planar.limits())
    #expect(watch.number == 0)
    watch.begin(Release(number: 1), from: Vector3(1, 2, 3), at: second(10))
    #expect(watch.number == 1 && watch.origin?.x == 1)
    watch.expire(at: second(15))
    #expect(watch.number == 1)
    watch.expire(at: MonoInstant(nanoseconds: 15_000_000_001))
    #expect(watch.number == 0 && watch.origin == nil)
    watch.begin(Release(number: 1), from: .zero, at: second(20))
    #expect(watch.number == 0)
    watch.begin(Release(number: 2), from: .zero, at: second(20))
    #expect(watch.number == 2)
    watch.begin(Release(number: 2), from: Vector3(1, 2, 3), at: second(20))
    #expect(watch.origin?.x == 0)
  }

  @Test func timeThatRunsBackEndsIt() {
    var watch = ReleaseWatch(Planar.limits())
    watch.begin(Release(number: 1), from: .zero, at: second(10))
    watch.expire(at: second(10))
    #expect(watch.number == 1)
    watch.expire(at: MonoInstant(nanoseconds: 9_999_999_999))
    #expect(watch.number == 0)
  }
}
