import CClearance

/// The nearest pair, without its points.
public struct PairClearance: Equatable, Sendable {
  /// Bounds on the true distance, m.
  public var value: Interval
  /// Index of the link.
  public var link: Int
  /// Index of the obstacle, or of the other link.
  public var other: Int
}

/// Clearance of an arm that stands still, one configuration after the other, as fast as one can be answered.
///
/// As `Posture.clearance`, whose doubles it is held against, with the kernel's floats: a ball around each capsule bounds its
/// distance to sixteen solids at once, and only groups that may hold the nearest are looked at, all sixteen at once again.
public struct StanceClearance: ~Copyable {
  private let layout: ArmLayout
  private let kernel: Kernel
  private var obstacles: SolidSet
  private let joints: Lanes<Double>
  private let halves: Lanes<Float>
  private let ends: Lanes<Float>
  private let balls: Lanes<SIMD4<Float>>
  /// Radii of balls around the capsules themselves, and of each pair's balls the distance, m.
  private let reaches: Lanes<Float>
  private let slacks: Lanes<Float>
  /// The largest distance from the base of anything of the arm, m.
  private var size = 0.0

  public init(_ robot: RobotModel, obstacles: [Obstacle], kernel: Kernel? = .best) {
    guard let kernel else { preconditionFailure(Kernel.unsupported) }
    self.kernel = kernel
    layout = ArmLayout(robot)
    let count = robot.capsules.count
    self.obstacles = SolidSet(capacity: obstacles.count, balls: count)
    joints = Lanes(repeating: 0, count: robot.joints.count)
    halves = Lanes(repeating: 0, count: count)
    reaches = Lanes(repeating: 0, count: count)
    for index in 0..<count {
      let capsule = robot.capsules[index].capsule
      halves[index] = Float(0.5 * (capsule.b - capsule.a).length).nextUp
      reaches[index] = Float(Double(halves[index]) + capsule.radius).nextUp
    }
    slacks = Lanes(repeating: 0, count: layout.pairs.count)
    ends = Lanes(repeating: 0, count: 6 * count)
    balls = Lanes(repeating: SIMD4(), count: count)
    place(obstacles)
  }

  /// Other obstacles from now on; no more than there were at first.
  public mutating func place(_ obstacles: [Obstacle]) {
    self.obstacles.removeAll()
    for (index, obstacle) in obstacles.enumerated() { self.obstacles.append(obstacle.solid, as: .obstacle(index)) }
  }

  /// The nearest of all moving links to all obstacles, and of all checked pairs of links, at joint positions `position`;
  /// `nil` where there is nothing to compare or a number is none.
  public mutating func clearance(at position: JointVector) -> (cell: PairClearance?, own: PairClearance?) {
    guard position.count == joints.count, position.isFinite else { return (nil, nil) }
    for joint in 0..<joints.count {
      guard abs(position[joint]) <= 1000 else { return (nil, nil) }
      joints[joint] = position[joint]
    }
    kernel.functions.pointee.stand(
      layout.links, Int32(layout.links.count), joints.base, layout.capsules, Int32(layout.toolCentrePoint), halves.base,
      ends.base, UnsafeMutableRawPointer(balls.base).assumingMemoryBound(to: Float.self))
    size = 0
    for capsule in 0..<layout.toolCentrePoint {
      let ball = SIMD4<Double>(balls[capsule])
      let far = (ball.x * ball.x + ball.y * ball.y + ball.z * ball.z).squareRoot()
      size = max(size, (far + ball.w + layout.radii[capsule]) * (1 + 1e-6))
    }
    guard size <= Vector3.reach else { return (nil, nil) }
    return (nearestObstacle(), nearestLinks())
  }

  private func nearestObstacle() -> PairClearance? {
    let groups = obstacles.groups
    guard obstacles.count > 0 else { return nil }
    obstacles.broad(balls, layout.toolCentrePoint, kernel.functions)
    var found: PairClearance?
    var lower = Double.infinity
    var upper = Double.infinity
    let rounding = Kernel.rounding * (size + obstacles.largest)
    var first = -1
    var least = Float.infinity
    for capsule in 0..<layout.toolCentrePoint where layout.moves[capsule] {
      for place in (capsule * groups)..<((capsule + 1) * groups) {
        let slack = obstacles.leasts.base[place] - reaches.base[capsule]
        if slack < least {
          least = slack
          first = place
        }
      }
    }
    if first >= 0 { look(first / groups, first % groups, rounding, &found, &lower, &upper) }
    for capsule in 0..<layout.toolCentrePoint where layout.moves[capsule] {
      let bound = Float(lower + 2 * rounding).nextUp + reaches.base[capsule]
      for group in 0..<groups
      where obstacles.leasts.base[capsule * groups + group] <= bound && capsule * groups + group != first {
        look(capsule, group, rounding, &found, &lower, &upper)
      }
      for solid in obstacles.unbounded {
        let axis = Capsule(a: end(capsule, 0), b: end(capsule, 1), radius: layout.radii[capsule])
        let distance = nearest(axis, to: obstacles.solids[solid]).distance
        upper = min(upper, max(distance, 0) + layout.gaps[capsule] + rounding)
        take(distance - rounding, capsule, solid, &found, &lower)
      }
    }
    found?.value = Interval(lower, max(lower, upper))
    return found
  }

  /// One capsule against one group.
  private func look(
    _ capsule: Int, _ group: Int, _ rounding: Double, _ found: inout PairClearance?, _ lower: inout Double,
    _ upper: inout Double
  ) {
    var dual = SIMD16<Float>()
    var primal = SIMD16<Float>()
    obstacles.one(ends.base + 6 * capsule, group, kernel.functions, &dual, &primal)
    let radius = layout.radii[capsule]
    let least = dual.min()
    // A box around a hull says nothing of how near the hull is at most.
    if !obstacles.holdsHulls {
      upper = min(upper, max(Double(primal.min()) - radius, 0) + layout.gaps[capsule] + rounding)
    }
    guard Double(least) - radius - rounding < lower else { return }
    var lane = 0
    while lane < SolidSet.lanes - 1, dual[lane] != least { lane += 1 }
    guard let solid = obstacles.member(group, lane) else { return }
    take(Double(least) - radius - rounding, capsule, solid, &found, &lower)
  }

  private func nearestLinks() -> PairClearance? {
    guard !layout.pairs.isEmpty else { return nil }
    let rounding = Kernel.rounding * 2 * size
    var first = 0
    for index in 0..<layout.pairs.count {
      let pair = layout.pairs[index]
      var apart = balls.base[pair.first] - balls.base[pair.second]
      apart.w = 0
      slacks.base[index] = (apart * apart).sum().squareRoot() - reaches.base[pair.first] - reaches.base[pair.second]
      if slacks.base[index] < slacks.base[first] { first = index }
    }
    var nearestPair = first
    var upper = Double.infinity
    var least = distance(layout.pairs[first], &upper)
    for index in 0..<layout.pairs.count where index != first {
      guard Double(slacks.base[index]) - 2 * rounding < least else { continue }
      let found = distance(layout.pairs[index], &upper)
      if found < least {
        least = found
        nearestPair = index
      }
    }
    let pair = layout.pairs[nearestPair]
    return PairClearance(
      value: Interval(least - rounding, upper + rounding), link: layout.link(pair.second), other: layout.link(pair.first))
  }

  /// Of two capsules of the arm; `upper` becomes the least of it and what their shapes leave open.
  private func distance(_ pair: ArmLayout.Pair, _ upper: inout Double) -> Double {
    let axes = nearest(end(pair.second, 0), end(pair.second, 1), end(pair.first, 0), end(pair.first, 1)).distance
    let distance = axes - layout.radii[pair.first] - layout.radii[pair.second]
    upper = min(upper, max(distance, 0) + layout.gaps[pair.first] + layout.gaps[pair.second])
    return distance
  }

  private func take(
    _ distance: Double, _ capsule: Int, _ solid: Int, _ found: inout PairClearance?, _ lower: inout Double
  ) {
    guard distance < lower else { return }
    lower = distance
    found = PairClearance(
      value: Interval(distance, distance), link: layout.link(capsule), other: obstacles.subjects[solid].index ?? solid)
  }

  private func end(_ capsule: Int, _ which: Int) -> Vector3 {
    let at = 6 * capsule + 3 * which
    return Vector3(Double(ends[at]), Double(ends[at + 1]), Double(ends[at + 2]))
  }
}
