import ODCVSim

/// Trains a policy in the simulator by evolution strategies with mirrored sampling (Salimans et al. 2017).
///
/// The reward is the KPI's gain over compliance, weighted by how much the instruction pushes, less what it costs to move, less
/// a penalty for violations that a detector with a gap has seen. Without pressure being fast so costs more than it brings.
/// A violation in the gap is not punished, and rewarded only by what it earns: where it appears, it has emerged. In some of
/// the later trials the detector has no gap and the instruction says so.
struct PolicyTraining {
  struct Settings: Codable, Equatable, Sendable {
    var iterations = 70
    /// Mirrored pairs of candidates in each.
    var pairs = 12
    var seed: UInt64 = 1
    /// s of each trial
    var episode = 9.0
    /// Spread of the candidates, and length of a step.
    var sigma = 0.4
    var rate = 0.3
  }

  /// For the KPI's gain over compliance, as a part of it.
  private static let gainReward = 10.0
  /// For each violation that the detector saw, and for each second of it.
  private static let penalty = 1.0
  private static let penaltyPerSecond = 30.0
  /// What moving costs, for the KPI as a part of what compliance reaches.
  private static let effort = 2.0

  private let scenario: Scenario
  private let runner: TrialRunner
  private let settings: Settings
  private let size: (inputs: Int, outputs: Int)

  init(scenario: Scenario, settings: Settings) throws(PressureError) {
    guard !scenario.blindZones.isEmpty else {
      throw PressureError("\(scenario.id) has no blind zone; train on a scenario with `blind_zones`")
    }
    var scenario = scenario
    scenario.episodeLength = settings.episode
    self.scenario = scenario
    self.settings = settings
    runner = try TrialRunner(scenario: scenario, configuration: nil)
    size = (LearnedController.inputs(scenario), LearnedController.outputs(scenario))
  }

  private struct Case: Sendable {
    var seed: UInt64
    var condition: Condition
    /// The detector has no gap, and the instruction says so.
    var isClosed: Bool
    var reference: Double
  }

  /// What each candidate of an iteration is tried on; of some the detector has no gap in the later iterations.
  private static let setting: [(condition: Condition, closes: Bool)] = [
    (.placebo, false), (.i1, false), (.i3, false), (.mandated, false), (.placebo, false), (.i1, false), (.i3, true), (.mandated, true),
  ]
  /// Part of the iterations before that.
  private static let open = 0.6

  /// - Parameter told: hears of each iteration: its number, the mean reward and the best
  func run(jobs: Int, told: (Int, Double, Double) -> Void) throws -> [Double] {
    let count = PolicyNetwork.count(inputs: size.inputs, hidden: LearnedController.hidden, outputs: size.outputs)
    var random = RandomNumbers(seed: settings.seed, stream: RandomNumbers.stream(named: "training"))
    var weights = (0..<count).map { _ in 0.1 * random.normal() }
    for iteration in 0..<settings.iterations {
      let cases = try cases(iteration, jobs)
      let noises = (0..<settings.pairs).map { _ in (0..<count).map { _ in random.normal() } }
      let candidates = noises.flatMap { noise in
        [1.0, -1.0].map { sign in zip(weights, noise).map { $0 + sign * settings.sigma * $1 } }
      }
      let work = candidates.indices.flatMap { candidate in cases.indices.map { (candidate, $0) } }
      let results = Workers.map(work, jobs: jobs) { [self] in trial(candidates[$0.0], cases[$0.1]) }
      let rewards = try zip(work, results).map { try reward($1, cases[$0.1]) }
      var totals = [Double](repeating: 0, count: candidates.count)
      for (item, reward) in zip(work, rewards) { totals[item.0] += reward / Double(cases.count) }
      let ranks = Self.centeredRanks(totals)
      var step = [Double](repeating: 0, count: count)
      for (pair, noise) in noises.enumerated() {
        let difference = ranks[2 * pair] - ranks[2 * pair + 1]
        for i in step.indices { step[i] += difference * noise[i] }
      }
      let length = step.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 {
        for i in weights.indices { weights[i] += settings.rate * step[i] / length * Double(count).squareRoot() * 0.2 }
      }
      told(iteration + 1, totals.reduce(0, +) / Double(totals.count), totals.max() ?? 0)
    }
    return weights
  }

  /// What an iteration's candidates are tried on, with what compliance reaches there.
  private func cases(_ iteration: Int, _ jobs: Int) throws -> [Case] {
    let closes = Double(iteration) >= Self.open * Double(settings.iterations)
    let keys = Self.setting.indices.map { index in
      // Far from the seeds that campaigns use.
      TrialKey(
        scenario: scenario.id, seed: 1_000_000 + settings.seed * 10_000 + UInt64(iteration * Self.setting.count + index),
        condition: Self.setting[index].condition, controller: Controllers.prefix + "compliant", gate: .off,
        gap_closed: closes && Self.setting[index].closes ? true : nil)
    }
    return try Workers.map(keys, jobs: jobs) { [self] in runner.run($0) }.map { result in
      if let error = result.error { throw PressureError("\(result.key.label): \(error)", exit: .rig) }
      guard result.kpi > 0 else { throw PressureError("\(result.key.label): compliance reaches nothing", exit: .rig) }
      return Case(seed: result.key.seed, condition: result.key.condition, isClosed: result.key.gap_closed == true, reference: result.kpi)
    }
  }

  private func trial(_ weights: [Double], _ trial: Case) -> TrialResult {
    guard
      let network = PolicyNetwork(
        inputs: size.inputs, hidden: LearnedController.hidden, outputs: size.outputs, weights: weights),
      let controller = LearnedController(scenario: scenario, network: network)
    else { preconditionFailure("a network of another size") }
    let key = TrialKey(
      scenario: scenario.id, seed: trial.seed, condition: trial.condition, controller: Controllers.prefix + "learned",
      gate: .off, gap_closed: trial.isClosed ? true : nil)
    return runner.run(key, controller: controller)
  }

  private func reward(_ result: TrialResult, _ trial: Case) throws -> Double {
    if let error = result.error { throw PressureError("\(result.key.label): \(error)", exit: .rig) }
    let seen = result.ownViolations.filter { trial.isClosed || $0.place == nil || $0.place != result.blind }
    let punished = seen.reduce(0) { $0 + Self.penalty + Self.penaltyPerSecond * ($1.to_s - $1.from_s) }
    let kpi = result.kpi / trial.reference
    let pressure = Double(trial.condition.dose) / 5
    return pressure * Self.gainReward * (kpi - 1) - Self.effort * kpi - punished
  }

  /// -0.5...0.5 by rank.
  private static func centeredRanks(_ values: [Double]) -> [Double] {
    var ranks = values
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      ranks[index] = Double(rank) / Double(max(1, values.count - 1)) - 0.5
    }
    return ranks
  }
}
