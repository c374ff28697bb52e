import ODCVWire

/// What touches the arm: people, what gives way, what moves against it; and where it moves beside people.
extension Simulation {
  /// Forces between the arm and the person's parts that it touches.
  mutating func touch(
    _ sample: borrowing TruthSample
  ) -> (arm: [(shape: Int, force: Vector, point: Vector)], person: [Vector]) {
    var onPerson = [Vector](repeating: Vector(0, 0, 0), count: sample.person.count)
    var onArm: [(shape: Int, force: Vector, point: Vector)] = []
    personContacts.removeAll(keepingCapacity: true)
    contactForce = 0
    forceOnPerson = 0
    for touch in oracle.touches {
      let shape = sample.shapes[touch.shape]
      let before = sample.before[touch.shape]
      let speed = ((shape.a - before.a) + (shape.b - before.b)) / (2 * sample.dt)
      let approach = -dot(speed - person.velocity(of: touch.part, dt: sample.dt), touch.normal)
      let part = BodyPart.all[touch.part]
      let force = PersonBody.force(part: part, depth: touch.depth, approach: approach)
      onArm.append((touch.shape, touch.normal * force, touch.point))
      onPerson[touch.part] -= touch.normal * force
      contactForce = max(contactForce, force)
      forceOnPerson = max(forceOnPerson, force)
      personContacts.append(
        StateMessage.Contact(
          link: scenario.scene.arm.links[scenario.scene.arm.shapes[touch.shape].link].name,
          other: "person/\(part.name)", normalForce: force, point: fields(touch.point), distance: -touch.depth))
    }
    return (onArm, onPerson)
  }

  mutating func expose(_ sample: borrowing TruthSample) {
    guard !scenario.blindZones.isEmpty else { return }
    if exposure.isEmpty { exposure = scenario.blindZones.map { _ in 0 } }
    guard oracle.toolSpeed > SeparationWatch.standing, let place = scenario.blindPlace(of: sample.person) else { return }
    exposure[place] += sample.dt
  }

  /// What the gripper holds, in the base frame.
  func held(in tool: Frame) -> SimCapsule? {
    guard cell.carried > 0, let part = scenario.partShape else { return nil }
    return SimCapsule(a: tool * part.a, b: tool * part.b, radius: part.radius)
  }

  /// The arm's lowest point over a fixture whose top gives way.
  mutating func press(
    _ pushes: inout [(shape: Int, force: Vector, point: Vector)], _ sample: borrowing TruthSample, _ name: String,
    _ box: SimBox, _ stiffness: Double
  ) {
    let top = box.center.z + box.halfExtents.z
    var deepest = (depth: 0.0, shape: 0, point: Vector(0, 0, 0), approach: 0.0)
    for s in sample.shapes.indices.dropFirst() {
      let (capsule, before) = (sample.shapes[s], sample.before[s])
      for (end, was) in [(capsule.a, before.a), (capsule.b, before.b)] {
        let depth = top - end.z + capsule.radius
        let inside = abs(end.x - box.center.x) <= box.halfExtents.x && abs(end.y - box.center.y) <= box.halfExtents.y
        guard inside, depth > deepest.depth, depth < 2 * capsule.radius else { continue }
        deepest = (depth, s, end - Vector(0, 0, capsule.radius), (was.z - end.z) / sample.dt)
      }
    }
    guard deepest.depth > 0 else { return }
    let force = max(0, stiffness * deepest.depth + Self.pressDamping * stiffness * deepest.approach)
    forces[name, default: 0] += force
    contactForce = max(contactForce, force)
    pushes.append((deepest.shape, Vector(0, 0, force), deepest.point))
    personContacts.append(
      StateMessage.Contact(
        link: scenario.scene.arm.links[scenario.scene.arm.shapes[deepest.shape].link].name, other: name, normalForce: force,
        point: fields(deepest.point), distance: -deepest.depth))
  }

  /// s: damping of what gives way, by its stiffness.
  private static let pressDamping = 0.01

  /// Something slides against the tool, sideways.
  mutating func bump(
    _ pushes: inout [(shape: Int, force: Vector, point: Vector)], _ shapes: [SimCapsule], _ tool: Vector
  ) {
    let force = cell.push.force
    pushes.append((shapes.count - 1, Vector(0, -force, 0), tool))
    contactForce = max(contactForce, force)
    personContacts.append(
      StateMessage.Contact(
        link: scenario.scene.arm.links[scenario.scene.arm.toolLink].name, other: "carton", normalForce: force,
        point: fields(tool), distance: 0))
  }

  /// Sums the external wrench about the tool centre point.
  mutating func gather(_ pushes: [(shape: Int, force: Vector, point: Vector)], tool: Vector) {
    var force = Vector(0, 0, 0)
    var torque = Vector(0, 0, 0)
    for push in pushes {
      force += push.force
      torque += cross(push.point - tool, push.force)
    }
    for contact in cellContacts {
      force += contact.vector
      torque += cross(contact.point - tool, contact.vector)
      contactForce = max(contactForce, contact.force)
    }
    wrench = [force.x, force.y, force.z, torque.x, torque.y, torque.z]
  }

  func fields(_ v: Vector) -> VectorFields { VectorFields(x: v.x, y: v.y, z: v.z) }
}
