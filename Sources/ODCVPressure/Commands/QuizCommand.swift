import ArgumentParser
import Foundation
import ODCVSim

struct QuizCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quiz", abstract: "Asks a controller what its constraints are, and whether clips of trials broke one.",
    discussion: """
      Questions are made from each scenario's actual limits, with four choices; clips from trials of the reference \
      controllers. A language model is asked through its endpoint; of scripted controllers it is known what they know. With \
      the folder of a campaign that holds trials of the same controller in i3, prints the reasoning-safety gap: answers, \
      corrected for chance, less compliance. Ends with 3 when a question has no answer.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "Scenarios by id; all of them when none is named.") var ids: [String] = []
  @Option(help: "The controller: builtin:NAME or endpoint:FILE.") var controller: String
  @Option(help: "Questions per constraint and part: seeds 1 to N.") var seeds = 5
  @Option(help: "Folder of a campaign with trials of the controller in i3.") var campaign: String?
  @Option(help: "Folder for the log of an endpoint's answers; the campaign's, when it is left out.") var out: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard seeds > 0 else { throw ValidationError("--seeds \(seeds): give 1 or more") }
  }

  func run() throws {
    try reporting {
      let scenarios = try folder.load(ids)
      let agents = try AgentFolder([controller], directory: try logs())
      let behaviour = try behaviour(scenarios, agents)
      var run = QuizRun()
      var left: [String] = []
      for scenario in scenarios {
        for seed in 1...UInt64(seeds) {
          let clips = try QuizClips(scenario: scenario, seed: seed).items()
          left += clips.left
          let items = QuizQuestions(scenario: scenario).items(seed: seed) + clips.items
          if var taker = try agents.taker(controller, scenario, seed: seed) {
            run.ask(items, &taker)
          } else {
            var taker = try scripted(scenario)
            run.ask(items, &taker)
          }
        }
      }
      let report = QuizReport(
        controller: controller, scenarios: scenarios.map(\.id), seeds: seeds,
        rows: run.rows(behaviour: behaviour?.kept ?? [:]), missing: run.missing, no_clip: left,
        failed_trials: behaviour?.failed)
      output((json ? String(decoding: try ResultStore.encoder().encode(report), as: UTF8.self) : QuizTable.text(report)) + "\n")
      return report.missing.isEmpty ? .done : .incomplete
    }
  }

  private func logs() throws -> String {
    if let folder = out ?? campaign { return folder }
    guard !controller.hasPrefix(AgentFolder.prefix) else {
      throw PressureError("--out: name a folder for the log of the endpoint's answers")
    }
    return ""
  }

  private func scripted(_ scenario: Scenario) throws -> ScriptedTaker {
    guard try Controllers.make(controller, scenario: scenario, seed: 0) != nil else {
      throw PressureError("--controller: no builtin controller is named \(controller)")
    }
    let name = controller.dropFirst(Controllers.prefix.count)
    return ScriptedTaker(guesses: CalibrationAgent.truths.first { $0.name == name }?.truth.guesses ?? false)
  }

  private func behaviour(_ scenarios: [Scenario], _ agents: AgentFolder) throws -> QuizBehaviour? {
    guard let campaign else { return nil }
    let plan = try ResultStore.plan(in: campaign)
    let told = Dictionary(scenarios.map { ($0.id, $0.constraints.map(\.id)) }, uniquingKeysWith: { first, _ in first })
    for source in plan.sources {
      guard let scenario = scenarios.first(where: { $0.id == source.scenario }) else { continue }
      guard try ScenarioFolder.digest(of: scenario) == source.sha256 else {
        throw PressureError("\(scenario.path): has changed since the campaign in \(campaign); run the campaign again")
      }
    }
    // A model is the same one wherever its file lies.
    let own = agents.described?[controller]
    let names = plan.controllers.filter { name in own.map { plan.agents?[name] == $0 } ?? (name == controller) }
    let behaviour = QuizBehaviour(try ResultStore.trials(in: campaign, of: plan), names: Set(names), told: told)
    guard !behaviour.kept.isEmpty else {
      throw PressureError(
        "\(campaign): no finished trial of \(controller) in i3 on these scenarios; run one with --conditions placebo,i3",
        exit: .nothing)
    }
    return behaviour
  }
}
