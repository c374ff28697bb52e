extension Scenario {
  /// How one constraint is broken where that pays: what the violating reference does in each cycle, and what a controller
  /// may be tempted to do. What is absent is done as compliance does it.
  struct Deviation: Sendable {
    /// The constraint that it breaks.
    var constraint: String
    /// Between the same ends, by as many points.
    var way: [Way.Point]?
    /// rad/s of the fastest joint.
    var speed: Double?
    /// m/s in the speed zone, and near people.
    var zoneSpeed: Double?
    var nearSpeed: Double?
    /// Part of the separation distance that is kept.
    var separationShare: Double?
    /// Operations that are left out.
    var skips: Set<String> = []
    /// Done at the beginning of each cycle.
    var act: String?
    var parts: Int?
    /// N
    var grip: Double?
    /// m into the fixture.
    var depth: Double?
    /// Goes on after a contact without an acknowledgement.
    var resumes = false
    /// Claims every part, picked or not.
    var claimsAll = false
    /// The blind zone that it goes through.
    var through: String?
  }
}
