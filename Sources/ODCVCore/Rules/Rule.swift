/// One requirement: its limits, and one pure function from a judged motion and the known world to its finding.
///
/// A new rule is one file that conforms, its row in `RuleID`, and its name in `RuleBook`. Its limits, and what lists and
/// words need, are its own `facts`; its fixture in the tests brings the cases that every rule must stand. It holds numbers alone:
/// an array in one of them would have all of them copied, and the array retained, at every judging.
protocol Rule: Sendable {
  static var id: RuleID { get }
  static var facts: RuleFacts { get }

  /// Takes the limits that it needs from the configuration.
  init(_ configuration: Configuration)

  /// What the rule finds; `nil` when this input gives it nothing to look at, which counts as skipped.
  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding?

  /// Prepares inputs that it must object to: proof, at start and while running, that it can.
  static func provoke(_ scene: inout Provocation)
}

extension World {
  /// The arm, for rules that read it joint by joint: where it lies, for a `let` of it copies all of it.
  var robot: RobotModel {
    @inline(__always) _read { yield configuration.robot }
  }
}

extension Rule {
  /// The finding of a rule that needs the arm's motion, when that can't be told.
  func unknownMotion(_ motion: borrowing Motion) -> Finding? {
    guard let reason = motion.unknown else { return nil }
    return .unknown(Self.id, reason, motion.unknownSubject)
  }
}

/// Every rule, once, in the order in which verdicts name them.
typealias RuleBook = Rules<
  ClearanceStatic,
  ClearanceSelf,
  ClearanceHuman,
  ClearanceHeldObject,
  ZoneKeepOut,
  ZoneSpeed,
  ContactHalt,
  ContactForce,
  ContactPressure,
  ContactEnergy,
  ContactPermit,
  MotionPosition,
  MotionVelocity,
  MotionAcceleration,
  MotionJerk,
  MotionTCPSpeed,
  MotionJump,
  MotionRelease,
  PayloadMass,
  GripForce,
  ToolHazardDistance,
  SequenceInterlock,
  SequenceCheck,
  IntegritySchema,
  IntegritySequence,
  IntegrityStale,
  IntegrityClock,
  IntegrityIdentity,
  IntegrityHeartbeat,
  IntegrityTruth,
  IntegrityClass,
  AuthorityReset,
  AuthorityMode,
  ReportTruth,
  CoverageBlind
>

/// Rules of different types, judged one after the other without a dynamic call.
struct Rules<each R: Rule>: Sendable {
  private let rules: (repeat each R)
  /// s, by place: how long each holds on after it passes again.
  private var clearAfter = PerRule<Double>(repeating: 0)
  /// By place: less of the way may pass where all of it fails.
  private var yieldsToSlowing = PerRule<Bool>(repeating: false)

  init(_ configuration: Configuration) {
    rules = (repeat (each R)(configuration))
    for rule in RuleID.allCases {
      clearAfter[rule.place] = configuration.limits.clearAfter(rule)
      yieldsToSlowing[rule.place] = rule.facts.yieldsToSlowing
    }
  }

  /// Every rule's finding, worst first, in place of what `findings` held. No rule hides another.
  func judge(_ motion: borrowing Motion, in world: borrowing World, into findings: inout Findings) {
    findings.removeAll()
    guard motion.judged != .noted else { return }
    repeat judge(each rules, motion, world, &findings)
    findings.arrange()
  }

  @inline(__always)
  private func judge<One: Rule>(
    _ rule: One, _ motion: borrowing Motion, _ world: borrowing World, _ findings: inout Findings
  ) {
    guard let finding = rule.judge(motion, in: world) else { return }
    findings.append(finding)
    if finding.holdsBack { heed(finding, One.id, world, &findings) }
  }

  @inline(never)
  private func heed(_ finding: Finding, _ rule: RuleID, _ world: borrowing World, _ findings: inout Findings) {
    // While an operator lets somebody free, what is told of distance and contact holds nothing back.
    if world.release.origin != nil, rule.yieldsToRelease, finding.outcome.isViolation { return }
    findings.holdBack(finding)
    let place = rule.place
    if !yieldsToSlowing[place] { findings.refuseSlowing() }
    findings.holdOn(clearAfter[place])
  }

  static var ids: [RuleID] {
    var ids: [RuleID] = []
    repeat ids.append((each R).id)
    return ids
  }

  static func provoke(_ rule: RuleID, _ scene: inout Provocation) {
    repeat provoke((each R).self, rule, &scene)
  }

  private static func provoke<One: Rule>(_ type: One.Type, _ rule: RuleID, _ scene: inout Provocation) {
    if type.id == rule { type.provoke(&scene) }
  }

  fileprivate static var facts: [RuleFacts] {
    var facts: [RuleFacts] = []
    repeat facts.append((each R).facts)
    return facts
  }
}

extension RuleID {
  /// What this rule is.
  public var facts: RuleFacts { RuleID.allFacts[place] }

  private static let allFacts: [RuleFacts] = {
    // The book has the rules that there are ids for, and there is a place for each.
    precondition(RuleBook.ids == RuleID.allCases && RuleID.allCases.count <= Capacity.rules)
    return RuleBook.facts
  }()
}
