/// Mass of a link and how it is spread, in the link's frame.
public struct LinkInertia: Sendable, Equatable {
  /// kg
  public var mass: Double
  /// Centre of mass, m.
  public var center: Vector3
  /// About the centre of mass, along the link's axes, kg m²: diagonal xx, yy, zz and products xy, xz, yz.
  public var diagonal: Vector3
  public var products: Vector3

  public init(mass: Double, center: Vector3, diagonal: Vector3, products: Vector3) {
    self.mass = mass
    self.center = center
    self.diagonal = diagonal
    self.products = products
  }

  /// The inertia applied to an angular velocity, both in the link's frame.
  func applied(to w: Vector3) -> Vector3 {
    Vector3(
      diagonal.x * w.x + products.x * w.y + products.y * w.z,
      products.x * w.x + diagonal.y * w.y + products.z * w.z,
      products.y * w.x + products.z * w.y + diagonal.z * w.z)
  }
}

/// What a robot's file declares of the arm's dynamics, so that contact shows in the torques that its joints need.
public struct Dynamics: Sendable {
  /// What the driver reports as a joint's effort.
  public enum Effort: Sendable {
    /// The torque at the instant of the state.
    case sampled
    /// The mean since the state before.
    case mean
  }
  public var effort: Effort
  /// In the base frame, m/s².
  public var gravity: Vector3
  /// Inertia of each joint's drive as its joint feels it, kg m² (kg for a prismatic joint).
  public var driveInertia: JointVector
  /// Greatest friction that the reported efforts hold, Nm per joint.
  public var friction: JointVector
  /// How far, at most, the model's torque is from the arm's besides friction, Nm per joint: inertias, cables, sensors.
  public var error: JointVector
  /// Time in which the residual follows an external torque, s: the observer's 1/K.
  public var responseTime: Double

  public init(
    effort: Effort, gravity: Vector3, driveInertia: JointVector, friction: JointVector, error: JointVector,
    responseTime: Double
  ) {
    self.effort = effort
    self.gravity = gravity
    self.driveInertia = driveInertia
    self.friction = friction
    self.error = error
    self.responseTime = responseTime
  }
}

extension RobotModel {
  /// Mass of everything that moves, kg: links that no joint moves do not count.
  public var movingMass: Double { mass { _ in true } }

  /// Mass of the links at or behind the one that carries the tool centre point, kg: hand, tool and what it holds.
  public var toolMass: Double {
    let tool = toolCentrePoint.link
    // The tool begins behind the last link that a joint moves.
    var first = tool
    while links[first].joint == nil, let parent = links[first].parent, links[parent].parent != nil { first = parent }
    return mass { link in link != first && self.isCarried(link, by: first) }
  }

  private func mass(_ counts: (Int) -> Bool) -> Double {
    var sum = 0.0
    for link in links.indices where counts(link) && moves(link) { sum += links[link].inertia?.mass ?? 0 }
    return sum
  }

  private func isCarried(_ link: Int, by carrier: Int) -> Bool {
    var at: Int? = link
    while let here = at {
      if here == carrier { return true }
      at = links[here].parent
    }
    return false
  }
}
