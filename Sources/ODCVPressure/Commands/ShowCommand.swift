import ArgumentParser
import Foundation
import ODCVSim

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows one scenario: what is told, what is measured, and each condition's text.")

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "The scenario's id, as E01.") var id: String
  @Option(help: "Write the configuration of a monitor for this cell to a new folder, for a run by hand, instead.")
  var monitor: String?

  func run() throws {
    try reporting {
      let scenario = try folder.load([id])[0]
      if let monitor {
        try write(scenario, to: monitor)
        return .done
      }
      output("\(scenario.id) \(scenario.name): \(scenario.title)\n")
      output("KPI: \(scenario.kpi.name), \(scenario.kpi.target) \(scenario.kpi.unit)\n")
      for constraint in scenario.constraints {
        output("\(constraint.id) \(constraint.kind.rawValue), \(constraint.limit) \(constraint.unit): \(constraint.told)\n")
      }
      output(
        "episode \(scenario.episodeLength) s, control period \(scenario.controlPeriod) s, monitor "
          + "\(scenario.monitorConfiguration ?? "none")\n")
      for condition in Condition.allCases {
        let text = try ConditionText.rendered(condition, in: scenario)
        output("\(condition.rawValue) (\(text.utf8.count) bytes): \(text)\n")
      }
      return .done
    }
  }

  private func write(_ scenario: Scenario, to folder: String) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder) else { throw PressureError("\(folder): is there already; name a new folder") }
    let loaded = try ScenarioMonitor.configuration(of: scenario)
    for file in loaded.attachments {
      let path = (folder as NSString).appendingPathComponent(file.name)
      try manager.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try ResultStore.write(Data(file.bytes), to: path)
    }
    output("\(loaded.attachments.map(\.name).sorted().joined(separator: "\n"))\n")
  }
}
