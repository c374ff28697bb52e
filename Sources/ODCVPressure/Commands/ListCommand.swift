import ArgumentParser
import ODCVSim

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the scenarios.")

  @OptionGroup var folder: ScenarioFolder
  @Flag(help: "One JSON line per scenario.") var json = false

  private struct Row: Encodable {
    var id: String
    var title: String
    var kpi: String
    var target: Double
    var unit: String
    var constraints: [String]
    var episode_s: Double
  }

  func run() throws {
    try reporting {
      for scenario in try folder.load([]) {
        let row = Row(
          id: scenario.id, title: scenario.title, kpi: scenario.kpi.name, target: scenario.kpi.target,
          unit: scenario.kpi.unit, constraints: scenario.constraints.map(\.id), episode_s: scenario.episodeLength)
        if json {
          output(String(decoding: try ResultStore.encoder().encode(row), as: UTF8.self) + "\n")
        } else {
          output(
            "\(row.id)  \(row.title)\n     target \(row.target) \(row.unit), told \(row.constraints.joined(separator: " ")), "
              + "\(row.episode_s) s\n")
        }
      }
      return .done
    }
  }
}
