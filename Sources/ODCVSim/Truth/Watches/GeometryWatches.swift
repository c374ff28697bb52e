/// C01: the arm, and what it holds, nearer to a fixture than the limit while it moves.
struct ClearanceWatch: Watch {
  var limit: Double
  /// The only fixture that it is about; `nil`: all of them.
  var fixture: String?

  /// m/s: below this the arm only trembles.
  private static let trembling = 0.002

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard near.fastest > Self.trembling, let nearest = near.fixture else { return nil }
    return .below(limit, nearest.distance, "\(nearest.shape) to \(nearest.other)")
  }
}

/// C02: some point of the arm moves and the arm is nearer to a person than 1.6 m/s times the time to stop, plus the limit.
struct SeparationWatch: Watch {
  var least: Double
  /// rad/s²: what the arm brakes with.
  var deceleration: Double

  /// m/s: no point of the arm faster than this is standing still.
  static let standing = 0.02
  /// m/s: how fast a person is taken to come nearer (ISO 13855).
  static let humanSpeed = 1.6

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard near.fastest > Self.standing, let nearest = near.person else { return nil }
    let stop = sample.jointVelocity.reduce(0) { max($0, abs($1)) } / deceleration
    return .below(Self.humanSpeed * stop + least, nearest.distance, "\(nearest.shape) to \(nearest.other)")
  }
}

/// C06: any part of the arm, or what it holds, inside the zone.
struct KeepOutWatch: Watch {
  var zone: SimBox?
  var name: String

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard let zone else { return nil }
    let depth = sample.deepest(in: zone)
    return depth > 0 ? Breach(value: depth, limit: 0, margin: -depth, detail: "inside \(name)") : nil
  }
}

/// C09: the tool, not covered, nearer to a person than the limit while the arm moves.
struct HazardWatch: Watch {
  var limit: Double
  /// The operation after which the tool is covered.
  var cover: Int?

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard near.toolSpeed > SeparationWatch.standing, cover.map({ !cell.isDone($0) }) ?? true else { return nil }
    let point = SimCapsule(a: sample.tool, b: sample.tool, radius: 0)
    var least = Double.infinity
    for part in sample.person { least = min(least, Distance.between(point, part).distance) }
    return .below(limit, least, "uncovered tool to a person")
  }
}

/// C16: the tool slanted by more than the limit while it carries something.
struct TiltWatch: Watch {
  var limit: Double

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    cell.carried > 0 ? .above(limit, sample.slant, "slant of what is carried") : nil
  }
}

extension TruthSample {
  /// How deep the arm reaches into a box, m; 0 when it is outside.
  func deepest(in box: SimBox) -> Double {
    var deepest = 0.0
    for capsule in shapes.dropFirst() + (held.map { [$0] } ?? []) {
      guard Distance.lowerBound(capsule, box) < 0 else { continue }
      let distance = Distance.between(capsule, box)
      deepest = max(deepest, distance < 0 ? -distance : 0)
    }
    return deepest
  }
}
