import Testing

@testable import ODCVCore

/// What becomes of failing pairs, in plain numbers.
@Suite struct FailingPairsTests {
  private typealias Course = FailingPairs.Course

  private func isLeft(_ courses: [Course], loose: Double = 0, requirement: Double = 5) -> Bool {
    var failing = FailingPairs()
    for course in courses { failing.add(course, loose: loose, requirement: requirement) }
    #expect(failing.count == UInt32(courses.count))
    return failing.isLeft
  }

  private let leaves = Course(now: 0.01, onTheWay: 0.01, end: 0.02)

  @Test func nothingFailsOfNothing() {
    #expect(!isLeft([]))
    #expect(FailingPairs().passable == 1)
  }

  @Test func thePairIsLeftWhenItsEndIsBeyondWhatSamplesDoNotShow() {
    let just = 1 + FailingPairs.unseen
    #expect(isLeft([Course(now: 1, onTheWay: 1, end: just.nextUp)]))
    #expect(!isLeft([Course(now: 1, onTheWay: 1, end: just)]))
    #expect(FailingPairs.unseen == 0.0005)
  }

  @Test func nothingMayGetNearerThanSamplesDoNotShow() {
    let least = 1 - FailingPairs.unseen
    for (nearer, isFine) in [(least.nextUp, true), (least, false), (0.9, false), (.nan, false)] {
      #expect(isLeft([leaves, Course(now: 1, onTheWay: nearer, end: 1)]) == isFine)
      #expect(isLeft([leaves, Course(now: 1, onTheWay: 1, end: nearer)]) == isFine)
      #expect(isLeft([Course(now: 1, onTheWay: 1, end: nearer), leaves]) == isFine)
    }
    #expect(!isLeft([Course(now: .nan, onTheWay: 1, end: 2)]))
  }

  @Test func whatDidNotFailBeforeIsNotLeft() {
    let farther = Course(now: 1, onTheWay: 1, end: 1)
    #expect(isLeft([leaves, farther], requirement: 1.0.nextUp))
    #expect(!isLeft([leaves, farther], requirement: 1))
    #expect(!isLeft([farther, leaves], requirement: 1))
    // It may be as near as that already.
    #expect(isLeft([leaves, farther], loose: 0.5, requirement: 0.5.nextUp))
    #expect(!isLeft([leaves, farther], loose: 0.5, requirement: 0.5))
  }

  @Test func thePairThatIsNearestNowHasToGetFartherAway() {
    let stays = Course(now: 0.02, onTheWay: 0.02, end: 0.02)
    #expect(isLeft([leaves, stays]) && isLeft([stays, leaves]))
    let near = Course(now: 0.005, onTheWay: 0.005, end: 0.005)
    #expect(!isLeft([leaves, near]) && !isLeft([near, leaves]))
    // Of two that are as near, the first.
    let asNear = Course(now: 0.01, onTheWay: 0.01, end: 0.01)
    #expect(isLeft([leaves, asNear]) && !isLeft([asNear, leaves]))
  }

  @Test func theWayIsPassableUpToTheFirstIntervalThatMayFail() {
    var parameters = SIMD16<Double>()
    for sample in 0..<16 { parameters[sample] = Double(sample) / 20 }
    func passable(_ low: [Int: Double], brakesAt: Double = 0) -> Double {
      var distances = SIMD16<Double>(repeating: 1)
      for (interval, distance) in low { distances[interval] = distance }
      var failing = FailingPairs()
      failing.limit(distances, below: 0.5, at: parameters, brakesAt: brakesAt)
      return failing.passable
    }
    #expect(passable([:]) == 1 && passable([3: 0.5]) == 1 && passable([3: 0.5.nextDown]) == parameters[3])
    #expect(passable([3: .nan]) == parameters[3] && passable([3: 0, 5: -1]) == parameters[3])
    #expect(passable([0: 0], brakesAt: -1) == parameters[0] && passable([14: 0]) == parameters[14])
    // Behind the last sample there is no interval.
    #expect(passable([15: 0]) == 1)
    #expect(passable([3: 0], brakesAt: parameters[3]) == 0)
    #expect(passable([3: 0], brakesAt: parameters[3].nextDown) == parameters[3])
  }

  @Test func theShortestPassableWayOfAllPairsCounts() {
    var parameters = SIMD16<Double>()
    for sample in 0..<16 { parameters[sample] = Double(sample) / 20 }
    var failing = FailingPairs()
    for interval in [7, 2, 9] {
      var distances = SIMD16<Double>(repeating: 1)
      distances[interval] = 0
      failing.limit(distances, below: 0.5, at: parameters, brakesAt: 0)
    }
    #expect(failing.passable == parameters[2])
  }

  @Test func theFirstLeastIntervalIsFound() {
    var values = SIMD16<Double>(repeating: 2)
    #expect(values.leastInterval == 0)
    values[15] = -1
    #expect(values.leastInterval == 0)
    values[14] = 1
    #expect(values.leastInterval == 14)
    values[4] = 1
    #expect(values.leastInterval == 4)
    values[6] = .nan
    #expect(values.leastInterval == 6)
  }

  @Test func aTrueShapeIsAsFarFromItsCapsuleAsTravelFitAndRoundingSay() {
    let loose = Looseness(travel: 1, gap: 2, rounding: 4)
    #expect(loose.nearer == 5 && loose.farther == 7)
  }
}
