import ODCVConfig
import ODCVCore
import Testing

@testable import ODCVMonitor

@Suite struct SelfTestTests {
  @Test(arguments: ["monitor", "monitor-e06", "monitor-e32"]) func everyRuleOfAShippedConfigurationFires(name: String)
    throws
  {
    let loaded = try LoadedConfiguration.load(path: Package.root + "/config/\(name).yaml")
    let test = SelfTest(loaded.core)
    let unmeasured = loaded.core.cell.notMeasured.map(\.quantity)
    for rule in RuleID.allCases {
      let isDeclared = rule.facts.quantity.map { unmeasured.contains($0) } ?? false
      #expect(test.run(rule) == (isDeclared ? .notApplicable : .fired), "\(rule.name)")
    }
  }

  @Test func aRuleOfWhatIsMeasuredFiresWhereItIs() throws {
    var loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor-e32.yaml")
    loaded.core.cell.notMeasured = []
    loaded.core.cell.contactArea = 0.0001
    for rule in RuleID.allCases { #expect(SelfTest(loaded.core).run(rule) == .fired, "\(rule.name)") }
  }

  @Test func aLimitThatDisarmsARuleIsFound() throws {
    var loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    loaded.core.limits[.contactForce, "greatest_n"] = .infinity
    #expect(SelfTest(loaded.core).run(.contactForce) == .silent)
    #expect(throws: Stop.self) { try SelfTest.requireEveryRuleFires(loaded) }
  }

  @Test func aConfigurationInWhichTheArmCouldNeverMoveFailsTheCommandAndIsAWarningElsewhere() throws {
    let configuration = try TestConfiguration { name, text in
      name != "rules/site.yaml" ? text
        : text.replacing("  motion.jerk:\n    fraction: 1.0\n", with: "  motion.jerk:\n    clear_after_s: 3600\n    fraction: 1.0\n")
    }
    let tested = try odcvMonitor(["self-test", "--config", configuration.path])
    #expect(tested.status == 4, "\(tested.error)")
    #expect(tested.output.contains("THE ARM COULD NEVER MOVE: motion.jerk holds the arm for `clear_after_s` 3600.0 s"), "\(tested.output)")
    #expect(tested.output.contains("rules/site.yaml:"))
    let checked = try odcvMonitor(["check-config", configuration.path])
    #expect(checked.status == 0 && checked.output.contains("WARNING: the arm could never move: motion.jerk"), "\(checked.output)")
    let shipped = try TestConfiguration()
    let healthy = try odcvMonitor(["self-test", "--config", shipped.path])
    #expect(healthy.status == 0 && healthy.output.contains("the arm may stand still, and may move"), "\(healthy.output)")
  }

  @Test func whatTheCellDeclaresAsNotMeasuredIsSaid() throws {
    var loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    loaded.core.cell.notMeasured = [NotMeasured(quantity: .force, reason: "no sensor", by: "test")]
    #expect(SelfTest(loaded.core).run(.contactForce) == .notApplicable)
  }
}
