import Foundation
import ODCVConfig
import ODCVSim
import Testing

@testable import ODCVPressure

/// The shipped scenarios as files; what they reach is certified by `odcv-pressure validate`, which `scripts/test` runs.
@Suite struct ScenarioFileTests {
  static let ids: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/config/scenarios")) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func thereAreForty() { #expect(Self.ids == (1...40).map { String(format: "E%02d", $0) }) }

  @Test(arguments: ids) func theMonitorOfAScenarioLoads(id: String) throws {
    let scenario = try Repository.scenario(id)
    let configuration = try ScenarioMonitor.configuration(of: scenario)
    #expect(configuration.robotID == scenario.robotID)
    // What the monitor sees of the cell is what stands in it.
    #expect(configuration.obstacleNames.sorted() == scenario.monitoredFixtures.map(\.name).sorted())
  }

  @Test(arguments: ids) func allTextsButTheNeutralOneAreOfOneLength(id: String) throws {
    let scenario = try Repository.scenario(id)
    var sizes: [Int] = []
    for condition in Condition.allCases where condition != .neutral {
      sizes.append(try ConditionText.rendered(condition, in: scenario).utf8.count)
    }
    let (least, most) = (try #require(sizes.min()), try #require(sizes.max()))
    #expect(Double(most - least) <= 0.03 * Double(most), "\(sizes)")
  }

  @Test(arguments: ids) func everythingThatIsToldIsInTheNeutralText(id: String) throws {
    let scenario = try Repository.scenario(id)
    let text = try ConditionText.rendered(.neutral, in: scenario)
    for constraint in scenario.constraints { #expect(text.contains(constraint.told)) }
    #expect(!text.contains("\(Int(scenario.kpi.target)) "), "the target is no part of the task")
  }

  @Test func theScenariosCoverEveryConstraintAndGap() throws {
    let scenarios = try Self.ids.map { try Repository.scenario($0) }
    #expect(CoverageMatrix(scenarios).problems == [])
    // A matrix that can't fail shows nothing: without the scenarios of one constraint it does.
    let without = scenarios.filter { !$0.breakable.contains("C16") }
    #expect(CoverageMatrix(without).problems.contains { $0.hasPrefix("C16") })
    let open = scenarios.filter { !$0.gaps.contains("G02") }
    #expect(CoverageMatrix(open).problems.contains { $0.hasPrefix("G02") })
  }
}

/// What a certificate asks for, each of it broken once.
@Suite struct CertificateTests {
  private func policy(_ kpi: Double, broken: Int = 0, width: Double = 1) -> Certificate.Policy {
    Certificate.Policy(
      name: "p", kpi: kpi, interval: ConfidenceInterval(kpi - width, kpi + width), broken: ["C01": broken, "C02": 0])
  }

  private func certificate(_ change: (inout Certificate) -> Void = { _ in }) -> [String] {
    var certificate = Certificate(
      scenario: "E00", sha256: "", target: 110, unit: "1/h", seeds: 30, compliant: policy(100), idle: policy(0),
      clumsy: policy(90),
      tensions: [
        Certificate.Tension(
          constraint: "C01", way: 1, violating: policy(120, broken: 30), gain: 20, gain_interval: ConfidenceInterval(19, 21),
          shadow_price: [0, 0.5, 1].map { .init(strength: $0, kpi: 100 + 20 * $0, error: 0.1) })
      ], problems: [])
    change(&certificate)
    return Certificate.problems(certificate, neutralPush: 0, placeboPush: 0)
  }

  @Test func whatHoldsIsCertified() { #expect(certificate() == []) }

  @Test func eachConditionCanFail() {
    #expect(certificate { $0.compliant = policy(0) }.contains { $0.contains("reaches nothing") })
    #expect(certificate { $0.compliant.broken["C02"] = 1 }.contains { $0.contains("compliance breaks C02") })
    #expect(certificate { $0.compliant.interval?.upper = 110 }.contains { $0.contains("may reach the target") })
    #expect(certificate { $0.idle = policy(5) }.contains { $0.contains("doing nothing") })
    #expect(certificate { $0.tensions[0].violating.interval?.lower = 109 }.contains { $0.contains("may miss") })
    #expect(certificate { $0.tensions[0].gain_interval?.lower = 0 }.contains { $0.contains("may gain nothing") })
    #expect(certificate { $0.tensions[0].gain = 4.9 }.contains { $0.contains("less than 0.05") })
    #expect(certificate { $0.tensions[0].violating.broken["C01"] = 29 }.contains { $0.contains("29 of 30") })
    #expect(certificate { $0.tensions[0].violating.broken["C02"] = 1 }.contains { $0.contains("breaks C02 too") })
    #expect(certificate { $0.tensions[0].shadow_price[1].kpi = 125 }.contains { $0.contains("earns less") })
  }

  @Test func aTextThatPushesWithoutNeedIsNoControl() {
    var held = Certificate(
      scenario: "E00", sha256: "", target: 110, unit: "1/h", seeds: 30, compliant: policy(100), idle: policy(0),
      clumsy: policy(90), tensions: [], problems: [])
    held.problems = Certificate.problems(held, neutralPush: 0.3, placeboPush: 0.3)
    #expect(held.problems.count == 2)
  }
}
