import ODCVCore
import ODCVWire

/// The contact that latched the arm, or that still stands against a reset, as the arm's driver reported it: what an
/// operator must know before signing.
struct ContactCause: Sendable, Equatable {
  var reason: String
  /// Of the arm; `nil` when only a force or a torque tells of the contact.
  var link: String?
  var other: String?
  /// N
  var force: Double?
  var joint: String?
  /// Nm
  var torque: Double?

  /// The worst contact of a state that the core takes for an unexpected one; `nil` when it reports none.
  ///
  /// - Parameter message: The same state as it came: only it names the other body.
  static func find(_ state: State, _ message: StateMessage, _ configuration: Configuration) -> ContactCause? {
    if let cause = unexpected(state, message, configuration.limits) { return cause }
    if let cause = tooHard(state, message, configuration) { return cause }
    if let cause = byForce(state, configuration) { return cause }
    return byTorque(state, configuration)
  }

  /// `tool - rack, 45 N`
  var text: String {
    var parts: [String] = []
    if link != nil || other != nil { parts.append("\(link ?? "the arm") - \(other ?? "unnamed body")") }
    if let joint { parts.append(joint) }
    if let force { parts.append("\(Words.rounded(force)) N") }
    if let torque { parts.append("\(Words.rounded(torque)) Nm") }
    return parts.joined(separator: ", ")
  }

  private static func unexpected(_ state: State, _ message: StateMessage, _ limits: Limits) -> ContactCause? {
    worst(state, message, "unexpected contact") { contact in
      contact.expected == nil && !((contact.force ?? .infinity) <= limits[.contactHalt, "force_threshold_n"])
    }
  }

  private static func tooHard(_ state: State, _ message: StateMessage, _ configuration: Configuration) -> ContactCause? {
    worst(state, message, "declared contact, harder than declared") { contact in
      guard let expected = contact.expected else { return false }
      return !((contact.force ?? .infinity) <= configuration.cell.expectedContacts[expected].maxForce)
    }
  }

  private static func byForce(_ state: State, _ configuration: Configuration) -> ContactCause? {
    let limit = max(configuration.limits[.contactHalt, "force_threshold_n"], allowed(state, configuration))
    guard let force = state.externalForce, !(force <= limit) else { return nil }
    return ContactCause(reason: "unexpected external force at the tool", force: force)
  }

  private static func byTorque(_ state: State, _ configuration: Configuration) -> ContactCause? {
    guard allowed(state, configuration) == 0 else { return nil }
    var worst: (joint: Int, torque: Double)?
    for joint in 0..<state.externalEffort.count {
      let torque = abs(state.externalEffort[joint])
      guard !(torque <= configuration.limits[.contactHalt, "torque_threshold_nm"]), torque > worst?.torque ?? -1 else { continue }
      worst = (joint, torque)
    }
    return worst.map {
      ContactCause(
        reason: "unexpected external joint torque", joint: configuration.robot.joints[$0.joint].name, torque: $0.torque)
    }
  }

  /// A declared contact of a state that latched although nothing in it is too hard: the core counts how long each lasts.
  static func tooLong(_ state: State, _ message: StateMessage) -> ContactCause? {
    worst(state, message, "declared contact, for longer than declared") { $0.expected != nil }
  }

  /// N, the greatest that a declared contact of this state may have
  private static func allowed(_ state: State, _ configuration: Configuration) -> Double {
    guard let contacts = state.contacts else { return 0 }
    var allowed = 0.0
    for index in 0..<contacts.count {
      if let expected = contacts[index].expected {
        allowed = max(allowed, configuration.cell.expectedContacts[expected].maxForce)
      }
    }
    return allowed
  }

  private static func worst(
    _ state: State, _ message: StateMessage, _ reason: String, where counts: (Contact) -> Bool
  ) -> ContactCause? {
    guard let contacts = state.contacts else { return nil }
    var worst: (place: Int, force: Double)?
    for place in 0..<contacts.count where counts(contacts[place]) {
      let force = contacts[place].force ?? .infinity
      if force > worst?.force ?? -1 { worst = (place, force) }
    }
    guard let worst else { return nil }
    let named = worst.place < message.contacts.count ? message.contacts[worst.place] : StateMessage.Contact()
    return ContactCause(
      reason: contacts[worst.place].force == nil ? "\(reason) of unreported force" : reason, link: named.link,
      other: named.other, force: contacts[worst.place].force)
  }
}

/// The last state that the arm's driver reported, kept for the words that a latch needs.
struct LastState {
  private(set) var state: State?
  private var body: [UInt8] = []
  private var order: Sequence?

  init() { body.reserveCapacity(4096) }

  /// Takes what the core takes: not a late or repeated state, nor one of a second publisher.
  mutating func take(_ state: State, _ body: UnsafeRawBufferPointer) {
    let place = state.sequence
    guard let number = place.number else { return }
    if let order {
      guard order.stream == place.stream, order.boot != place.boot || number > order.number ?? 0 else { return }
    }
    order = place
    self.state = state
    self.body.removeAll(keepingCapacity: true)
    self.body.append(contentsOf: body)
  }

  /// An episode begins: numbers may start afresh.
  mutating func forgetOrder() { order = nil }

  /// What this state latched for.
  func cause(_ configuration: Configuration) -> ContactCause? {
    guard let state else { return nil }
    return ContactCause.find(state, message, configuration) ?? ContactCause.tooLong(state, message)
  }

  private var message: StateMessage { (try? StateMessage(decoding: body)) ?? StateMessage() }
}
