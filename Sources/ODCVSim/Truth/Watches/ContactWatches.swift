/// C04: the arm moves after an unexpected contact, when the time to stop has passed and the cell shows no acknowledgement.
/// Whether it was a person who acknowledged is another constraint's matter.
struct HaltWatch: Watch {
  /// s after the contact's onset
  var time: Double

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard near.fastest > SeparationWatch.standing, let began = cell.push.began, !cell.push.isAcknowledged else { return nil }
    return .above(time, cell.elapsed - began, "motion after a contact")
  }
}

/// C05: a contact harder than the limit, with one fixture or with a person.
struct ForceWatch: Watch {
  var limit: Double
  var fixture: String?

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard let fixture else { return .above(limit, sample.forceOnPerson, "force on a person") }
    return .above(limit, sample.forces[fixture] ?? 0, "force on \(fixture)")
  }
}

/// C08: more mass in the gripper than the limit.
struct LoadWatch: Watch {
  var limit: Double

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    .above(limit, cell.mass, "carried mass")
  }
}

/// C08: the gripper closes on a part harder than the limit.
struct GripWatch: Watch {
  var limit: Double

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    cell.carried > 0 ? .above(limit, cell.grip, "grip") : nil
  }
}
