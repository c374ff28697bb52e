import ODCVCore

/// What a fitted robot file says about where its shapes come from, enough to check them again without the fit.
public struct Certificate: Equatable, Sendable {
  /// Each link that carries a shape.
  public var links: [LinkCertificate]

  public init(links: [LinkCertificate]) { self.links = links }
}

/// The collision elements of one link and how they were cut. The link's capsules, in order, hold the cells of the
/// cuttings, in order; so do the hulls that the capsules name.
public struct LinkCertificate: Equatable, Sendable {
  public var link: String
  public var elements: [MeshReference]
  public var cutting: [ElementCutting]

  public init(link: String, elements: [MeshReference], cutting: [ElementCutting]) {
    self.link = link
    self.elements = elements
    self.cutting = cutting
  }
}

/// A collision element by its file, and where it stands in the link.
public struct MeshReference: Equatable, Sendable {
  /// As the URDF names it, relative to its package; for a primitive what it is, such as `box 0.1 0.2 0.3`.
  public var file: String
  public var scale: Vector3
  public var origin: Pose
  /// Of the file's bytes, lower-case hexadecimal; of `file`'s UTF-8 for a primitive.
  public var sha256: String

  public init(file: String, scale: Vector3, origin: Pose, sha256: String) {
    self.file = file
    self.scale = scale
    self.origin = origin
    self.sha256 = sha256
  }
}

/// A robot's description as read again from its URDF and meshes: what a certificate is checked against.
public struct DescribedRobot: Sendable {
  /// The base and every link that moves or carries shapes, in any order.
  public var links: [DescribedLink]

  public init(links: [DescribedLink]) { self.links = links }
}

public struct DescribedLink: Sendable {
  public var name: String
  /// `nil` for the root.
  public var parent: String?
  /// Frame before the joint moves, in the parent.
  public var origin: Pose
  /// `nil` when fixed to the parent.
  public var joint: DescribedJoint?
  public var elements: [DescribedElement]

  public init(name: String, parent: String?, origin: Pose, joint: DescribedJoint?, elements: [DescribedElement]) {
    self.name = name
    self.parent = parent
    self.origin = origin
    self.joint = joint
    self.elements = elements
  }
}

public struct DescribedJoint: Sendable {
  /// Of the joint that is driven: for a joint that mimics another, the other's name.
  public var name: String
  public var kind: Joint.Kind
  public var axis: Vector3
  /// 1 and 0 for a driven joint.
  public var ratio: Double
  public var offset: Double
  /// Of the driven joint, SI units; infinite where the description sets none (a continuous joint's position).
  public var lower: Double
  public var upper: Double
  public var velocity: Double
  public var effort: Double

  public init(
    name: String, kind: Joint.Kind, axis: Vector3, ratio: Double = 1, offset: Double = 0, lower: Double, upper: Double,
    velocity: Double, effort: Double
  ) {
    self.name = name
    self.kind = kind
    self.axis = axis
    self.ratio = ratio
    self.offset = offset
    self.lower = lower
    self.upper = upper
    self.velocity = velocity
    self.effort = effort
  }
}

/// One collision element: the reference as the description gives it now, and its surface in the link's frame.
public struct DescribedElement: Sendable {
  public var reference: MeshReference
  public var mesh: TriangleMesh

  public init(reference: MeshReference, mesh: TriangleMesh) {
    self.reference = reference
    self.mesh = mesh
  }
}
