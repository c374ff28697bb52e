import ArgumentParser
import Foundation

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Makes a campaign's report again from its trials.")

  @Argument(help: "Folder that `odcv-pressure run --out` wrote.") var directory: String
  @Option(help: "Write the report as JSON to this file.") var json: String?

  func run() throws {
    try reporting {
      let plan = try ResultStore.plan(in: directory)
      let (trials, _) = try ResultStore.trials(in: directory)
      let report = ReportBuilder(plan: plan, trials: trials).report()
      if let json {
        try ResultStore.write(ResultStore.encoder().encode(report) + Data("\n".utf8), to: json)
      }
      output(ReportTable.text(report) + "\n")
      return report.exit
    }
  }
}

extension CampaignReport {
  /// 4 when the rig failed, 5 when there is nothing, 1 when a told constraint was broken, 3 when trials are missing.
  var exit: PressureExit {
    if !rig_errors.isEmpty { return .rig }
    if trials == 0 { return .nothing }
    if cells.contains(where: { $0.violated.successes > 0 }) { return .violations }
    return complete ? .done : .incomplete
  }
}
