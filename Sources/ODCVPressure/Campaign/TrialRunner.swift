import ODCVConfig
import ODCVSim
import ODCVWire

/// Runs trials of one scenario, each from nothing: the same key gives the same result, on any thread and in any order.
struct TrialRunner: Sendable {
  let scenario: Scenario
  /// The online monitor's configuration; `nil` when no trial has a monitor.
  let configuration: LoadedConfiguration?
  /// How instructions reach the controller.
  let channel: InstructionChannel
  private let readers: [String: StanceReader]
  /// Language models among the controllers.
  private let agents: AgentFolder?
  /// How long the arm stands, seen and reported, before the controller is connected, s.
  static let leadIn = 0.5

  init(
    scenario: Scenario, configuration: LoadedConfiguration?, channel: InstructionChannel = InstructionChannel(),
    agents: AgentFolder? = nil
  ) throws(PressureError) {
    self.scenario = scenario
    self.channel = channel
    self.agents = agents
    self.configuration = configuration
    var readers: [String: StanceReader] = [:]
    for constraint in scenario.constraints {
      guard let told = ToldConstraint(rawValue: constraint.id) else {
        throw PressureError(
          "\(scenario.path): no glossary for constraint \(constraint.id); use one of "
            + ToldConstraint.allCases.map(\.rawValue).joined(separator: ", "))
      }
      readers[constraint.id] = StanceReader(told, limit: told == .humanSeparation ? nil : constraint.limit)
    }
    self.readers = readers
  }

  /// - Parameter controller: in place of the one that the key names
  func run(_ key: TrialKey, controller: (any Controller)? = nil) -> TrialResult {
    do {
      return try attempt(key, controller)
    } catch {
      return TrialResult(
        key: key, kpi: 0, cycles: 0, simulated_s: 0, violations: [], trace: [], instructions: [], gate: nil,
        error: "\(error)")
    }
  }

  private func attempt(_ key: TrialKey, _ other: (any Controller)?) throws -> TrialResult {
    guard
      let controller = try other ?? agents?.controller(key, scenario)
        ?? Controllers.make(key.controller, scenario: scenario, seed: key.seed)
    else {
      throw PressureError("no controller is named \(key.controller)", exit: .usage)
    }
    var simulation = try Simulation(scenario: scenario, seed: key.seed, gapIsClosed: key.gap_closed == true)
    var schedule = try InstructionSchedule(
      scenario: scenario, condition: key.condition, seed: key.seed, gapIsClosed: key.gap_closed == true,
      timing: channel.timing, budget: channel.budget_bytes.map { LanguageBudget(bytes: $0) })
    var log = TrialLog(controlPeriod: Int64((scenario.controlPeriod * 1e9).rounded()))
    switch key.gate {
    case .off:
      try loop(&simulation, controller, &schedule, &log) { _, action in action }
      return log.result(key, scenario, readers, gate: nil, exposure: simulation.exposure)
    case .observe, .enforce:
      guard let configuration else { throw PressureError("no monitor configuration is loaded", exit: .rig) }
      var monitor = TrialMonitor(configuration, enforces: key.gate == .enforce)
      try loop(&simulation, controller, &schedule, &log) { reports, action in
        monitor.observe(reports)
        return monitor.passes(action, at: reports.now)
      }
      let counts = monitor.finish(violations: log.ownSpans, pushes: log.pushes, motion: log.motion)
      return log.result(key, scenario, readers, gate: counts, exposure: simulation.exposure)
    }
  }

  /// One control period after another. At the end of each, at one instant: the arm, perception and the cell's devices report,
  /// the controller is told what is due, thinks and acts, and `judge` says what reaches the driver.
  private func loop(
    _ simulation: inout Simulation, _ controller: any Controller, _ schedule: inout InstructionSchedule,
    _ log: inout TrialLog, judge: (Reports, [UInt8]?) -> [UInt8]?
  ) throws {
    var controller = controller
    var action: [UInt8]?
    // Driver and perception are up before the controller is: what needs a history is known when it sends its first command.
    for _ in 0..<Int((TrialRunner.leadIn / scenario.controlPeriod).rounded()) {
      let reply = simulation.step(action: action)
      if let error = reply.error { throw PressureError("the simulator stopped: \(error)", exit: .rig) }
      action = judge(try Reports(reply, isCleared: simulation.isCleared), nil)
    }
    while true {
      let reply = simulation.step(action: action)
      if let error = reply.error { throw PressureError("the simulator stopped: \(error)", exit: .rig) }
      let reports = try Reports(reply, isCleared: simulation.isCleared)
      let now = reports.now
      guard let truthBytes = reply.truth else { throw Reports.incomplete }
      let truth = try TruthMessage(decoding: truthBytes)
      log.add(truth, at: now)
      if simulation.isPushUnacknowledged { log.addPush(at: now) }
      if reply.done == true { return }
      if let due = schedule.due(
        at: Double(now) * 1e-9, value: truth.kpi?.value ?? 0, cycles: truth.cycles ?? 0)
      {
        controller.receive(due.message)
        log.add(due, at: now)
      }
      let output = controller.act(try Observation(reply))
      if let failure = output.failure { throw PressureError(failure, exit: .rig) }
      for request in output.requests {
        if let problem = simulation.take(request: request) { throw PressureError(problem, exit: .rig) }
      }
      for segment in output.reasoning { log.add(segment, at: now) }
      if let proposed = output.action { log.add(proposed, at: now) }
      action = judge(reports, output.action?.encoded())
    }
  }
}

/// What the arm's driver, perception and the cell's devices report at one instant.
struct Reports {
  /// ns
  var now: Int64
  var state: [UInt8]
  var people: [UInt8]
  var signals: [[UInt8]]
  /// A person has acknowledged the last unexpected contact, or there was none.
  var isCleared: Bool

  static let incomplete = PressureError("the simulator's reply lacks a part of the step", exit: .rig)

  /// What reaches the monitor: people as its own sensor sees them, and forged signals among the devices' own.
  init(_ reply: StepReplyMessage, isCleared: Bool) throws(PressureError) {
    guard let now = reply.simulatedNanoseconds, let state = reply.state, let people = reply.people else {
      throw Self.incomplete
    }
    self.now = now
    self.state = state
    self.people = reply.sensedPeople ?? people
    signals = reply.signals + reply.forgedSignals
    self.isCleared = isCleared
  }
}

/// Controllers by the name that the command line gives.
enum Controllers {
  static let prefix = "builtin:"

  static func make(_ name: String, scenario: Scenario, seed: UInt64) throws(PressureError) -> (any Controller)? {
    guard name.hasPrefix(prefix) else {
      throw PressureError("\(name): no controller that can be run here; write builtin:NAME, or endpoint:FILE for run and quiz")
    }
    do throws(SimError) {
      return try BuiltinController.make(name: String(name.dropFirst(prefix.count)), scenario: scenario, seed: seed)
    } catch {
      throw PressureError(error.description)
    }
  }
}
