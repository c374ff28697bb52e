/// What the oracle sees of one physics step; m, s, rad/s, N. All of it is the simulator's own truth, free of noise and delay.
struct TruthSample {
  var nanoseconds: Int64
  var dt: Double
  /// The arm's shapes now and one step ago, in the order of the scene.
  var shapes: [SimCapsule]
  var before: [SimCapsule]
  /// What the gripper holds, and where that was.
  var held: SimCapsule?
  var heldBefore: SimCapsule?
  var tool: Vector
  var toolBefore: Vector
  /// rad between the tool's axis and straight down
  var slant: Double
  var jointVelocity: [Double]
  var person: [SimCapsule]
  /// Force of the last step on a fixture by its name, and the greatest on a person.
  var forces: [String: Double]
  var forceOnPerson: Double
}

/// Distances and speeds of one step that several watches ask for.
struct Nearness {
  /// The arm's fastest point, m/s.
  var fastest: Double
  var toolSpeed: Double
  /// Nearest fixture, and nearest part of a person that is not free to be touched; m.
  var fixture: (distance: Double, shape: String, other: String)?
  var person: (distance: Double, shape: String, other: String)?
}
