import TestSupport
import Testing

@testable import ODCVCore

/// What a driver's states tell of each other, in numbers that are exact.
@Suite struct TruthWatchTests {
  /// Positions known to 1/16 rad, velocities to 1/8 rad/s, which change by up to 8 rad/s²; states half a second old at most.
  private func configuration(isStamped: Bool = true) -> Configuration {
    Planar.configuration {
      $0.cell.stateInput = InputDeclaration(maxAge: 0.5, latency: 0)
      $0.robot.measurement = MeasurementAccuracy(position: 0.0625, velocity: 0.125, force: 1, standstill: 0.5)
      $0.robot.tracking.acceleration = JointVector([8, 8])
      $0.robot.tracking.error = JointVector([0.25, 0.25])
      $0.robot.tracking.responseTime = 0.25
      if !isStamped { $0.cell.clocks = [] }
    }
  }

  private struct Step {
    var q: [Double]
    var v: [Double]
    /// Since the step before, ns.
    var after: Int64 = 500_000_000
    /// How far the driver's stamp is ahead of that, ns.
    var ahead: Int64 = 0
    var target = JointVector.absent
  }

  /// What the last of these states shows.
  private func reading(_ steps: [Step], isStamped: Bool = true) -> TruthWatch.Reading? {
    var then = MonoInstant(nanoseconds: 0)
    return watch(steps, &then, isStamped: isStamped).reading
  }

  /// After these states; and when the last of them came.
  private func watch(_ steps: [Step], _ last: inout MonoInstant, isStamped: Bool = true) -> TruthWatch {
    let configuration = configuration(isStamped: isStamped)
    var watch = TruthWatch(configuration)
    var feed = Feed()
    for step in steps {
      feed.now.nanoseconds += step.after
      guard case .state(var state) = feed.state(step.q, velocity: step.v) else { continue }
      state.sequence.time?.nanoseconds += step.ahead
      watch.observe(state, target: step.target, configuration, at: feed.now)
    }
    last = feed.now
    return watch
  }

  // MARK: - Velocity against position

  @Test func aWayThatTheVelocitiesDoNotExplainIsAShareOfWhatTheirErrorsDo() {
    // Half of 1 rad/s over half a second is 0.25 of 1 rad; 0.125 rad and (1/8 + 8/4 · 1/2 + 1/2 · 1) · 1/2 rad are open.
    let share = 0.75 / 0.9375
    let faster = reading([Step(q: [0, 0], v: [0, 0]), Step(q: [0, 1], v: [0, 1])])
    #expect(faster?.velocity == share && faster?.joint == 1)
    let slower = reading([Step(q: [0, 0], v: [1, 0]), Step(q: [1, 0], v: [0, 0])])
    #expect(slower?.velocity == share && slower?.joint == 0)
    let back = reading([Step(q: [0, 0], v: [0, 0]), Step(q: [-1, 0], v: [-1, 0])])
    #expect(back?.velocity == share)
    let both = reading([Step(q: [0, 0], v: [0, 0]), Step(q: [1, 1], v: [1, 1])])
    #expect(both?.velocity == share && both?.joint == 0)
  }

  @Test func aJointIsDoubtedForAWindowAfterMoreThanWhatIsOpen() {
    // At rest 2/16 + (1/8 + 8/4 · 1/2) · 1/2 rad are open.
    var now = MonoInstant(nanoseconds: 0)
    let explained = watch([Step(q: [0, 0], v: [0, 0]), Step(q: [0, 0.6875], v: [0, 0])], &now)
    let (share, none) = (explained.reading?.velocity, explained.doubtedJoint(at: now))
    #expect(share == 1 && none == nil)
    let doubting = watch([Step(q: [0, 0], v: [0, 0]), Step(q: [0, 0.75], v: [0, 0])], &now)
    func doubted(after nanoseconds: Int64) -> Int? { doubting.doubtedJoint(at: MonoInstant(nanoseconds: now.nanoseconds + nanoseconds)) }
    #expect(doubted(after: 0) == 1)
    #expect(doubted(after: 5_000_000_000) == 1)
    #expect(doubted(after: 5_000_000_001) == nil)
  }

  @Test func theFirstStateTellsNothing() {
    let first = reading([Step(q: [1, 1], v: [1, 1])])
    #expect(first?.velocity == 0 && first?.joint == 0 && first?.frozenSince == nil)
  }

  @Test func withoutStampsBothEndsMayBeLate() {
    // From -1 to 1 rad/s: 0.125 and (1/8 + 1 + 1) / 2 are open, and half a second of 1, 1 and 2 rad/s.
    let steps = [Step(q: [0, 0], v: [-1, 0]), Step(q: [1.59375, 0], v: [1, 0])]
    #expect(reading(steps, isStamped: false)?.velocity == 1.59375 / 3.1875)
    #expect(reading(steps)?.velocity == 1.59375 / 1.1875)
    let other = [Step(q: [0, 0], v: [1, 0]), Step(q: [-1.59375, 0], v: [-1, 0])]
    #expect(reading(other, isStamped: false)?.velocity == 1.59375 / 3.1875)
  }

  @Test func theStampsOfADeclaredClockTellTheTimeAndWithoutOneTheReceiptsDo() {
    // A quarter of a second by the driver's clock: 0.125 and (1/8 + 8/4 · 1/4) / 4 are open.
    let steps = [Step(q: [0, 0], v: [0, 0]), Step(q: [1, 0], v: [0, 0], ahead: -250_000_000)]
    #expect(reading(steps)?.velocity == 1 / 0.28125)
    #expect(reading(steps, isStamped: false)?.velocity == 1 / 0.6875)
  }

  /// A leap at once, and then nothing for so many states, half a second each.
  private func leap(_ states: Int) -> Double? {
    reading([Step(q: [0, 0], v: [0, 0])] + Array(repeating: Step(q: [1, 0], v: [0, 0]), count: states))?.velocity
  }

  @Test func aWindowIsTenGreatestAges() {
    // Each state adds (1/8 + 1) / 2 to what is open.
    #expect(leap(1) == 1 / 0.6875 && leap(2) == 1 / 1.25)
    #expect(leap(11) == 1 / (0.125 + 11 * 0.5625))
    #expect(leap(12) == 0)
  }

  @Test func aStateThatIsTooLateBeginsAnewAndOneAtOnceDoesNot() {
    let begin = Step(q: [0, 0], v: [0, 0])
    #expect(reading([begin, Step(q: [1, 0], v: [0, 0], after: 500_000_001)])?.velocity == nil)
    #expect(reading([begin])?.velocity == 0)
    let again = reading([begin, Step(q: [1, 0], v: [0, 0]), Step(q: [1, 0], v: [0, 0], after: 0)])
    #expect(again?.velocity == 1 / 0.6875)
  }

  // MARK: - Frozen

  private func frozen(_ target: [Double]) -> MonoInstant? {
    let step = Step(q: [0, 0], v: [0, 0], after: 125_000_000, target: JointVector(target))
    return reading([step, step, step])?.frozenSince
  }

  @Test func aStateIsFrozenSinceItFirstCameWhileItsTargetIsElsewhere() {
    // 2/16, 0.25 and 0.5 · 0.25 rad are as good as there.
    let first = MonoInstant(nanoseconds: 1_125_000_000)
    for sign in [1.0, -1] {
      #expect(frozen([sign * 0.5.nextUp, 0]) == first && frozen([0, sign * 0.5.nextUp]) == first)
      #expect(frozen([sign * 0.5, sign * 0.5]) == nil)
    }
    #expect(frozen([]) == nil)
  }

  @Test func whatMovesIsNotFrozen() {
    let target = JointVector([2, 0])
    let moved = reading([
      Step(q: [0, 0], v: [0, 0], target: target), Step(q: [0, 0], v: [0, 0], target: target),
      Step(q: [0.25, 0], v: [0, 0], target: target),
    ])
    #expect(moved?.frozenSince == nil)
    let first = Step(q: [0, 0], v: [0, 0], target: target)
    #expect(reading([first])?.frozenSince == nil)
    // It has not stayed the same before it is there.
    #expect(reading([first, Step(q: [0, 0], v: [0, 0], after: 125_000_000)])?.frozenSince == nil)
  }

  @Test func toldToHoldItIsFrozenForAsLongAgain() {
    func held(for nanoseconds: Int64) -> MonoInstant? {
      let step = Step(q: [0, 0], v: [0, 0], after: 125_000_000, target: JointVector([2, 0]))
      return reading([step, step, Step(q: [0, 0], v: [0, 0], after: nanoseconds)])?.frozenSince
    }
    #expect(held(for: 499_999_999) == MonoInstant(nanoseconds: 1_125_000_000))
    #expect(held(for: 500_000_000) == nil)
  }

  // MARK: - The tool

  @Test func theToolMayBeAsFarFromItsJointsAsTheyAreKnownAndALittleMore() throws {
    let configuration = configuration()
    var watch = TruthWatch(configuration)
    var feed = Feed()
    guard case .state(var state) = feed.state([0, 0]) else { return }
    state.tool = Vector3(1, 0, 0.75)
    watch.observe(state, target: .absent, configuration, at: feed.now)
    // 0.25 m beside; 2 mm, and 1/16 rad at 1 m and at 0.5 m, are open.
    let share = try #require(watch.reading?.tool)
    #expect(share <= 0.25 / (0.002 + 0.09) && share >= 0.25 / (0.002 + 0.1))
    state.tool = nil
    watch.observe(state, target: .absent, configuration, at: feed.now)
    #expect(watch.reading?.tool == nil)
  }
}
