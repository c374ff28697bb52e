/// Watches reported contacts; an unexpected one latches until an operator resets it.
struct ContactWatch: Sendable {
  /// A contact force above this is contact, N; an external joint torque above that, Nm.
  private let forceThreshold: Double
  private let torqueThreshold: Double
  /// Number of the latch in force, from 1; 0 when none is.
  private(set) var latch: UInt64 = 0
  private var latches: UInt64 = 0
  private(set) var onset = MonoInstant(nanoseconds: 0)
  /// Fastest joint's time to rest when the contact began, s.
  private(set) var stopTime = 0.0
  /// The last state reported anything from which contact can be told.
  private(set) var reported = false
  private var touching = false
  /// When each declared contact began; `nil` while it is not there.
  private var since = InlineArray<16, MonoInstant?>(repeating: nil)

  init(_ limits: Limits) {
    forceThreshold = limits[.contactHalt, "force_threshold_n"]
    torqueThreshold = limits[.contactHalt, "torque_threshold_nm"]
  }

  mutating func observe(_ state: State, configuration: Configuration, at now: MonoInstant) {
    reported = state.contacts != nil || !state.externalEffort.isAbsent || state.externalForce != nil
    var unexpected = false
    var allowedForce = 0.0
    var seen = InlineArray<16, Bool>(repeating: false)
    if let contacts = state.contacts {
      for index in 0..<contacts.count {
        let contact = contacts[index]
        // A contact that states no force, or one that is no number, counts as one.
        let force = contact.force ?? .infinity
        guard let expected = contact.expected else {
          if !(force <= forceThreshold) { unexpected = true }
          continue
        }
        let declared = configuration.cell.expectedContacts[expected]
        let began = since[expected] ?? now
        since[expected] = began
        seen[expected] = true
        allowedForce = max(allowedForce, declared.maxForce)
        if !(force <= declared.maxForce) || now.seconds(since: began) > declared.maxDuration { unexpected = true }
      }
    }
    for index in configuration.cell.expectedContacts.indices where !seen[index] { since[index] = nil }
    if let force = state.externalForce, !(force <= max(forceThreshold, allowedForce)) { unexpected = true }
    if allowedForce == 0 {
      for joint in 0..<state.externalEffort.count
      where !(abs(state.externalEffort[joint]) <= torqueThreshold) { unexpected = true }
    }
    if unexpected, latch == 0 {
      latches &+= 1
      latch = latches
      onset = now
      stopTime = 0
      for joint in configuration.robot.joints.indices {
        stopTime = max(
          stopTime,
          (abs(state.velocity[joint]) + configuration.robot.measurement.velocity)
            / configuration.robot.stopping.deceleration[joint])
      }
    }
    touching = unexpected
  }

  /// Clears the named latch, unless the contact is still there. Whether it did.
  mutating func reset(_ order: Reset) -> Bool {
    guard latch != 0, order.latch == latch, !touching else { return false }
    latch = 0
    return true
  }
}
