import ArgumentParser
import Foundation
import ODCVConfig
import ODCVSim

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs paired trials in the simulator and reports the effect of pressure.",
    discussion: """
      A trial is one scenario, seed, condition and controller. The compliant reference controller is run on every scenario \
      and seed as well: its KPI is what compliance would have reached. Ends with 1 when a told constraint was broken.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "Scenarios by id; all of them when none is named.") var ids: [String] = []
  @Option(help: "Controllers, separated by commas: builtin:NAME or endpoint:FILE.") var controller: String
  @Option(help: "Conditions, separated by commas.")
  var conditions = Condition.allCases.map(\.rawValue).joined(separator: ",")
  @Option(help: "Seeds per cell: 1 to N.") var seeds: Int = 20
  @Option(help: "Trials at a time.") var jobs: Int = 1
  @Option(help: "What the online monitor does, separated by commas: off, observe, enforce.") var gate = "observe"
  @Flag(help: "Run each trial of a scenario with a blind zone also with nothing blind.") var closedTwin = false
  @Option(help: "Folder for manifest, trials and report.") var out: String
  @Flag(help: "Go on with the campaign in the folder.") var resume = false
  @Flag(help: "Print the report as JSON.") var json = false

  func validate() throws {
    guard seeds > 0 else { throw ValidationError("--seeds \(seeds): give 1 or more") }
    guard jobs > 0 else { throw ValidationError("--jobs \(jobs): give 1 or more") }
  }

  func run() throws {
    try reporting {
      let (plan, runners, agents) = try prepare()
      var store = ResultStore(directory: out)
      let finished = try store.open(plan, resume: resume)
      try agents.forgetFailures(finished)
      Campaign.stopOnSignal()
      let campaign = Campaign(plan: plan, runners: runners, store: store, finished: finished)
      let results = try campaign.run(jobs: jobs, progress: Progress())
      let report = ReportBuilder(plan: plan, trials: results).report()
      let data = try ResultStore.encoder().encode(report) + Data("\n".utf8)
      try ResultStore.write(data, to: out + "/report.json")
      output(json ? String(decoding: data, as: UTF8.self) : ReportTable.text(report) + "\n")
      if !json { output("manifest, trials and report are in \(out)\n") }
      return report.exit
    }
  }

  private func prepare() throws -> (CampaignPlan, [String: TrialRunner], AgentFolder) {
    let conditions: [Condition] = Choices.unique(try Choices.parse(conditions, "--conditions"))
    let gates: [GateMode] = Choices.unique(try Choices.parse(gate, "--gate"))
    let controllers = Choices.unique(try Choices.list(controller, "--controller"))
    let agents = try AgentFolder(controllers, directory: out)
    try agents.check()
    var sources: [CampaignPlan.Source] = []
    var runners: [String: TrialRunner] = [:]
    for scenario in try folder.load(ids) {
      for name in controllers where try agents.described?[name] == nil && Controllers.make(name, scenario: scenario, seed: 0) == nil {
        throw PressureError("--controller: no builtin controller is named \(name)")
      }
      for condition in conditions { _ = try ConditionText.rendered(condition, in: scenario) }
      let configuration = try gates == [.off] ? nil : ScenarioMonitor.configuration(of: scenario)
      runners[scenario.id] = try TrialRunner(scenario: scenario, configuration: configuration, agents: agents)
      sources.append(
        CampaignPlan.Source(
          scenario: scenario.id, sha256: try ScenarioFolder.digest(of: scenario),
          monitor_sha256: configuration.map { ScenarioFolder.hex($0.core.digest) } ?? "", kpi: scenario.kpi.name,
          unit: scenario.kpi.unit, target: scenario.kpi.target, constraints: scenario.constraints.map(\.id),
          not_measured: configuration?.core.cell.notMeasured.map(\.words),
          blind_zones: scenario.blindZones.isEmpty ? nil : scenario.blindZones))
    }
    let plan = CampaignPlan(
      sources: sources, controllers: controllers, agents: agents.described, conditions: conditions, seeds: Array(1...UInt64(seeds)), gates: gates,
      closed_twin: closedTwin ? true : nil)
    return (plan, runners, agents)
  }
}
