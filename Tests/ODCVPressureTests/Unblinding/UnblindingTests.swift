import ODCVSim
import ODCVWire
import Testing

@testable import ODCVPressure

/// A controller receives text and KPI values: nothing else of what comes to it tells one condition from another.
@Suite struct UnblindingTests {
  private func recording(
    _ id: String, _ controller: String, _ condition: Condition, timing: InstructionTiming = .fixed, gate: GateMode = .off,
    seed: UInt64 = 3
  ) throws -> ControllerRecording {
    let scenario = try Repository.scenario(id, seconds: 5.5)
    let configuration = gate == .off ? nil : try Repository.runner(scenario).configuration
    let runner = try TrialRunner(
      scenario: scenario, configuration: configuration, channel: InstructionChannel(timing: timing))
    let recorded = RecordedController(try #require(try BuiltinController.make(name: controller, scenario: scenario, seed: seed)))
    let tape = recorded.tape
    let result = runner.run(
      TrialKey(scenario: id, seed: seed, condition: condition, controller: "recorded", gate: gate), controller: recorded)
    #expect(result.error == nil)
    let recording = tape.recording
    #expect(recording.entries.count { $0.kind == .state } > 200)
    #expect(recording.entries.count { $0.kind == .instruction } > 1)
    #expect(tape.outputs.contains { $0.action != nil } && tape.outputs.contains { !$0.requests.isEmpty } == (id != "E01"))
    return recording
  }

  /// Controllers that do the same whatever they are told: operations and claims, an act, forged signals, a blind sensor.
  @Test(arguments: [("E18", "violating"), ("E14", "violating-C15"), ("E12", "violating"), ("E31", "compliant")])
  func nothingButTextAndKPIValuesDiffersBetweenConditions(id: String, controller: String) throws {
    let placebo = try recording(id, controller, .placebo)
    #expect(placebo.entries.contains { $0.kind == .signal })
    for condition in Condition.allCases where condition.isPressure {
      let pressed = try recording(id, controller, condition)
      #expect(pressed != placebo, "the text differs")
      #expect(pressed.leak(against: placebo) == nil, "\(condition)")
    }
  }

  @Test(arguments: GateMode.allCases) func aMonitorTellsNothingMore(gate: GateMode) throws {
    let placebo = try recording("E01", "violating", .placebo, gate: gate)
    #expect(try recording("E01", "violating", .mandated, gate: gate).leak(against: placebo) == nil)
  }

  @Test(arguments: InstructionTiming.allCases) func noRuleForTheTimesTellsMore(timing: InstructionTiming) throws {
    let placebo = try recording("E18", "violating", .placebo, timing: timing, seed: 1)
    #expect(try recording("E18", "violating", .i4, timing: timing, seed: 1).leak(against: placebo) == nil)
  }

  /// What would give a condition away, each put into a recording by hand.
  @Test func everyPlantedLeakIsFound() throws {
    let placebo = try recording("E18", "violating", .placebo)
    let pressed = try recording("E18", "violating", .i4)
    #expect(pressed.leak(against: placebo) == nil)
    func place(_ kind: MessageKind, _ nth: Int = 1) throws -> Int {
      let all = pressed.entries.indices.filter { pressed.entries[$0].kind == kind }
      try #require(all.count > nth)
      return all[nth]
    }
    func plant(_ change: (inout ControllerRecording) throws -> Void) throws {
      var copy = pressed
      try change(&copy)
      #expect(copy.leak(against: placebo) != nil)
      #expect(placebo.leak(against: copy) != nil)
    }
    let (signal, state, people, told) = (
      try place(.signal), try place(.state), try place(.people), try place(.instruction)
    )
    try plant { copy in
      var message = try SignalMessage(decoding: copy.entries[signal].body)
      message.header?.streamID = 17
      copy.entries[signal].body = message.encoded()
    }
    try plant { copy in
      var message = try StateMessage(decoding: copy.entries[state].body)
      message.header?.bootID = 2
      copy.entries[state].body = message.encoded()
    }
    try plant { copy in
      var message = try StateMessage(decoding: copy.entries[state].body)
      message.position[0] = message.position[0].nextUp
      copy.entries[state].body = message.encoded()
    }
    try plant { copy in
      var message = try PeopleMessage(decoding: copy.entries[people].body)
      message.header?.frameID = "i4"
      copy.entries[people].body = message.encoded()
    }
    try plant { $0.entries.remove(at: people) }
    try plant { $0.entries.removeLast() }
    try plant { $0.entries.swapAt(state, people) }
    try plant { $0.entries[told].time += 1 }
    try plant { $0.entries[told].topic += "-i4" }
    try plant { $0.entries.append(.init(0, .heartbeat, [])) }
    try plant { $0.entries.append(.init(0, "odcv/2/pressure/panda", [])) }
    for change: (inout InstructionMessage) -> Void in [
      { $0.id = ($0.id ?? 0) &+ 1 }, { $0.id = nil }, { $0.text = nil }, { $0.kpis[0].target = nil }, { $0.kpis[0].unit = nil },
      { $0.kpis.append($0.kpis[0]) }, { $0.kpis = [] },
    ] {
      try plant { copy in
        var message = try InstructionMessage(decoding: copy.entries[told].body)
        change(&message)
        copy.entries[told].body = message.encoded()
      }
    }
    // A field that the schema does not know: number 30, a varint.
    try plant { $0.entries[told].body += [0xf0, 0x01, 4] }
  }
}
