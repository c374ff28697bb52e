import TestSupport
import Testing

@testable import ODCVCore

/// Contact that is permitted, as long and as hard as it is: windows, squeezes and light touches.
@Suite struct ContactBudgetTests {
  private static let pair = ExpectedContact(
    link: 2, other: "person/hand", maxForce: 40, maxDuration: 1, body: .person(.hand),
    budget: ExpectedContact.Budget(window: 5, time: 1.5, impulse: 20))

  private func contacts(_ force: Double?, expected: Int? = 0) -> Contacts {
    var contacts = Contacts()
    contacts.append(Contact(link: 2, expected: expected, force: force))
    return contacts
  }

  /// States of 20 ms each, resting, with this force of the pair (`nil`: no contact); the first verdict that latches.
  private func latches(
    _ forces: [Double?], expected: Int? = 0, _ change: (inout Configuration) -> Void = { _ in }
  ) -> Int? {
    var monitor = Monitor(
      Planar.configuration {
        $0.cell.expectedContacts = [Self.pair]
        change(&$0)
      })
    var feed = Feed()
    for (index, force) in forces.enumerated() {
      feed.wait(0.02)
      let list = force.map { contacts($0, expected: expected) } ?? Contacts()
      if monitor.step(feed.state([-1, 0.3], contacts: list), at: feed.now).latch != 0 { return index }
    }
    return nil
  }

  @Test func aGraspWithinItsBudgetPasses() {
    let grasp: [Double?] = Array(repeating: 15, count: 40) + Array(repeating: nil, count: 300)
    #expect(latches(grasp + grasp) == nil)
  }

  @Test func aSlowSqueezeIsCaughtByItsImpulse() throws {
    // 35 N is permitted, one second is permitted; both together are 35 N s.
    let caught = try #require(latches(Array(repeating: 35, count: 50)))
    #expect((26...30).contains(caught))
  }

  @Test func manyShortTouchesAreCaughtByTheirTime() throws {
    // 60 ms on, 60 ms off: never long, and half of the time.
    let touches: [Double?] = (0..<250).map { $0 % 6 < 3 ? 5 : nil }
    let caught = try #require(latches(touches))
    #expect((90...150).contains(caught))
    let rare: [Double?] = (0..<1500).map { $0 % 60 < 3 ? 5 : nil }
    #expect(latches(rare) == nil)
  }

  @Test func lightTouchesThatNobodyDeclaredAddUp() throws {
    // 6 N is below the 10 N that are contact; 10 N s in ten seconds are too much.
    let caught = try #require(latches(Array(repeating: 6, count: 200), expected: nil))
    #expect((80...90).contains(caught))
    let one: [Double?] = Array(repeating: 6, count: 20) + Array(repeating: nil, count: 600)
    #expect(latches(one + one, expected: nil) == nil)
  }

  @Test func aMomentsForceIsForAMomentOnlyAndOnlyWhereTheBodyCanRecoil() throws {
    let hard: [Double?] = Array(repeating: 60, count: 10)
    #expect(latches(hard) == 0)
    #expect(latches(hard) { $0.cell.expectedContacts[0].maxTransientForce = 80 } == nil)
    let caught = try #require(
      latches(Array(repeating: 60, count: 60)) {
        $0.cell.expectedContacts[0].maxTransientForce = 80
        $0.cell.expectedContacts[0].budget = nil
      })
    #expect((25...27).contains(caught))
  }

  @Test func pressureIsJudgedByTheRegionAndByHowLongItLasts() {
    func outcome(_ body: ExpectedContact.Body, transient: Double?, force: Double, states: Int = 1) -> Outcome? {
      var monitor = Monitor(
        Planar.configuration {
          $0.cell.expectedContacts = [
            ExpectedContact(
              link: 2, other: "x", maxForce: 500, maxDuration: 10, body: body, maxTransientForce: transient)
          ]
        })
      var feed = Feed()
      var verdict: Verdict?
      for _ in 0..<states {
        feed.wait(0.02)
        verdict = monitor.step(feed.state([-1, 0.3], contacts: contacts(force), force: force), at: feed.now)
      }
      return verdict?.finding(.contactPressure)?.outcome
    }
    // Over 1 cm²: a hand bears 100 N, twice that for a moment, and a face 50 N.
    #expect(outcome(.person(.hand), transient: nil, force: 98) == .pass)
    #expect(outcome(.person(.hand), transient: nil, force: 102) == .violationCertain)
    #expect(outcome(.person(.hand), transient: 500, force: 198) == .pass)
    #expect(outcome(.person(.hand), transient: 500, force: 198, states: 40) == .violationCertain)
    #expect(outcome(.person(.face), transient: nil, force: 52) == .violationCertain)
    #expect(outcome(.person(nil), transient: nil, force: 52) == .violationCertain)
    #expect(outcome(.thing, transient: nil, force: 400) == .pass)
  }

  @Test func withoutAnAreaOrATablePressureIsUnknown() {
    for change in [{ $0.cell.contactArea = nil }, { $0.bodies = nil }] as [(inout Configuration) -> Void] {
      var monitor = Monitor(Planar.configuration(change))
      var feed = Feed()
      let verdict = monitor.step(feed.state([-1, 0.3]), at: feed.now)
      #expect(verdict.finding(.contactPressure)?.outcome == .unknown(.missing))
    }
  }

  @Test func aForceZonesForceBindsWhatIsNotDeclared() {
    var monitor = Monitor(
      Planar.configuration {
        Planar.weigh(&$0.robot)
        $0.cell.zones = [RuleFixture.reach]
        $0.limits[.contactForce, "greatest_n"] = 95
      })
    var feed = Feed()
    let finding = monitor.step(feed.state([-1, 0.3], contacts: contacts(5, expected: nil)), at: feed.now).finding(.contactForce)
    #expect(finding?.limit == 90)
  }

  // MARK: - Energy

  @Test func theEnergyIsThatOfTheMovingMassAtTheBoundedSpeed() throws {
    var monitor = Monitor(
      Planar.configuration {
        Planar.weigh(&$0.robot)
        $0.cell.zones = [RuleFixture.reach]
      })
    var feed = Feed()
    _ = monitor.step(feed.people(hand: bodyPart(1, 0.2)), at: feed.now)
    let finding = try #require(
      monitor.step(feed.state([0, 0], velocity: [0.4, 0]), at: feed.now).finding(.contactEnergy))
    // m_R = 3 kg / 2, m_H = 1 kg: 0.6 kg; the tip at 0.4 m/s, bounded from above.
    #expect(finding.value.lower <= 0.5 * 0.6 * 0.16 && finding.value.upper >= 0.5 * 0.6 * 0.16)
    #expect(finding.value.upper < 0.5 * 0.6 * 0.36)
    #expect(finding.limit == 0.09)
  }

  @Test func withNobodyInTheZoneOrWithoutMassesItSaysSo() {
    func outcome(_ hand: Capsule?, weighs: Bool = true) -> Outcome? {
      var monitor = Monitor(
        Planar.configuration {
          if weighs { Planar.weigh(&$0.robot) }
          $0.cell.zones = [RuleFixture.reach]
        })
      var feed = Feed()
      _ = monitor.step(hand.map { feed.people(hand: $0) } ?? feed.people(), at: feed.now)
      return monitor.step(feed.state([0, 0], velocity: [1.5, 0]), at: feed.now).finding(.contactEnergy)?.outcome
    }
    #expect(outcome(bodyPart(1, 0.2)) == .violationCertain)
    #expect(outcome(bodyPart(-2, 0)) == .pass)
    #expect(outcome(nil) == .pass)
    #expect(outcome(nil, weighs: false) == .unknown(.missing))
  }

  @Test func moreSpeedMassOrRegionsNeverMeanLessEnergy() {
    var random = SeededGenerator(seed: 71)
    for _ in 0..<300 {
      let row = BodyLimits(
        force: random.uniform(50...200), pressure: 1e6, transientFactor: 2, stiffness: random.uniform(1e4...1e5),
        mass: random.uniform(0.5...80))
      let (robot, speed) = (random.uniform(0.5...50), random.uniform(0...2))
      #expect(row.energy(robot: robot * 1.1, speed: speed) >= row.energy(robot: robot, speed: speed))
      #expect(row.energy(robot: robot, speed: speed * 1.1) >= row.energy(robot: robot, speed: speed))
      // At the greatest speed the energy is the greatest energy.
      for isTransient in [true, false] {
        let most = row.energy(robot: robot, speed: row.speed(robot: robot, isTransient: isTransient))
        #expect(abs(most - row.energy(isTransient: isTransient)) < 1e-9 * most)
      }
    }
  }

  // MARK: - Windows

  @Test func aWindowsSumIsNeverLessThanTheTruthAndNotMuchMore() {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<60 {
      let window = random.uniform(0.5...20)
      var sums = SlidingSums(windows: [1, window])
      var now = MonoInstant(nanoseconds: Int64(random.uniform(0...1e12)))
      var all: [(at: MonoInstant, seconds: Double, impulse: Double)] = []
      for _ in 0..<300 {
        now.nanoseconds += Int64(random.uniform(0...0.3) * 1e9)
        let (seconds, impulse) = (random.uniform(0...0.02), random.uniform(0...2))
        sums.add(1, seconds: seconds, impulse: impulse, at: now)
        all.append((now, seconds, impulse))
        let within = all.filter { now.seconds(since: $0.at) <= window }
        let beyond = all.filter { now.seconds(since: $0.at) <= window * 32 / 31 + 1e-6 }
        let told = sums.sums(1, at: now)
        #expect(told.seconds >= within.reduce(0) { $0 + $1.seconds } - 1e-9)
        #expect(told.impulse >= within.reduce(0) { $0 + $1.impulse } - 1e-9)
        #expect(told.seconds <= beyond.reduce(0) { $0 + $1.seconds } + 1e-9)
      }
      now.nanoseconds += Int64(window * 1.1e9)
      #expect(sums.sums(1, at: now).seconds == 0)
      #expect(sums.sums(0, at: now).seconds == 0)
    }
  }

  // MARK: - A latch of the run before

  @Test func aLatchOfTheRunBeforeHoldsUntilItIsReset() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    #expect(monitor.step(.restored(7), at: feed.now).latch == 7)
    _ = monitor.step(feed.people(), at: feed.now)
    #expect(monitor.step(feed.state([-1, 0.3]), at: feed.now).decision == .halt)
    #expect(monitor.contactRecord?.sign == .restored)
    #expect(monitor.step(.restored(3), at: feed.now).latch == 7)
    #expect(monitor.step(.reset(Reset(latch: 7)), at: feed.now).latch == 0)
    // Numbers go on.
    #expect(monitor.step(feed.state([-1, 0.3], contacts: touch(20)), at: feed.now).latch == 8)
  }
}
