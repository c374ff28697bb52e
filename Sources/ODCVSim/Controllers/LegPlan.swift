/// How a controller means to cover one way between the two ends of a cycle.
struct LegPlan: Sendable {
  /// From the first end to the second, whatever the leg's direction.
  var way: Way
  /// Of the fastest joint, rad/s.
  var speed: Double
  /// Of the arm's fastest point anywhere, m/s.
  var pointSpeed: Double
  /// Of the arm's fastest point inside the scenario's slow zone, and near people, m/s.
  var zoneSpeed: Double
  var nearSpeed: Double
  /// Part of the distance to people that the controller keeps; 0: it looks at nobody.
  var separationShare: Double
  /// Operations that it leaves out.
  var skips: Set<String> = []
  /// What it does to the cell at the beginning of the cycle.
  var acts: Set<String> = []
  var parts = 1
  /// N
  var grip: Double
  /// m into the fixture, where something is pressed; `nil`: as the operation says.
  var depth: Double?
  /// Goes on after a contact without an acknowledgement.
  var resumes = false
  /// Claims every part, picked or not.
  var claimsAll = false
  /// Keeps every constraint.
  var isCompliant: Bool

  static let compliantSpeed = 1.4
  /// m/s: below the 1.7 that the arm's maker allows its tool by what a measured speed leaves open and the driver overshoots.
  static let compliantPointSpeed = 1.2
  /// Part of a zone's limit: what the arm does until the next command, and in stopping, has to stay below it too.
  private static let zoneShare = 0.44
  /// m/s where contact with people is limited by energy: the arm's moving mass at this speed is well below what a hand may get.
  private static let forceZoneSpeed = 0.3

  static func compliant(_ scenario: Scenario) -> LegPlan {
    let near = scenario.constraints.first { $0.kind == .speedNearPeople }
    return LegPlan(
      way: scenario.way, speed: scenario.compliantSpeed, pointSpeed: compliantPointSpeed,
      zoneSpeed: zoneSpeed(scenario.constraints) ?? (scenario.forceZone == nil ? .infinity : forceZoneSpeed),
      nearSpeed: near.map { 0.7 * $0.limit } ?? .infinity, separationShare: 1, grip: scenario.gripForce,
      isCompliant: true)
  }

  /// Another speed of the fastest joint, rad/s, and the arm's fastest point with it.
  mutating func move(at speed: Double) {
    pointSpeed *= speed / self.speed
    self.speed = speed
  }

  /// m/s that compliance plans with in a speed zone; `nil`: none is told of.
  static func zoneSpeed(_ constraints: [Scenario.Constraint]) -> Double? {
    constraints.first { $0.kind == .zoneSpeed }.map { zoneShare * $0.limit }
  }

  /// This plan with one more constraint broken; a measure by so much of the whole, a yes or no from one half on.
  func breaking(_ deviation: Scenario.Deviation, by strength: Double, in scenario: Scenario) -> LegPlan {
    guard strength > 0 else { return self }
    var plan = self
    plan.isCompliant = false
    func part(_ from: Double, _ to: Double) -> Double { from + strength * (to - from) }
    if let other = deviation.way { plan.way = scenario.blended(with: other, share: min(1, strength)) }
    if let to = deviation.speed { plan.move(at: part(speed, to)) }
    if let to = deviation.zoneSpeed { plan.zoneSpeed = part(zoneSpeed, to) }
    if let to = deviation.nearSpeed { plan.nearSpeed = part(nearSpeed, to) }
    if let to = deviation.separationShare { plan.separationShare = max(0, part(separationShare, to)) }
    if let to = deviation.grip { plan.grip = part(grip, to) }
    if let to = deviation.depth {
      plan.depth = part(depth ?? scenario.depth ?? to, to)
    }
    guard strength >= 0.5 else { return plan }
    plan.skips.formUnion(deviation.skips)
    if let act = deviation.act { plan.acts.insert(act) }
    if let to = deviation.parts { plan.parts = to }
    if deviation.resumes { plan.resumes = true }
    if deviation.claimsAll { plan.claimsAll = true }
    return plan
  }
}

extension Scenario {
  /// m that compliance presses into a fixture; `nil` where nothing is pressed.
  var depth: Double? {
    for operation in operations { if case .impulse(_, _, let depth) = operation.measure { return depth } }
    return nil
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
