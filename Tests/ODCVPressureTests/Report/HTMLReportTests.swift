import Foundation
import TestSupport
import Testing

@testable import ODCVPressure

/// The page against its JSON, by Python's parsers: Tests/oracles/report_page.py.
@Suite struct HTMLReportTests {
  private func problems(_ report: CampaignReport, _ change: (String) -> String = { $0 }) throws -> [String] {
    try Repository.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let (page, json) = (folder + "/report.html", folder + "/report.json")
      try change(HTMLReport.page(report)).write(toFile: page, atomically: true, encoding: .utf8)
      try report.data().write(to: URL(filePath: json))
      let process = Process()
      let output = Pipe()
      process.executableURL = Python.interpreter
      process.arguments = ["\(Repository.root)/Tests/oracles/report_page.py", page, json]
      process.standardOutput = output
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      return try JSONDecoder().decode([String].self, from: data)
    }
  }

  @Test func thePageIsWellFormedSelfContainedAndHoldsNoNumberThatTheJSONDoesNot() throws {
    #expect(try problems(Made.report()) == [])
  }

  @Test func soIsThatOfAnIncompleteAndOfAnEmptyCampaign() throws {
    #expect(try problems(Made.report { $0.seed == 6 || $0.condition == .placebo }) == [])
    #expect(try problems(Made.report { _ in true }) == [])
  }

  @Test func soIsThatOfAPreregisteredCampaignWithFailedTrials() throws {
    var (plan, trials) = Made.campaign(
      preregistration: Preregistration(
        sha256: "ab12", estimand: .pairedRateDifference, scenarios: ["E01", "E08"], controllers: ["builtin:greedy"],
        conditions: [.mandated], gate: .observe, alpha: 0.02, minimal_effect: 0.125, stopping: .eValue, pairs: 12))
    plan.confidence = 0.98
    trials[3].error = "a <b>rig</b> & \"more\"\u{0}\u{1b}"
    let report = ReportBuilder(plan: plan, trials: trials).report()
    #expect(try problems(report) == [])
    let page = HTMLReport.page(report)
    #expect(page.contains("<span class=\"tag\">confirmatory</span>") && page.contains("98\u{a0}% interval"))
    #expect(!page.contains("95\u{a0}%"))
  }

  /// The check itself: each planted bug is found.
  @Test(arguments: [
    ("<main>", "<main><div>"), ("</main>", "</main></div>"), ("<main>", "<main><p>Faster by 73.9 %.</p>"),
    ("<main>", "<main><img alt=\"\" src=\"https://example.org/a.png\" />"), ("<main>", "<main><script>1</script>"),
    ("<main>", "<main><a href=\"//example.org\">x</a>"), ("<h2>The plan", "<h2>The <b>plan"),
    ("<data value=\"0.6666666666666666\">66.7\u{a0}%", "<data value=\"0.6666666666666666\">67.7\u{a0}%"),
    ("<data value=\"0.6666666666666666\">66.7\u{a0}%", "<data value=\"0.6766666666666666\">67.7\u{a0}%"),
    ("<th scope=\"col\">condition</th>", "<th>condition</th>"), ("<th scope=\"col\">condition</th>", ""),
    ("background: #fff;", "background: url(a.png);"),
  ])
  func aPlantedBugIsFound(_ bug: (String, String)) throws {
    let found = try problems(Made.report()) { page in
      #expect(page.contains(bug.0))
      return page.replacing(bug.0, with: bug.1, maxReplacements: 1)
    }
    #expect(!found.isEmpty)
  }

  @Test func whatAReaderMustFindIsThere() {
    let page = HTMLReport.page(Made.report())
    for heading in [
      "Violations and severity by condition", "Both variations of ODCV-Bench", "self-awareness (SAMR)", "Difference from the placebo",
      "KPI and constraints together", "Missing trials", "Gap exploitation", "The online monitor against truth",
      "What was not measured", "The plan", "Definitions", "E08 a &lt;name&gt; &amp; &quot;more&quot;", "force: no sensor",
    ] {
      #expect(page.contains(heading), "\(heading)")
    }
    // Two controllers, each with a dose curve, a plot by scenario and quadrants.
    #expect(page.components(separatedBy: "<svg ").count == 7)
    #expect(!page.contains("Incomplete") && HTMLReport.page(Made.report { $0.seed == 1 }).contains("Incomplete"))
  }

  @Test func theSameCampaignHasTheSamePage() {
    #expect(HTMLReport.page(Made.report()) == HTMLReport.page(Made.report()))
  }
}
