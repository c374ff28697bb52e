import ODCVCore

/// An imported arm with its fit and all that a robot file says: ready to be written.
public struct FittedModel: Sendable {
  public var arm: ImportedModel
  /// One for each link with a shape, in link order.
  public var fits: [FittedLink]
  public var limits: [JointLimits]
  public var declarations: Declarations

  /// Takes the fit, and drops from the self pairs those whose capsules overlap in every pose: the arm could never move.
  ///
  /// Poses are the points of a Halton sequence over the joint ranges. Pairs that overlap in more than half of them stay and are
  /// named in the notes.
  public init(_ arm: ImportedModel, fits: [FittedLink], limits: [JointLimits], declarations: Declarations) {
    self.arm = arm
    self.fits = fits
    self.limits = limits
    self.declarations = declarations
    dropPermanentPairs()
  }

  /// As the core takes it.
  public var robot: RobotModel {
    var capsules: [LinkCapsule] = []
    var hulls: [ConvexHull] = []
    for fit in fits {
      for cell in fit.cells {
        capsules.append(LinkCapsule(link: fit.link, capsule: cell.capsule, fitGap: cell.capsuleGap, hull: hulls.count))
        hulls.append(cell.hull)
      }
    }
    return RobotModel(
      name: arm.name,
      joints: zip(arm.joints, limits).map { Joint(name: $0.name, kind: $0.kind, axis: $0.axis, limits: $1) },
      links: arm.links.map {
        Link(name: $0.name, parent: $0.parent, origin: $0.origin.pose, joint: $0.joint, ratio: $0.ratio, offset: $0.offset)
      },
      capsules: capsules, selfPairs: arm.selfPairs, toolCentrePoint: declarations.toolCentrePoint,
      tracking: declarations.tracking, stopping: declarations.stopping, measurement: declarations.measurement,
      inverseKinematics: declarations.inverseKinematics, hulls: hulls)
  }

  public var certificate: Certificate {
    Certificate(
      links: fits.map { fit in
        let link = arm.links[fit.link]
        return LinkCertificate(link: link.name, elements: link.elements.map(\.reference), cutting: fit.cutting)
      })
  }

  private static let poses = 256

  private mutating func dropPermanentPairs() {
    let robot = robot
    var touching = [Int](repeating: 0, count: robot.selfPairs.count)
    var posture = Posture(for: robot)
    for number in 1...Self.poses {
      posture.place(robot, at: Self.configuration(robot, number))
      for (index, pair) in robot.selfPairs.enumerated() where Self.touch(pair, robot, posture) { touching[index] += 1 }
    }
    var kept: [SelfPair] = []
    for (pair, count) in zip(robot.selfPairs, touching) {
      let (first, second) = (arm.links[pair.first].name, arm.links[pair.second].name)
      if count == Self.poses {
        arm.uncheckedPairs.append(
          UncheckedPair(first: first, second: second, reason: "their capsules overlap in every pose"))
        continue
      }
      kept.append(pair)
      if 2 * count > Self.poses {
        arm.notes.append(
          "the capsules of `\(first)` and `\(second)` overlap in \(100 * count / Self.poses) % of all poses: where the links "
            + "themselves can never meet, disable the pair in an SRDF")
      }
    }
    arm.selfPairs = kept
  }

  private static func touch(_ pair: SelfPair, _ robot: RobotModel, _ posture: Posture) -> Bool {
    for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
      for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
        if nearest(posture.capsules[first], to: posture.capsules[second]).distance < 0 { return true }
      }
    }
    return false
  }

  private static func configuration(_ robot: RobotModel, _ number: Int) -> JointVector {
    let bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
    return JointVector(
      robot.joints.enumerated().map { index, joint in
        var (fraction, step, rest) = (0.0, 1.0, number)
        let base = bases[index % bases.count]
        while rest > 0 {
          step /= Double(base)
          fraction += step * Double(rest % base)
          rest /= base
        }
        return joint.limits.lower + fraction * (joint.limits.upper - joint.limits.lower)
      })
  }
}
