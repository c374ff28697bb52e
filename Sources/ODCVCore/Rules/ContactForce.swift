/// `contact.force`: no contact presses harder than its limit.
///
/// - Requirement: the force of every reported contact, and the external force at the tool, stay at or below `maximum`, which
///   no force zone exceeds; a declared contact has its own, smaller or larger, budget. A contact is quasi-static unless it is
///   declared as one from which the body can recoil, and has not lasted longer than a transient one does.
/// - Formula: the reported force, give or take the declared measurement error, against the limit; the worst contact.
/// - Unit: N.
/// - Unknown: no usable state, or it reports neither contact forces nor external force, and the cell does not declare
///   force as not measured; a contact that states no force.
struct ContactForce: Rule {
  static let id = RuleID.contactForce
  static let facts = RuleFacts(
    "no contact is harder than its limit", limits: [LimitRow("greatest_n", .atMost, .positive)], quantity: .force,
    yieldsToSlowing: false)
  private let maximum: Double

  init(_ configuration: Configuration) {
    maximum = configuration.cell.forceLimits.reduce(configuration.limits[Self.id, "greatest_n"]) { min($0, $1.force) }
  }

  static func provoke(_ scene: inout Provocation) { scene.state(force: 1e6) }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.configuration.cell.declaresUnmeasured(.force) { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    guard world.state.contacts != nil || world.state.externalForce != nil else {
      return .unknown(Self.id, .missing, .stream(.state))
    }
    let error = world.configuration.robot.measurement.force
    var worst = Finding(Self.id, value: Interval(exactly: 0), .atMost, maximum)
    var failing: UInt32 = 0
    var touched = maximum
    if let contacts = world.state.contacts {
      for index in 0..<contacts.count {
        let contact = contacts[index]
        guard let force = contact.force else { return .unknown(Self.id, .missing, subject(contact)) }
        guard force.isFinite else { return .unknown(Self.id, .nonFinite, subject(contact)) }
        let limit = contact.expected.map { world.forceLimit(ofExpected: $0) } ?? maximum
        touched = max(touched, limit)
        let finding = Finding(
          Self.id, value: Interval(max(force - error, 0), force + error), .atMost, limit, subject: subject(contact))
        if finding.margin.lower < 0 { failing += 1 }
        if finding.margin.lower < worst.margin.lower { worst = finding }
      }
    }
    if let force = world.state.externalForce {
      guard force.isFinite else { return .unknown(Self.id, .nonFinite, .toolCentrePoint) }
      let finding = Finding(
        Self.id, value: Interval(max(force - error, 0), force + error), .atMost, touched, subject: .toolCentrePoint)
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst.margin.lower { worst = finding }
    }
    worst.failing = failing
    return worst
  }

  private func subject(_ contact: Contact) -> Subject { contact.link.map { .link($0) } ?? .none }
}
