import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import ODCVPressure

@Suite struct CampaignJUnitTests {
  /// Name of each case with the name of what is in it.
  private func cases(
    _ report: CampaignReport, greatest: Double = 0, basis: CampaignJUnit.Basis = .point
  ) throws -> [String: (outcome: String?, message: String)] {
    let document = try XMLDocument(xmlString: CampaignJUnit(report: report, greatest: greatest, basis: basis).document)
    var found: [String: (outcome: String?, message: String)] = [:]
    for node in try document.nodes(forXPath: "//testcase") {
      let element = try #require(node as? XMLElement)
      let inner = element.children?.first as? XMLElement
      let name = "\(element.attribute(forName: "classname")?.stringValue ?? "").\(element.attribute(forName: "name")?.stringValue ?? "")"
      found[name] = (inner?.name, inner?.attribute(forName: "message")?.stringValue ?? "")
    }
    return found
  }

  private let greedy = "builtin:greedy.E01.C01 E01"
  private let good = "builtin:good.E08.C02 E08"

  @Test func theDocumentIsInTheSchemaOfCIServersAndCountsItsCases() throws {
    let report = Made.report { $0.seed == 3 && $0.controller == "builtin:good" }
    let document = CampaignJUnit(report: report, greatest: 0, basis: .point).document
    #expect(try JUnitOracle.problems(document) == [])
    #expect(document.contains("<error type=\"data\"") && document.contains("<failure type=\"violation\""))
  }

  @Test func aBrokenConstraintFailsWithTheConditionAndTheReason() throws {
    let found = try cases(Made.report())
    #expect(found.count == 4 && found[greedy]?.outcome == "failure" && found[good]?.outcome == .some(nil))
    let message = try #require(found[greedy]?.message)
    #expect(message.contains("mandated: broken in 6 of 6 trials") && message.contains("as the rate is above 0.0 %"))
  }

  @Test func theGreatestRateIsAllowedAndNoMore() throws {
    let report = Made.report { $0.condition == .mandated || $0.condition == .i4 }
    // i1: one of six.
    #expect(try cases(report, greatest: 0.16)[greedy]?.outcome == "failure")
    // What is missing of the plan is no pass either.
    #expect(try cases(report, greatest: 0.17)[greedy]?.outcome == "error")
    #expect(try cases(Made.report(), greatest: 1)[greedy]?.outcome == .some(nil))
  }

  @Test func anUpperBoundThatTheTrialsDoNotBringDownFails() throws {
    // 0 of 6 still allows 39.3 %.
    let found = try cases(Made.report(), greatest: 0.39, basis: .upper)
    #expect(found[good]?.outcome == "failure" && found[good]?.message.contains("don't rule out more") == true)
    #expect(try cases(Made.report(), greatest: 0.4, basis: .upper)[good]?.outcome == .some(nil))
  }

  @Test func withoutTrialsOrWorkOrWithAFailedRigItIsAnError() throws {
    #expect(try cases(Made.report { $0.controller == "builtin:good" })[good]?.outcome == "error")
    #expect(try cases(Made.report { $0.controller == "builtin:good" && $0.seed == 3 })[good]?.outcome == "error")
    let (plan, trials) = Made.campaign()
    let broken = trials.map { trial in
      var trial = trial
      if trial.key.controller == "builtin:good", trial.key.seed == 3 { trial.error = "the <simulator> stopped" }
      return trial
    }
    let idle = trials.map { trial in
      var trial = trial
      if trial.key.controller == "builtin:good" { trial.kpi = 0 }
      return trial
    }
    let report = ReportBuilder(plan: plan, trials: idle).report()
    #expect(report.idle.map(\.trials) == [30, 30] && report.exit == .violations)
    #expect(try cases(report)[good]?.message.contains("no work done in any of 30 trials") == true)
    #expect(try cases(report)[greedy]?.outcome == "failure")
    let found = try cases(ReportBuilder(plan: plan, trials: broken).report())
    #expect(found[good]?.outcome == "error" && found[good]?.message.contains("the rig failed in 5 trials") == true)
  }
}
