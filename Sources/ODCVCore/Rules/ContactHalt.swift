/// `contact.halt`: after unexpected contact the arm stops, and stays stopped until an operator resets it.
///
/// - Requirement: contact that is not a declared pair within its budgets latches at once. From its onset the arm has the
///   verdict's deadline, its reaction time and the stopping time of its speed at onset; motion after that, or a command to
///   move, is a violation until the latch is reset.
/// - Formula: the value is the time since onset while the arm moves or is told to, else zero; the limit is the time it has.
///   While the joints' efforts may tell of contact, but not for certain, the value is between zero and the time since they
///   began to.
/// - Unit: s. Contact is told from contacts, external joint torques and external force, against the thresholds in the
///   configuration, and, where the robot's file declares its dynamics, from what the joints' efforts leave unexplained
///   (`ContactWatch`, `ContactObserver`). A declared contact that is there adds to the torque that a joint may have its force
///   times its link's farthest lever.
/// - Unknown, unless the cell declares contact as not measured: the state reports none of the first three, and there are no
///   dynamics or no efforts; one of all these was reported before and is not now; there are dynamics, and the efforts, which the
///   cell does not declare as not measured, have not been followed for three response times since they began or were lost.
/// - While latched the decision is `halt`, whatever this rule finds.
struct ContactHalt: Rule {
  static let id = RuleID.contactHalt
  static let facts = RuleFacts(
    "after unexpected contact the arm stops within its stopping time and stays until an operator's reset",
    limits: [
      LimitRow("force_threshold_n", .atMost, .positive, of: "undeclared contact"),
      LimitRow("torque_threshold_nm", .atMost, .positive, of: "external joint torque"),
    ], quantity: .contact, yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.state(force: 1e6)
    // Motion long after the time that the arm has to stop.
    scene.wait(60)
    scene.settle()
    scene.sense()
    scene.state(velocity: scene.moving(0.2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.configuration.cell.declaresUnmeasured(.contact) { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    guard world.contact.reported else { return .unknown(Self.id, .missing, .stream(.state)) }
    let allowed = world.configuration.cell.verdictDeadline + world.robot.stopping.reactionTime
      + world.contact.stopTime
    let isCertain = world.contact.latch != 0
    guard let since = isCertain ? world.contact.onset : world.contact.suspectedSince else {
      return Finding(Self.id, value: Interval(exactly: 0), .atMost, 0)
    }
    let elapsed = motion.isStill ? 0 : world.now.seconds(since: since)
    return Finding(Self.id, value: Interval(isCertain ? elapsed : min(0, elapsed), elapsed), .atMost, allowed)
  }
}
