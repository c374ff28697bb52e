import CClearance
import TestSupport
import Testing

@testable import ODCVCore

/// What of an arm is in a zone, how fast, and how far inside what sensors cover: of each capsule by itself, in plain numbers.
@Suite struct ReachTests {
  private struct Scene: ~Copyable {
    var world: World
    var motion: Motion

    /// A random arm on a random way, in a cell with a speed zone and two boxes that a sensor of people covers.
    init(seed: UInt64, least: Double = 0) {
      var random = SeededGenerator(seed: seed)
      let robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
      let zone = Box(
        pose: Generate.pose(1, &random),
        halfExtents: Vector3(random.uniform(0.02...0.4), random.uniform(0.02...0.4), random.uniform(0.02...0.4)))
      func covered() -> Box {
        let half = random.uniform(0.2...1.2)
        return Box(pose: Generate.pose(0.3, &random), halfExtents: Vector3(half, half, half))
      }
      let boxes = [covered(), covered()]
      let configuration = Planar.configuration {
        $0.robot = robot
        $0.limits[.coverageBlind, "least_m"] = least
        $0.cell.zones = [Zone(name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: false), box: zone)]
        $0.cell.peopleSensors[0].coverage = boxes
      }
      world = World(configuration)
      var feed = Feed()
      world.receive(feed.people(), at: feed.now)
      motion = Motion(for: robot, kernel: .best!)
      motion.start = Generate.position(of: robot, &random)
      let size = [0.003, 0.1, 0.4][Int(seed % 3)]
      motion.chord = JointVector((0..<7).map { _ in random.uniform(-size...size) })
      motion.width = JointVector((0..<7).map { _ in random.uniform(0...0.01) })
      motion.target = motion.start
      motion.velocity = JointVector((0..<7).map { _ in random.uniform(-1...1) })
      motion.drivenVelocity = JointVector((0..<7).map { _ in random.uniform(-1...1) })
      motion.speedSpread = JointVector((0..<7).map { _ in random.uniform(0...0.05) })
      motion.isStill = false
      motion.path.lay(
        start: motion.start, chord: motion.chord, from: min(random.uniform(-0.3...0.2), 0),
        to: 1 + max(random.uniform(-0.5...0.5), 0), width: motion.width, hasTarget: seed % 4 != 1)
    }

    private func depth(_ p: Vector3, _ box: Solid) -> Double { nearest(Capsule(a: p, b: p, radius: 0), to: box).distance }

    /// How far a capsule may reach beside its axis, and the samples at which the arm is for certain.
    private func near(_ capsule: Int) -> Double {
      motion.path.layout.radii[capsule] + motion.path.travel(capsule) + Kernel.rounding * (motion.path.size + world.solids.zones.sizes[0])
    }

    private var sure: [Int] { [motion.path.startSample] + Array(motion.path.passed.suffix(1)) }

    /// Whether any capsule may be in the zone, and whether one is.
    func entry() -> (possible: Bool, certain: Bool) {
      let layout = motion.path.layout
      let box = world.solids.zones.solids[0]
      var sweep = odcv_sweep()
      var (possible, certain) = (false, false)
      for capsule in 0..<layout.toolCentrePoint where layout.moves[capsule] {
        motion.path.sweep(capsule, world.solids.zones, 0, into: &sweep)
        guard Double(sweep.low) <= near(capsule) else { continue }
        possible = true
        for sample in sure {
          let axis = motion.path.capsule(capsule, at: sample)
          let known = motion.path.travel(capsule) + layout.gaps[capsule]
          if min(depth(axis.a, box), depth(axis.b, box)) + known < 0 { certain = true }
        }
      }
      return (possible, certain)
    }

    func fastest() -> (value: Interval, links: [Int]) {
      let layout = motion.path.layout
      let box = world.solids.zones.solids[0]
      var sweep = odcv_sweep()
      var (lower, upper) = (0.0, 0.0)
      var links: [Int] = []
      for capsule in 0..<layout.toolCentrePoint where layout.moves[capsule] {
        motion.path.sweep(capsule, world.solids.zones, 0, into: &sweep)
        var rates = Path.LinkRates()
        var speeds = motion.path.speeds(capsule, ends: 0...1, motion, &rates)
        if layout.link(capsule) == layout.link(layout.toolCentrePoint) { speeds.take(motion.path.toolSpeeds(motion)) }
        let inside = (0..<15).filter { Double(sweep.between[$0]) <= near(capsule) }
        let most = inside.map { Double(max(speeds.most[$0], speeds.most[$0 + 1])) }.max() ?? 0
        if most == upper, most > 0 { links.append(layout.link(capsule)) }
        if most > upper { (upper, links) = (most, [layout.link(capsule)]) }
        let now = motion.path.capsule(capsule, at: motion.path.startSample)
        let known = motion.path.travel(capsule) + layout.gaps[capsule]
        if !inside.isEmpty, min(depth(now.a, box), depth(now.b, box)) < -known {
          lower = max(lower, Double(speeds.now[motion.path.startSample]))
        }
      }
      return (Interval(min(lower, upper), upper), links)
    }

    /// How far inside what the sensor covers every capsule is.
    func held(least: Double) -> [(link: Int, value: Interval)] {
      let layout = motion.path.layout
      let boxes = world.configuration.cell.peopleSensors[0].coverage
      func best(_ depth: (Box) -> Double) -> Double { boxes.map(depth).max()! }
      return (0..<layout.toolCentrePoint).filter { layout.moves[$0] }.map { capsule in
        let ball = motion.path.ball(capsule)
        let whole = best { $0.depth(ball.a) } - ball.radius
        if whole >= least { return (layout.link(capsule), Interval(whole, .infinity)) }
        let beside = layout.radii[capsule] + motion.path.travel(capsule) + Kernel.rounding * motion.path.size
        let between = (0..<15).map { interval in
          let (a, b) = (motion.path.capsule(capsule, at: interval), motion.path.capsule(capsule, at: interval + 1))
          let depth = best { box in [a.a, a.b, b.a, b.b].map { box.depth($0) }.min()! }
          return depth - beside - motion.path.bow(capsule) * motion.path.weight(interval)
        }
        let known = motion.path.travel(capsule) + layout.gaps[capsule]
        let ends = sure.flatMap { sample in
          let axis = motion.path.capsule(capsule, at: sample)
          return [axis.a, axis.b].map { end in best { $0.depth(end) } + known }
        }
        return (layout.link(capsule), Interval(between.min()!, ends.filter { $0 < 0 }.min() ?? .infinity))
      }
    }
  }

  @Test func aZoneIsEnteredWhereAnyCapsuleEntersIt() {
    var seen: Set<[Bool]> = []
    for seed in UInt64(0)..<400 {
      let scene = Scene(seed: seed)
      let entry = ZoneEntry(scene.motion, in: scene.world, zone: 0)
      let plain = scene.entry()
      #expect(entry.isPossible == plain.possible && entry.isCertain == plain.certain, "seed \(seed)")
      seen.insert([plain.possible, plain.certain])
    }
    #expect(seen.count == 3)
  }

  @Test func theFastestInAZoneIsTheFastestOfWhatMayBeInIt() {
    var inside = 0
    for seed in UInt64(0)..<800 {
      let scene = Scene(seed: seed)
      let found = ZoneSpeed.fastest(scene.motion, in: scene.world, zone: 0, limit: 0.25)
      let plain = scene.fastest()
      #expect(found.value == plain.value && found.other == .zone(0) && found.limit == 0.25, "seed \(seed)")
      if plain.links.isEmpty {
        #expect(found.subject == .none && found.value.upper == 0)
      } else {
        #expect(plain.links.contains { found.subject == .link($0) }, "seed \(seed)")
      }
      if plain.value.lower > 0 { inside += 1 }
    }
    #expect(inside > 20)
  }

  @Test func asFastAsAZoneAllowsIsNoFailure() throws {
    for seed in UInt64(0)..<60 {
      let any = Scene(seed: seed)
      let fastest = ZoneSpeed.fastest(any.motion, in: any.world, zone: 0, limit: 0).value
      for (limit, failing) in [(fastest.upper, UInt32(0)), (fastest.upper.nextDown, 1)] where limit > 0 {
        var configuration = any.world.configuration
        configuration.cell.zones[0].kind = .speed(limit: limit, onlyWithPerson: false)
        let judged = ZoneSpeed(configuration).judge(any.motion, in: World(configuration))
        let found = try #require(judged)
        #expect(found.value == fastest && found.failing == failing && (found.outcome == .pass) == (failing == 0), "seed \(seed)")
      }
    }
  }

  @Test func aPersonAsFarFromAZoneAsTheSensorMayErrMayBeInIt() {
    for (place, isInside) in [(2, true), (2.0.nextUp, false)] {
      var world = World(
        Planar.configuration {
          $0.cell.zones = [
            Zone(
              name: "near", kind: .speed(limit: 0.25, onlyWithPerson: true),
              box: Box(pose: .identity, halfExtents: Vector3(1, 1, 1)))
          ]
          $0.cell.peopleSensors[0].positionError = 0.5
        })
      var feed = Feed()
      let head = Capsule(a: Vector3(place, 0, 0), b: Vector3(place, 0, 0), radius: 0.5)
      world.receive(feed.people([[head]]), at: feed.now)
      #expect(world.mayHavePerson(inZone: 0) == isInside)
    }
  }

  @Test func whoIsInAZoneIsToldOfEverySensorAndZone() {
    // Four zones in a row; three sensors, each of which sees one person or none.
    let cell = Planar.configuration {
      $0.cell.zones = (0..<4).map {
        Zone(
          name: "\($0)", kind: .reduced,
          box: Box(
            pose: Pose(rotation: .identity, translation: Vector3(Double(3 * $0), 0, 0)), halfExtents: Vector3(1, 1, 1)))
      }
      let camera = $0.cell.peopleSensors[0]
      $0.cell.peopleSensors = [camera, camera, camera]
    }.cell
    for sensor in 0..<3 {
      for zone in 0..<4 {
        var occupancy = Occupancy(cell)
        for other in 0..<3 {
          var frame = People(sensor: other, sequence: Sequence(stream: 0, number: 1, boot: 1), coverage: true)
          if other == sensor {
            let place = Vector3(Double(3 * zone), 0, 0)
            var person = Person(track: 1)
            person.append(Capsule(a: place, b: place, radius: 0.1))
            frame.append(person)
          }
          occupancy.see(frame, error: 0.1)
        }
        #expect((0..<4).map { occupancy.holds($0) } == (0..<4).map { $0 == zone })
      }
    }
  }

  @Test func theLeastCoveredCapsuleTells() throws {
    var blind = 0
    for seed in UInt64(0)..<300 {
      let least = [0, 0.1, 0.4][Int(seed / 3 % 3)]
      let scene = Scene(seed: seed, least: least)
      let judged = CoverageBlind(scene.world.configuration).judge(scene.motion, in: scene.world)
      let found = try #require(judged)
      let held = scene.held(least: least)
      let worst = held.min { $0.value.lower < $1.value.lower }!
      let upper = max(worst.value.lower, held.map(\.value.upper).min()!)
      #expect(found.value == Interval(worst.value.lower, upper) && found.subject == .link(worst.link), "seed \(seed)")
      #expect(found.failing == UInt32(held.count { $0.value.lower < least }) && found.limit == least, "seed \(seed)")
      if upper < .infinity { blind += 1 }
    }
    #expect(blind > 20)
  }

  @Test func exactlyAsFarInsideAsAskedIsNoFailure() throws {
    for seed in UInt64(0)..<60 {
      let any = Scene(seed: seed, least: -100)
      let wide = CoverageBlind(any.world.configuration).judge(any.motion, in: any.world)
      let least = try #require(wide).value.lower
      let scene = Scene(seed: seed, least: least)
      let judged = CoverageBlind(scene.world.configuration).judge(scene.motion, in: scene.world)
      let found = try #require(judged)
      #expect(found.value == Interval(least, .infinity) && found.failing == 0 && found.outcome == .pass, "seed \(seed)")
    }
  }

  /// The planar arm stretched along x, its place known exactly, in a cell that sees this box.
  private func seen(_ half: Vector3, _ change: (inout Configuration) -> Void = { _ in }) -> Finding? {
    let configuration = Planar.configuration {
      for capsule in $0.robot.capsules.indices { $0.robot.capsules[capsule].fitGap = 0 }
      $0.cell.peopleSensors[0].coverage = [Box(pose: .identity, halfExtents: half)]
      change(&$0)
    }
    var world = World(configuration)
    var feed = Feed()
    world.receive(feed.people(), at: feed.now)
    var motion = Motion(for: configuration.robot, kernel: .best!)
    motion.isStill = false
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    return CoverageBlind(configuration).judge(motion, in: world)
  }

  @Test func ofTwoLinksThatAreAsFarOutTheFirstIsNamed() {
    // Both links begin at the foot.
    let found = seen(Vector3(0.25, 4, 4)) { $0.robot.links[2].origin = .identity }
    #expect(found?.subject == .link(1) && found?.failing == 2)
  }

  @Test func anEndOnTheBorderOfWhatIsSeenIsNotKnownToBeOutside() {
    #expect(seen(Vector3(1, 4, 4))?.value.upper == .infinity)
    let beyond = seen(Vector3(0.875, 4, 4))?.value.upper
    #expect(beyond == -0.125)
  }

  // MARK: - At the edge of a zone

  /// The planar arm stretched along x, known to a milliradian, and a zone whose face is `off` beyond where the tip may be.
  private func tip(_ off: Double) -> (entry: ZoneEntry, upper: Double) {
    var motion = Motion(for: Planar.robot(), kernel: .best!)
    motion.start = JointVector([0, 0])
    motion.width = JointVector([0.001, 0.001])
    motion.velocity = JointVector([1, 0])
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    // As far out as the tip, and a wide zone: what the kernel rounds grows with both.
    let half = 2.0
    let face = 1.05 + motion.path.travel(2) + off
    let world = World(
      Planar.configuration {
        $0.cell.zones = [
          Zone(
            name: "edge", kind: .speed(limit: 0.25, onlyWithPerson: false),
            box: Box(
              pose: Pose(rotation: .identity, translation: Vector3(face + half, 0, 0.5)), halfExtents: Vector3(half, half, half)))
        ]
      })
    return (ZoneEntry(motion, in: world, zone: 0), ZoneSpeed.fastest(motion, in: world, zone: 0, limit: 0.25).value.upper)
  }

  @Test func whatIsNearerThanTheKernelCanTellMayBeInside() {
    // The tip is 1.05 m out, at a height of 0.5 m; the zone's farthest corner 6.5 m.
    for off in [-0.001, 0, 10e-6, 18e-6] {
      #expect(tip(off).entry.isPossible && !tip(off).entry.isCertain && tip(off).upper > 1)
    }
    for off in [28e-6, 1e-3] { #expect(!tip(off).entry.isPossible && tip(off).upper == 0) }
  }

  /// Whether the planar arm stretched along x, its place known exactly, is in a zone.
  private func entry(at x: Double, half: Double, _ change: (inout RobotModel) -> Void = { _ in }) -> ZoneEntry {
    let configuration = Planar.configuration {
      for capsule in $0.robot.capsules.indices { $0.robot.capsules[capsule].fitGap = 0 }
      change(&$0.robot)
      $0.cell.zones = [
        Zone(
          name: "place", kind: .region,
          box: Box(pose: Pose(rotation: .identity, translation: Vector3(x, 0, 0.5)), halfExtents: Vector3(half, half, half)))
      ]
    }
    var motion = Motion(for: configuration.robot, kernel: .best!)
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    return ZoneEntry(motion, in: World(configuration), zone: 0)
  }

  @Test func anAxisThatEndsOnAZonesFaceIsNotInsideForCertain() {
    let touching = entry(at: 2, half: 1)
    #expect(touching.isPossible && !touching.isCertain)
    let inside = entry(at: 1.875, half: 1)
    #expect(inside.isPossible && inside.isCertain)
  }

  @Test func howWellACapsuleFitsIsLeftOpenAtAZonesFace() {
    func isCertain(_ depth: Double) -> Bool {
      entry(at: 2 - depth, half: 1) { for capsule in 1...2 { $0.capsules[capsule].fitGap = 0.0625 } }.isCertain
    }
    #expect(!isCertain(0.03125) && !isCertain(0.0625) && isCertain(0.09375))
  }

  @Test func theFirstCapsuleOfAnArmThatHasNoneOnItsBaseCountsToo() {
    let found = entry(at: 0.125, half: 0.0625) {
      $0.capsules.removeFirst()
      $0.selfPairs = []
    }
    #expect(found.isPossible)
  }

  @Test func whatIsExactlyAsNearAsMayBeCounts() {
    let zone = Solid.box(Box(pose: .identity, halfExtents: Vector3(1, 1, 1)))
    let ball = Capsule(a: Vector3(3, 0, 0), b: Vector3(3, 0, 0), radius: 0.5)
    #expect(ZoneEntry.mayReach(ball, zone, 1.5) && !ZoneEntry.mayReach(ball, zone, 1.5.nextDown))
    var sweep = odcv_sweep()
    sweep.low = 0.5
    #expect(sweep.isWithin(0.5) && !sweep.isWithin(0.5.nextDown))
  }

  @Test func aZoneBesideTheMiddleOfALinkIsNotEnteredByItsBall() {
    var motion = Motion(for: Planar.robot(), kernel: .best!)
    motion.start = JointVector([0, 0])
    motion.velocity = JointVector([1, 0])
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    let world = World(
      Planar.configuration {
        $0.cell.zones = [
          Zone(
            name: "beside", kind: .speed(limit: 0.25, onlyWithPerson: false),
            box: Box(pose: Pose(rotation: .identity, translation: Vector3(0.75, 0.25, 0.5)), halfExtents: Vector3(0.1, 0.1, 0.1)))
        ]
      })
    #expect(!ZoneEntry(motion, in: world, zone: 0).isPossible)
    #expect(ZoneSpeed.fastest(motion, in: world, zone: 0, limit: 0.25).value.upper == 0)
  }
}
