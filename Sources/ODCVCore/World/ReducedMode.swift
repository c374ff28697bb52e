extension World {
  /// Whether the reduced mode is in force: the arm's driver reports one of the modes that the robot's file calls reduced, or a
  /// person is, or may be, in a zone that calls for it.
  func findReduced() -> Bool {
    let modes = configuration.robot.reducedModes
    // A driver that is to report its mode and does not may be in any.
    if !modes.isEmpty, state.mode.map(modes.contains) ?? true { return true }
    for index in configuration.cell.zones.indices {
      guard case .reduced = configuration.cell.zones[index].kind else { continue }
      if mayHavePerson(inZone: index) { return true }
    }
    return false
  }
}
