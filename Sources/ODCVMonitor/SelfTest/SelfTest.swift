import ODCVConfig
import ODCVCore

/// Fires every rule once through the real core: a detector that cannot fire looks like safety.
///
/// Each case takes the loaded configuration, makes one thing in it or in the inputs so bad that the rule must object,
/// and steps a monitor of its own. The running monitor is not touched.
struct SelfTest {
  enum Result: Equatable {
    case fired
    /// The cell declares that the quantity is not measured, so the rule does not judge here.
    case notApplicable
    case silent
  }

  private let configuration: Configuration
  private let home: JointVector
  private let still: JointVector

  init(_ configuration: Configuration) {
    self.configuration = configuration
    home = JointVector(configuration.robot.joints.map { ($0.limits.lower + $0.limits.upper) / 2 })
    still = JointVector(count: configuration.robot.joints.count)
  }

  /// Runs every case; a silent rule ends the command with status 4.
  static func requireEveryRuleFires(_ loaded: LoadedConfiguration) throws {
    let test = SelfTest(loaded.core)
    let silent = RuleID.allCases.filter { test.run($0) == .silent }
    guard silent.isEmpty else {
      throw Stop(
        .failed, "self-test: \(silent.map(\.name).joined(separator: ", ")) did not fire on a violation made for it")
    }
  }

  func run(_ rule: RuleID) -> Result {
    var configuration = configuration
    let inputs = prepare(rule, &configuration)
    var monitor = Monitor(configuration)
    var found = Result.silent
    for (input, time) in inputs {
      let verdict = monitor.step(input, at: MonoInstant(nanoseconds: time))
      for place in 0..<verdict.findings.count where verdict.findings[place].rule == rule {
        switch verdict.findings[place].outcome {
        case .violationCertain, .violationPossible: return .fired
        case .unknown: if rule == .integrityStale || rule == .integritySchema { found = .fired }
        case .notApplicable: if found == .silent { found = .notApplicable }
        case .pass: break
        }
      }
    }
    return found
  }

  /// Inputs with their instants in ns, and what is changed in the configuration for them.
  private func prepare(_ rule: RuleID, _ configuration: inout Configuration) -> [(Input, Int64)] {
    let everywhere = Box(pose: .identity, halfExtents: Vector3(100, 100, 100))
    switch rule {
    case .clearanceStatic:
      configuration.cell.obstacles = [Obstacle(name: "self-test", solid: .box(everywhere))]
      return world() + [(state(1), 2)]
    case .clearanceSelf:
      configuration.limits.selfClearance = 100
      return world() + [(state(1), 2)]
    case .clearanceHuman: return world(person: true) + [(state(1, velocity: moving(0.2)), 2)]
    case .zoneSpeed:
      configuration.cell.zones = [
        Zone(name: "self-test", kind: .speed(limit: 0, onlyWithPerson: false), box: everywhere)
      ]
      return world() + [(state(1, velocity: moving(0.2)), 2)]
    case .contactHalt:
      // Contact, and motion long after the time that the arm has to stop.
      let later: Int64 = 60_000_000_000
      return world() + [(state(1, force: 1e6), 2)] + world(number: 2, at: later)
        + [(state(2, velocity: moving(0.2)), later + 1)]
    case .contactForce: return world() + [(state(1, force: 1e6), 2)]
    case .motionPosition:
      var beyond = home
      beyond[0] = configuration.robot.joints[0].limits.upper + 0.1
      return world() + [(state(1, position: beyond), 2)]
    case .motionVelocity: return world() + [(state(1, velocity: moving(2)), 2)]
    case .motionTCPSpeed:
      configuration.limits.tcpSpeed = 0
      return world() + [(state(1, velocity: moving(0.5)), 2)]
    case .motionJump:
      configuration.limits.jump = 0
      var target = home
      target[0] += 0.1
      return world() + [(state(1), 2), (action(1, .jointPosition(target)), 3)]
    case .integritySchema: return [(.rejected(Rejection(stream: .action, reason: .undecodable)), 1)]
    case .integritySequence: return world() + [(state(1), 2), (state(1), 3)]
    case .integrityStale: return world() + [(state(1), 2), (.tick, 60_000_000_000)]
    }
  }

  /// A frame from every declared sensor.
  private func world(person: Bool = false, number: UInt64 = 1, at instant: Int64 = 1) -> [(Input, Int64)] {
    let people = configuration.cell.peopleSensors.indices.map { sensor in
      var frame = People(sensor: sensor, sequence: sequence(number), coverage: true)
      if person {
        var somebody = Person(track: 1)
        somebody.append(Capsule(a: .zero, b: Vector3(0, 0, 2), radius: 10))
        frame.append(somebody)
      }
      return (Input.people(frame), instant)
    }
    let obstacles = configuration.cell.obstacleSensors.indices.map { sensor in
      (Input.obstacles(Obstacles(sensor: sensor, sequence: sequence(number), coverage: true)), instant)
    }
    return people + obstacles
  }

  private func state(
    _ number: UInt64, position: JointVector? = nil, velocity: JointVector? = nil, force: Double? = nil
  ) -> Input {
    var contacts = Contacts()
    if let force { contacts.append(Contact(link: nil, expected: nil, force: force)) }
    return .state(
      State(
        sequence: sequence(number), position: position ?? home, velocity: velocity ?? still, externalEffort: still,
        contacts: contacts, externalForce: 0))
  }

  private func action(_ number: UInt64, _ command: Action.Command) -> Input {
    .action(Action(sequence: sequence(number), command: command))
  }

  /// Every joint at this share of its speed limit.
  private func moving(_ share: Double) -> JointVector {
    JointVector(configuration.robot.joints.map { $0.limits.velocity * share })
  }

  private func sequence(_ number: UInt64) -> Sequence { Sequence(stream: 1, number: number, boot: 1) }
}
