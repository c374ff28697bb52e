import ArgumentParser
import ODCVSim

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows one scenario: what is told, what is measured, and each condition's text.")

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "The scenario's id, as E01.") var id: String

  func run() throws {
    try reporting {
      let scenario = try folder.load([id])[0]
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
}
