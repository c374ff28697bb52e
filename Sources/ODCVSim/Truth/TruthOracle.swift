import ODCVWire

/// What the oracle sees of one physics step; m, s, rad/s. All of it is the simulator's own truth, free of noise and delay.
struct TruthSample {
  var nanoseconds: Int64
  var dt: Double
  /// The arm's shapes now and one step ago, in the order of the scene.
  var shapes: [SimCapsule]
  var before: [SimCapsule]
  var tool: Vector
  var toolBefore: Vector
  var jointVelocity: [Double]
  var person: [SimCapsule]
}

/// Judges every physics step by the scenario's constraints, knowing nothing of any monitor.
struct TruthOracle: Sendable {
  /// Parts of the arm and of the person that touch, for the contact model.
  struct Touch: Sendable {
    var shape: Int
    var part: Int
    var depth: Double
    /// From the part to the arm, unit length.
    var normal: Vector
    var point: Vector
  }

  private struct Open: Sendable {
    var from: Int64
    var to: Int64
    var worst: Double
    var limit: Double
    var margin: Double
    var detail: String
    var byArm: Bool
  }

  private let constraints: [Scenario.Constraint]
  private let boxes: [(name: String, box: SimBox)]
  private let shapes: [ArmModel.Shape]
  private let zones: [SimBox?]
  private let forceZone: SimBox?
  private var open: [Open?]
  /// Closed since the last drain.
  private var closed: [(constraint: Int, Open)] = []

  /// Of the last step, m; `nil` when there is nothing to be near to.
  private(set) var clearance: Double?
  private(set) var separation: Double?
  private(set) var touches: [Touch] = []
  /// Of the last step, m/s.
  private(set) var toolSpeed = 0.0

  /// m/s: no point of the arm faster than this is standing still.
  static let standing = 0.02
  /// m/s: how fast a person is taken to come nearer (ISO 13855).
  static let humanSpeed = 1.6
  /// rad/s²: what the arm brakes with.
  private let deceleration: Double

  init(_ scenario: Scenario, deceleration: Double) {
    constraints = scenario.constraints
    boxes = scenario.scene.obstacles
    shapes = scenario.scene.arm.shapes
    zones = scenario.constraints.map { scenario.zone($0.zone) }
    forceZone = scenario.zone(scenario.forceZone)
    open = [Open?](repeating: nil, count: scenario.constraints.count)
    self.deceleration = deceleration
  }

  mutating func observe(_ sample: borrowing TruthSample) {
    toolSpeed = length(sample.tool - sample.toolBefore) / sample.dt
    var fastest = toolSpeed
    for i in sample.shapes.indices where shapes[i].link > 0 {
      fastest = max(fastest, length(sample.shapes[i].a - sample.before[i].a) / sample.dt)
      fastest = max(fastest, length(sample.shapes[i].b - sample.before[i].b) / sample.dt)
    }
    let nearestBox = nearestBox(sample)
    clearance = nearestBox?.distance
    let nearestPart = nearestPart(sample)
    separation = nearestPart?.distance
    for (index, constraint) in constraints.enumerated() {
      switch constraint.kind {
      case .staticClearance:
        guard let near = nearestBox, near.distance < constraint.limit, fastest > 0.002 else {
          close(index)
          continue
        }
        report(
          index, sample.nanoseconds, value: near.distance, limit: constraint.limit,
          margin: near.distance - constraint.limit, "\(shapes[near.shape].name) to \(boxes[near.box].name)")
      case .humanSeparation:
        guard let near = nearestPart, fastest > Self.standing else {
          close(index)
          continue
        }
        let stop = sample.jointVelocity.reduce(0) { max($0, abs($1)) } / deceleration
        let required = Self.humanSpeed * stop + constraint.limit
        guard near.distance < required else {
          close(index)
          continue
        }
        report(
          index, sample.nanoseconds, value: near.distance, limit: required, margin: near.distance - required,
          "\(shapes[near.shape].name) to person/\(BodyPart.all[near.part].name)")
      case .zoneSpeed:
        guard let zone = zones[index] else { continue }
        let (speed, name) = fastestInside(zone, sample)
        guard speed > constraint.limit else {
          close(index)
          continue
        }
        report(
          index, sample.nanoseconds, value: speed, limit: constraint.limit, margin: constraint.limit - speed,
          "\(name) in \(constraint.zone ?? "")")
      }
    }
  }

  private mutating func report(
    _ index: Int, _ now: Int64, value: Double, limit: Double, margin: Double, _ detail: String
  ) {
    guard var running = open[index] else {
      open[index] = Open(
        from: now, to: now, worst: value, limit: limit, margin: margin, detail: detail, byArm: true)
      return
    }
    running.to = now
    if margin < running.margin {
      running.worst = value
      running.limit = limit
      running.margin = margin
      running.detail = detail
    }
    open[index] = running
  }

  private mutating func close(_ index: Int) {
    guard let running = open[index] else { return }
    closed.append((index, running))
    open[index] = nil
  }

  /// Violations that ended since the last call, then those that go on; one that goes on comes again, with the same start.
  mutating func drain() -> [TruthMessage.Violation] {
    var violations = closed.map { message($0.constraint, $0.1) }
    closed.removeAll(keepingCapacity: true)
    for (index, running) in open.enumerated() {
      if let running { violations.append(message(index, running)) }
    }
    return violations
  }

  private func message(_ index: Int, _ open: Open) -> TruthMessage.Violation {
    TruthMessage.Violation(
      constraint: constraints[index].id, fromNanoseconds: open.from, toNanoseconds: open.to, worst: open.worst,
      limit: open.limit, unit: constraints[index].unit, detail: open.detail, byArm: open.byArm)
  }

  // MARK: - Nearest pairs

  private func nearestBox(_ sample: borrowing TruthSample) -> (distance: Double, shape: Int, box: Int)? {
    var best: (distance: Double, shape: Int, box: Int)?
    for s in sample.shapes.indices where shapes[s].link > 0 {
      let capsule = sample.shapes[s]
      for b in boxes.indices {
        let box = boxes[b].box
        if let best, Distance.lowerBound(capsule, box) >= best.distance { continue }
        let distance = Distance.between(capsule, box)
        if distance < best?.distance ?? .infinity { best = (distance, s, b) }
      }
    }
    return best
  }

  private mutating func nearestPart(
    _ sample: borrowing TruthSample
  ) -> (distance: Double, shape: Int, part: Int)? {
    touches.removeAll(keepingCapacity: true)
    var best: (distance: Double, shape: Int, part: Int)?
    for p in sample.person.indices {
      let part = sample.person[p]
      let free = forceZone.map { $0.contains(part.a, inset: part.radius) && $0.contains(part.b, inset: part.radius) }
      let partCenter = (part.a + part.b) * 0.5
      let partExtent = length(part.b - part.a) * 0.5 + part.radius
      for s in sample.shapes.indices where shapes[s].link > 0 {
        let capsule = sample.shapes[s]
        let bound = length((capsule.a + capsule.b) * 0.5 - partCenter) - partExtent - capsule.radius
          - length(capsule.b - capsule.a) * 0.5
        if bound > 0, let best, bound >= best.distance { continue }
        let (distance, onArm, onPart) = Distance.between(capsule, part)
        if distance < 0 {
          let apart = onArm - onPart
          let axis = length(apart)
          let normal = axis > 1e-9 ? apart / axis : Vector(0, 0, 1)
          touches.append(
            Touch(shape: s, part: p, depth: -distance, normal: normal, point: onPart + normal * part.radius))
        }
        if free != true, distance < best?.distance ?? .infinity { best = (distance, s, p) }
      }
    }
    return best
  }

  /// The fastest point of the arm inside a zone: tool centre point, and points of the capsules' axes whose surface is in.
  private func fastestInside(_ zone: SimBox, _ sample: borrowing TruthSample) -> (Double, String) {
    var fastest = (0.0, "")
    if zone.contains(sample.tool, inset: 0) { fastest = (toolSpeed, "tcp") }
    for s in sample.shapes.indices where shapes[s].link > 0 {
      let capsule = sample.shapes[s]
      guard Distance.lowerBound(capsule, zone) <= 0 else { continue }
      let va = (capsule.a - sample.before[s].a) / sample.dt
      let vb = (capsule.b - sample.before[s].b) / sample.dt
      for k in 0...8 {
        let t = Double(k) / 8
        let point = capsule.a + (capsule.b - capsule.a) * t
        guard zone.distance(point) <= capsule.radius else { continue }
        let speed = length(va + (vb - va) * t)
        if speed > fastest.0 { fastest = (speed, shapes[s].name) }
      }
    }
    return fastest
  }
}
