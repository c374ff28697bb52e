import ODCVCore

/// An arm taken from a robot's description: joints in the order of the chain, links from the base outwards, and the surface of
/// every link in its own frame. Metres, radians and their rates.
public struct ImportedModel: Sendable {
  public var name: String
  public var joints: [ImportedJoint]
  /// Parents before children; the first is the base.
  public var links: [ImportedLink]
  /// Index of the link at the arm's end, whose frame is the tool centre point.
  public var tip: Int
  /// Pairs of links that can come near each other, nearer to the base first.
  public var selfPairs: [SelfPair]
  /// Pairs that nobody checks, and why.
  public var uncheckedPairs: [UncheckedPair]
  /// What deserves a second look, in words.
  public var notes: [String]

  /// The model as the certificate's checker takes it.
  public var described: DescribedRobot {
    DescribedRobot(
      links: links.map { link in
        let joint = link.joint.map { index in
          let joint = joints[index]
          return DescribedJoint(
            name: joint.name, kind: joint.kind, axis: joint.axis, ratio: link.ratio, offset: link.offset,
            lower: joint.lower, upper: joint.upper, velocity: joint.velocity ?? .infinity,
            effort: joint.effort ?? .infinity)
        }
        return DescribedLink(
          name: link.name, parent: link.parent.map { links[$0].name }, origin: link.origin.pose, joint: joint,
          elements: link.elements.map { DescribedElement(reference: $0.reference, mesh: $0.mesh) })
      })
  }
}

public struct ImportedJoint: Sendable {
  public var name: String
  public var kind: Joint.Kind
  /// Unit vector in the frame of the link that it moves.
  public var axis: Vector3
  /// Infinite for a continuous joint.
  public var lower: Double
  public var upper: Double
  /// `nil` where the description says none.
  public var velocity: Double?
  public var effort: Double?

  public var isContinuous: Bool { !lower.isFinite }
}

public struct ImportedLink: Sendable {
  public var name: String
  public var parent: Int?
  /// Frame before the joint moves, in the parent's.
  public var origin: RobotDescription.Placement
  /// Index in `joints` of what moves this link; `nil` when it is fixed to its parent.
  public var joint: Int?
  /// The link moves by `ratio` · position + `offset` of its joint; 1 and 0 unless it mimics.
  public var ratio: Double
  public var offset: Double
  public var elements: [ImportedElement]
  /// Why there are no elements.
  public var withoutShape: String?
  /// kg; `nil` where the description says none, or 0.
  public var mass: Double?
}

/// One collision shape of a link.
public struct ImportedElement: Sendable {
  public var reference: MeshReference
  /// Of `reference.origin`, in the numbers of the description.
  public var origin: RobotDescription.Placement
  /// In the link's frame, swept.
  public var mesh: TriangleMesh
  /// Of the shape before it is swept.
  public var report: MeshReport
  /// The widest hole of a mesh that is not closed, m.
  public var widestHole: Double
}

/// A pair of links whose clearance to each other is not checked.
public struct UncheckedPair: Equatable, Sendable {
  public var first: String
  public var second: String
  public var reason: String

  public init(first: String, second: String, reason: String) {
    self.first = first
    self.second = second
    self.reason = reason
  }
}
