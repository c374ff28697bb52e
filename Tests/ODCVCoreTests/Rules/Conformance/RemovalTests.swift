import ODCVCore
import TestSupport
import Testing

/// Takes one declared input after the other away from a cell in which everything passes: what is then not known is unknown,
/// and never passes.
@Suite struct RemovalTests {
  /// What a cell's sources send each control period.
  enum Part: CaseIterable, CustomTestStringConvertible {
    case state, people, obstacles, door, scan, controller

    var testDescription: String { "\(self)" }
  }

  /// A cell that declares every kind of input.
  static let configuration = Planar.configuration {
    $0.cell.obstacleSensors = [
      Sensor(id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)
    ]
    $0.cell.heartbeats = [Heartbeat(source: .driver, maxAge: 0.1), Heartbeat(source: .controller, maxAge: 0.1)]
    $0.cell.clocks = [
      SourceClock(stream: .state, clock: .monotonic), SourceClock(stream: .obstacles, clock: .simulated),
    ]
    $0.cell.signals = [
      SignalDeclaration(name: "door", source: .perception, maxAge: 0.1),
      SignalDeclaration(name: "scan", source: .perception, maxAge: 0.1),
    ]
    $0.cell.sequences = [
      Precedence(name: "door", kind: .interlock, signal: 0, zone: nil),
      Precedence(name: "scan", kind: .event(valid: 10, eachMove: false), signal: 1, zone: nil),
    ]
    $0.cell.claims = [
      Claim(name: "grasp", statement: .grasped, evidence: .gripper(0.01...0.1), within: 0.1),
      Claim(name: "done", statement: .success(atLeast: 1), evidence: .force(atLeast: 0), within: 0.1),
    ]
  }

  /// One control period of everything, but for what `change` takes away.
  private func period(
    _ script: inout Script, without removed: Part? = nil, _ change: (Part, Input) -> Input = { $1 }
  ) {
    script.wait(0.02)
    for part in Part.allCases {
      let input: Input
      switch part {
      case .state:
        guard case .state(var state) = script.feed.state([-1, 0.3]) else { continue }
        state.grasped = true
        state.gripper = 0.05
        state.successRate = 0
        input = .state(state)
      case .door: input = script.feed.signal(1, 0)
      case .scan: input = script.feed.signal(1, 1)
      case .controller: input = .heartbeat(.controller)
      case .people: input = script.feed.people()
      case .obstacles:
        guard case .obstacles(var frame) = script.feed.obstacles() else { continue }
        frame.sequence.time = SourceTime(clock: .simulated, nanoseconds: script.feed.now.nanoseconds)
        input = .obstacles(frame)
      }
      if part != removed { script.add(change(part, input)) }
    }
  }

  @Test func withEverythingThereEverythingPasses() {
    var script = Script { script in for _ in 0..<10 { period(&script) } }
    script.move(to: [-1.02, 0.3])
    let verdict = script.run(Self.configuration)
    #expect(verdict.outcome == .pass)
    #expect(verdict.decision == .allow)
  }

  @Test(arguments: Part.allCases) func aStreamThatEndsIsUnknown(part: Part) {
    var script = Script { script in
      for _ in 0..<10 { period(&script) }
      for _ in 0..<10 { period(&script, without: part) }
    }
    // A command is a sign of life of the controller.
    if part != .controller { script.move(to: [-1.02, 0.3]) }
    expectUnknown(script)
  }

  @Test(arguments: Part.allCases) func aStreamThatNeverCameIsUnknown(part: Part) {
    var script = Script { script in for _ in 0..<10 { period(&script, without: part) } }
    if part != .controller { script.move(to: [-1.02, 0.3]) }
    expectUnknown(script)
  }

  @Test(arguments: [Part.people, .obstacles]) func aSensorThatDoesNotVouchForItsFieldIsUnknown(part: Part) {
    var script = Script { script in
      period(&script)
      period(&script) { $0 == part ? $1.uncovered : $1 }
    }
    script.move(to: [-1.02, 0.3])
    expectUnknown(script)
  }

  @Test func eachFieldOfTheStateIsMissed() {
    let absences: [(String, (inout State) -> Void)] = [
      ("position", { $0.position = .absent }), ("velocity", { $0.velocity = .absent }),
      ("a joint", { $0.position = JointVector([0.1]) }), ("a joint's velocity", { $0.velocity = JointVector([0.1]) }),
      (
        "contacts, forces and torques",
        {
          $0.contacts = nil
          $0.externalForce = nil
          $0.externalEffort = .absent
        }
      ),
      ("number", { $0.sequence.number = nil }), ("stamp", { $0.sequence.time = nil }), ("mode", { $0.mode = nil }),
      ("tool", { $0.tool = nil }), ("gripper", { $0.gripper = nil }), ("grasped", { $0.grasped = nil }),
      ("success", { $0.successRate = nil }),
    ]
    for (name, remove) in absences {
      let script = Script { script in
        period(&script)
        period(&script) { part, input in
          guard case .state(var state) = input else { return input }
          remove(&state)
          return .state(state)
        }
      }
      // The state's own verdict.
      let verdicts = script.verdicts(Self.configuration)
      #expect(verdicts[3].outcome.isUnknown, "\(name): \(verdicts[3].outcome)")
      #expect(verdicts[3].isHeldBack, "\(name)")
    }
  }

  private func expectUnknown(_ script: Script) {
    let verdict = script.run(Self.configuration)
    #expect(verdict.outcome.isUnknown)
    #expect(verdict.isHeldBack)
  }
}

extension Input {
  /// The same frame of a sensor that does not vouch for its field.
  fileprivate var uncovered: Input {
    switch self {
    case .people(var frame):
      frame.coverage = false
      return .people(frame)
    case .obstacles(var frame):
      frame.coverage = false
      return .obstacles(frame)
    case .layout, .action, .chunk, .state, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: return self
    }
  }
}
