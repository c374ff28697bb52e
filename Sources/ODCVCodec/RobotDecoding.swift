import COdcvProto
import ODCVCore
import ODCVWire

extension Decoder {
  func state(_ c: Odcv__V1__State) throws(Refusal) -> State {
    var state = State(
      sequence: try sequence(c.header), position: try required(c.n_position, c.position, joints: joints.count),
      velocity: try required(c.n_velocity, c.velocity, joints: joints.count),
      externalEffort: try optional(c.n_external_effort, c.external_effort, joints: joints.count),
      contacts: try contacts(c), externalForce: try externalForce(c),
      effort: try optional(c.n_effort, c.effort, joints: joints.count))
    state.mode = c.has_mode != 0 ? c.mode : nil
    state.grasped = c.has_grasped != 0 ? c.grasped != 0 : nil
    state.successRate = c.has_success_rate != 0 ? try required(1, c.success_rate) : nil
    state.gripper = try gripper(c)
    state.fingers = c.n_gripper_position
    state.tool = try tool(c)
    state.toolActive = c.has_tool_active != 0 ? c.tool_active != 0 : nil
    return state
  }

  /// `nil` when contact is not reported. A list that does not vouch for holding every contact says nothing about those
  /// that are not in it, but an unexpected one that is in it is a fact.
  private func contacts(_ c: Odcv__V1__State) throws(Refusal) -> Contacts? {
    guard c.n_contact <= Capacity.contacts else { throw Refusal(reason: .oversized) }
    var contacts = Contacts()
    var unexpected = false
    for index in 0..<c.n_contact {
      let contact = try contact(c.contact[index]!.pointee)
      if contact.expected == nil { unexpected = true }
      contacts.append(contact)
    }
    contacts.isComplete = c.has_contact_complete != 0 && c.contact_complete != 0
    return contacts.isComplete || unexpected ? contacts : nil
  }

  private func contact(_ c: Odcv__V1__Contact) throws(Refusal) -> Contact {
    let link = links.place(of: c.link)
    // Which way it is counted is the driver's own: a press of either sign is one.
    let force = c.has_force_normal_n != 0 ? abs(try required(1, c.force_normal_n)) : nil
    let expected = expectedContacts.indices.first { index in
      expectedContacts[index].link == link && expectedOthers.isName(index, c.other)
    }
    return Contact(link: link, expected: expected, force: force)
  }

  /// Magnitude of the force part of the reported wrench, N; its sign does not matter.
  private func externalForce(_ c: Odcv__V1__State) throws(Refusal) -> Double? {
    guard c.n_wrench != 0, let wrench = c.wrench else { return nil }
    guard c.n_wrench == 3 || c.n_wrench == 6 else { throw .wrongLength }
    for index in 0..<c.n_wrench where !wrench[index].isFinite { throw .nonFinite }
    let force = Vector3(wrench[0], wrench[1], wrench[2]).length
    guard force.isFinite else { throw .nonFinite }
    return force
  }

  /// Where the driver says that the tool centre point is, m, base frame.
  private func tool(_ c: Odcv__V1__State) throws(Refusal) -> Vector3? {
    guard c.n_ee_position != 0, let p = c.ee_position else { return nil }
    guard c.n_ee_position == 3 else { throw .wrongLength }
    let tool = Vector3(p[0], p[1], p[2])
    guard tool.isFinite else { throw .nonFinite }
    return tool
  }

  /// How wide the gripper is open, m: the sum of its fingers' positions.
  private func gripper(_ c: Odcv__V1__State) throws(Refusal) -> Double? {
    guard c.n_gripper_position != 0, let fingers = c.gripper_position else { return nil }
    var width = 0.0
    for index in 0..<c.n_gripper_position { width += fingers[index] }
    guard width.isFinite else { throw .nonFinite }
    return width
  }

  func layout(_ c: Odcv__V1__Layout, _ endpoint: Endpoint) throws(Refusal) -> Layout {
    try checkRobot(c.header)
    var match = c.n_joint_name == joints.count
    for index in 0..<min(c.n_joint_name, joints.count) where !joints.isName(index, c.joint_name[index]) {
      match = false
    }
    return Layout(stream: endpoint.stream, jointsMatch: match)
  }
}
