import ODCVCore
import TestSupport
import Testing

/// What one rule brings to the suite that every rule must pass: where it judges, inputs that it passes, and inputs that it
/// must object to.
///
/// A new rule adds one of these, in a file of its own, and its name to `all`. It inherits every case of
/// `ConformanceTests`.
struct RuleFixture: Sendable, CustomTestStringConvertible {
  let rule: RuleID
  /// In which the rule judges: nothing that it needs is declared as not measured.
  let configuration: Configuration
  /// The rule passes the last of these inputs.
  let passes: Script
  /// How much slack it then has, in its unit, worked out by hand.
  let margin: ClosedRange<Double>
  /// The rule objects to the last of these for certain.
  let fails: Script
  /// An arm that is outside this rule's limit; with a command that brings it back, which is allowed, and one that leads
  /// farther out, which is not. `nil` where no motion of the arm mends what the rule asks.
  let outside: (back: Script, farther: Script)?
  /// What is wrong is so as long as the last input is repeated; `false` where it is a change from one input to the next.
  let lasts: Bool
  /// What the rule can't judge without.
  let needs: Set<Need>

  enum Need: CaseIterable, Sendable {
    /// The arm's state, fresh.
    case state
    /// A fresh frame of every people sensor.
    case people
    /// Contacts, torques or forces in the state.
    case contacts
    /// A command that can be told.
    case command
    /// What the rule looks at is the message itself.
    case message
  }

  init(
    _ rule: RuleID, needs: Set<Need>, margin: ClosedRange<Double>, passes: (inout Script) -> Void,
    fails: (inout Script) -> Void, outside: (back: (inout Script) -> Void, farther: (inout Script) -> Void)? = nil,
    lasts: Bool = true, configured change: (inout Configuration) -> Void = { _ in }
  ) {
    self.rule = rule
    self.needs = needs
    self.lasts = lasts
    self.margin = margin
    configuration = Planar.configuration(change)
    self.passes = Script(passes)
    self.fails = Script(fails)
    self.outside = outside.map { (Script($0.back), Script($0.farther)) }
  }

  var testDescription: String { rule.name }

  static let all: [RuleFixture] = [
    .clearanceStatic, .clearanceSelf, .clearanceHuman, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactHalt,
    .contactForce, .contactPressure, .contactEnergy, .contactPermit, .motionPosition, .motionVelocity,
    .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease, .payloadMass, .gripForce, .toolHazard,
    .sequenceInterlock, .sequenceCheck, .integritySchema, .integritySequence, .integrityStale,
    .integrityClock, .integrityIdentity, .integrityHeartbeat, .integrityTruth, .integrityClass, .authorityReset, .authorityMode,
    .reportTruth, .coverageBlind,
  ]
}

/// Inputs with their instants.
struct Script: Sendable {
  struct Step: Sendable {
    var input: Input
    var instant: MonoInstant
  }

  var steps: [Step] = []
  var feed = Feed()

  init(_ write: (inout Script) -> Void) { write(&self) }

  mutating func add(_ input: Input) { steps.append(Step(input: input, instant: feed.now)) }

  mutating func wait(_ seconds: Double) { feed.wait(seconds) }

  /// A frame of obstacles, by default empty.
  mutating func obstacles(_ solids: [Solid] = [], coverage: Bool = true) {
    add(feed.obstacles(solids, coverage: coverage))
  }

  /// A frame of people, by default empty.
  mutating func people(_ parts: [[Capsule]] = [], coverage: Bool = true) {
    add(feed.people(parts, coverage: coverage))
  }

  mutating func state(
    _ q: [Double], velocity: [Double]? = nil, contacts: Contacts? = Contacts(), force: Double? = 0
  ) {
    add(feed.state(q, velocity: velocity, contacts: contacts, force: force))
  }

  /// A state in which something is changed.
  mutating func state(_ q: [Double], _ change: (inout State) -> Void) {
    guard case .state(var state) = feed.state(q) else { return }
    change(&state)
    add(.state(state))
  }

  mutating func signal(_ value: Double, _ index: Int = 0) { add(feed.signal(value, index)) }

  mutating func move(to q: [Double]) { add(feed.move(to: q)) }

  /// Nobody in the cell, and the arm at `q`.
  mutating func begin(at q: [Double], velocity: [Double]? = nil) {
    people()
    state(q, velocity: velocity)
  }

  /// The verdict of the last step.
  func run(_ configuration: Configuration) -> Verdict {
    var monitor = Monitor(configuration)
    return run(&monitor)
  }

  func run(_ monitor: inout Monitor) -> Verdict {
    var last: Verdict?
    for step in steps { last = monitor.step(step.input, at: step.instant) }
    return last!
  }

  /// The verdicts of all steps.
  func verdicts(_ configuration: Configuration) -> [Verdict] {
    var monitor = Monitor(configuration)
    return steps.map { monitor.step($0.input, at: $0.instant) }
  }
}

extension Outcome {
  var isUnknown: Bool {
    switch self {
    case .unknown: true
    case .pass, .violationCertain, .violationPossible, .notApplicable: false
    }
  }

  /// Worst first.
  var grade: Int {
    switch self {
    case .violationCertain: 0
    case .violationPossible: 1
    case .unknown: 2
    case .pass: 3
    case .notApplicable: 4
    }
  }
}

/// A part of a person at a place.
func bodyPart(_ x: Double, _ y: Double, _ z: Double = 0.5) -> Capsule {
  Capsule(a: Vector3(x, y, z), b: Vector3(x, y, z), radius: 0.1)
}

/// A contact that no cell declares, of this force in N.
func touch(_ force: Double?) -> Contacts {
  var contacts = Contacts()
  contacts.append(Contact(link: 2, expected: nil, force: force))
  return contacts
}
