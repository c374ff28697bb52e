/// Momentum, gravity and inertia of an arm at one joint configuration and velocity: one sweep out, one sweep back.
///
/// Spatial vectors are taken about the base frame's origin (Featherstone, "Rigid Body Dynamics Algorithms", 2008). A link
/// has the velocity (ω, v), v that of its point at the origin, and its joint the direction S: (axis, anchor × axis) for a
/// revolute joint, (0, axis) for a prismatic one. With h the momentum of all that a link carries:
///
///     p = Sᵀ h                generalised momentum, p = M(q) q̇
///     ∂T/∂q = (v_parent × S)ᵀ h    kinetic energy against the joint, velocities held; equals Cᵀ q̇ of the Christoffel form
///     γ = Sᵀ (Σ m g, Σ m c × g)    gravity's torque on the joint
///
/// so that ṗ = τ + ∂T/∂q + γ + τ_external. A drive's inertia adds to p alone. Its arrays are made once, so that nothing is
/// allocated later.
public struct ArmDynamics: Sendable {
  private let robot: RobotModel
  private let dynamics: Dynamics
  /// Base-to-link transform, axis and a point on it, per link; the spatial velocity.
  private var poses: [Pose]
  private var axes: [Vector3]
  private var anchors: [Vector3]
  private var turning: [Vector3]
  private var moving: [Vector3]
  /// Of everything that a link carries, itself included: linear and angular momentum, mass, first moment, and second
  /// moments about the origin (xx, yy, zz; xy, xz, yz).
  private var linear: [Vector3]
  private var angular: [Vector3]
  private var mass: [Double]
  private var moment: [Vector3]
  private var diagonal: [Vector3]
  private var products: [Vector3]

  /// p, ∂T/∂q and γ of the last `place`, per joint: kg m²/s and Nm (kg m/s and N for a prismatic joint).
  public private(set) var momentum: JointVector
  public private(set) var kinetic: JointVector
  public private(set) var gravity: JointVector

  /// `nil` when the robot's file declares no dynamics.
  public init?(for robot: RobotModel) {
    guard let dynamics = robot.dynamics else { return nil }
    self.robot = robot
    self.dynamics = dynamics
    let count = robot.links.count
    poses = Array(repeating: .identity, count: count)
    axes = Array(repeating: .zero, count: count)
    anchors = axes
    turning = axes
    moving = axes
    linear = axes
    angular = axes
    mass = Array(repeating: 0, count: count)
    moment = axes
    diagonal = axes
    products = axes
    let zero = JointVector(count: robot.joints.count)
    momentum = zero
    kinetic = zero
    gravity = zero
  }

  /// Fills everything for joint positions and velocities (rad and rad/s; m and m/s).
  public mutating func place(position: JointVector, velocity: JointVector) {
    for link in robot.links.indices { reach(link, position, velocity) }
    momentum = JointVector(count: robot.joints.count)
    kinetic = momentum
    gravity = momentum
    for link in robot.links.indices.reversed() { gather(link) }
    for joint in robot.joints.indices { momentum[joint] += dynamics.driveInertia[joint] * velocity[joint] }
  }

  /// Out: where the link is, how it moves, and its own momentum.
  private mutating func reach(_ index: Int, _ position: JointVector, _ velocity: JointVector) {
    let link = robot.links[index]
    var pose = (link.parent.map { poses[$0] } ?? .identity) * link.origin
    var (turn, move) = link.parent.map { (turning[$0], moving[$0]) } ?? (.zero, .zero)
    if let joint = link.joint {
      let axis = pose.rotation * robot.joints[joint].axis
      let rate = link.ratio * velocity[joint]
      let value = link.ratio * position[joint] + link.offset
      axes[index] = axis
      anchors[index] = pose.translation
      switch robot.joints[joint].kind {
      case .revolute:
        pose.rotation = pose.rotation * Rotation(angle: value, about: robot.joints[joint].axis)
        turn = turn + rate * axis
        move = move + rate * pose.translation.cross(axis)
      case .prismatic:
        pose.translation = pose.translation + value * axis
        move = move + rate * axis
      }
    }
    poses[index] = pose
    turning[index] = turn
    moving[index] = move
    weigh(index)
  }

  private mutating func weigh(_ index: Int) {
    guard let inertia = robot.links[index].inertia else {
      (linear[index], angular[index], mass[index]) = (.zero, .zero, 0)
      (moment[index], diagonal[index], products[index]) = (.zero, .zero, .zero)
      return
    }
    let pose = poses[index]
    let center = pose * inertia.center
    let m = inertia.mass
    mass[index] = m
    moment[index] = m * center
    // R I Rᵀ, column by column, and the parallel axis.
    let r = pose.rotation
    let x = r * inertia.applied(to: r.transposed(Vector3(1, 0, 0)))
    let y = r * inertia.applied(to: r.transposed(Vector3(0, 1, 0)))
    let z = r * inertia.applied(to: r.transposed(Vector3(0, 0, 1)))
    let c = center
    diagonal[index] = Vector3(
      x.x + m * (c.y * c.y + c.z * c.z), y.y + m * (c.x * c.x + c.z * c.z), z.z + m * (c.x * c.x + c.y * c.y))
    products[index] = Vector3(x.y - m * c.x * c.y, x.z - m * c.x * c.z, y.z - m * c.y * c.z)
    (linear[index], angular[index]) = pushed(index, turning[index], moving[index])
  }

  /// Momentum of what a link carries when all of it moves with the spatial velocity (ω, v).
  private func pushed(_ index: Int, _ w: Vector3, _ v: Vector3) -> (linear: Vector3, angular: Vector3) {
    let (d, p) = (diagonal[index], products[index])
    let spin = Vector3(
      d.x * w.x + p.x * w.y + p.y * w.z, p.x * w.x + d.y * w.y + p.z * w.z, p.y * w.x + p.z * w.y + d.z * w.z)
    return (mass[index] * v + w.cross(moment[index]), moment[index].cross(v) + spin)
  }

  /// Back: what the link carries weighs on its joint, and then on its parent.
  private mutating func gather(_ index: Int) {
    let link = robot.links[index]
    guard let parent = link.parent else { return }
    if let joint = link.joint {
      let (turn, move) = direction(index, joint)
      let (w, v) = (turning[parent], moving[parent])
      let (h, l) = (linear[index], angular[index])
      let weight = mass[index] * dynamics.gravity
      momentum[joint] += link.ratio * (turn.dot(l) + move.dot(h))
      kinetic[joint] += link.ratio * (w.cross(turn).dot(l) + (w.cross(move) + v.cross(turn)).dot(h))
      gravity[joint] += link.ratio * (turn.dot(moment[index].cross(dynamics.gravity)) + move.dot(weight))
    }
    linear[parent] = linear[parent] + linear[index]
    angular[parent] = angular[parent] + angular[index]
    mass[parent] += mass[index]
    moment[parent] = moment[parent] + moment[index]
    diagonal[parent] = diagonal[parent] + diagonal[index]
    products[parent] = products[parent] + products[index]
  }

  /// S of the joint that moves a link.
  private func direction(_ index: Int, _ joint: Int) -> (turn: Vector3, move: Vector3) {
    switch robot.joints[joint].kind {
    case .revolute: (axes[index], anchors[index].cross(axes[index]))
    case .prismatic: (.zero, axes[index])
    }
  }

  /// Calls `take` for every pair of joints with what it adds to the mass matrix there: the composite rigid body algorithm,
  /// drives included. Entries of one pair add up; the matrix is symmetric and each pair is told both ways.
  public func massMatrix(_ take: (_ row: Int, _ column: Int, _ value: Double) -> Void) {
    for index in robot.links.indices {
      guard let joint = robot.links[index].joint else { continue }
      let (turn, move) = direction(index, joint)
      let (h, l) = pushed(index, turn, move)
      take(joint, joint, robot.links[index].ratio * robot.links[index].ratio * (turn.dot(l) + move.dot(h)))
      var at = robot.links[index].parent
      while let other = at {
        if let above = robot.links[other].joint {
          let (turn, move) = direction(other, above)
          let value = robot.links[index].ratio * robot.links[other].ratio * (turn.dot(l) + move.dot(h))
          take(joint, above, value)
          take(above, joint, value)
        }
        at = robot.links[other].parent
      }
    }
    for joint in robot.joints.indices { take(joint, joint, dynamics.driveInertia[joint]) }
  }

  /// The greatest torque on each joint that a newton anywhere on a link can make where the arm was placed last, m.
  func levers(of link: Int) -> JointVector { robot.levers(of: link, poses: poses, axes: axes, anchors: anchors) }
}
