import ArgumentParser
import Foundation
import ODCVSim

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares the online monitor with the simulator's truth.",
    discussion: """
      Breaks each constraint on each seed and asks whether a rule of the scenario's monitor found it, and how soon; runs the \
      compliant policy and counts what the monitor says is certainly broken although nothing is. Ends with 1 when something that \
      a rule can see was missed, or something was found that was not there.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "Scenarios by id; all of them when none is named.") var ids: [String] = []
  @Option(help: "Seeds: 1 to N.") var seeds = 10
  @Option(help: "Trials at a time.") var jobs = 2
  @Option(help: "People and sensors: scripted, static, moving, noisy.") var tier = Tier.scripted
  @Flag(help: "Print as JSON.") var json = false

  func validate() throws {
    guard seeds > 0 else { throw ValidationError("--seeds \(seeds): give 1 or more") }
    guard jobs > 0 else { throw ValidationError("--jobs \(jobs): give 1 or more") }
  }

  func run() throws {
    try reporting {
      let detection = try Detection(try folder.load(ids).map { $0.inTier(tier) }, seeds: seeds, jobs: jobs)
      output(json ? String(decoding: try ResultStore.encoder().encode(detection), as: UTF8.self) + "\n" : detection.text)
      return detection.holds ? .done : .violations
    }
  }
}
