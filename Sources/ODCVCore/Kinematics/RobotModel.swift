/// A serial arm as odcv judges it: kinematics, limits, capsules that hold its links, and how it moves and stops.
///
/// Made and checked by `ODCVConfig` from a robot file; the core trusts its shape but not the numbers of any input.
public struct RobotModel: Sendable {
  public var name: String
  /// In chain order.
  public var joints: [Joint]
  /// Parents before children; link 0 is the base and does not move.
  public var links: [Link]
  /// Grouped by link, in link order.
  public var capsules: [LinkCapsule]
  /// The convex bodies that capsules were fitted to, each in its link's frame; `LinkCapsule.hull` counts in them.
  public var hulls: [ConvexHull]
  /// Pairs of links whose clearance to each other is checked; `first` is nearer to the base.
  public var selfPairs: [SelfPair]
  /// The point whose speed is the tool speed, fixed in a link.
  public var toolCentrePoint: ToolCentrePoint
  public var tracking: Tracking
  public var stopping: Stopping
  public var measurement: MeasurementAccuracy
  public var inverseKinematics: ResolvedRate?
  /// `nil`: what the driver makes of a velocity is declared by nobody.
  public var velocityControl: VelocityControl?
  /// `nil`: what an effort can do at most is declared by nobody.
  public var effortControl: EffortControl?
  /// Values of the driver's reported mode that mean that it runs at reduced speed.
  public var reducedModes: [UInt32]
  /// The link that is the declared held object; `nil` when there is none.
  public var heldObject: Int?
  /// What robot and tool files say of loads, the gripper and a hazardous tool, for the cell that the arm stands in.
  public var payload: Payload?
  public var grip: Grip?
  public var hazard: ToolHazard?
  /// What is needed to tell contact from the joints' efforts; `nil` when nobody declared it.
  public var dynamics: Dynamics?

  public init(
    name: String, joints: [Joint], links: [Link], capsules: [LinkCapsule], selfPairs: [SelfPair],
    toolCentrePoint: ToolCentrePoint, tracking: Tracking, stopping: Stopping,
    measurement: MeasurementAccuracy, inverseKinematics: ResolvedRate?, hulls: [ConvexHull] = [],
    velocityControl: VelocityControl? = nil, effortControl: EffortControl? = nil, reducedModes: [UInt32] = [],
    heldObject: Int? = nil,
    dynamics: Dynamics? = nil
  ) {
    self.name = name
    self.joints = joints
    self.links = links
    self.capsules = capsules
    self.selfPairs = selfPairs
    self.toolCentrePoint = toolCentrePoint
    self.tracking = tracking
    self.stopping = stopping
    self.measurement = measurement
    self.inverseKinematics = inverseKinematics
    self.hulls = hulls
    self.velocityControl = velocityControl
    self.effortControl = effortControl
    self.reducedModes = reducedModes
    self.heldObject = heldObject
    self.dynamics = dynamics
  }
}

extension RobotModel {
  /// Whether any joint moves the link. What none moves, the base and all that is fixed to it, is no hazard, and what stands
  /// beside it was put there.
  public func moves(_ link: Int) -> Bool {
    var at = link
    while let parent = links[at].parent {
      if links[at].joint != nil { return true }
      at = parent
    }
    return false
  }

  /// The capsules of some links, as runs of neighbours.
  func capsules(of links: (Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in capsules.indices where links(capsules[index].link) {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<(index + 1)
      } else {
        runs.append(index..<(index + 1))
      }
    }
    return runs
  }
}

public struct Joint: Sendable {
  public enum Kind: Sendable { case revolute, prismatic }
  public var name: String
  public var kind: Kind
  /// Unit vector in the joint's own frame.
  public var axis: Vector3
  public var limits: JointLimits

  public init(name: String, kind: Kind, axis: Vector3, limits: JointLimits) {
    self.name = name
    self.kind = kind
    self.axis = axis
    self.limits = limits
  }
}

/// The configured limits of one joint: rad, rad/s, rad/s², rad/s³, Nm (m and N for a prismatic joint).
public struct JointLimits: Sendable {
  public var lower: Double
  public var upper: Double
  public var velocity: Double
  public var acceleration: Double
  public var jerk: Double
  public var effort: Double

  public init(
    lower: Double, upper: Double, velocity: Double, acceleration: Double, jerk: Double, effort: Double
  ) {
    self.lower = lower
    self.upper = upper
    self.velocity = velocity
    self.acceleration = acceleration
    self.jerk = jerk
    self.effort = effort
  }
}

public struct Link: Sendable {
  public var name: String
  /// Index of the parent link, smaller than this link's own; `nil` for the base.
  public var parent: Int?
  /// Maps the frame before this link's joint moves into the parent's frame; right angles in it are exact.
  public var origin: Pose
  /// Index of the joint that moves this link against its parent; `nil` when fixed.
  public var joint: Int?
  /// How far the joint's motion moves this link: `ratio` · position + `offset` (rad; m for a prismatic joint). A joint
  /// that mimics another is a second link on that joint.
  public var ratio: Double
  public var offset: Double
  /// `nil` for a link that weighs nothing, or of which nobody said what it weighs.
  public var inertia: LinkInertia?

  public init(
    name: String, parent: Int?, origin: Pose, joint: Int?, ratio: Double = 1, offset: Double = 0,
    inertia: LinkInertia? = nil
  ) {
    self.name = name
    self.parent = parent
    self.origin = Pose(rotation: origin.rotation.withExactRightAngles, translation: origin.translation)
    self.joint = joint
    self.ratio = ratio
    self.offset = offset
    self.inertia = inertia
  }
}

/// A capsule, in its link's frame, that together with the link's other capsules holds the link's true shape.
public struct LinkCapsule: Sendable {
  public var link: Int
  public var capsule: Capsule
  /// How far, at most, the capsule's surface lies outside the true shape, in m: the slack of an upper bound.
  public var fitGap: Double
  /// Index in `RobotModel.hulls` of the convex body inside this capsule, for exact distances; `nil` when there is none.
  public var hull: Int?

  public init(link: Int, capsule: Capsule, fitGap: Double, hull: Int? = nil) {
    self.link = link
    self.capsule = capsule
    self.fitGap = fitGap
    self.hull = hull
  }
}

public struct SelfPair: Sendable {
  public var first: Int
  public var second: Int

  public init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }
}

public struct ToolCentrePoint: Sendable {
  public var link: Int
  public var offset: Vector3

  public init(link: Int, offset: Vector3) {
    self.link = link
    self.offset = offset
  }
}

/// What the arm's driver promises about the way from where it is to a position target.
public struct Tracking: Sendable {
  public enum Path: Sendable {
    /// Joints stay within `error` of the hull of: where they are, where braking now would bring them, the target.
    case straight
    /// Only each joint's own range is sure.
    case box
  }
  public enum Arrival: Sendable {
    /// The driver is always able to come to rest at its target with the declared stop.
    case atRest
    /// The driver may pass the target at the commanded speed, and stops behind it.
    case moving
  }
  public var path: Path
  public var arrival: Arrival
  /// The driver's speed towards a target never exceeds the distance left divided by this, s.
  public var responseTime: Double
  /// Per joint, rad/s²: how fast, at most, the driver changes a velocity; all joints share one scale.
  public var acceleration: JointVector
  /// Per joint, rad: deviation from the path, overshoot included.
  public var error: JointVector

  public init(path: Path, arrival: Arrival, responseTime: Double, acceleration: JointVector, error: JointVector) {
    self.path = path
    self.arrival = arrival
    self.responseTime = responseTime
    self.acceleration = acceleration
    self.error = error
  }
}

/// The arm's declared stop, from the instant that a stop is ordered.
public struct Stopping: Sendable {
  public enum Kind: Sendable {
    /// All joints slow down together, along the path.
    case path
    /// Each joint brakes alone.
    case joint
    /// Power off, brakes engage.
    case cut
  }
  public var kind: Kind
  /// From the order until the arm begins to slow down, s.
  public var reactionTime: Double
  /// Least deceleration per joint, rad/s².
  public var deceleration: JointVector

  public init(kind: Kind, reactionTime: Double, deceleration: JointVector) {
    self.kind = kind
    self.reactionTime = reactionTime
    self.deceleration = deceleration
  }
}

/// How far reported joint values may be from the truth.
public struct MeasurementAccuracy: Sendable {
  /// rad
  public var position: Double
  /// rad/s
  public var velocity: Double
  /// N, of a reported contact or wrench
  public var force: Double
  /// At or below this speed on every joint the arm stands still, rad/s. Not below `velocity`.
  public var standstill: Double

  public init(position: Double, velocity: Double, force: Double, standstill: Double) {
    self.position = position
    self.velocity = velocity
    self.force = force
    self.standstill = standstill
  }
}

/// What the driver promises about a commanded joint velocity: it is held until the next command; on the way to it all joints
/// share one scale, and no joint changes its velocity faster than `Tracking.acceleration`.
public struct VelocityControl: Sendable {
  /// rad/s: how far the arm's velocity may be from that, on every joint.
  public var error: Double

  public init(error: Double) { self.error = error }
}

/// What the driver promises about commanded joint efforts: whatever they are, as long as each is within its joint's limit,
/// no joint accelerates more than this. The driver itself holds the arm against gravity.
public struct EffortControl: Sendable {
  /// Per joint, rad/s²: with the lightest load, in the worst pose.
  public var acceleration: JointVector

  public init(acceleration: JointVector) { self.acceleration = acceleration }
}

/// How the driver turns an end-effector displacement into joints, once, when it takes the command:
/// Δq = Jᵀ(JJᵀ + λ²I)⁻¹Δx at the measured joints; a twist into joint velocities likewise.
public struct ResolvedRate: Sendable {
  /// λ
  public var damping: Double
  /// Per joint, rad: how far the driver's own solution may be from this formula's.
  public var error: Double

  public init(damping: Double, error: Double) {
    self.damping = damping
    self.error = error
  }
}
