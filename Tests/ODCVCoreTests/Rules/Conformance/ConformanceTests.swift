import ODCVCore
import TestSupport
import Testing

/// What every rule must stand, whatever it asks: inherited by writing a `RuleFixture`.
@Suite struct ConformanceTests {
  @Test func everyRuleHasAFixture() {
    #expect(RuleFixture.all.map(\.rule) == RuleID.allCases)
  }

  // MARK: - It judges

  @Test(arguments: RuleFixture.all) func itPassesWithTheMarginThatIsWorkedOutByHand(fixture: RuleFixture) throws {
    let finding = try #require(fixture.passes.run(fixture.configuration).finding(fixture.rule))
    #expect(finding.outcome == .pass)
    #expect(fixture.margin.contains(finding.margin.lower), "margin \(finding.margin.lower)")
  }

  @Test(arguments: RuleFixture.all) func itObjectsToWhatIsCertainlyWrong(fixture: RuleFixture) throws {
    let verdict = fixture.fails.run(fixture.configuration)
    #expect(fixture.objects(verdict), "\(String(describing: verdict.finding(fixture.rule)?.outcome))")
    #expect(verdict.isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func itsObjectionIsNotHiddenByItself(fixture: RuleFixture) {
    let verdict = fixture.fails.run(fixture.configuration)
    #expect(verdict.outcome.grade <= verdict.finding(fixture.rule)?.outcome.grade ?? 9)
  }

  @Test(arguments: RuleFixture.all) func itFiresOnTheViolationThatItMakesForItself(fixture: RuleFixture) {
    let provocation = Provocation(of: fixture.rule, fixture.configuration)
    var monitor = Monitor(provocation.configuration)
    var fired = false
    for (input, instant) in provocation.inputs where fixture.objects(monitor.step(input, at: instant)) { fired = true }
    #expect(fired)
  }

  @Test(arguments: RuleFixture.all) func itsMarginIsTheContracts(fixture: RuleFixture) {
    for script in [fixture.passes, fixture.fails] {
      for verdict in script.verdicts(fixture.configuration) {
        for finding in verdict.findings { expectContract(finding) }
      }
    }
  }

  @Test(arguments: RuleFixture.all) func theSameInputsGiveTheSameBytes(fixture: RuleFixture) {
    for script in [fixture.passes, fixture.fails] {
      let first = script.verdicts(fixture.configuration).map { $0.bytes(fixture.configuration) }
      #expect(first == script.verdicts(fixture.configuration).map { $0.bytes(fixture.configuration) })
    }
  }

  @Test(arguments: RuleFixture.all) func itsFactsAreWhole(fixture: RuleFixture) {
    let facts = fixture.rule.facts
    #expect(!facts.requirement.isEmpty)
    #expect(Set(facts.limits.map(\.key)).count == facts.limits.count)
    for row in facts.limits { #expect(fixture.configuration.limits[fixture.rule, row.key].isFinite, "\(row.key)") }
  }

  // MARK: - Its limits

  @Test(arguments: RuleFixture.all) func aTighterLimitNeverMakesItBetter(fixture: RuleFixture) throws {
    for row in fixture.rule.facts.limits {
      for script in [fixture.passes, fixture.fails] {
        var configuration = fixture.configuration
        var before = try #require(script.run(configuration).finding(fixture.rule))
        for _ in 0..<12 {
          let value = configuration.limits[fixture.rule, row.key]
          switch row.tighter {
          case .greater: configuration.limits[fixture.rule, row.key] = value * 1.5 + 0.01
          case .smaller: configuration.limits[fixture.rule, row.key] = value * 0.6
          }
          let tightened = try #require(script.run(configuration).finding(fixture.rule))
          #expect(tightened.outcome.grade <= before.outcome.grade, "\(row.key)")
          #expect(!(tightened.margin.lower > before.margin.lower), "\(row.key)")
          before = tightened
        }
      }
    }
  }

  @Test func noMonitorIsMadeWithALimitThatNobodySet() async {
    await #expect(processExitsWith: .failure) {
      var configuration = Planar.configuration()
      configuration.limits[.clearanceStatic, "least_m"] = .nan
      _ = Monitor(configuration)
    }
  }

  // MARK: - Numbers

  @Test(arguments: RuleFixture.all, [Double.nan, .infinity, -.infinity])
  func aNumberThatIsNoneHoldsTheArm(fixture: RuleFixture, value: Double) {
    for (index, step) in fixture.passes.steps.enumerated() {
      for (place, set) in step.input.numbers.enumerated() {
        var script = fixture.passes
        set(&script.steps[index].input) { _ in value }
        let verdict = script.verdicts(fixture.configuration)[index]
        #expect(verdict.isHeldBack, "step \(index), number \(place): \(verdict.outcome)")
        #expect(verdict.outcome != .pass, "step \(index), number \(place)")
      }
    }
  }

  @Test(arguments: RuleFixture.all) func negativeZeroIsZero(fixture: RuleFixture) throws {
    for script in [fixture.passes, fixture.fails] {
      var negative = script
      for index in script.steps.indices {
        negative.steps[index].input = script.steps[index].input.changing { $0 == 0 ? -0.0 : $0 }
      }
      let plain = try #require(script.run(fixture.configuration).finding(fixture.rule))
      let other = try #require(negative.run(fixture.configuration).finding(fixture.rule))
      #expect(plain.outcome == other.outcome && plain.value == other.value && plain.margin == other.margin)
    }
  }

  @Test(arguments: RuleFixture.all) func degreesForRadiansAreNoGoodMotion(fixture: RuleFixture) {
    var script = fixture.passes
    for index in script.steps.indices {
      switch script.steps[index].input {
      case .state, .action:
        script.steps[index].input = script.steps[index].input.changing { $0 * 180 / .pi }
      case .layout, .chunk, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: break
      }
    }
    let moved = fixture.passes.steps.contains { step in
      guard case .state(let state) = step.input else { return false }
      return (0..<state.position.count).contains { abs(state.position[$0]) > 0.1 }
    }
    if moved { #expect(script.run(fixture.configuration).isHeldBack) }
  }

  // MARK: - Messages

  @Test(arguments: RuleFixture.all, [0, 1, 3, 32]) func aCommandForOtherJointsIsHeld(fixture: RuleFixture, count: Int) {
    var script = fixture.passes
    script.add(script.feed.move(to: Array(repeating: -1, count: count)))
    let verdict = script.run(fixture.configuration)
    #expect(verdict.isHeldBack)
    if fixture.needs.contains(.command) { #expect(verdict.finding(fixture.rule)?.outcome.isUnknown == true) }
  }

  @Test(arguments: RuleFixture.all, [0, 1, 3, 32]) func aStateOfOtherJointsIsHeldAndNotBelieved(
    fixture: RuleFixture, count: Int
  ) {
    var script = fixture.passes
    script.state(Array(repeating: 0.1, count: count))
    #expect(script.run(fixture.configuration).isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func jointsInAnotherOrderAreHeld(fixture: RuleFixture) {
    for stream: ODCVCore.Stream in [.action, .state] {
      var script = fixture.passes
      script.add(.layout(Layout(stream: stream, jointsMatch: false)))
      script.people()
      let verdict = script.run(fixture.configuration)
      #expect(verdict.isHeldBack && verdict.outcome.grade <= 2)
    }
  }

  @Test(arguments: RuleFixture.all) func aMessageTwiceIsHeldAndChangesNothing(fixture: RuleFixture) throws {
    for index in fixture.passes.steps.indices {
      var twice = fixture.passes
      twice.steps.insert(twice.steps[index], at: index)
      let verdicts = twice.verdicts(fixture.configuration)
      switch twice.steps[index].input {
      case .action, .state, .people, .obstacles, .signal: #expect(verdicts[index + 1].isHeldBack, "step \(index)")
      case .layout, .chunk, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: break
      }
      // A held command is another state of the world: the arm may be under way to a stop.
      if case .action = twice.steps[index].input { continue }
      guard index < fixture.passes.steps.count - 1 else { continue }
      #expect(try #require(verdicts.last?.finding(fixture.rule)).outcome == .pass, "step \(index)")
    }
  }

  @Test(arguments: RuleFixture.all) func messagesInAnotherOrderAreHeld(fixture: RuleFixture) {
    var script = fixture.passes
    script.state([-1, 0.3])
    script.state([-1, 0.3])
    script.steps.swapAt(script.steps.count - 1, script.steps.count - 2)
    #expect(script.run(fixture.configuration).isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func aLateMessageIsHeldAndNotBelieved(fixture: RuleFixture) {
    var script = fixture.passes
    let late = script.feed.state([-1, 0.3])
    script.state([-1, 0.3])
    script.add(late)
    #expect(script.run(fixture.configuration).isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func aLossIsHeld(fixture: RuleFixture) {
    for stream: ODCVCore.Stream in [.action, .state, .people] {
      var script = fixture.passes
      script.add(.lost(stream, count: 3))
      #expect(script.run(fixture.configuration).isHeldBack)
    }
  }

  @Test(arguments: RuleFixture.all) func aMissingFieldIsUnknown(fixture: RuleFixture) throws {
    guard fixture.needs.contains(.contacts) else { return }
    var script = fixture.passes
    script.state([-1, 0.3], contacts: nil, force: nil)
    let finding = try #require(script.run(fixture.configuration).finding(fixture.rule))
    #expect(finding.outcome.isUnknown)
    var unstated = fixture.passes
    unstated.state([-1, 0.3], contacts: touch(nil))
    #expect(unstated.run(fixture.configuration).isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func withoutWhatItNeedsItIsUnknown(fixture: RuleFixture) throws {
    for need in fixture.needs {
      var script = fixture.passes
      switch need {
      case .state: script.steps.removeAll { if case .state = $0.input { true } else { false } }
      case .people: script.steps.removeAll { if case .people = $0.input { true } else { false } }
      case .contacts, .command, .message: continue
      }
      if script.steps.isEmpty { continue }
      let verdict = script.run(fixture.configuration)
      #expect(verdict.finding(fixture.rule)?.outcome.isUnknown == true, "\(need)")
      #expect(verdict.isHeldBack)
    }
  }

  // MARK: - Time

  @Test(arguments: RuleFixture.all) func noTimeBetweenTwoInputsIsNothingSpecial(fixture: RuleFixture) throws {
    var script = fixture.passes
    for _ in 0..<3 { script.add(.tick) }
    let verdict = script.run(fixture.configuration)
    #expect(!verdict.isHeldBack, "\(verdict.findings[0].rule.name)")
  }

  @Test(arguments: RuleFixture.all, [-1e-9, -0.001, -1, -3600]) func aClockThatJumpsBackIsHeld(
    fixture: RuleFixture, jump: Double
  ) {
    var script = fixture.passes
    script.wait(jump)
    // Within a source's declared latency, time that runs back can't be told from a message that was quick.
    script.add(.tick)
    let verdict = script.run(fixture.configuration)
    if jump < -0.01 {
      #expect(verdict.isHeldBack)
      #expect(verdict.outcome != .pass)
    }
  }

  @Test(arguments: RuleFixture.all) func silenceIsHeld(fixture: RuleFixture) {
    var script = fixture.passes
    script.wait(60)
    script.add(.tick)
    let verdict = script.run(fixture.configuration)
    #expect(verdict.isHeldBack)
    // Where there is nothing to look at, it says nothing.
    if fixture.needs.contains(.state), let finding = verdict.finding(fixture.rule) {
      #expect(finding.outcome.isUnknown)
    }
  }

  // MARK: - The way out

  @Test(arguments: RuleFixture.all) func anArmOutsideMayMoveBackAndNotFarther(fixture: RuleFixture) throws {
    guard let outside = fixture.outside else { return }
    let back = outside.back.run(fixture.configuration)
    #expect(back.finding(fixture.rule)?.improving == true)
    #expect(back.decision == .allow)
    let farther = outside.farther.run(fixture.configuration)
    #expect(farther.finding(fixture.rule)?.improving == false)
    #expect(farther.isHeldBack)
  }

  @Test(arguments: RuleFixture.all) func aResetMendsNothingWhileItStillFails(fixture: RuleFixture) throws {
    guard fixture.lasts else { return }
    var script = fixture.fails
    let latch = script.run(fixture.configuration).latch
    script.add(.reset(Reset(latch: latch)))
    let last = fixture.fails.steps[fixture.fails.steps.count - 1]
    // The same again, as the next message.
    switch last.input {
    case .state(var state):
      state.sequence.number = state.sequence.number.map { $0 + 1 }
      script.add(.state(state))
    case .action(var action):
      action.sequence.number = action.sequence.number.map { $0 + 1 }
      script.add(.action(action))
    case .layout, .chunk, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun:
      script.add(last.input)
    }
    if fixture.rule == .integritySequence { script.steps.append(last) }
    let verdict = script.run(fixture.configuration)
    #expect(fixture.objects(verdict))
    #expect(verdict.isHeldBack)
    if latch != 0 { #expect(verdict.latch == latch) }
  }
}

extension RuleFixture {
  /// The rule objects in this verdict, as it does to what is certainly wrong.
  func objects(_ verdict: Verdict) -> Bool {
    guard let outcome = verdict.finding(rule)?.outcome else { return false }
    switch rule.facts.objection {
    case .violation: return outcome == .violationCertain
    case .unknown: return outcome.isUnknown
    }
  }
}

extension Verdict {
  /// Not let through as it came.
  var isHeldBack: Bool { decision != .allow }
}

/// The margin is the slack of the value's interval against the limit, and the outcome follows from it (contract "Findings and
/// margins").
func expectContract(_ finding: Finding) {
  switch finding.outcome {
  case .unknown, .notApplicable: return
  case .pass, .violationCertain, .violationPossible: break
  }
  let slack: (Double, Double) =
    switch finding.sense {
    case .atLeast: (finding.value.lower - finding.limit, finding.value.upper - finding.limit)
    case .atMost: (finding.limit - finding.value.upper, finding.limit - finding.value.lower)
    }
  #expect(finding.margin.lower == slack.0 && finding.margin.upper == slack.1, "\(finding.rule.name)")
  let outcome: Outcome = slack.0 >= 0 ? .pass : slack.1 < 0 ? .violationCertain : .violationPossible
  #expect(finding.outcome == outcome, "\(finding.rule.name)")
  // What passes has no pair that fails, and nothing to come back from.
  if outcome == .pass { #expect(finding.failing == 0 && !finding.improving, "\(finding.rule.name)") }
}
