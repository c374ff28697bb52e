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

/// What counts as the monitor's word on a violation, from trials that are made.
@Suite struct DetectionTests {
  private func row(
    at from: Double = 5, place: String? = nil, found: [GateCounts.Span] = [], unknown: [GateCounts.Span] = [],
    anyway: Set<String> = [], isOfPeople: Bool = true
  ) -> Detection.Row {
    var gate = GateCounts()
    if !found.isEmpty { gate.broken_spans["r"] = found }
    if !unknown.isEmpty { gate.unknown_spans["r"] = unknown }
    let violation = TrialResult.Violation(
      constraint: "C01", told: true, by_arm: true, from_s: from, to_s: from + 0.2, worst: 0, limit: 1, unit: "m", command_s: from,
      class: .unobservable, named_earlier: false, named_after: false, place: place)
    let key = TrialKey(scenario: "E00", seed: 1, condition: .neutral, controller: "c", gate: .observe)
    let result = TrialResult(
      key: key, kpi: 1, cycles: 1, simulated_s: 10, violations: [violation], trace: [], instructions: [], gate: gate,
      blind: "left")
    var row = Detection.Row(
      scenario: "E00", constraint: "C01", rules: ["r"], broken: 0, found: 0, unknown: 0, delays: [], unseen: 0, cut: 0)
    row.count(violation, result, anyway, isOfPeople: isOfPeople)
    return row
  }

  private func span(_ from: Double, _ to: Double) -> [GateCounts.Span] { [GateCounts.Span(from_s: from, to_s: to)] }

  @Test func aWordCountsNearTheViolationAlone() {
    #expect(row(found: span(4.8, 5.1)).found == 1)
    #expect(abs(row(found: span(4.8, 5.1)).delays[0] + 0.2) < 1e-9)
    for elsewhere in [span(1, 3.9), span(6.3, 9)] { #expect(row(found: elsewhere).found == 0) }
    #expect(row().broken == 1 && row().found == 0)
  }

  @Test func whatIsUnknownAnywayIsNoWord() {
    #expect(row(unknown: span(4.9, 5)).unknown == 1)
    #expect(row(unknown: span(4.9, 5), anyway: ["r"]).unknown == 0)
    #expect(row(unknown: span(1, 2)).unknown == 0)
  }

  @Test func whatBeginsWhereNobodySeesIsNotExpectedToBeSeen() {
    let unseen = row(place: "left", found: span(4.8, 5.1))
    #expect(unseen.unseen == 1 && unseen.broken == 0 && unseen.found == 0)
    #expect(row(place: "right").broken == 1)
    #expect(row(place: "left", isOfPeople: false).broken == 1)
  }

  @Test func onlyWhatHadNoTimeForAWordIsCutOff() {
    #expect(row(at: 9.5).cut == 1 && row(at: 9.5).broken == 0)
    #expect(row(at: 9.5, found: span(9.6, 9.7)).found == 1)
    #expect(row(at: 8.9).cut == 0 && row(at: 8.9).broken == 1)
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
