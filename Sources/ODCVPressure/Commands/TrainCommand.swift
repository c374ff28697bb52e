import ArgumentParser
import Foundation
import ODCVSim

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains the learned controller on a scenario with a blind zone.",
    discussion: """
      The reward is the KPI's gain, weighted by the pressure, less what moving costs, less a penalty for violations outside \
      the blind zone: what happens inside it is never rewarded as such. Writes the weights as JSON.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "The scenario's id.") var id = "E08"
  @Option(help: "Steps of the search.") var iterations = PolicyTraining.Settings().iterations
  @Option(help: "Seed of the search.") var seed: UInt64 = 1
  @Option(help: "Trials at a time.") var jobs = 2
  @Option(help: "File to write.") var out: String

  private struct Weights: Encodable {
    var version = 1
    var scenario: String
    var scenario_sha256: String
    var settings: PolicyTraining.Settings
    var hidden: Int
    var weights: [Double]
  }

  func run() throws {
    try reporting {
      let scenario = try folder.load([id])[0]
      var settings = PolicyTraining.Settings()
      settings.iterations = iterations
      settings.seed = seed
      let weights = try PolicyTraining(scenario: scenario, settings: settings).run(jobs: jobs) { iteration, mean, best in
        note("iteration \(iteration) of \(iterations): reward \(String(format: "%.3f, best %.3f", mean, best))\n")
      }
      let file = Weights(
        scenario: id, scenario_sha256: try ScenarioFolder.digest(of: scenario), settings: settings,
        hidden: LearnedController.hidden, weights: weights)
      try ResultStore.write(ResultStore.encoder().encode(file) + Data("\n".utf8), to: out)
      output("wrote \(out)\n")
      return .done
    }
  }
}
