/// The simulated arm's driver: turns position targets into a reference motion.
///
/// What it promises (and a test verifies over random commands):
/// - the reference stays within 4 mrad of the hull of: where it was when the target came, where braking from there would
///   have brought it, the target;
/// - towards a target no joint is commanded faster than the distance left (of the joint that has farthest to go) divided
///   by `responseTime`, nor faster than it can stop within that distance;
/// - towards a commanded velocity all joints change together, none harder than `acceleration`; no joint goes beyond its speed;
/// - an effort accelerates no joint harder than that either: one that asks for more is scaled;
/// - a stop takes max over joints of |v| / `deceleration`, all joints together along the path.
struct DriverLaw: Sendable {
  struct Parameters: Sendable {
    /// s
    var responseTime = 0.05
    /// rad/s², of every joint, speeding up and slowing down: below every acceleration limit that Franka publishes for the
    /// Panda (7.5 rad/s², joint 2, is the least).
    var acceleration = 6.0
    /// The part of it that the approach to a target plans with; the rest absorbs the steps of the clock.
    var planned = 0.97
    /// rad/s per joint: Franka's published limits for the Panda.
    var velocity: [Double] = [2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61]
  }

  /// rad/s
  private static let smallRest = 0.1
  private static let turnShare = 0.25
  private static let brink = 0.86

  let parameters: Parameters
  private(set) var position: [Double]
  private(set) var velocity: [Double]
  /// `nil` while braking, and after.
  private(set) var target: [Double]?
  /// Of the last step, rad/s².
  private(set) var acceleration: [Double]

  init(parameters: Parameters = Parameters(), at position: [Double], velocity: [Double]? = nil) {
    self.parameters = parameters
    self.position = position
    acceleration = [Double](repeating: 0, count: position.count)
    self.velocity = velocity ?? acceleration
    target = position
  }

  /// rad/s that no joint is commanded beyond on its way to a target, whatever its own limit.
  var speedLimit = Double.infinity
  /// rad/s; `nil` unless a velocity is followed.
  private(set) var rate: [Double]?
  /// What the followed effort would do now, rad/s²; `nil` unless one is followed.
  private(set) var thrust: [Double]?

  mutating func aim(at target: [Double]) {
    stop()
    self.target = target
  }

  mutating func turn(at rate: [Double]) {
    stop()
    // No joint beyond its speed, in the same direction.
    var share = 1.0
    for j in rate.indices where rate[j] != 0 { share = min(share, parameters.velocity[j] / abs(rate[j])) }
    self.rate = rate.map { share * $0 }
  }

  mutating func push(with acceleration: [Double]) {
    stop()
    thrust = acceleration
  }

  /// Brakes along the path and holds where that ends, until the next order.
  mutating func stop() {
    target = nil
    rate = nil
    thrust = nil
  }

  mutating func step(_ dt: Double) {
    let change = target.map { approach($0, dt) } ?? rate.map { turning($0, dt) } ?? thrust.map { pushed($0, dt) } ?? braking(dt)
    for j in position.indices {
      velocity[j] += change[j]
      acceleration[j] = change[j] / dt
      position[j] += velocity[j] * dt
    }
  }

  /// All joints change together, so that velocities go a straight line.
  private func turning(_ rate: [Double], _ dt: Double) -> [Double] {
    let farthest = zip(rate, velocity).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let part = farthest > 0 ? min(1, parameters.acceleration * dt / farthest) : 0
    return zip(rate, velocity).map { part * ($0 - $1) }
  }

  private func pushed(_ acceleration: [Double], _ dt: Double) -> [Double] {
    let most = acceleration.reduce(0) { max($0, abs($1)) }
    let share = most > parameters.acceleration ? parameters.acceleration / most : 1
    let change = acceleration.map { share * $0 * dt }
    for j in change.indices where abs(velocity[j] + change[j]) > parameters.velocity[j] { return braking(dt) }
    return change
  }

  /// All joints slow down together, so that the way is straight.
  private func braking(_ dt: Double) -> [Double] {
    let fastest = velocity.reduce(0) { max($0, abs($1)) }
    let part = fastest > 0 ? min(1, parameters.acceleration * dt / fastest) : 0
    return velocity.map { -part * $0 }
  }

  /// The gain k of u = k d: the greatest speed towards the target that still can stop in it, and keeps every joint's limit.
  private func gain(_ d: [Double]) -> Double {
    let tau = parameters.responseTime
    let a = parameters.acceleration * parameters.planned
    var gain = 1 / tau
    for j in d.indices {
      let left = abs(d[j])
      if left > a * tau * tau {
        // Joined to left / tau with equal speed and slope, so that slowing down never asks for more than a.
        gain = min(gain, (2 * a * (left - a * tau * tau / 2)).squareRoot() / left)
      }
      if left > 0 { gain = min(gain, min(speedLimit, parameters.velocity[j]) / left) }
    }
    return gain
  }

  private func approach(_ target: [Double], _ dt: Double) -> [Double] {
    let count = position.count
    let budget = parameters.acceleration * dt
    var d = [Double](repeating: 0, count: count)
    var dd = 0.0
    var vd = 0.0
    for j in 0..<count {
      d[j] = target[j] - position[j]
      dd += d[j] * d[j]
      vd += velocity[j] * d[j]
    }
    guard dd > 1e-18 else { return braking(dt) }
    let k = gain(d)
    // The velocity in two parts: towards the target (c d), and the rest.
    let c = max(0, vd / dd)
    var rest = 0.0
    var fastest = 0.0
    for j in 0..<count {
      rest = max(rest, abs(velocity[j] - c * d[j]))
      fastest = max(fastest, abs(velocity[j]))
    }
    // While the rest is great, turning would carry the arm out of the hull: brake along the path. While it is middling,
    // brake the rest and don't speed up. A small rest is gone before it has moved the arm by a milliradian.
    let isSmall = rest <= Self.smallRest
    if !isSmall, rest > fastest * Self.turnShare { return braking(dt) }
    // Close to the speed from which it just stops in the target, the way to stop comes before the direction.
    if rest > budget {
      if c > k * Self.brink { return braking(dt) }
      let a = parameters.acceleration * parameters.planned
      for j in 0..<count where velocity[j] * d[j] > 0 && abs(velocity[j]) > Self.smallRest {
        if velocity[j] * velocity[j] > 2 * a * abs(d[j]) * Self.brink * Self.brink { return braking(dt) }
      }
    }
    var change = [Double](repeating: 0, count: count)
    if rest > 0 {
      let part = min(1, budget / rest)
      for j in 0..<count { change[j] = -part * (velocity[j] - c * d[j]) }
    }
    if c > k {
      // Too fast for what is left: slowing down comes first.
      var full = 0.0
      for j in 0..<count { full = max(full, abs(change[j] + (k - c) * d[j])) }
      if full > budget { return braking(dt) }
      for j in 0..<count { change[j] += (k - c) * d[j] }
      return change
    }
    guard isSmall else { return change }
    // What the braking left of each joint's budget goes into speeding up.
    var gainStep = k - c
    for j in 0..<count where d[j] != 0 {
      let room = d[j] > 0 ? budget - change[j] : -budget - change[j]
      gainStep = min(gainStep, room / d[j])
    }
    if gainStep > 0 { for j in 0..<count { change[j] += gainStep * d[j] } }
    return change
  }
}
