import ODCVCore
import ODCVYAML

/// Refuses numbers that no arm or cell has, because they are in another unit than their key says.
///
/// The bounds are wide: well beyond any industrial arm, and well below what degrees, millimetres or milliseconds make of
/// ordinary values.
enum Plausibility {
  /// m: half the side of the largest cell.
  private static let reach = 20.0
  /// rad/s and rad/s²
  private static let jointSpeed = 30.0
  private static let jointAcceleration = 300.0
  /// s
  private static let age = 5.0

  static func check(_ robot: RobotModel, _ map: YAMLMap) throws(ConfigError) {
    for (index, joint) in robot.joints.enumerated() where joint.kind == .revolute {
      if joint.limits.velocity > jointSpeed {
        throw map.error(
          "joints", "`\(joint.name)` turns at \(joint.limits.velocity) rad/s, more than \(jointSpeed)",
          "write its velocity limit in rad/s, not in degrees")
      }
      for (key, value) in [
        ("stopping", robot.stopping.deceleration[index]), ("tracking", robot.tracking.acceleration[index]),
      ] where value > jointAcceleration {
        throw map.error(
          key, "`\(joint.name)` changes its speed by \(value) rad/s², more than \(jointAcceleration)",
          "write it in rad/s², not in degrees")
      }
    }
  }

  static func check(_ cell: Cell, _ map: YAMLMap) throws(ConfigError) {
    for obstacle in cell.obstacles where !isNear(obstacle.solid) {
      throw map.error(
        "obstacles", "`\(obstacle.name)` lies or reaches more than \(reach) m from the arm's base",
        "write metres, not millimetres, in the base frame")
    }
    for zone in cell.zones where !isNear(.box(zone.box)) {
      throw map.error(
        "zones", "`\(zone.name)` lies or reaches more than \(reach) m from the arm's base",
        "write metres, not millimetres, in the base frame")
    }
    let inputs = [("inputs", cell.stateInput)] + cell.peopleSensors.map { ("people_sensors", $0.input) }
      + cell.obstacleSensors.map { ("obstacle_sensors", $0.input) }
    for (key, input) in inputs where input.maxAge > age {
      throw map.error(
        key, "an input may be \(input.maxAge) s old, more than \(age)",
        "write max_age_s in seconds, not in milliseconds, as short as the source allows")
    }
  }

  private static func isNear(_ solid: Solid) -> Bool {
    switch solid {
    case .box(let box): near(box.pose.translation) && near(box.halfExtents)
    case .capsule(let capsule): near(capsule.a) && near(capsule.b) && capsule.radius <= reach
    case .halfSpace(let half): abs(half.offset) <= reach
    case .hull(let hull): hull.vertices.allSatisfy(near) && hull.padding <= reach
    }
  }

  private static func near(_ p: Vector3) -> Bool { abs(p.x) <= reach && abs(p.y) <= reach && abs(p.z) <= reach }
}
