import TestSupport
import Testing

@testable import ODCVCore

extension Findings {
  /// One more, as the rules' judging takes it in; a waived one holds nothing back.
  mutating func add(_ finding: Finding, isWaived: Bool = false) {
    append(finding)
    if finding.holdsBack, !isWaived { holdBack(finding) }
    arrange()
  }
}

/// Findings by themselves: how they are ordered, summed up, merged and counted.
@Suite struct FindingsTests {
  private func passes(_ rule: RuleID, _ margin: Double = 1) -> Finding {
    Finding(rule, value: Interval(exactly: 0), .atMost, margin)
  }

  private func certain(_ rule: RuleID, _ excess: Double = 1) -> Finding {
    Finding(rule, value: Interval(exactly: 2 + excess), .atMost, 2)
  }

  private func possible(_ rule: RuleID) -> Finding { Finding(rule, value: Interval(0, 3), .atMost, 2) }

  private func all(_ list: [Finding]) -> Findings {
    var findings = Findings()
    for finding in list { findings.add(finding) }
    return findings
  }

  // MARK: - One finding

  @Test(arguments: [
    Subject.none, .link(3), .joint(6), .obstacle(63), .seenObstacle(sensor: 2, index: 41), .person(track: .max, part: 7), .zone(1),
    .stream(.people), .sensor(3), .toolCentrePoint, .source(.driver), .signal(5), .sequence(4), .claim(9),
  ]) func whatAFindingIsAboutIsKept(subject: Subject) {
    var finding = Finding(.clearanceStatic, value: Interval(0, 1), .atLeast, 0, subject: subject, other: .link(1))
    #expect(finding.subject == subject && finding.other == .link(1))
    finding = Finding(.clearanceStatic, value: Interval(0, 1), .atLeast, 0, subject: .link(1), other: subject)
    #expect(finding.subject == .link(1) && finding.other == subject)
    finding.forgetSubjects()
    #expect(finding.subject == .none && finding.other == .none)
  }

  @Test(arguments: [
    (Interval(0.05, 0.05), Sense.atLeast, Outcome.pass), (Interval(0.05.nextDown, 0.05), .atLeast, .violationPossible),
    (Interval(0, 0.05.nextDown), .atLeast, .violationCertain), (Interval(0.05, 0.05), .atMost, .pass),
    (Interval(0.05, 0.05.nextUp), .atMost, .violationPossible), (Interval(0.05.nextUp, 1), .atMost, .violationCertain),
  ])
  func exactlyAtTheLimitPassesAndTheNextNumberDoesNot(value: Interval, sense: Sense, outcome: Outcome) {
    #expect(Finding(.clearanceStatic, value: value, sense, 0.05).outcome == outcome)
  }

  @Test func theShareThatPassesIsTheLimitsOfTheValue() {
    #expect(Finding(.motionJump, value: Interval(0, 4), .atMost, 1).passable == 0.25)
    #expect(Finding(.motionJump, value: Interval(0, 1), .atMost, 1).passable == 1)
    #expect(Finding(.motionJump, value: Interval(0, 0.5), .atMost, 1).passable == 1)
    #expect(Finding(.motionJump, value: Interval(0, 0.5), .atMost, -1).passable == 0)
    #expect(Finding(.clearanceStatic, value: Interval(0, 4), .atLeast, 1).passable == 0.5)
    #expect(Finding(.motionJump, value: Interval(0, 0), .atMost, 0).passable == 1)
  }

  @Test func anIntervalThatIsUpsideDownIsNone() {
    #expect(Finding(.clearanceStatic, value: Interval(0.75, 0.5), .atLeast, 0).outcome == .unknown(.nonFinite))
  }

  @Test func whatHasNoValueHasZero() {
    let unknown = Finding.unknown(.motionJump, .stale, .joint(1))
    #expect(unknown.value == Interval(0, 0) && unknown.limit == 0 && unknown.margin == Interval(0, 0))
    #expect(unknown.sense == .atLeast && unknown.subject == .joint(1) && unknown.failing == 0 && !unknown.improving)
    #expect(Finding.notApplicable(.motionJump).value == Interval(0, 0))
  }

  @Test func nearIsBelowFivePercentOrFiveMillimetres() {
    func isNear(_ rule: RuleID, _ value: Double, _ sense: Sense, _ limit: Double) -> Bool {
      Finding(rule, value: Interval(exactly: value), sense, limit).isNearLimit
    }
    #expect(!isNear(.contactForce, 95, .atMost, 100) && isNear(.contactForce, 95.5, .atMost, 100))
    #expect(isNear(.contactForce, 110, .atMost, 100))
    #expect(isNear(.clearanceStatic, 0.0049, .atLeast, 0) && !isNear(.clearanceStatic, 0.005, .atLeast, 0))
    #expect(isNear(.clearanceStatic, 2.09, .atLeast, 2) && !isNear(.clearanceStatic, 2.11, .atLeast, 2))
    #expect(isNear(.contactForce, -1.95, .atLeast, -2) && possible(.contactForce).isNearLimit)
    // A force is no distance.
    #expect(!isNear(.contactForce, 0.001, .atLeast, 0))
    #expect(!isNear(.motionTCPSpeed, 1, .atMost, .infinity))
    #expect(!Finding.unknown(.clearanceStatic, .stale).isNearLimit)
    #expect(!Finding.notApplicable(.clearanceStatic).isNearLimit)
  }

  @Test func whatHoldsTheArmBackIsUnknownOrBrokenAndNotComingBack() {
    #expect(certain(.motionJump).holdsBack && possible(.motionJump).holdsBack)
    #expect(Finding.unknown(.motionJump, .stale).holdsBack)
    #expect(!passes(.motionJump).holdsBack && !Finding.notApplicable(.motionJump).holdsBack)
    for var finding in [certain(.motionJump), possible(.motionJump), .unknown(.motionJump, .stale)] {
      finding.improving = true
      #expect(finding.holdsBack == (finding.outcome == .unknown(.stale)))
    }
    #expect(certain(.motionJump).outcome.isViolation && possible(.motionJump).outcome.isViolation)
    #expect(!Finding.unknown(.motionJump, .stale).outcome.isViolation && !passes(.motionJump).outcome.isViolation)
  }

  // MARK: - All of them

  @Test func theyAreWorstFirstAndAsTheyCameWhereTheyAreAsBad() {
    let findings = all([
      passes(.motionJerk), .notApplicable(.gripForce), certain(.motionJump), .unknown(.payloadMass, .stale), possible(.zoneSpeed),
      certain(.zoneKeepOut), passes(.clearanceSelf),
    ])
    let order: [RuleID] = [.motionJump, .zoneKeepOut, .zoneSpeed, .payloadMass, .motionJerk, .clearanceSelf, .gripForce]
    #expect(findings.map(\.rule) == order)
    #expect((0..<findings.count).map { findings[$0].rule } == order)
    #expect(findings.count == 7 && findings.underestimatedCount == 7)
    #expect(findings.worst == .violationCertain)
  }

  @Test func withNoneNothingHoldsBack() {
    let none = Findings()
    #expect(none.count == 0 && none.worst == .notApplicable && none.permitMotion && none.passable == 1)
    #expect(none.clearAfter == 0 && none.map(\.rule).isEmpty)
    var iterator = none.makeIterator()
    #expect(iterator.next() == nil)
  }

  @Test func oneThatHoldsBackHoldsAllBack() {
    #expect(all([passes(.motionJump), .notApplicable(.gripForce)]).permitMotion)
    #expect(!all([passes(.motionJump), certain(.motionJerk)]).permitMotion)
    #expect(!all([certain(.motionJerk), passes(.motionJump)]).permitMotion)
    #expect(!all([.unknown(.motionJerk, .stale)]).permitMotion)
    var findings = Findings()
    findings.add(certain(.zoneSpeed), isWaived: true)
    #expect(findings.permitMotion && findings.passable == 1 && findings.worst == .violationCertain)
  }

  @Test func theShareIsTheLeastOfThoseThatHoldBackAndNoneWhereSomethingIsUnknown() {
    #expect(all([passes(.motionJump)]).passable == 1)
    #expect(all([certain(.motionJump, 6), certain(.motionJerk, 2)]).passable == 0.25)
    #expect(all([certain(.motionJerk, 2), certain(.motionJump, 6)]).passable == 0.25)
    #expect(all([certain(.motionJump), .unknown(.motionJerk, .stale)]).passable == nil)
    #expect(all([.unknown(.motionJerk, .stale), certain(.motionJump)]).passable == nil)
  }

  @Test func theLongestHoldCounts() {
    var findings = Findings()
    findings.holdOn(0.5)
    findings.holdOn(0.25)
    #expect(findings.clearAfter == 0.5)
    findings.holdOn(2)
    #expect(findings.clearAfter == 2)
    findings.add(certain(.motionJump))
    findings.refuseSlowing()
    #expect(findings.passable == nil)
    findings.removeAll()
    #expect(findings.count == 0 && findings.worst == .notApplicable && findings.permitMotion && findings.passable == 1)
    #expect(findings.clearAfter == 0)
  }

  // MARK: - Merged

  @Test func ofTwoStretchesEachRulesWorseFindingStays() {
    var findings = all([passes(.motionJump, 2), certain(.motionJerk, 1), passes(.zoneSpeed, 1)])
    findings.merge(all([passes(.motionJump, 1), certain(.motionJerk, 3), certain(.zoneSpeed), passes(.clearanceSelf)]))
    #expect(findings.map(\.rule) == [.motionJerk, .zoneSpeed, .motionJump, .clearanceSelf])
    #expect(findings[0].value.upper == 5 && findings[2].limit == 1)
    #expect(!findings.permitMotion && findings.passable == 2.0 / 5)
  }

  @Test func whatIsBetterInTheOtherStretchChangesNothing() {
    var findings = all([passes(.motionJump, 1), certain(.motionJerk, 3)])
    findings.merge(all([passes(.motionJump, 2), certain(.motionJerk, 1)]))
    #expect(findings.map(\.rule) == [.motionJerk, .motionJump])
    #expect(findings[0].value.upper == 5 && findings[1].limit == 1 && findings.passable == 2.0 / 5)
    findings.merge(all([.unknown(.motionJump, .stale)]))
    #expect(findings.map(\.rule) == [.motionJerk, .motionJump] && findings[1].outcome == .unknown(.stale))
    #expect(findings.passable == nil)
  }

  @Test func aStretchThatBringsNothingNewChangesNothing() {
    var findings = all([certain(.motionJump)])
    findings.add(certain(.contactHalt, 8), isWaived: true)
    findings.merge(all([passes(.motionJump)]))
    #expect(findings.passable == 2.0 / 3 && !findings.permitMotion && findings.count == 2)
  }

  @Test func whatOnlyTheOtherStretchFoundIsTakenIn() {
    var findings = all([passes(.motionJump), passes(.motionJerk)])
    findings.merge(all([certain(.zoneSpeed)]))
    #expect(findings.map(\.rule) == [.zoneSpeed, .motionJump, .motionJerk])
    #expect(findings.worst == .violationCertain && !findings.permitMotion)
    findings.merge(all([passes(.contactHalt)]))
    #expect(findings.map(\.rule) == [.zoneSpeed, .motionJump, .motionJerk, .contactHalt])
  }

  @Test func whatHoldsOnInOneStretchHoldsOn() {
    var (findings, other) = (all([passes(.motionJump)]), all([certain(.motionJump)]))
    other.holdOn(0.5)
    findings.merge(other)
    #expect(findings.clearAfter == 0.5)
  }

  @Test func ofTwoThatAreAsBadTheFirstStretchsStays() {
    var findings = all([Finding(.motionJump, value: Interval(3, 3), .atMost, 2, subject: .joint(0))])
    findings.holdOn(0.5)
    findings.merge(all([Finding(.motionJump, value: Interval(3, 3), .atMost, 2, subject: .joint(1))]))
    #expect(findings[0].subject == .joint(0) && findings.clearAfter == 0.5)
  }

  @Test func aRefusalToSlowStays() {
    var first = all([certain(.motionJump)])
    first.refuseSlowing()
    first.merge(all([certain(.motionJump, 3)]))
    #expect(first.passable == nil)
    var second = all([certain(.motionJump)])
    var other = all([passes(.motionJump)])
    other.refuseSlowing()
    second.merge(other)
    #expect(second.passable == nil)
  }

  @Test func whatNeitherStretchHoldsBackTheSumDoesNot() {
    var first = Findings()
    first.add(certain(.zoneSpeed, 1), isWaived: true)
    var second = Findings()
    second.add(certain(.zoneSpeed, 2), isWaived: true)
    first.merge(second)
    #expect(first.permitMotion && first.passable == 1 && first[0].value.upper == 4)
    var third = Findings()
    third.add(certain(.zoneSpeed, 3))
    first.merge(third)
    #expect(!first.permitMotion && first[0].value.upper == 5)
  }

  // MARK: - Permission

  @Test(arguments: [
    (1.0, 0, 0.9375), (1.0, 1, 0.25), (0.5, 0, 0.5), (0.5, 1, 0.125), (0.55, 0, 0.5), (0.0625, 0, 0.0625), (0.25, 1, 0.0625),
  ] as [(Double, Int, Double)])
  func theShareIsTriedInSixteenthsAndThenAQuarterOfIt(share: Double, attempt: Int, scale: Double) {
    let limit = share * 2
    let findings = share == 1 ? Findings() : all([Finding(.motionJump, value: Interval(0, 2), .atMost, limit)])
    #expect(Permission.scale(attempt, after: findings) == scale)
  }

  @Test func lessThanASixteenthIsNoTry() {
    #expect(Permission.scale(0, after: all([Finding(.motionJump, value: Interval(0, 2), .atMost, 0.12)])) == nil)
    #expect(Permission.scale(1, after: all([Finding(.motionJump, value: Interval(0, 2), .atMost, 0.36)])) == nil)
    #expect(Permission.scale(0, after: all([.unknown(.motionJump, .stale)])) == nil)
    #expect(Permission.attempts == 2)
  }

  // MARK: - Coverage

  @Test func eachFindingIsCountedAsWhatItIs() {
    var coverage = Coverage()
    var findings = all([
      certain(.motionJump), possible(.zoneSpeed), .unknown(.payloadMass, .stale), passes(.motionJerk, 100),
      .notApplicable(.gripForce),
    ])
    for _ in 0..<3 { coverage.count(&findings, elapsed: 0.5) }
    func counts(_ rule: RuleID) -> [UInt64] {
      let counts = coverage[rule]
      return [counts.evaluated, counts.skipped, counts.unknown, counts.violated, counts.notApplicable]
    }
    #expect(counts(.motionJump) == [3, 0, 0, 3, 0])
    #expect(counts(.zoneSpeed) == [3, 0, 0, 3, 0])
    #expect(counts(.payloadMass) == [0, 0, 3, 0, 0])
    #expect(counts(.motionJerk) == [3, 0, 0, 0, 0])
    #expect(counts(.gripForce) == [0, 0, 0, 0, 3])
    #expect(counts(.coverageBlind) == [0, 3, 0, 0, 0])
    #expect(counts(.clearanceStatic) == [0, 3, 0, 0, 0])
    #expect(coverage[.motionJump].exposure == 1.5 && coverage[.motionJerk].exposure == 0)
    coverage.count(&findings, elapsed: -1)
    #expect(coverage[.motionJump].exposure == 1.5)
  }

  // MARK: - Words

  @Test func anObstacleSensorIsNamedBehindThoseOfPeople() {
    let configuration = Planar.configuration {
      $0.cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)]
    }
    #expect(configuration.name(of: .sensor(0)) == "camera" && configuration.name(of: .sensor(1)) == "lidar")
    #expect(configuration.name(of: .sensor(2)) == "sensor 2")
  }

  @Test func whoDeclaresAQuantityAsNotMeasuredVouchesForItsRules() {
    let configuration = Planar.configuration {
      $0.cell.notMeasured = [
        NotMeasured(quantity: .force, reason: "no sensor", by: "A"), NotMeasured(quantity: .grip, reason: "no gripper", by: "B"),
      ]
    }
    #expect(configuration.absence(of: .gripForce) == "no gripper (B)")
    #expect(configuration.absence(of: .contactForce) == "no sensor (A)")
    #expect(configuration.absence(of: .clearanceSelf) == "nothing of the kind in this cell")
  }
}
