import ODCVCore
import TestSupport
import Testing

/// Takes one declared input after the other away from a cell in which everything passes: what is then not known is unknown,
/// and never passes.
@Suite struct RemovalTests {
  /// What a cell's sources send each control period.
  enum Part: CaseIterable, CustomTestStringConvertible {
    case state, people, obstacles

    var testDescription: String { "\(self)" }
  }

  /// A cell that declares every kind of input.
  static let configuration = Planar.configuration {
    $0.cell.obstacleSensors = [
      Sensor(id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)
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
      case .state: input = script.feed.state([-1, 0.3])
      case .people: input = script.feed.people()
      case .obstacles: input = script.feed.obstacles()
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
    script.move(to: [-1.02, 0.3])
    expectUnknown(script)
  }

  @Test(arguments: Part.allCases) func aStreamThatNeverCameIsUnknown(part: Part) {
    var script = Script { script in for _ in 0..<10 { period(&script, without: part) } }
    script.move(to: [-1.02, 0.3])
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
      ("number", { $0.sequence.number = nil }),
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
    case .layout, .action, .chunk, .state, .episode, .reset, .release, .tick, .noted, .rejected, .lost, .overrun: return self
    }
  }
}
