/// `contact.permit`: contact stays within what is permitted of it.
///
/// - Requirement: a declared contact stays within its force and its uninterrupted duration, and all contact of its pair within
///   the time and the impulse that its sliding window allows; what is not declared stays below the force that is contact, and
///   all of it together within the window's time and impulse. So neither a slow squeeze nor a hundred light touches pass.
/// - Formula: the greatest share of any of these limits that is used up, against 1. A state's contact counts for the whole time
///   to the states before and after it, at the greater force; a window's sum covers up to 1/31 more than the window
///   (`SlidingSums`).
/// - Unit: 1, of what is permitted. Error: the declared measurement error of force on the force's share; budgets count what
///   was reported.
/// - Unknown: no usable state, or it reports nothing that contact is told from, or contacts are declared and it lists none, and
///   the cell does not declare contact as not measured. A contact that states no force uses up everything. Where no contact is
///   declared and none are listed, the external force and torques are what is not declared.
/// - A spent budget latches (`ContactWatch`).
struct ContactPermit: Rule {
  static let id = RuleID.contactPermit
  static let facts = RuleFacts(
    "contact stays within the force, time and impulse that are permitted of it",
    limits: [
      LimitRow(term: "window_s", tighter: .greater, .positive, of: "window over undeclared contact"),
      LimitRow("greatest_time_s", .atMost, .positive, of: "undeclared contact in a window"),
      LimitRow("greatest_impulse_n_s", .atMost, .positive, of: "impulse of undeclared contact in a window"),
    ], quantity: .contact, yieldsToSlowing: false, remembers: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.settle()
    scene.state(force: 1e6)
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.configuration.cell.declaresUnmeasured(.contact) { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    let isListed = world.state.contacts != nil || world.configuration.cell.expectedContacts.isEmpty
    guard world.contact.reported, isListed else { return .unknown(Self.id, .missing, .stream(.state)) }
    let use = world.contact.use
    var finding = Finding(
      Self.id, value: use.share, .atMost, 1, subject: use.link.map { .link($0) } ?? .none)
    finding.failing = use.failing
    return finding
  }
}
