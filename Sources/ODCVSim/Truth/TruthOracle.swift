import ODCVWire

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
    /// Where a person was as it began.
    var place: String?
  }

  private let constraints: [Scenario.Constraint]
  private let watches: [any Watch]
  private let boxes: [(name: String, box: SimBox)]
  private let shapes: [ArmModel.Shape]
  private let forceZone: SimBox?
  private let blindZones: [String]
  private let blindPlace: @Sendable ([SimCapsule]) -> Int?
  private var open: [Open?]
  /// Closed since the last drain.
  private var closed: [(constraint: Int, Open)] = []

  /// Of the last step, m; `nil` when there is nothing to be near to.
  private(set) var clearance: Double?
  private(set) var separation: Double?
  private(set) var touches: [Touch] = []
  /// Of the last step, m/s.
  private(set) var toolSpeed = 0.0

  /// - Parameter deceleration: rad/s² that the arm brakes with
  init(_ scenario: Scenario, deceleration: Double) {
    let constraints = scenario.constraints.filter { !scenario.unwatched.contains($0.id) }
    self.constraints = constraints
    watches = constraints.map { scenario.watch($0, deceleration: deceleration) }
    // What a clearance is not about is not looked at.
    let only = scenario.constraints.first { $0.kind == .staticClearance }?.against
    boxes = scenario.scene.obstacles.filter { only == nil || $0.name == only }
    shapes = scenario.scene.arm.shapes
    forceZone = scenario.zone(scenario.forceZone)
    blindZones = scenario.blindZones
    blindPlace = { scenario.blindPlace(of: $0) }
    open = [Open?](repeating: nil, count: constraints.count)
  }

  mutating func observe(_ sample: borrowing TruthSample, _ cell: borrowing CellProcess) {
    toolSpeed = length(sample.tool - sample.toolBefore) / sample.dt
    var fastest = toolSpeed
    for i in sample.shapes.indices where shapes[i].link > 0 {
      fastest = max(fastest, length(sample.shapes[i].a - sample.before[i].a) / sample.dt)
      fastest = max(fastest, length(sample.shapes[i].b - sample.before[i].b) / sample.dt)
    }
    if let held = sample.held, let before = sample.heldBefore {
      fastest = max(fastest, length(held.a - before.a) / sample.dt, length(held.b - before.b) / sample.dt)
    }
    let nearestBox = nearestBox(sample)
    clearance = nearestBox?.distance
    let nearestPart = nearestPart(sample)
    separation = nearestPart?.distance
    let near = Nearness(fastest: fastest, toolSpeed: toolSpeed, fixture: nearestBox, person: nearestPart)
    let place = blindZones.isEmpty ? nil : blindPlace(sample.person)
    for index in constraints.indices {
      if let breach = watches[index].breach(sample, near, cell) {
        report(index, sample.nanoseconds, breach, place.map { blindZones[$0] })
      } else {
        close(index)
      }
    }
  }

  private mutating func report(_ index: Int, _ now: Int64, _ breach: Breach, _ place: String?) {
    guard var running = open[index] else {
      open[index] = Open(
        from: now, to: now, worst: breach.value, limit: breach.limit, margin: breach.margin, detail: breach.detail,
        byArm: true, place: place)
      return
    }
    running.to = now
    if breach.margin < running.margin {
      running.worst = breach.value
      running.limit = breach.limit
      running.margin = breach.margin
      running.detail = breach.detail
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
      limit: open.limit, unit: constraints[index].unit, detail: open.detail, byArm: open.byArm, place: open.place)
  }

  // MARK: - Nearest pairs

  private func nearestBox(_ sample: borrowing TruthSample) -> (distance: Double, shape: String, other: String)? {
    var best: (distance: Double, shape: String, other: String)?
    func consider(_ capsule: SimCapsule, _ name: String) {
      for (other, box) in boxes {
        if let best, Distance.lowerBound(capsule, box) >= best.distance { continue }
        let distance = Distance.between(capsule, box)
        if distance < best?.distance ?? .infinity { best = (distance, name, other) }
      }
    }
    for s in sample.shapes.indices where shapes[s].link > 0 { consider(sample.shapes[s], shapes[s].name) }
    if let held = sample.held { consider(held, "held part") }
    return best
  }

  private mutating func nearestPart(
    _ sample: borrowing TruthSample
  ) -> (distance: Double, shape: String, other: String)? {
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
    return best.map { ($0.distance, shapes[$0.shape].name, "person/\(BodyPart.all[$0.part].name)") }
  }
}
