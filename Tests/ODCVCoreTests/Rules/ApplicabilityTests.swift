import ODCVCore
import TestSupport
import Testing

/// Where a cell has nothing that a rule could judge, or says that nobody measures it, the rule says so and holds nothing back.
@Suite struct ApplicabilityTests {
  private typealias Change = @Sendable (inout Configuration) -> Void

  private static func notMeasured(_ quantity: NotMeasured.Quantity) -> NotMeasured {
    NotMeasured(quantity: quantity, reason: "no sensor", by: "integrator")
  }

  /// Rules, and cells in which they have nothing to judge.
  private static let cases: [(RuleID, Change)] = [
    (.authorityMode, { $0.cell.automaticModes = [] }),
    (.clearanceSelf, { $0.robot.selfPairs = [] }),
    (.clearanceHuman, { $0.cell.peopleSensors = [] }),
    (.coverageBlind, { $0.cell.peopleSensors = [] }),
    (.integrityClass, { $0.cell.peopleSensors = [] }),
    (.clearanceHeldObject, { _ in }),
    (.clearanceHeldObject, {
      $0.robot.heldObject = 2
      $0.cell.obstacles = []
    }),
    (.clearanceStatic, { $0.cell.obstacles = [] }),
    (.gripForce, { $0.cell.notMeasured = [notMeasured(.grip)] }),
    (.gripForce, { $0.cell.grip = nil }),
    (.payloadMass, { $0.cell.notMeasured = [notMeasured(.payload)] }),
    (.payloadMass, { $0.cell.payload = nil }),
    (.integrityClock, { $0.cell.clocks = [] }),
    (.integrityHeartbeat, { $0.cell.heartbeats = [] }),
    (.toolHazard, { _ in }),
  ]

  @Test(arguments: cases.indices) func whereThereIsNothingToJudgeTheRuleIsNotApplicable(index: Int) {
    let (rule, change) = Self.cases[index]
    let configuration = Planar.configuration(change)
    let verdict = Script {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.move(to: [-1.02, 0.3]).gripping(10))
    }.run(configuration)
    #expect(verdict.finding(rule)?.outcome == .notApplicable, "\(rule.name)")
    #expect(!verdict.isHeldBack, "\(rule.name)")
  }

  @Test(arguments: RuleID.allCases) func inABareCellARuleFiresOnItsOwnViolationOrIsNotApplicable(rule: RuleID) {
    let provocation = Provocation(of: rule, Planar.bare())
    var monitor = Monitor(provocation.configuration)
    var outcomes: [Outcome] = []
    for (input, instant) in provocation.inputs {
      if let finding = monitor.step(input, at: instant).finding(rule) { outcomes.append(finding.outcome) }
    }
    let judges = outcomes.contains { outcome in
      switch outcome {
      case .violationCertain, .violationPossible: true
      case .unknown: rule.facts.objection == .unknown
      case .pass, .notApplicable: false
      }
    }
    #expect(judges || outcomes.last == .notApplicable, "\(rule.name): \(outcomes)")
  }

  @Test(arguments: RuleID.allCases) func inACellThatDeclaresEverythingARuleFiresOnItsOwnViolation(rule: RuleID) {
    var configuration = RemovalTests.configuration
    Planar.weigh(&configuration.robot)
    configuration.robot.dynamics = Planar.dynamics()
    configuration.robot.heldObject = 2
    let provocation = Provocation(of: rule, configuration)
    var monitor = Monitor(provocation.configuration)
    var objects = false
    for (input, instant) in provocation.inputs {
      guard let finding = monitor.step(input, at: instant).finding(rule) else { continue }
      switch finding.outcome {
      case .violationCertain, .violationPossible: objects = true
      case .unknown: if rule.facts.objection == .unknown { objects = true }
      case .pass, .notApplicable: break
      }
    }
    #expect(objects, "\(rule.name)")
  }
}
