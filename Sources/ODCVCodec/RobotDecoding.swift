import COdcvProto
import ODCVCore
import ODCVWire

extension Decoder {
  func state(_ c: Odcv__V1__State) throws(Refusal) -> State {
    State(
      sequence: try sequence(c.header), position: try required(c.n_position, c.position, joints: joints.count),
      velocity: try required(c.n_velocity, c.velocity, joints: joints.count),
      externalEffort: try optional(c.n_external_effort, c.external_effort, joints: joints.count),
      contacts: try contacts(c), externalForce: try externalForce(c), mode: c.has_mode != 0 ? c.mode : nil,
      grasped: c.has_grasped != 0 ? c.grasped != 0 : nil, toolActive: c.has_tool_active != 0 ? c.tool_active != 0 : nil)
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
    let complete = c.has_contact_complete != 0 && c.contact_complete != 0
    return complete || unexpected ? contacts : nil
  }

  private func contact(_ c: Odcv__V1__Contact) throws(Refusal) -> Contact {
    let link = links.place(of: c.link)
    let force = c.has_force_normal_n != 0 ? try required(1, c.force_normal_n) : nil
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
    return Vector3(wrench[0], wrench[1], wrench[2]).length
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
