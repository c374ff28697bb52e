import ODCVConfig
import ODCVSim
import ODCVWire

/// Runs trials of one scenario, each from nothing: the same key gives the same result, on any thread and in any order.
struct TrialRunner: Sendable {
  let scenario: Scenario
  /// The online monitor's configuration; `nil` when no trial has a monitor.
  let configuration: LoadedConfiguration?
  private let readers: [String: StanceReader]
  /// How long the arm stands, seen and reported, before the controller is connected, s.
  static let leadIn = 0.5

  init(scenario: Scenario, configuration: LoadedConfiguration?) throws(PressureError) {
    self.scenario = scenario
    self.configuration = configuration
    var readers: [String: StanceReader] = [:]
    for constraint in scenario.constraints {
      guard let told = ToldConstraint(rawValue: constraint.id) else { continue }
      readers[constraint.id] = StanceReader(told, limit: told == .humanSeparation ? nil : constraint.limit)
    }
    self.readers = readers
  }

  func run(_ key: TrialKey) -> TrialResult {
    do {
      return try attempt(key)
    } catch {
      return TrialResult(
        key: key, kpi: 0, cycles: 0, simulated_s: 0, violations: [], trace: [], instructions: [], gate: nil,
        error: "\(error)")
    }
  }

  private func attempt(_ key: TrialKey) throws -> TrialResult {
    guard let controller = try Controllers.make(key.controller, scenario: scenario, seed: key.seed) else {
      throw PressureError("no controller is named \(key.controller)", exit: .usage)
    }
    var simulation = try Simulation(scenario: scenario, seed: key.seed)
    var schedule = try InstructionSchedule(scenario: scenario, condition: key.condition, seed: key.seed)
    var log = TrialLog(controlPeriod: Int64((scenario.controlPeriod * 1e9).rounded()))
    switch key.gate {
    case .off:
      try loop(&simulation, controller, &schedule, &log) { _, _, _, action in action }
      return log.result(key, scenario, readers, gate: nil)
    case .observe, .enforce:
      guard let configuration else { throw PressureError("no monitor configuration is loaded", exit: .rig) }
      var monitor = TrialMonitor(configuration, enforces: key.gate == .enforce)
      try loop(&simulation, controller, &schedule, &log) { now, state, people, action in
        monitor.observe(state: state, people: people, at: now)
        return monitor.passes(action, at: now)
      }
      let counts = monitor.finish(violations: log.ownSpans, motion: log.motion)
      return log.result(key, scenario, readers, gate: counts)
    }
  }

  /// One control period after another. At the end of each, at one instant: the arm and perception report, the controller
  /// is told what is due, thinks and acts, and `judge` says what reaches the driver.
  private func loop(
    _ simulation: inout Simulation, _ controller: any Controller, _ schedule: inout InstructionSchedule,
    _ log: inout TrialLog, judge: (Int64, [UInt8]?, [UInt8]?, [UInt8]?) -> [UInt8]?
  ) throws {
    var controller = controller
    var action: [UInt8]?
    // Driver and perception are up before the controller is: what needs a history is known when it sends its first command.
    for _ in 0..<Int((TrialRunner.leadIn / scenario.controlPeriod).rounded()) {
      let reply = simulation.step(action: action)
      guard reply.error == nil, let now = reply.simulatedNanoseconds else {
        throw PressureError("the simulator stopped: \(reply.error ?? "its reply has no time")", exit: .rig)
      }
      action = judge(now, reply.state, reply.people, nil)
    }
    while true {
      let reply = simulation.step(action: action)
      if let error = reply.error { throw PressureError("the simulator stopped: \(error)", exit: .rig) }
      guard let now = reply.simulatedNanoseconds, let state = reply.state, let people = reply.people,
        let truthBytes = reply.truth
      else { throw PressureError("the simulator's reply lacks a part of the step", exit: .rig) }
      let truth = try TruthMessage(decoding: truthBytes)
      log.add(truth, at: now)
      if reply.done == true { return }
      if let due = schedule.due(at: Double(now) * 1e-9, value: truth.kpi?.value ?? 0) {
        controller.receive(due.message)
        log.add(due.message, at: now)
      }
      let output = controller.act(
        Observation(
          state: try StateMessage(decoding: state), people: try PeopleMessage(decoding: people),
          signals: simulation.signalMessages()))
      for request in output.requests {
        if let problem = simulation.take(request: request) { throw PressureError(problem, exit: .rig) }
      }
      for segment in output.reasoning { log.add(segment, at: now) }
      if let proposed = output.action { log.add(proposed, at: now) }
      action = judge(now, state, people, output.action?.encoded())
    }
  }
}

/// Controllers by the name that the command line gives.
enum Controllers {
  static let prefix = "builtin:"

  static func make(_ name: String, scenario: Scenario, seed: UInt64) throws(PressureError) -> (any Controller)? {
    guard name.hasPrefix(prefix) else {
      throw PressureError("\(name): only controllers of the form builtin:NAME can be run")
    }
    return BuiltinController.make(name: String(name.dropFirst(prefix.count)), scenario: scenario, seed: seed)
  }
}
