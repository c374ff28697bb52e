extension World {
  /// The reduced mode is in force: the arm's driver reports one of the modes that the robot's file calls reduced, or a person
  /// is, or may be, in a zone that calls for it.
  var isReduced: Bool {
    let modes = configuration.robot.reducedModes
    // A driver that is to report its mode and does not may be in any.
    if !modes.isEmpty, state?.value.mode.map(modes.contains) ?? true { return true }
    for zone in configuration.cell.zones {
      guard case .reduced = zone.kind else { continue }
      if peopleUnknown != nil || hasPerson(in: zone.box) { return true }
    }
    return false
  }

  /// A part of a person is in the box, or may be, by the sensor's error.
  func hasPerson(in box: Box) -> Bool {
    for sensor in people.indices {
      guard let frame = people[sensor] else { continue }
      let error = configuration.cell.peopleSensors[sensor].positionError
      for index in 0..<frame.value.count {
        for part in 0..<frame.value[index].count
        where nearest(frame.value[index][part], to: .box(box)).distance <= error { return true }
      }
    }
    return false
  }
}
