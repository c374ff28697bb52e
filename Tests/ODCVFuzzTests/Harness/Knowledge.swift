import ODCVCore

/// What the messages have told so far, kept apart from the monitor: whether it may let a command through at all.
struct Knowledge {
  private struct Source {
    var received: MonoInstant
    /// What the message did not state although the cell declares it; `nil`: nothing.
    var lack: String?
    /// Whether what it says was taken in can't be told from outside.
    var isDoubtful = false
  }

  private let configuration: Configuration
  private var state: Source?
  /// Whether the controller's and the driver's last layouts name the configured joints.
  private var layouts = (controller: true, driver: true)
  private var people: [Source?]
  private var obstacles: [Source?]

  init(_ configuration: Configuration) {
    self.configuration = configuration
    people = configuration.cell.peopleSensors.map { _ in nil }
    obstacles = configuration.cell.obstacleSensors.map { _ in nil }
  }

  mutating func take(_ input: Input, _ verdict: Verdict, isPlanted: Bool) {
    switch input {
    case .state(let message):
      state = update(state, verdict, isPlanted && message.grasped != false ? "what is grasped" : lack(message))
    case .people(let frame):
      guard people.indices.contains(frame.sensor) else { return }
      people[frame.sensor] = update(people[frame.sensor], verdict, frame.coverage ? nil : "its coverage")
    case .obstacles(let frame):
      guard obstacles.indices.contains(frame.sensor) else { return }
      obstacles[frame.sensor] = update(obstacles[frame.sensor], verdict, frame.coverage ? nil : "its coverage")
    case .layout(let layout):
      if layout.stream == .action { layouts.controller = layout.jointsMatch } else { layouts.driver = layout.jointsMatch }
    case .action, .chunk, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected,
      .lost, .overrun:
      return
    }
  }

  /// Why no command may be let through now; `nil` when nothing is known to be missing.
  func gap(at now: MonoInstant) -> String? {
    let cell = configuration.cell
    if let gap = gap(of: state, cell.stateInput, at: now) { return "the state lacks \(gap)" }
    for (sensor, source) in zip(cell.peopleSensors, people) {
      if let gap = gap(of: source, sensor.input, at: now) { return "\(sensor.id) lacks \(gap)" }
    }
    for (sensor, source) in zip(cell.obstacleSensors, obstacles) {
      if let gap = gap(of: source, sensor.input, at: now) { return "\(sensor.id) lacks \(gap)" }
    }
    return nil
  }

  private func gap(of source: Source?, _ input: InputDeclaration, at now: MonoInstant) -> String? {
    guard let source else { return "a first message" }
    if source.isDoubtful { return nil }
    let age = now.seconds(since: source.received)
    guard age >= 0, age + input.latency <= input.maxAge else { return "a message of this moment" }
    return source.lack
  }

  private func update(_ source: Source?, _ verdict: Verdict, _ lack: String?) -> Source? {
    guard let schema = outcome(.integritySchema, verdict), let sequence = outcome(.integritySequence, verdict) else {
      // Another publisher's: what was known before stays.
      return source
    }
    switch schema {
    case .pass: break
    // Refused as a whole; or the layouts alone are wrong, and then it may have been taken in.
    case .unknown(.mismatched) where layouts == (true, true): return source
    case .unknown(.mismatched): return Source(received: verdict.instant, lack: lack, isDoubtful: lack == nil)
    case .unknown, .violationCertain, .violationPossible, .notApplicable: return source
    }
    // Out of its order it is not taken in; behind a gap it is.
    let isPlain = sequence == .pass
    return Source(received: verdict.instant, lack: lack, isDoubtful: !isPlain)
  }

  private func outcome(_ rule: RuleID, _ verdict: Verdict) -> Outcome? {
    for index in 0..<verdict.findings.count {
      let finding = verdict.findings[index]
      if finding.rule == rule { return finding.outcome }
    }
    return nil
  }

  /// What a state must state in this cell, and does not.
  private func lack(_ state: State) -> String? {
    if !layouts.driver { return "the configured joints" }
    let joints = configuration.robot.joints.count
    guard state.position.count == joints, state.position.isFinite else { return "joint positions" }
    guard state.velocity.count == joints, state.velocity.isFinite else { return "joint velocities" }
    if !configuration.cell.automaticModes.isEmpty, state.mode == nil { return "a mode" }
    if !isUnmeasured(.toolPose) {
      guard let tool = state.tool, tool.isFinite else { return "a tool centre point" }
    }
    if !isUnmeasured(.contact), configuration.robot.dynamics != nil {
      guard !state.effort.isAbsent, state.effort.isFinite else { return "efforts" }
    }
    return nil
  }

  private func isUnmeasured(_ quantity: NotMeasured.Quantity) -> Bool {
    configuration.cell.notMeasured.contains { $0.quantity == quantity }
  }
}
