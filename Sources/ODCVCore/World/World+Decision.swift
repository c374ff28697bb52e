extension World {
  /// The decision lets the arm follow `goal`, where the controller asked for `requested`.
  mutating func command(_ goal: Goal, requested: Goal, asked: AskedMotion) {
    pending.command(goal, requested: requested)
    // A command of the gripper alone leaves the arm as it was told before.
    if let action, case .none = action.command { return }
    self.asked = asked
    reversals.command(asked.velocity, standstill: configuration.robot.measurement.standstill)
    if let place = action?.row, goal.kind == .position {
      lastRow = ExecutedRow(row: place, message: rowMessage, target: goal.values)
    } else {
      lastRow = nil
    }
  }

  /// The arm was told to hold, whatever it was asked before.
  mutating func hold() {
    if pending.goal.kind != .hold { rest(from: now) }
    pending.hold()
  }

  /// The arm was told to hold in place of what it was asked.
  mutating func hold(requested: Goal) {
    rest(from: now)
    pending.command(.hold, requested: requested)
  }

  private mutating func rest(from instant: MonoInstant) {
    let still = JointVector(count: configuration.robot.joints.count)
    asked = AskedMotion(velocity: still, acceleration: still, at: instant)
    lastRow = nil
  }

  /// A motion was let through: where the arm rested before no longer binds it.
  mutating func leaveRest() { rest = .absent }
}
