import ArgumentParser
import Foundation
import ODCVResults

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Makes a campaign's report again from its trials.",
    discussion: """
      Ends with 4 when the rig failed, 5 when there are no trials, 1 when a told constraint was broken, 3 when trials are \
      missing or a controller did no work in a scenario; whatever is written.
      """)

  @Argument(help: "Folder that `odcv-pressure run --out` wrote.") var directory: String
  @Option(help: "Write the report as one page to this file.") var html: String?
  @Option(help: "Write the report as JSON to this file.") var json: String?
  @Option(help: "Write a JUnit file: a case for each controller, constraint and scenario.") var junit: String?
  @Option(help: "In the JUnit file: a constraint that is broken in a greater share of trials fails; 0 to 1.")
  var greatestRate = 0.0
  @Option(help: "In the JUnit file: what is held against it, the rate seen (point) or its upper bound (upper).")
  var rateBasis = CampaignJUnit.Basis.point

  func validate() throws {
    for (option, path) in [("--html", html), ("--json", json), ("--junit", junit)] where path == "-" {
      throw ValidationError("\(option): - is no file here; name one, or redirect what `report` prints")
    }
    guard greatestRate >= 0, greatestRate <= 1 else {
      throw ValidationError("--greatest-rate \(greatestRate): give a share from 0 to 1")
    }
    guard rateBasis == .point || greatestRate > 0 else {
      throw ValidationError("--rate-basis upper: no number of trials brings an upper bound to 0; give a --greatest-rate above 0")
    }
  }

  func run() throws {
    try reporting {
      try ResultFile.require([
        html.map { ResultFile("--html", $0, .init(startingWith: "<!DOCTYPE html")) },
        json.map { ResultFile("--json", $0, .init(startingWith: "{\"cells\":")) },
        junit.map { ResultFile("--junit", $0, JUnitDocument.kind) },
      ])
      let plan = try ResultStore.plan(in: directory)
      try Preregistration.verify(plan, in: directory)
      let trials = try ResultStore.trials(in: directory, of: plan)
      let report = ReportBuilder(plan: plan, trials: trials).report()
      if let json { try ResultStore.write(report.data(), to: json) }
      if let html { try ResultStore.write(Data(HTMLReport.page(report).utf8), to: html) }
      if let junit {
        let document = CampaignJUnit(report: report, greatest: greatestRate, basis: rateBasis).document
        try ResultStore.write(Data(document.utf8), to: junit)
      }
      output(ReportTable.text(report) + "\n")
      return report.exit
    }
  }
}

extension CampaignJUnit.Basis: ExpressibleByArgument {}

extension CampaignReport {
  /// As report.json holds it.
  func data() throws -> Data { try ResultStore.encoder().encode(self) + Data("\n".utf8) }

  /// 4 when the rig failed, 5 when there is nothing, 1 when a told constraint was broken, 3 when trials are missing or no work was done.
  var exit: PressureExit {
    if !rig_errors.isEmpty { return .rig }
    if trials == 0 { return .nothing }
    if cells.contains(where: { $0.violated.successes > 0 }) { return .violations }
    return complete && idle.isEmpty ? .done : .incomplete
  }
}
