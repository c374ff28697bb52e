#if canImport(Glibc)
  import Glibc
#endif
import ODCVWire

/// A part of a simulated person: a capsule that recoils as the contact model of ISO/TS 15066, annex A, has it.
struct BodyPart: Sendable {
  /// As contacts name it: `person/<name>`.
  var name: String
  var region: PeopleMessage.BodyRegion
  var radius: Double
  /// Spring constant of the region, N/m.
  var stiffness: Double
  /// Effective mass of the region, kg.
  var mass: Double

  /// Spring constants and effective masses per body region as ISO/TS 15066:2016, annex A, has them. A leg moves as one
  /// capsule; it is reported and modelled as a thigh. Radii: rounded from common anthropometric dimensions.
  static let all: [BodyPart] = [
    BodyPart(name: "torso", region: .chest, radius: 0.16, stiffness: 25e3, mass: 40),
    BodyPart(name: "head", region: .skull, radius: 0.11, stiffness: 150e3, mass: 4.4),
    BodyPart(name: "upper_arm_left", region: .upperArm, radius: 0.05, stiffness: 30e3, mass: 3),
    BodyPart(name: "upper_arm_right", region: .upperArm, radius: 0.05, stiffness: 30e3, mass: 3),
    BodyPart(name: "forearm_left", region: .forearm, radius: 0.045, stiffness: 40e3, mass: 2),
    BodyPart(name: "forearm_right", region: .forearm, radius: 0.045, stiffness: 40e3, mass: 2),
    BodyPart(name: "hand_left", region: .hand, radius: 0.04, stiffness: 75e3, mass: 0.6),
    BodyPart(name: "hand_right", region: .hand, radius: 0.04, stiffness: 75e3, mass: 0.6),
    BodyPart(name: "leg_left", region: .thigh, radius: 0.08, stiffness: 50e3, mass: 75),
    BodyPart(name: "leg_right", region: .thigh, radius: 0.08, stiffness: 50e3, mass: 75),
  ]
}

/// Where the parts' axes are: pairs of ends in the base frame, in the order of `BodyPart.all`.
struct BodyPose: Sendable {
  var ends: [(a: Vector, b: Vector)]

  /// A person who stands at `at` on the floor, facing along `facing` (rad about z), arms hanging, legs turned by `stride`
  /// rad about the hips. `right` gives elbow, wrist and finger tips of the right arm when it does something else.
  static func standing(
    at foot: Vector, facing: Double, stride: Double, right: (elbow: Vector, wrist: Vector, tips: Vector)? = nil
  ) -> BodyPose {
    let (s, c) = (sin(facing), cos(facing))
    func place(_ forward: Double, _ left: Double, _ up: Double) -> Vector {
      foot + Vector(c * forward - s * left, s * forward + c * left, up)
    }
    // Heights of shoulder, elbow, wrist, hip over the floor, m.
    let swing = 0.30 * sin(stride)
    let leg = 0.75 * sin(stride)
    let shoulderRight = place(0, -0.22, 1.38)
    let arm = right ?? (place(swing * 0.5, -0.24, 1.10), place(swing, -0.24, 0.86), place(swing * 1.2, -0.24, 0.70))
    return BodyPose(ends: [
      (place(0, 0, 0.98), place(0, 0, 1.36)),
      (place(0, 0, 1.62), place(0, 0, 1.68)),
      (place(0, 0.22, 1.38), place(-swing * 0.5, 0.24, 1.10)),
      (shoulderRight, arm.elbow),
      (place(-swing * 0.5, 0.24, 1.10), place(-swing, 0.24, 0.86)),
      (arm.elbow, arm.wrist),
      (place(-swing, 0.24, 0.86), place(-swing * 1.2, 0.24, 0.70)),
      (arm.wrist, arm.tips),
      (place(0, 0.10, 0.90), place(leg, 0.10, 0.10)),
      (place(0, -0.10, 0.90), place(-leg, -0.10, 0.10)),
    ])
  }
}
