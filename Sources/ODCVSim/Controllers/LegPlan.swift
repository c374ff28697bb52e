/// How a controller means to cover one way between the two ends of a cycle.
struct LegPlan: Sendable {
  /// From the first end to the second, whatever the leg's direction.
  var way: Way
  /// Of the fastest joint, rad/s.
  var speed: Double
  /// Of the arm's fastest point inside the scenario's speed zone, m/s.
  var zoneSpeed: Double
  /// Part of the distance to people that the controller keeps; 0: it looks at nobody.
  var separationShare: Double
  /// Keeps every constraint.
  var isCompliant: Bool

  static let compliantSpeed = 1.4
  static let compliantZoneSpeed = 0.11

  static func compliant(_ scenario: Scenario) -> LegPlan {
    LegPlan(
      way: scenario.way, speed: compliantSpeed, zoneSpeed: compliantZoneSpeed, separationShare: 1, isCompliant: true)
  }
}

/// How the arm's driver answers a target, as its maker states it: what a controller needs to choose how far ahead to aim.
enum DriverModel {
  /// s
  static let responseTime = 0.05
  /// rad/s²
  static let deceleration = 6.0

  /// Distance of a target that the driver approaches with `speed`, rad.
  static func lookahead(_ speed: Double) -> Double {
    let a = deceleration * 0.97
    let slow = a * responseTime
    return speed <= slow
      ? speed * responseTime : speed * speed / (2 * a) + a * responseTime * responseTime / 2
  }
}
