import ODCVCore

/// Why an operator's signed reset did not clear the latch, and what to do.
enum ResetRefusal {
  /// - Parameters:
  ///   - age: of the last state, s; `nil` when there is none.
  ///   - ordered: the latch that the reset named.
  ///   - contact: what the core still takes for contact; `nil` when nothing is.
  ///   - doubted: the joint whose measured positions and velocities disagree.
  ///   - isKnown: the last state would tell of contact.
  static func text(
    inForce latch: UInt64, ordered: UInt64, age: Double?, state: State?, contact: (sign: ContactSign, cause: ContactCause)?,
    doubted: Int? = nil, isKnown: Bool = true, _ configuration: Configuration
  ) -> String {
    if ordered != latch {
      return "latch #\(latch) is in force, not #\(ordered): look at `odcv-monitor alarms list` and sign that one"
    }
    guard let state, let age, age <= configuration.cell.stateInput.maxAge else {
      let last = age.map { "the last one is \(Words.rounded($0)) s old" } ?? "none has come yet"
      return "no fresh state: \(last); bring the arm's driver back, then reset again"
    }
    if let contact { return text(contact.sign, contact.cause, configuration) }
    if let (joint, speed) = fastest(state, configuration.robot) {
      return "the arm is still moving (\(joint), \(Words.rounded(speed)) rad/s): wait until it stands, then reset again"
    }
    if let doubted {
      let seconds = Words.rounded(10 * configuration.cell.stateInput.maxAge)
      return "nobody knows whether the arm stands: the measured positions of \(configuration.robot.joints[doubted].name) move "
        + "otherwise than its measured velocity says (integrity.truth); make sure that it stands and see to its driver, then "
        + "reset when both have agreed for \(seconds) s"
    }
    if !isKnown {
      return "the last state does not tell whether anything touches the arm: wait a moment if its driver has just "
        + "come back, else bring back what it no longer reports (contact.halt in `odcv-monitor alarms list`), then reset again"
    }
    return "the latch in force is #\(latch); it was not cleared: look at `odcv-monitor alarms list`, then reset again"
  }

  private static func text(_ sign: ContactSign, _ cause: ContactCause, _ configuration: Configuration) -> String {
    switch sign {
    case .budget(let expected):
      let declared = expected.flatMap { configuration.cell.expectedContacts[$0].budget?.window }
      let window = declared ?? configuration.limits[.contactPermit, "window_s"]
      return "\(cause.reason) (\(cause.text)): the arm may be free by now, but contact of the last \(Words.rounded(window)) s "
        + "counts; wait that long without contact, then reset again"
    case .residual:
      return "\(cause.reason) (\(cause.text)): free the arm, then reset again"
    case .contact, .force, .effort, .restored:
      return "contact is still reported (\(cause.reason), \(cause.text)): free the arm, then reset again"
    }
  }

  /// The fastest joint that does not stand, and its speed in rad/s.
  private static func fastest(_ state: State, _ robot: RobotModel) -> (joint: String, speed: Double)? {
    var fastest: (joint: String, speed: Double)?
    for joint in 0..<state.velocity.count {
      let speed = abs(state.velocity[joint])
      guard speed > robot.measurement.standstill, speed > fastest?.speed ?? 0 else { continue }
      fastest = (robot.joints[joint].name, speed)
    }
    return fastest
  }
}
