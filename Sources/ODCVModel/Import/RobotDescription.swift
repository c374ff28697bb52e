import ODCVCore

/// A robot as its URDF describes it: a tree of links that joints hold together. Metres, radians, kilograms, newtons, seconds.
public struct RobotDescription: Sendable {
  public var name: String
  /// Where it was read from.
  public var file: String
  /// In the file's order.
  public var links: [Link]
  /// In the file's order.
  public var joints: [Joint]
  /// Index in `links` of the one that is no joint's child.
  public var root: Int

  public struct Link: Sendable {
    public var name: String
    /// Of its element in the file.
    public var line: Int
    public var collisions: [Collision]
    public var inertial: Inertial?
    /// Whether it has a `<visual>`, which is not read.
    public var isVisible: Bool
  }

  /// Where a frame lies in another, in the numbers of the file.
  public struct Placement: Equatable, Sendable {
    public var translation: Vector3
    public var rollPitchYaw: Vector3

    public init(translation: Vector3 = .zero, rollPitchYaw: Vector3 = .zero) {
      self.translation = translation
      self.rollPitchYaw = rollPitchYaw
    }

    public static var identity: Placement { Placement() }

    public var pose: Pose {
      Pose(
        rotation: Rotation(roll: rollPitchYaw.x, pitch: rollPitchYaw.y, yaw: rollPitchYaw.z), translation: translation)
    }
  }

  public struct Collision: Sendable {
    public var line: Int
    public var origin: Placement
    public var geometry: Geometry
  }

  public enum Geometry: Equatable, Sendable {
    /// `file` as the description names it; `scale` from the mesh's own unit to metres.
    case mesh(file: String, scale: Vector3)
    /// Whole edges.
    case box(size: Vector3)
    /// Along z, about the origin.
    case cylinder(radius: Double, length: Double)
    case sphere(radius: Double)
  }

  public struct Inertial: Equatable, Sendable {
    public var mass: Double
    /// Centre of mass, and the axes that `inertia` is about.
    public var origin: Placement
    /// ixx, ixy, ixz, iyy, iyz, izz in kg m².
    public var inertia: [Double]
  }

  public struct Joint: Sendable {
    public var name: String
    public var line: Int
    public var kind: Kind
    /// Indices in `links`.
    public var parent: Int
    public var child: Int
    /// The child's frame, before the joint moves, in the parent's.
    public var origin: Placement
    /// Unit vector in the child's frame; meaningless for a fixed joint.
    public var axis: Vector3
    public var limits: Limits?
    public var mimic: Mimic?

    public var isFixed: Bool { kind == .fixed }
  }

  public enum Kind: String, Sendable {
    case revolute, continuous, prismatic, fixed
  }

  /// rad or m and their rates; Nm or N.
  public struct Limits: Equatable, Sendable {
    /// Infinite for a continuous joint.
    public var lower: Double
    public var upper: Double
    /// `nil` where the description says none, or 0.
    public var velocity: Double?
    public var effort: Double?
  }

  /// This joint's position is `multiplier` times the other's, plus `offset`.
  public struct Mimic: Equatable, Sendable {
    /// Index in `joints`.
    public var joint: Int
    public var multiplier: Double
    public var offset: Double
  }

  /// The joint that holds a link; `nil` for the root.
  public func joint(holding link: Int) -> Int? { joints.firstIndex { $0.child == link } }

  public func link(named name: String) -> Int? { links.firstIndex { $0.name == name } }

  public func joint(named name: String) -> Int? { joints.firstIndex { $0.name == name } }
}
