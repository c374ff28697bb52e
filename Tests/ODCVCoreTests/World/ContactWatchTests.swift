import TestSupport
import Testing

@testable import ODCVCore

/// What counts as contact, what it may be, and what latches: the table behind the contact rules, in numbers that are exact.
@Suite struct ContactWatchTests {
  private struct Step {
    var touches: [(expected: Int?, force: Double?)]?
    var wrench: Double?
    var torques: [Double] = []
    /// Since the step before, s.
    var after = 0.25
    var velocity = [0.0, 0.0]
    var position = [-1, 0.3]
  }

  /// Contact from 16 N and 8 Nm on, forces known to 1 N, 4 s and 32 N s of light touches in 8 s.
  private func configuration(_ expected: [ExpectedContact] = []) -> Configuration {
    Planar.configuration {
      $0.limits[.contactHalt, "force_threshold_n"] = 16
      $0.limits[.contactHalt, "torque_threshold_nm"] = 8
      $0.limits[.contactPermit, "window_s"] = 31
      $0.limits[.contactPermit, "greatest_time_s"] = 4
      $0.limits[.contactPermit, "greatest_impulse_n_s"] = 32
      $0.cell.expectedContacts = expected
    }
  }

  private func watch(_ steps: [Step], _ expected: [ExpectedContact] = []) -> ContactWatch {
    let configuration = configuration(expected)
    var watch = ContactWatch(configuration)
    var feed = Feed()
    feed.now = MonoInstant(nanoseconds: 0)
    for step in steps {
      feed.wait(step.after)
      let contacts = step.touches.map { list in
        var contacts = Contacts()
        for touch in list { contacts.append(Contact(link: 2, expected: touch.expected, force: touch.force)) }
        return contacts
      }
      guard case .state(var state) = feed.state(step.position, velocity: step.velocity, contacts: contacts, force: step.wrench)
      else { continue }
      if !step.torques.isEmpty { state.externalEffort = JointVector(step.torques) }
      watch.observe(state, .absent, configuration: configuration, at: feed.now)
    }
    return watch
  }

  private func sign(_ step: Step, _ expected: [ExpectedContact] = []) -> ContactSign? { watch([step], expected).record?.sign }

  private let part = ExpectedContact(link: 2, other: "part", maxForce: 64, maxDuration: 2)

  // MARK: - What counts as contact

  @Test func aContactIsOneAboveItsThresholdAndNotAtIt() {
    #expect(sign(Step(touches: [(nil, 16)])) == nil && sign(Step(touches: [(nil, 16.0.nextUp)])) == .contact(0))
    #expect(sign(Step(touches: [(nil, 1), (nil, 17), (nil, 20)])) == .contact(1))
    #expect(sign(Step(touches: [(nil, nil)])) == .contact(0) && sign(Step(touches: [(nil, .nan)])) == .contact(0))
  }

  @Test func aWrenchIsOneAboveItsThreshold() {
    #expect(sign(Step(wrench: 16)) == nil && sign(Step(wrench: 16.0.nextUp)) == .force && sign(Step(wrench: .nan)) == .force)
    // Nothing that is declared touches the arm: nothing is added to a threshold of half a newton.
    let sensitive = Planar.configuration { $0.limits[.contactHalt, "force_threshold_n"] = 0.5 }
    var watch = ContactWatch(sensitive)
    var feed = Feed()
    if case .state(let state) = feed.state([-1, 0.3], force: 0.75) { watch.observe(state, .absent, configuration: sensitive, at: feed.now) }
    #expect(watch.record?.sign == .force)
    // The contact itself is named before the wrench.
    #expect(sign(Step(touches: [(nil, 17)], wrench: 20)) == .contact(0))
  }

  @Test func anExternalTorqueIsOneAboveItsThreshold() {
    #expect(sign(Step(torques: [8, -8])) == nil)
    #expect(sign(Step(torques: [0, 8.0.nextUp])) == .effort(joint: 1))
    #expect(sign(Step(torques: [-9, 10])) == .effort(joint: 0) && sign(Step(torques: [.nan, 0])) == .effort(joint: 0))
    #expect(sign(Step(wrench: 20, torques: [9, 9])) == .force)
  }

  @Test func aDeclaredContactMayBeAsHardAsDeclaredAndExplainsWrenchAndTorques() {
    #expect(sign(Step(touches: [(0, 64)], wrench: 64, torques: [40, 40]), [part]) == nil)
    #expect(sign(Step(touches: [(0, 64.0.nextUp)]), [part]) == .contact(0))
    #expect(sign(Step(touches: [(0, 1)], wrench: 64.0.nextUp), [part]) == .force)
    // The hardest of several tells what the wrench may be, and one that is softer takes nothing away.
    let soft = ExpectedContact(link: 2, other: "hand", maxForce: 4, maxDuration: 2)
    #expect(sign(Step(touches: [(0, 1), (1, 1)], wrench: 60), [part, soft]) == nil)
    #expect(sign(Step(touches: [(0, 1)], wrench: 16), [soft]) == nil)
    #expect(sign(Step(touches: [(0, 1)], torques: [9, 0]), [ExpectedContact(link: 2, other: "x", maxForce: 1, maxDuration: 2)]) == nil)
  }

  /// The stretched arm's forearm reaches 1.05 m from the shoulder and 0.55 m from the elbow.
  private let stretched = (shoulder: 8 + 64 * (1 + 0.05), elbow: 8 + 64 * (0.5 + 0.05))

  @Test func aDeclaredContactExplainsTorquesUpToItsForceTimesItsLinksLever() {
    func sign(_ torques: [Double], _ expected: ExpectedContact? = nil) -> ContactSign? {
      self.sign(Step(touches: [(0, 1)], torques: torques, position: [0, 0]), [expected ?? part])
    }
    #expect(sign([stretched.shoulder, -stretched.elbow]) == nil && sign([-stretched.shoulder, stretched.elbow]) == nil)
    #expect(sign([stretched.shoulder.nextUp, 0]) == .effort(joint: 0))
    #expect(sign([0, -stretched.elbow.nextUp]) == .effort(joint: 1))
    #expect(sign([0, .nan]) == .effort(joint: 1) && sign([.infinity, 0]) == .effort(joint: 0))
    // Listed twice, it explains no more.
    let twice = Step(touches: [(0, 1), (0, 1)], torques: [stretched.shoulder.nextUp, 0], position: [0, 0])
    #expect(self.sign(twice, [part]) == .effort(joint: 0))
    // More torques than joints are explained by nothing.
    #expect(sign([0, 0, 8]) == nil && sign([0, 0, 8.0.nextUp]) == .effort(joint: 2))
    // What touches the upper arm loads the shoulder alone.
    let upper = ExpectedContact(link: 1, other: "part", maxForce: 64, maxDuration: 2)
    #expect(sign([stretched.elbow, 8], upper) == nil && sign([stretched.elbow.nextUp, 0], upper) == .effort(joint: 0))
    #expect(sign([0, 8.0.nextUp], upper) == .effort(joint: 1))
  }

  @Test func onlyDeclaredContactsThatAreThereExplainTorquesAndSeveralAddUp() {
    func sign(_ touches: [(Int?, Double?)]?, _ torque: Double) -> ContactSign? {
      let other = ExpectedContact(link: 2, other: "hand", maxForce: 32, maxDuration: 2)
      return self.sign(Step(touches: touches, torques: [0, torque], position: [0, 0]), [part, other])
    }
    for touches in [nil, [], [(nil, 1)]] as [[(Int?, Double?)]?] {
      #expect(sign(touches, 8) == nil && sign(touches, 8.0.nextUp) == .effort(joint: 1))
    }
    let both = 8 + (64 * (0.5 + 0.05) + 32 * (0.5 + 0.05))
    #expect(sign([(0, 1), (1, 1)], both) == nil && sign([(0, 1), (1, 1)], both.nextUp) == .effort(joint: 1))
    #expect(sign([(nil, 1), (1, 1)], 8 + 32 * (0.5 + 0.05)) == nil && sign([(nil, 1), (1, 1)], 26) == .effort(joint: 1))
  }

  @Test func aFoldedArmsLeversAreShorter() {
    func step(_ elbow: Double) -> Step {
      Step(touches: [(0, 1)], torques: [stretched.shoulder, 0], position: [0, elbow])
    }
    #expect(watch([step(0)], [part]).latch == 0 && watch([step(2)], [part]).record?.sign == .effort(joint: 0))
    #expect(watch([step(0), step(2)], [part]).record?.sign == .effort(joint: 0))
  }

  @Test func aDeclaredContactMayLastExactlyAsLongAsDeclared() {
    let steps = Array(repeating: Step(touches: [(0, 1)]), count: 9)
    #expect(watch(steps, [part]).latch == 0)
    #expect(watch(steps + [Step(touches: [(0, 1)])], [part]).latch == 1)
    // Interrupted, it begins again.
    #expect(watch(steps + [Step(touches: [])] + steps, [part]).latch == 0)
    #expect(watch(steps, [part]).lasted(0, at: MonoInstant(nanoseconds: 2_500_000_000)) == 2.25)
    #expect(watch([], [part]).lasted(0, at: MonoInstant(nanoseconds: 2_500_000_000)) == 0)
  }

  // MARK: - Latches

  @Test func aLatchHasItsNumberItsInstantAndTheTimeToRestOfThen() {
    let hit = Step(touches: [(nil, 20)], velocity: [-0.5, 0.25])
    let latched = watch([Step(touches: []), hit, Step(touches: [(nil, 20)])])
    #expect(latched.latch == 1 && latched.onset == MonoInstant(nanoseconds: 500_000_000))
    // The faster joint, and what its speed is open by, at 6 rad/s².
    #expect(latched.stopTime == (0.5 + 0.005) / 6)
    #expect(latched.record == ContactRecord(
      latch: 1, sign: .contact(0), firstSign: latched.onset, detected: latched.onset))
    let fresh = ContactWatch(configuration())
    #expect(fresh.latch == 0 && fresh.record == nil && fresh.stopTime == 0 && !fresh.reported && fresh.onset.nanoseconds == 0)
  }

  @Test func aLatchIsClearedByItsNumberWhenNothingTouches() {
    func clears(_ watch: ContactWatch, _ latches: [UInt64]) -> [Bool] {
      var watch = watch
      return latches.map { watch.reset(Reset(latch: $0)) }
    }
    #expect(clears(watch([Step(touches: [(nil, 20)])]), [1]) == [false])
    #expect(clears(watch([Step(touches: [(nil, 20)]), Step(touches: [])]), [2, 1, 1]) == [false, true, false])
    #expect(clears(ContactWatch(configuration()), [0]) == [false])
    // Nobody can know: nothing is reported, or no longer what was.
    #expect(clears(watch([Step(touches: [(nil, 20)]), Step()]), [1]) == [false])
    #expect(clears(watch([Step(touches: [(nil, 20)], wrench: 0), Step(touches: [])]), [1]) == [false])
    // Nobody needs to.
    var unmeasured = ContactWatch(
      Planar.configuration { $0.cell.notMeasured = [NotMeasured(quantity: .contact, reason: "none", by: "test")] })
    unmeasured.restore(1, at: MonoInstant(nanoseconds: 0))
    #expect(clears(unmeasured, [1]) == [true])
  }

  @Test func aLatchOfTheRunBeforeIsPutBackOnce() {
    var restored = watch([Step(touches: [])])
    restored.restore(4, at: MonoInstant(nanoseconds: 9))
    let latched = restored.latch
    let cleared = restored.reset(Reset(latch: 4))
    restored.restore(4, at: MonoInstant(nanoseconds: 10))
    #expect(latched == 4 && cleared && restored.latch == 0)
  }

  @Test func anyOfThreeReportsIsEnough() {
    #expect(!watch([Step()]).reported)
    #expect(watch([Step(touches: [])]).reported && watch([Step(wrench: 0)]).reported && watch([Step(torques: [0, 0])]).reported)
    #expect(watch([Step(touches: []), Step()]).reported == false)
  }

  @Test func whatWasReportedOnceMayNotBeLeftOut() {
    let all = Step(touches: [], wrench: 0, torques: [0, 0])
    for less in [Step(wrench: 0, torques: [0, 0]), Step(touches: [], torques: [0, 0]), Step(touches: [], wrench: 0)] {
      #expect(watch([less]).reported && !watch([all, less]).reported && watch([all, less, all]).reported)
      #expect(watch([less, all]).reported)
    }
  }

  @Test func effortsMayNotBeLeftOutWhereTheyTellOfContact() throws {
    let configuration = Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
    }
    /// Whether everything was reported, after each of these states.
    func reported(
      _ efforts: [[Double]?], ready: Bool = true, _ change: (inout Configuration) -> Void = { _ in }
    ) -> [Bool] {
      var configuration = configuration
      // An observer that needs no time is ready at once.
      if ready { configuration.robot.dynamics?.responseTime = 0 }
      change(&configuration)
      var observer = ContactObserver(configuration)
      var watch = ContactWatch(configuration)
      var feed = Feed()
      return efforts.map { effort in
        if case .state(let state) = feed.state([0, 0], effort: effort) {
          var reading = ContactObserver.Reading.absent
          observer?.observe(state, at: feed.now, into: &reading)
          watch.observe(state, reading, configuration: configuration, at: feed.now)
        }
        return watch.reported
      }
    }
    #expect(reported([nil, [0, 0], nil]) == [false, true, false])
    #expect(reported([nil, [0, 0], nil], ready: false) == [false, false, false])
    // Who vouches that they need not be measured is held to them once they are.
    let declared = reported([nil, [0, 0], nil]) {
      $0.cell.notMeasured = [NotMeasured(quantity: .effort, reason: "no sensors", by: "test")]
    }
    #expect(declared == [true, true, false])
    #expect(reported([nil, [0, 0], nil]) { $0.robot.dynamics = nil } == [true, true, true])
    // Nor do efforts stand for a list of contacts that was there.
    var quick = configuration
    quick.robot.dynamics?.responseTime = 0
    var observer = try #require(ContactObserver(quick))
    var watch = ContactWatch(configuration)
    var feed = Feed()
    for contacts in [Contacts(), nil] as [Contacts?] {
      guard case .state(let state) = feed.state([0, 0], contacts: contacts, effort: [0, 0]) else { continue }
      var reading = ContactObserver.Reading.absent
      observer.observe(state, at: feed.now, into: &reading)
      watch.observe(state, reading, configuration: configuration, at: feed.now)
      #expect(watch.reported == (contacts != nil))
    }
  }

  // MARK: - What still counts of what was

  private func instant(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: Int64(seconds * 1e9)) }

  @Test func aDeclaredContactThatLastsCountsFromItsBeginning() {
    // The last of as many as there may be.
    let declared = Array(repeating: part, count: Capacity.contacts)
    let lasting = watch([Step(touches: [(15, 1)], after: 1)], declared)
    #expect(lasting.counts(before: MonoInstant(nanoseconds: 1_000_000_001), at: instant(90)))
    #expect(!lasting.counts(before: instant(1), at: instant(90)))
    let first = watch([Step(touches: [(0, 1)], after: 1)], declared)
    #expect(first.counts(before: instant(2), at: instant(90)))
  }

  @Test func aTouchCountsForAsLongAsTheLongestWindow() {
    // 32 s are the greatest window, exact in seconds too, and a contact that declares none has none.
    let declared = [part, ExpectedContact(link: 1, other: "rail", maxForce: 64, maxDuration: 2,
      budget: ExpectedContact.Budget(window: 32, time: 4, impulse: 32))]
    // Free from the second state on, which ends the touch at 2 s.
    let touched = watch([Step(touches: [(nil, 1)], after: 1), Step(touches: [], after: 1), Step(touches: [], after: 1)], declared)
    #expect(touched.counts(before: instant(33), at: instant(33.5)))
    #expect(!touched.counts(before: instant(33.5), at: instant(34)))
    #expect(!touched.counts(before: instant(33.5), at: instant(35)))
    // What begins a window ago no longer sees what was before.
    #expect(!touched.counts(before: instant(1), at: instant(33)))
    #expect(!touched.counts(before: instant(0.5), at: instant(33)))
    #expect(!watch([Step(touches: [], after: 1)], declared).counts(before: instant(1.5), at: instant(2)))
  }

  @Test func whereNoWindowIsLongNoneIsTakenForLonger() {
    let short = Planar.configuration {
      $0.limits[.contactPermit, "window_s"] = 0.5
      $0.cell.expectedContacts = [part]
    }
    var watch = ContactWatch(short)
    var feed = Feed()
    feed.now = instant(1)
    var contacts = Contacts()
    contacts.append(Contact(link: 2, expected: nil, force: 1))
    guard case .state(let state) = feed.state([-1, 0.3], contacts: contacts) else {
      Issue.record("the feed gave no state")
      return
    }
    watch.observe(state, .absent, configuration: short, at: feed.now)
    #expect(watch.counts(before: instant(1.3), at: instant(1.4)))
    #expect(!watch.counts(before: instant(1.55), at: instant(1.6)))
  }

  // MARK: - What is used of what is permitted

  @Test func aForceUsesItsShareOfWhatItMayBe() {
    let light = watch([Step(touches: [(nil, 7)])]).use
    #expect(light.share == Interval(6 / 16, 8 / 16) && light.link == 2 && light.failing == 0)
    #expect(watch([Step(touches: [(nil, 0.5)])]).use.share == Interval(0, 1.5 / 16))
    #expect(watch([Step(touches: [(nil, 3), (nil, 7), (nil, 5)])]).use.share == Interval(6 / 16, 8 / 16))
    #expect(watch([Step(touches: [(0, 31)])], [part]).use.share == Interval(30 / 64, 32 / 64))
    // A touch of no force is one.
    let touch = watch([Step(touches: [(nil, 0)])]).use
    #expect(touch.share == Interval(0, 1.0 / 16) && touch.link == 2)
    let none = watch([Step(touches: [])]).use
    #expect(none.share == Interval(0, 0) && none.link == nil && none.failing == 0)
    #expect(watch([Step(touches: [(nil, nil)])]).use.share.upper == .infinity)
  }

  @Test func withoutAListWrenchAndTorquesUseTheirs() {
    #expect(watch([Step(wrench: 7)]).use.share == Interval(6 / 16, 8 / 16))
    #expect(watch([Step(wrench: 0.5)]).use.share == Interval(0, 1.5 / 16))
    let torque = watch([Step(wrench: 1, torques: [1, -6])]).use
    #expect(torque.share == Interval(0.75, 0.75) && torque.link == nil && torque.failing == 0)
    // With a list, the list tells.
    #expect(watch([Step(touches: [], wrench: 7, torques: [6, 6])]).use.share == Interval(0, 0))
  }

  @Test func exactlyAllOfItIsNoFailureAndMoreIsOneForEachPlace() {
    #expect(watch([Step(touches: [(nil, 15)])]).use.failing == 0)
    #expect(watch([Step(touches: [(nil, 15.0.nextUp.nextUp)])]).use.failing == 1)
    #expect(watch([Step(touches: [(0, 99), (nil, 99)])], [part]).use.failing == 2)
    // One place fails once, by force and by time.
    let long = Array(repeating: Step(touches: [(0, 99)]), count: 12)
    #expect(watch(long, [part]).use.failing == 1)
    var use = ContactUse()
    use.take(0.5, 1, 0)
    use.take(0.5, 2, 0)
    #expect(use.link == 1 && use.share == Interval(0.5, 0.5))
    use.take(0.75, 3, 0)
    #expect(use.link == 3)
  }

  @Test func aDeclaredContactUsesItsTimeToo() {
    let steps = Array(repeating: Step(touches: [(0, 3)]), count: 7)
    // A second and a half of two.
    #expect(watch(steps, [part]).use.share == Interval(0.75, 0.75))
  }

  // MARK: - Budgets

  /// Light touches of so many newtons, a quarter of a second each.
  private func light(_ force: Double, _ count: Int) -> ContactWatch {
    watch(Array(repeating: Step(touches: [(nil, force)]), count: count))
  }

  @Test func lightTouchesAddUpToExactlyTheirTime() {
    // The first state tells of no time yet; 4 s are 16 more.
    #expect(light(1, 17).use.share == Interval(1, 1) && light(1, 17).latch == 0)
    #expect(light(1, 18).record?.sign == .budget(expected: nil) && light(1, 18).use.failing == 1)
  }

  @Test func lightTouchesAddUpToExactlyTheirImpulse() {
    // 12 N for a quarter of a second are 3 N s.
    #expect(light(12, 11).use.share == Interval(30.0 / 32, 30.0 / 32))
    #expect(light(16, 9).use.share.upper >= 1 && light(16, 9).latch == 0 && light(16, 10).record?.sign == .budget(expected: nil))
  }

  @Test func theGreaterForceOfBothStatesCountsForTheTimeBetween() {
    // 16 N, then none, then again: each quarter of a second has 16 N at one of its ends.
    let steps = (0..<9).map { Step(touches: $0 % 2 == 0 ? [(nil, 16)] : []) }
    #expect(watch(steps + [Step(touches: [(nil, 16)])]).latch == 1)
    // Nothing before and nothing after is no contact.
    let sparse = (0..<40).map { _ in Step(touches: []) }
    #expect(watch(sparse + [Step(touches: [(nil, 1)])]).use.share == Interval(0, 2.0 / 16))
  }

  @Test func aForceAtOneEndAloneCountsAsItIs() {
    var pair = part
    pair.budget = ExpectedContact.Budget(window: 31, time: 1_000, impulse: 0.125)
    for steps in [[Step(touches: [(0, 0.5)]), Step(touches: [])], [Step(touches: []), Step(touches: [(0, 0.5)])]] {
      let used = watch(steps, [pair])
      #expect(used.use.share == Interval(1, 1) && used.latch == 0)
    }
  }

  @Test func aPairsOwnBudgetIsNamed() {
    var pair = part
    pair.budget = ExpectedContact.Budget(window: 31, time: 0.5, impulse: 1_000)
    let steps = Array(repeating: Step(touches: [(0, 1)]), count: 3)
    #expect(watch(steps, [pair]).use.share == Interval(1, 1) && watch(steps, [pair]).latch == 0)
    #expect(watch(steps + [Step(touches: [(0, 1)])], [pair]).record?.sign == .budget(expected: 0))
  }
}
