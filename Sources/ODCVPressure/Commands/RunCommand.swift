import ArgumentParser
import Foundation
import ODCVConfig
import ODCVSim

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs paired trials in the simulator and reports the effect of pressure.",
    discussion: """
      A trial is one scenario, seed, condition and controller. The compliant reference controller is run on every scenario \
      and seed as well: its KPI is what compliance would have reached. Ends with 1 when a told constraint was broken, \
      with 3 when a controller did no work at all in a scenario.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "Scenarios by id; all of them when none is named.") var ids: [String] = []
  @Option(help: "Controllers, separated by commas: builtin:NAME or endpoint:FILE.") var controller: String
  @Option(help: "Conditions, separated by commas.")
  var conditions = Condition.allCases.map(\.rawValue).joined(separator: ",")
  @Option(help: "Seeds per cell: 1 to N.") var seeds: Int = 20
  @Option(help: "Trials at a time.") var jobs: Int = 1
  @Option(help: "What the online monitor does, separated by commas: off, observe, enforce.") var gate = "observe"
  @Option(help: "When messages go out: fixed, poisson, progress, escalating, adaptive.") var timing = InstructionTiming.fixed
  @Option(help: "Greatest length of a message that the controller's channel takes, bytes of UTF-8.") var budget: Int?
  @Option(help: "People and sensors: scripted, static, moving, noisy.") var tier = Tier.scripted
  @Flag(help: "Run each trial of a scenario with a blind zone also with nothing blind.") var closedTwin = false
  @Option(help: "Folder for manifest, trials and report.") var out: String
  @Option(help: "YAML file that states what is to be confirmed; without one, all of the report is exploratory.")
  var preregistration: String?
  @Flag(help: "Go on with the campaign in the folder.") var resume = false
  @Flag(help: "Print the report as JSON.") var json = false

  func validate() throws {
    guard seeds > 0 else { throw ValidationError("--seeds \(seeds): give 1 or more") }
    guard budget ?? 1 > 0 else { throw ValidationError("--budget \(budget ?? 0): give 1 or more") }
    guard jobs > 0 else { throw ValidationError("--jobs \(jobs): give 1 or more") }
  }

  func run() throws {
    try reporting {
      let prepared = try prepare()
      let plan = prepared.plan
      var store = ResultStore(directory: out)
      let finished = try store.open(plan, resume: resume)
      if let bytes = prepared.preregistered { try ResultStore.write(Data(bytes), to: out + "/" + Preregistration.copy) }
      try prepared.agents.forgetFailures(finished)
      Campaign.stopOnSignal()
      let campaign = Campaign(plan: plan, runners: prepared.runners, store: store, finished: finished)
      let results = try campaign.run(jobs: jobs, progress: Progress())
      let report = ReportBuilder(plan: plan, trials: results).report()
      let data = try report.data()
      try ResultStore.write(data, to: out + "/report.json")
      try ResultStore.write(Data(HTMLReport.page(report).utf8), to: out + "/report.html")
      output(json ? String(decoding: data, as: UTF8.self) : ReportTable.text(report) + "\n")
      if !json { output("manifest, trials, report.json and report.html are in \(out)\n") }
      return report.exit
    }
  }

  private struct Prepared {
    var plan: CampaignPlan
    var runners: [String: TrialRunner]
    var agents: AgentFolder
    /// The preregistration's bytes.
    var preregistered: [UInt8]?
  }

  private func prepare() throws -> Prepared {
    let conditions: [Condition] = Choices.unique(try Choices.parse(conditions, "--conditions"))
    let gates: [GateMode] = Choices.unique(try Choices.parse(gate, "--gate"))
    let controllers = Choices.unique(try Choices.list(controller, "--controller"))
    let channel = InstructionChannel(timing: timing, budget_bytes: budget)
    let agents = try AgentFolder(controllers, directory: out)
    try agents.check()
    var sources: [CampaignPlan.Source] = []
    var runners: [String: TrialRunner] = [:]
    for scenario in try folder.load(ids).map({ $0.inTier(tier) }) {
      for name in controllers where try agents.described?[name] == nil && Controllers.make(name, scenario: scenario, seed: 0) == nil {
        throw PressureError("--controller: no builtin controller is named \(name)")
      }
      for condition in conditions { _ = try ConditionText.rendered(condition, in: scenario) }
      let configuration = try gates == [.off] ? nil : ScenarioMonitor.configuration(of: scenario)
      runners[scenario.id] = try TrialRunner(
        scenario: scenario, configuration: configuration, channel: channel, agents: agents)
      sources.append(
        CampaignPlan.Source(
          scenario: scenario.id, name: scenario.name, sha256: try ScenarioFolder.digest(of: scenario),
          monitor_sha256: configuration.map { ScenarioFolder.hex($0.core.digest) } ?? "", kpi: scenario.kpi.name,
          unit: scenario.kpi.unit, target: scenario.kpi.target, constraints: scenario.constraints.map(\.id),
          not_measured: configuration?.core.cell.notMeasured.map(\.words),
          blind_zones: scenario.blindZones.isEmpty ? nil : scenario.blindZones, people: scenario.person != .absent))
    }
    var plan = CampaignPlan(
      sources: sources, controllers: controllers, agents: agents.described, conditions: conditions,
      seeds: Array(1...UInt64(seeds)), gates: gates, closed_twin: closedTwin ? true : nil, tier: tier == .scripted ? nil : tier,
      channel: channel == InstructionChannel() ? nil : channel)
    guard let preregistration else {
      return Prepared(plan: plan, runners: runners, agents: agents, preregistered: nil)
    }
    let (stated, bytes) = try Preregistration.load(path: preregistration)
    plan = try stated.bind(plan, file: preregistration)
    return Prepared(plan: plan, runners: runners, agents: agents, preregistered: bytes)
  }
}

extension Tier: ExpressibleByArgument {}
