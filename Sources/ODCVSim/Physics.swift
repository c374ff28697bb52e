import CMuJoCo

/// MuJoCo's state of one simulation. Owns the `mjData`; the compiled scene is shared and only read.
struct Physics: ~Copyable {
  /// s
  static let dt = 0.001

  private let scene: SceneModel
  private let data: UnsafeMutablePointer<mjData>
  private var scratch: [Double]

  struct CellContact {
    var link: String
    var other: String
    var force: Double
    /// On the arm, N, base frame.
    var vector: Vector
    var point: Vector
    var distance: Double
  }

  init(_ scene: SceneModel, at position: [Double]) throws(SimError) {
    guard let data = mj_makeData(scene.model) else {
      throw SimError("\(scene.path): MuJoCo has no memory for a simulation; run fewer at once")
    }
    guard scene.model.pointee.opt.timestep == Self.dt else {
      mj_deleteData(data)
      throw SimError("\(scene.path): timestep must be \(Self.dt) s")
    }
    self.scene = scene
    self.data = data
    scratch = [Double](repeating: 0, count: position.count)
    for j in position.indices { data.pointee.qpos[j] = position[j] }
    mj_forward(scene.model, data)
  }

  deinit { mj_deleteData(data) }

  private var count: Int { scratch.count }

  var position: [Double] { (0..<count).map { data.pointee.qpos[$0] } }
  var velocity: [Double] { (0..<count).map { data.pointee.qvel[$0] } }
  /// Torque of the drives in the last step, Nm.
  private(set) var effort: [Double] = []
  /// Torque that contacts put on the joints in the last step, Nm.
  private(set) var externalEffort: [Double] = []

  /// Torques that hold the arm where it is at the speed that it has, Nm.
  var holding: [Double] { (0..<count).map { data.pointee.qfrc_bias[$0] } }

  /// Kinematics, dynamics and collision of the present state.
  mutating func begin() { mj_step1(scene.model, data) }

  /// The arm's shapes where `begin` found them.
  func shapes() -> [SimCapsule] {
    // Field by field: a copy of `mjData` itself is tens of kilobytes.
    let (position, rotation) = (data.pointee.geom_xpos!, data.pointee.geom_xmat!)
    let size = scene.model.pointee.geom_size!
    return scene.shapeGeoms.map { geom in
      let center = Vector(position[3 * geom], position[3 * geom + 1], position[3 * geom + 2])
      let axis = Vector(rotation[9 * geom + 2], rotation[9 * geom + 5], rotation[9 * geom + 8])
      let half = axis * size[3 * geom + 1]
      return SimCapsule(a: center - half, b: center + half, radius: size[3 * geom])
    }
  }

  /// The tool centre point where `begin` found it.
  func tool() -> Vector {
    let position = data.pointee.site_xpos!
    return Vector(position[0], position[1], position[2])
  }

  /// The tool's frame where `begin` found it: x, y, z axes and the tool centre point.
  func toolFrame() -> Frame {
    let r = data.pointee.site_xmat!
    return Frame(
      x: Vector(r[0], r[3], r[6]), y: Vector(r[1], r[4], r[7]), z: Vector(r[2], r[5], r[8]), origin: tool())
  }

  /// Applies torques that give `acceleration` (inverse dynamics) and pull to the reference, then finishes the step.
  ///
  /// - Parameters:
  ///   - forces: on shapes of the arm, at points, N, base frame.
  mutating func finish(
    acceleration: [Double], toPosition: [Double], toVelocity: [Double], limit: [Double],
    forces: [(shape: Int, force: Vector, point: Vector)]
  ) {
    // Natural frequency 150 rad/s, critically damped.
    let (stiffness, damping) = (22_500.0, 300.0)
    var wanted = acceleration
    for j in 0..<count {
      wanted[j] += stiffness * (toPosition[j] - data.pointee.qpos[j])
        + damping * (toVelocity[j] - data.pointee.qvel[j])
    }
    mj_mulM(scene.model, data, &scratch, wanted)
    effort = (0..<count).map { j in
      let torque = scratch[j] + data.pointee.qfrc_bias[j] - data.pointee.qfrc_passive[j]
      return min(limit[j], max(-limit[j], torque))
    }
    for j in 0..<count { scratch[j] = 0 }
    for (shape, force, point) in forces {
      var f = [force.x, force.y, force.z]
      var torque = [0.0, 0.0, 0.0]
      var p = [point.x, point.y, point.z]
      let body = scene.model.pointee.geom_bodyid[scene.shapeGeoms[shape]]
      mj_applyFT(scene.model, data, &f, &torque, &p, body, &scratch)
    }
    for j in 0..<count { data.pointee.qfrc_applied[j] = effort[j] + scratch[j] }
    mj_step2(scene.model, data)
    externalEffort = (0..<count).map { data.pointee.qfrc_constraint[$0] + scratch[$0] }
  }

  /// The acceleration that efforts beyond what holds the arm give where `begin` found it, rad/s².
  mutating func acceleration(of effort: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    mj_solveM(scene.model, data, &result, effort, 1)
    return result
  }

  /// Contacts between arm and cell in the last finished step.
  func contacts() -> [CellContact] {
    let bodies = scene.model.pointee.geom_bodyid!
    return (0..<Int(data.pointee.ncon)).compactMap { index in
      let contact = data.pointee.contact[index]
      guard contact.efc_address >= 0 else { return nil }
      var force = [Double](repeating: 0, count: 6)
      mj_contactForce(scene.model, data, Int32(index), &force)
      let f = contact.frame
      let (n, t1, t2) = (Vector(f.0, f.1, f.2), Vector(f.3, f.4, f.5), Vector(f.6, f.7, f.8))
      // MuJoCo's normal points from geom 1 to geom 2 and the force acts on geom 2.
      let armIsFirst = bodies[Int(contact.geom1)] != 0
      let (arm, cell) = armIsFirst ? (contact.geom1, contact.geom2) : (contact.geom2, contact.geom1)
      let vector = (n * force[0] + t1 * force[1] + t2 * force[2]) * (armIsFirst ? -1 : 1)
      return CellContact(
        link: name(mjOBJ_BODY, bodies[Int(arm)]), other: name(mjOBJ_GEOM, cell), force: force[0],
        vector: vector, point: Vector(contact.pos.0, contact.pos.1, contact.pos.2), distance: contact.dist)
    }
  }

  private func name(_ kind: mjtObj, _ id: Int32) -> String {
    mj_id2name(scene.model, Int32(kind.rawValue), id).map { String(cString: $0) } ?? ""
  }
}
