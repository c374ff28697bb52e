/// What becomes of the pairs that may fail along a motion: how many there are, up to where none does, and whether the motion
/// gets the arm out of them.
struct FailingPairs {
  /// Distances of one pair less the capsule's radius, m: where the arm is now, the least on the way to the end of what is
  /// commanded, and there.
  struct Course {
    var now: Double
    var onTheWay: Double
    var end: Double
  }

  /// What samples do not show of a way, m: a pair counts as nearer, or as farther, only beyond it.
  static let unseen = 0.0005

  private(set) var count: UInt32 = 0
  /// Share of the commanded way up to which no pair fails.
  private(set) var passable = 1.0
  /// A pair gets nearer, or did not fail before.
  private var worsens = false
  /// The pair that is nearest now.
  private var nearest: Course?

  /// Every pair failed where the arm is now already, none of them gets nearer, and the nearest gets farther away.
  var isLeft: Bool {
    guard !worsens, let nearest else { return false }
    return nearest.end > nearest.now + FailingPairs.unseen
  }

  /// - `loose`: by how much the pair may be nearer than that, m.
  /// - `requirement`: m
  mutating func add(_ course: Course, loose: Double, requirement: Double) {
    count += 1
    let failsNow = course.now - loose < requirement
    // Written so that what is no number is nearer.
    let keepsAway = course.onTheWay > course.now - FailingPairs.unseen && course.end > course.now - FailingPairs.unseen
    if !(failsNow && keepsAway) { worsens = true }
    if let nearest, nearest.now <= course.now { return }
    nearest = course
  }

  /// The way is passable up to the first interval that may fail; what is reached even by braking now is no matter of the
  /// command.
  ///
  /// - `distances`: lower bounds over the intervals, m, one fewer than `parameters`: the places of the samples.
  mutating func limit(
    _ distances: SIMD16<Double>, below requirement: Double, at parameters: SIMD16<Double>, brakesAt: Double
  ) {
    guard let first = (0..<Path.samples - 1).first(where: { !(distances[$0] >= requirement) }) else { return }
    passable = min(passable, parameters[first] > brakesAt ? parameters[first] : 0)
  }
}
