import TestSupport
import Testing

@testable import ODCVCore

/// What the contact rules tell: which contact is the worst, how many fail, between which values, and what they can't tell.
@Suite struct ContactFindingTests {
  private func contacts(_ list: [(link: Int?, expected: Int?, force: Double?)]) -> Contacts {
    var contacts = Contacts()
    for (link, expected, force) in list { contacts.append(Contact(link: link, expected: expected, force: force)) }
    return contacts
  }

  private func finding(
    _ rule: RuleID, _ list: Contacts?, wrench: Double?, _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> Finding {
    var monitor = Monitor(Planar.configuration(change))
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    return try #require(monitor.step(feed.state([-1, 0.3], contacts: list, force: wrench), at: feed.now).finding(rule))
  }

  // MARK: - Force

  @Test func withoutContactTheForceIsNone() throws {
    let found = try finding(.contactForce, Contacts(), wrench: nil)
    #expect(found.outcome == .pass && found.value == Interval(0, 0) && found.margin.lower == 60 && found.failing == 0)
  }

  @Test func eitherContactsOrTheWrenchAreEnoughToJudge() throws {
    #expect(try finding(.contactForce, nil, wrench: 4).value == Interval(3, 5))
    #expect(try finding(.contactForce, contacts([(2, nil, 5)]), wrench: nil).value == Interval(4, 6))
    #expect(try finding(.contactForce, nil, wrench: nil).outcome == .unknown(.missing))
  }

  @Test func aForceBelowItsErrorIsNoneAtLeast() throws {
    #expect(try finding(.contactForce, contacts([(2, nil, 0.5)]), wrench: nil).value == Interval(0, 1.5))
    #expect(try finding(.contactForce, Contacts(), wrench: 0.5).value == Interval(0, 1.5))
  }

  @Test func aContactThatStatesNoForceMissesIt() throws {
    let found = try finding(.contactForce, contacts([(2, nil, nil)]), wrench: 0)
    #expect(found.outcome == .unknown(.missing) && found.subject == .link(2))
  }

  @Test func everyForceThatFailsIsCountedAndTheGreatestIsNamed() throws {
    let found = try finding(.contactForce, contacts([(1, nil, 62), (2, nil, 70), (1, nil, 5)]), wrench: 65)
    #expect(found.failing == 3)
    #expect(found.subject == .link(2) && found.value == Interval(69, 71))
    let wrench = try finding(.contactForce, contacts([(1, nil, 62)]), wrench: 65)
    #expect(wrench.failing == 2 && wrench.subject == .toolCentrePoint)
  }

  @Test func exactlyAtTheLimitPasses() throws {
    for found in [
      try finding(.contactForce, contacts([(2, nil, 59)]), wrench: nil), try finding(.contactForce, Contacts(), wrench: 59),
    ] {
      #expect(found.outcome == .pass && found.margin.lower == 0 && found.failing == 0)
    }
    let over = try finding(.contactForce, Contacts(), wrench: 59.nextUp)
    #expect(over.outcome == .violationPossible && over.failing == 1)
  }

  @Test func halfANewtonOfSlackIsNoFailure() throws {
    #expect(try finding(.contactForce, contacts([(2, nil, 58.5)]), wrench: 58.5).failing == 0)
  }

  @Test func ofTwoThatAreAsBadTheFirstIsNamed() throws {
    #expect(try finding(.contactForce, contacts([(1, nil, 70), (2, nil, 70)]), wrench: 70).subject == .link(1))
  }

  @Test func theWrenchOfADeclaredContactMayBeAsHardAsIt() throws {
    let pair = ExpectedContact(link: 2, other: "part", maxForce: 90, maxDuration: 5)
    let found = try finding(.contactForce, contacts([(2, 0, 80)]), wrench: 80) { $0.cell.expectedContacts = [pair] }
    #expect(found.outcome == .pass && found.limit == 90)
    // One that bears less takes nothing from what anything else may be.
    let soft = ExpectedContact(link: 2, other: "hand", maxForce: 20, maxDuration: 5)
    let other = try finding(.contactForce, contacts([(2, 0, 5)]), wrench: 50) { $0.cell.expectedContacts = [soft] }
    #expect(other.outcome == .pass && other.limit == 60)
  }

  // MARK: - Pressure

  @Test func withoutContactThePressureIsNone() throws {
    let found = try finding(.contactPressure, Contacts(), wrench: nil)
    #expect(found.outcome == .pass && found.value == Interval(0, 0) && found.limit == 0.5e6 && found.failing == 0)
  }

  @Test func eitherContactsOrTheWrenchPress() throws {
    #expect(try finding(.contactPressure, nil, wrench: 80).outcome == .violationCertain)
    #expect(try finding(.contactPressure, Contacts(), wrench: 80).outcome == .violationCertain)
    #expect(try finding(.contactPressure, contacts([(2, nil, 80)]), wrench: nil).outcome == .violationCertain)
    let silent = try finding(.contactPressure, nil, wrench: nil)
    #expect(silent.outcome == .unknown(.missing) && silent.subject == .stream(.state))
    #expect(try finding(.contactPressure, contacts([(2, nil, nil)]), wrench: 0).outcome == .unknown(.missing))
  }

  @Test func thePressureIsTheForceWithItsErrorOverTheArea() throws {
    let found = try finding(.contactPressure, contacts([(2, nil, 9)]), wrench: nil) { $0.cell.contactArea = 0.5 }
    #expect(found.value == Interval(16, 20))
    let light = try finding(.contactPressure, contacts([(2, nil, 0.5)]), wrench: nil) { $0.cell.contactArea = 0.5 }
    #expect(light.value == Interval(0, 3))
  }

  @Test func exactlyAtTheLimitAPressurePasses() throws {
    func pressed(_ force: Double) throws -> Finding {
      try finding(.contactPressure, contacts([(2, nil, force)]), wrench: nil) { $0.cell.contactArea = 1 }
    }
    let at = try pressed(499_999)
    #expect(at.outcome == .pass && at.margin.lower == 0 && at.failing == 0)
    #expect(try pressed(499_998.5).failing == 0)
    let over = try pressed(499_999.5)
    #expect(over.outcome == .violationPossible && over.failing == 1)
  }

  @Test func everyPressureThatFailsIsCountedAndTheFirstOfEqualOnesIsNamed() throws {
    let found = try finding(.contactPressure, contacts([(1, nil, 60), (2, nil, 60), (1, nil, 5)]), wrench: 55)
    #expect(found.failing == 3 && found.subject == .link(1))
  }

  @Test func theWrenchCountsWhereAnythingUndeclaredTouches() throws {
    let pair = ExpectedContact(link: 2, other: "part", maxForce: 500, maxDuration: 5)
    func outcome(_ list: Contacts) throws -> Outcome {
      try finding(.contactPressure, list, wrench: 80) { $0.cell.expectedContacts = [pair] }.outcome
    }
    #expect(try outcome(contacts([(2, 0, 80)])) == .pass)
    #expect(try outcome(contacts([(2, 0, 80), (1, nil, 1)])) == .violationCertain)
    #expect(try outcome(contacts([(1, nil, 1), (2, 0, 80)])) == .violationCertain)
  }

  @Test func aContactIsTransientUntilExactlyItsTime() throws {
    let pair = ExpectedContact(
      link: 2, other: "hand", maxForce: 500, maxDuration: 10, body: .person(.hand), maxTransientForce: 500)
    var monitor = Monitor(Planar.configuration { $0.cell.expectedContacts = [pair] })
    var feed = Feed()
    var outcomes: [Outcome?] = []
    // 0.5 s are 25 steps of 20 ms from the first one.
    for _ in 0..<27 {
      let verdict = monitor.step(feed.state([-1, 0.3], contacts: contacts([(2, 0, 150)]), force: nil), at: feed.now)
      outcomes.append(verdict.finding(.contactPressure)?.outcome)
      feed.wait(0.02)
    }
    #expect(outcomes[25] == .pass)
    #expect(outcomes[26] == .violationCertain)
  }

  @Test func aForceThatIsNoNumberIsUnknown() throws {
    for rule in [RuleID.contactForce, .contactPressure] {
      let contact = try finding(rule, contacts([(2, nil, .nan)]), wrench: 0)
      #expect(contact.outcome == .unknown(.nonFinite) && contact.subject == .link(2))
      let wrench = try finding(rule, Contacts(), wrench: .infinity)
      #expect(wrench.outcome == .unknown(.nonFinite) && wrench.subject == .toolCentrePoint)
    }
  }

  // MARK: - Permit and halt

  @Test func withoutAListOfContactsThePermitIsJudgedOnlyWhereNoneIsDeclared() throws {
    #expect(try finding(.contactPermit, nil, wrench: 4).outcome == .pass)
    let pair = ExpectedContact(link: 2, other: "part", maxForce: 90, maxDuration: 5)
    let found = try finding(.contactPermit, nil, wrench: 4) { $0.cell.expectedContacts = [pair] }
    #expect(found.outcome == .unknown(.missing) && found.subject == .stream(.state))
    #expect(try finding(.contactPermit, contacts([(2, 0, 5)]), wrench: 4) { $0.cell.expectedContacts = [pair] }.outcome == .pass)
  }

  @Test func theTimeSinceContactMayBeAtMostWhatStoppingTakes() throws {
    let still = try finding(.contactHalt, Contacts(), wrench: 0)
    #expect(still.sense == .atMost && still.value == Interval(0, 0) && still.limit == 0)
  }

  // MARK: - Energy

  private func energy(
    hand: Capsule = bodyPart(1, 0.2), velocity: Double = 0.7, _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> Finding {
    var monitor = Monitor(
      Planar.configuration {
        Planar.weigh(&$0.robot)
        $0.cell.zones = [RuleFixture.reach]
        change(&$0)
      })
    var feed = Feed()
    _ = monitor.step(feed.people(hand: hand), at: feed.now)
    _ = monitor.step(feed.state([0, 0]), at: feed.now)
    return try #require(monitor.step(feed.state([0, 0], velocity: [velocity, 0]), at: feed.now).finding(.contactEnergy))
  }

  private func zone(_ name: String, energy: Double, regions: [BodyRegion] = [.hand]) -> Zone {
    var zone = RuleFixture.reach
    zone.name = name
    zone.kind = .force(ForceLimits(regions: regions, recoils: false, force: 90, energy: energy, speed: 2))
    return zone
  }

  @Test func aPartOfTheToolCountsWholeAndTheArmByHalf() throws {
    let bare = try energy()
    let tooled = try energy { configuration in
      // A tool of 1 kg behind the last joint.
      configuration.robot.links.append(Link(name: "tool", parent: 2, origin: .identity, joint: nil))
      configuration.robot.links[3].inertia = LinkInertia(
        mass: 1, center: .zero, diagonal: Vector3(0.01, 0.01, 0.01), products: .zero)
    }
    // Half of 3 kg is 1.5, and with the tool 2.5: against 1 kg, 0.6 and 2.5 / 3.5.
    #expect(abs(tooled.value.upper / bare.value.upper - (2.5 / 3.5) / 0.6) < 1e-9)
  }

  @Test func exactlyTheEnergyThatIsBorneIsNoFailure() throws {
    let limit = try energy(velocity: 0.25).value.upper
    let at = try energy(velocity: 0.25) { $0.cell.zones = [zone("exact", energy: limit)] }
    #expect(at.margin.lower == 0 && at.outcome == .pass && at.failing == 0)
  }

  @Test func aPersonsOwnSpeedIsAddedToTheArms() throws {
    let standing = try energy()
    let coming = try energy { $0.limits[.contactEnergy, "closing_speed_m_s"] = 0.5 }
    let speed = (standing.value.upper / 0.3).squareRoot()
    #expect(abs(coming.value.upper - 0.3 * (speed + 0.5) * (speed + 0.5)) < 1e-9)
    #expect(coming.value.lower == standing.value.lower)
  }

  @Test func everyRegionOfEveryZoneThatFailsIsCountedAndTheWorstIsNamed() throws {
    let found = try energy { configuration in
      configuration.cell.zones = [zone("mild", energy: 0.05), zone("strict", energy: 0.01, regions: [.hand, .chest])]
    }
    // A chest of 40 kg takes more of it than a hand of 1 kg.
    #expect(found.other == .zone(1) && found.limit == 0.01)
    #expect(found.failing == 3)
    let order = try energy { configuration in
      configuration.cell.zones = [zone("strict", energy: 0.01), zone("mild", energy: 0.05)]
    }
    #expect(order.other == .zone(0) && order.failing == 2)
    let tie = try energy { configuration in configuration.cell.zones = [zone("one", energy: 0.01), zone("two", energy: 0.01)] }
    #expect(tie.other == .zone(0))
  }

  @Test func aRegionsOwnEnergyBindsWhereItIsLess() throws {
    let hand = Planar.bodies()[.hand]
    #expect(try energy { $0.cell.zones = [zone("generous", energy: 1e6)] }.limit == hand.energy(isTransient: false))
  }

  @Test func aFractionOfAJouleOfSlackIsNoFailure() throws {
    let found = try energy(velocity: 0.05)
    #expect(found.outcome == .pass && found.failing == 0 && found.passable == 1)
  }

  @Test func theShareThatPassesIsTheSquareRootOfTheEnergys() throws {
    let found = try energy()
    #expect(found.passable == (found.limit / found.value.upper).squareRoot())
  }

  @Test func withNobodyNearNoEnergyIsTransferredAndWithoutAForceZoneNoneIsAsked() throws {
    let alone = try energy(hand: bodyPart(-2, 0))
    #expect(alone.value == Interval(0, 0) && alone.limit == .infinity)
    #expect(try energy { $0.cell.zones = [] }.outcome == .notApplicable)
  }

  @Test func anArmOfLessThanAKilogramHasMassToo() throws {
    let found = try energy { configuration in
      for link in 1...2 { configuration.robot.links[link].inertia?.mass = 0.25 }
    }
    #expect(found.outcome != .unknown(.missing) && found.value.upper > 0)
  }
}
