/// An operator's order to let the arm move out: somebody is pinned. It is in force from its receipt for as long as
/// `motion.release` allows; what would lead farther or faster than that allows is held back by the rules.
struct ReleaseWatch: Sendable {
  /// s
  private let greatestTime: Double
  /// Numbers of orders only grow: one that was seen is never taken again.
  private var last: UInt64 = 0
  /// When the order in force came, and where the tool centre point was then, m.
  private var inForce: (began: MonoInstant, origin: Vector3)?
  /// `nil`: none in force.
  var origin: Vector3? { inForce?.origin }

  init(_ limits: Limits) { greatestTime = limits[.motionRelease, "time_s"] }

  mutating func begin(_ order: Release, from origin: Vector3, at now: MonoInstant) {
    guard order.number > last else { return }
    last = order.number
    inForce = (now, origin)
  }

  /// Number of the order in force; 0: none.
  var number: UInt64 { origin == nil ? 0 : last }

  mutating func expire(at now: MonoInstant) {
    guard let inForce else { return }
    let passed = now.seconds(since: inForce.began)
    if !(passed >= 0 && passed <= greatestTime) { self.inForce = nil }
  }
}
