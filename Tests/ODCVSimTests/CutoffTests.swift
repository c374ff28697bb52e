import Foundation
import ODCVConfig
import Testing
import TestSupport

@testable import ODCVCore
@testable import ODCVSim

private func place(_ v: Vector3) -> Vector { Vector(v.x, v.y, v.z) }

/// Commands that are accepted with next to nothing to spare, cut off at a random instant and stopped as badly as the robot's file
/// allows: every error at its worst end, by the simulator's own kinematics, distances and driver. A person who stands by walks
/// towards the arm as fast as people are taken to.
struct CutoffRun: ~Copyable {
  struct Count {
    var tried = 0
    var accepted = 0
    var broken = 0
    var leastSlack = Double.infinity
    /// How many had little to spare of each rule.
    var tight: [RuleID: Int] = [:]
    /// Which of the planted errors were found, how often.
    var found: [Double: Int] = [:]
  }

  private let configuration: Configuration
  private var monitor: Monitor
  private var now = MonoInstant(nanoseconds: 1_000_000_000)
  private var number: UInt64 = 0
  private let arm: ArmModel
  private let boxes: [SimBox]
  private let still: [Bool]
  private let selfPairs: [(Int, Int)]
  private var person: SimCapsule?
  private var random: SeededGenerator
  /// m: how much farther than declared the arm goes when it stops; each looked at apart.
  var planted: [Double] = []
  /// What the last command broke that broke something.
  private(set) var broke = "nothing"
  /// What of the planted errors leaves of the distance to obstacles, m.
  private var overrun: [Double] = []

  init(seed: UInt64) throws {
    var configuration = try LoadedConfiguration.load(path: "\(Cells.root)/config/monitor.yaml").core
    configuration.cell.notMeasured.append(
      NotMeasured(quantity: .effort, reason: "how an arm stops is cut off, not what drives it", by: "test"))
    var arm = try Cells.scenario("E01").scene.arm
    self.configuration = configuration
    monitor = Monitor(configuration)
    let robot = configuration.robot
    // The judged capsules on the simulator's kinematics: no slack of the housings hides anything.
    arm.shapes = robot.capsules.map { body in
      ArmModel.Shape(
        name: robot.links[body.link].name, link: arm.links.firstIndex { $0.name == robot.links[body.link].name }!,
        capsule: SimCapsule(a: place(body.capsule.a), b: place(body.capsule.b), radius: body.capsule.radius))
    }
    self.arm = arm
    still = robot.capsules.map { $0.link == 0 }
    selfPairs = robot.selfPairs.flatMap { pair in
      robot.capsules.indices.filter { robot.capsules[$0].link == pair.first }.flatMap { first in
        robot.capsules.indices.filter { robot.capsules[$0].link == pair.second }.map { (first, $0) }
      }
    }
    boxes = configuration.cell.obstacles.compactMap { obstacle in
      guard case .box(let box) = obstacle.solid else { return nil }
      return SimBox(center: place(box.pose.translation), halfExtents: place(box.halfExtents))
    }
    random = SeededGenerator(seed: seed)
  }

  /// Until so many are cut off, or a hundred thousand tries in a row gave none.
  mutating func run(_ accepted: Int) -> Count {
    var count = Count()
    var lastTry = 0
    while count.accepted < accepted, count.tried - lastTry < 100_000 {
      count.tried += 1
      guard let (rule, slack) = attempt() else { continue }
      lastTry = count.tried
      count.accepted += 1
      count.tight[rule, default: 0] += 1
      count.leastSlack = min(count.leastSlack, slack)
      if slack < 0 { count.broken += 1 }
      for (size, left) in zip(planted, overrun) where left < 0 { count.found[size, default: 0] += 1 }
    }
    return count
  }

  private enum Asked {
    case position([Double])
    case velocity([Double])

    func scaled(_ share: Double, from q: [Double]) -> Asked {
      switch self {
      case .position(let target): .position(zip(q, target).map { $0 + share * ($1 - $0) })
      case .velocity(let rate): .velocity(rate.map { share * $0 })
      }
    }

    var command: Action.Command {
      switch self {
      case .position(let target): .jointPosition(JointVector(target))
      case .velocity(let rate): .jointVelocity(JointVector(rate))
      }
    }
  }

  /// `nil` when nothing of the kind is accepted with little to spare; else of which rule, and what is left of the worst limit, in
  /// parts of 1 for speeds and in m and rad for distances.
  private mutating func attempt() -> (RuleID, Double)? {
    let q = zip(arm.lower, arm.upper).map { random.uniform(($0 + 0.1)...($1 - 0.1)) }
    person = planted.isEmpty && random.uniform(0...1) < 0.3 ? bystander() : nil
    guard clearance(arm.capsules(in: arm.frames(q)), below: .infinity) > 0.05 else { return nil }
    let direction = (0..<7).map { _ in random.uniform(-1...1) }
    let moves = !planted.isEmpty || random.uniform(0...1) < 0.7
    let pace = random.uniform(0.1...1.2)
    let asked: Asked = moves
      ? .velocity(direction.map { pace * $0 }) : .position(zip(q, direction).map { $0 + 0.45 * $1 })
    var (low, high) = (0.0, 1.0)
    var share = 1.0
    var last: (rule: RuleID, asked: Asked)?
    // What is planted shows where next to nothing is left.
    while high - low > 0.002, last == nil || !planted.isEmpty {
      let now = asked.scaled(share, from: q)
      let judged = verdict(now, velocity(now, moves), q)
      if judged.decision == .allow {
        if let rule = tightest(judged) { last = (rule, now) }
        low = share
      } else {
        high = share
      }
      share = 0.5 * (low + high)
    }
    guard let last else { return nil }
    return (last.rule, cutOff(last.asked, from: q, velocity(last.asked, moves)))
  }

  private mutating func bystander() -> SimCapsule {
    let (x, y) = (random.uniform(-1.8...1.8), random.uniform(-1.8...1.8))
    return SimCapsule(a: Vector(x, y, -0.5), b: Vector(x, y, 0.5), radius: 0.2)
  }

  /// An arm that is to turn already turns so.
  private func velocity(_ asked: Asked, _ moves: Bool) -> [Double] {
    switch asked {
    case .velocity(let rate): rate
    case .position: [Double](repeating: 0, count: 7)
    }
  }

  /// The arm has stopped, however it came here, and is seen; then the command comes.
  private mutating func verdict(_ asked: Asked, _ v: [Double], _ q: [Double]) -> Verdict {
    now = MonoInstant(nanoseconds: now.nanoseconds + 60_000_000_000)
    number += 1
    func place(_ number: UInt64) -> ODCVCore.Sequence {
      var place = Sequence(stream: 1, number: number, boot: 1)
      place.time = SourceTime(clock: .simulated, nanoseconds: now.nanoseconds)
      return place
    }
    let before = MonoInstant(nanoseconds: now.nanoseconds - 10_000_000)
    _ = monitor.step(.heartbeat(.driver), at: before)
    var people = People(sensor: 0, sequence: place(number), coverage: true)
    if let person {
      var seen = Person(track: 1)
      seen.append(
        Capsule(
          a: Vector3(person.a.x, person.a.y, person.a.z), b: Vector3(person.b.x, person.b.y, person.b.z), radius: person.radius))
      people.append(seen)
    }
    _ = monitor.step(.people(people), at: before)
    // What was under way is known: a stop.
    _ = monitor.step(.action(Action(sequence: place(2 * number), command: .stop)), at: before)
    // Two states, so that the second confirms the first.
    for (number, ago) in [(2 * number, 0.01), (2 * number + 1, 0)] {
      let at = MonoInstant(nanoseconds: now.nanoseconds - Int64(ago * 1e9))
      let joints = q.indices.map { q[$0] - ago * v[$0] }
      var place = place(number)
      place.time = SourceTime(clock: .simulated, nanoseconds: at.nanoseconds)
      var state = State(
        sequence: place, position: JointVector(joints), velocity: JointVector(v), externalEffort: .absent,
        contacts: Contacts(), externalForce: 0)
      state.mode = 1
      let tool = arm.tool(joints)
      state.tool = Vector3(tool.origin.x, tool.origin.y, tool.origin.z)
      _ = monitor.step(.state(state), at: at)
    }
    return monitor.step(.action(Action(sequence: place(2 * number + 1), command: asked.command)), at: now)
  }

  /// The rule of which something is left, but less than 5 mm or 5 %; of an arm that breaks nothing already.
  private func tightest(_ verdict: Verdict) -> RuleID? {
    guard verdict.outcome == .pass else { return nil }
    return verdict.findings.first { finding in
      guard finding.outcome == .pass else { return false }
      return switch finding.rule {
      case .clearanceStatic: finding.margin.lower < 0.005
      case .motionPosition, .clearanceSelf, .clearanceHuman: planted.isEmpty && finding.margin.lower < 0.005
      case .motionVelocity, .motionTCPSpeed: planted.isEmpty && finding.margin.lower < 0.05 * finding.limit
      default: false
      }
    }?.rule
  }

  private mutating func cutOff(_ asked: Asked, from reported: [Double], _ rate: [Double]) -> Double {
    let robot = configuration.robot
    let accuracy = robot.measurement
    // Where the command leads, every error goes the way that is worst there.
    let end: [Double]
    switch asked {
    case .position(let target): end = target
    case .velocity(let v): end = zip(reported, v).map { $0 + 0.1 * $1 }
    }
    let worst = towardsObstacles(end)
    // As often as not at the very end of what is allowed.
    let isLast = random.uniform(0...1) < 0.5
    let late = (isLast ? 1 : random.uniform(0...1)) * configuration.cell.stateInput.latency
    let start = reported.indices.map { reported[$0] + rate[$0] * late + 0.98 * accuracy.position * worst[$0] }
    let speed = rate.indices.map { rate[$0] + 0.98 * accuracy.velocity * worst[$0] }
    var law = DriverLaw(at: start, velocity: speed)
    switch asked {
    case .position(let target): law.aim(at: target)
    case .velocity(let v):
      let error = robot.velocityControl?.error ?? 0
      law.turn(at: zip(v, worst).map { $0 + 0.98 * error * $1 })
    }
    // Ordered at any instant until the next command would come, then the deadline and the arm's reaction.
    let until = (isLast ? 1 : random.uniform(0...1)) * configuration.cell.controlPeriod + configuration.cell.verdictDeadline
      + robot.stopping.reactionTime
    var slack = Double.infinity
    func leave(_ left: Double, _ what: String) {
      guard left < slack else { return }
      slack = left
      if left < 0 { broke = "\(what) at \(time) s, \(left) left: \(asked) from \(reported), person \(person.map { "\($0.a)" } ?? "none")" }
    }
    var time = 0.0
    var before = arm.tool(law.position).origin
    let people = configuration.cell.peopleSensors[0]
    // rad/s: the most that an arm does which is asked to rest, with every error added up.
    let resting = accuracy.standstill + 3 * accuracy.position / robot.tracking.responseTime + accuracy.velocity
      + (robot.velocityControl?.error ?? 0)
    func limit(_ key: String) -> Double { configuration.limits[.clearanceHuman, key] }
    func look() {
      let q = law.position.indices.map { law.position[$0] + 0.98 * robot.tracking.error[$0] * worst[$0] * min(1, time / 0.02) }
      let capsules = arm.capsules(in: arm.frames(q))
      leave(clearance(capsules, below: slack + 0.05) - 0.05, "static")
      for (first, second) in selfPairs {
        let distance = Distance.between(capsules[first], capsules[second]).distance
        leave(distance - configuration.limits[.clearanceSelf, "least_m"], "self \(first) \(second)")
      }
      // An arm at rest may have people beside it.
      if let person, law.velocity.contains(where: { abs($0) > resting }) {
        // Where the sensor may have been wrong, and as near as walking since the measurement can bring them.
        let walked = limit("human_speed_m_s") * (people.input.latency + time)
        for (index, capsule) in capsules.enumerated() where !still[index] {
          let distance = Distance.between(capsule, person).distance
          leave(distance - walked - 0.98 * people.positionError - limit("intrusion_m"), "person")
        }
      }
      for joint in q.indices {
        leave(min(q[joint] - arm.lower[joint], arm.upper[joint] - q[joint]) - 0.01, "position")
        leave(1 - abs(law.velocity[joint]) / robot.joints[joint].limits.velocity, "speed")
      }
      let tool = arm.tool(law.position).origin
      if time > 0 { leave(1 - length(tool - before) / 0.002 / 1.7, "tool's speed") }
      before = tool
    }
    look()
    while time < until || law.velocity.contains(where: { abs($0) > 1e-9 }) {
      for _ in 0..<2 {
        if time >= until { law.stop() }
        law.step(0.001)
        time += 0.001
      }
      look()
    }
    overrun = planted.map {
      clearance(arm.capsules(in: arm.frames(farther($0, law.position, speed, worst))), below: .infinity) - 0.05
    }
    return slack
  }

  /// Where the arm ends when it stops this much farther on.
  private func farther(_ size: Double, _ q: [Double], _ v: [Double], _ worst: [Double]) -> [Double] {
    let (here, there) = (arm.tool(q).origin, arm.tool(zip(q, v).map { $0 + 1e-4 * $1 }).origin)
    let reach = length(there - here) / 1e-4
    let error = configuration.robot.tracking.error
    return q.indices.map {
      q[$0] + (reach > 1e-3 ? size / reach * v[$0] : 0) + 0.98 * error[$0] * worst[$0]
    }
  }

  /// The sign of each joint's motion that brings the nearest obstacle nearer.
  private func towardsObstacles(_ q: [Double]) -> [Double] {
    func nearest(_ q: [Double]) -> Double {
      let capsules = arm.capsules(in: arm.frames(q))
      guard let person else { return clearance(capsules, below: .infinity) }
      return capsules.map { Distance.between($0, person).distance }.min()!
    }
    let here = nearest(q)
    return q.indices.map { joint in
      var moved = q
      moved[joint] += 1e-5
      return nearest(moved) < here ? 1 : -1
    }
  }

  /// To obstacles, exactly where it is below `bound`, m.
  private func clearance(_ capsules: [SimCapsule], below bound: Double) -> Double {
    var least = bound
    for (index, capsule) in capsules.enumerated() where !still[index] {
      for box in boxes where Distance.lowerBound(capsule, box) < least {
        least = min(least, Distance.between(capsule, box))
      }
    }
    return least
  }
}

/// The full run is `scripts/cutoff`: it sets how many commands are to be cut off.
@Suite struct CutoffTests {
  static let wanted = Int(ProcessInfo.processInfo.environment["ODCV_CUTOFF"] ?? "") ?? 8

  @Test(arguments: 1...4)
  func `an accepted command with little to spare breaks nothing wherever it is cut off`(shard: Int) throws {
    var run = try CutoffRun(seed: UInt64(shard))
    let count = run.run((Self.wanted + 3) / 4)
    print("cut off \(count.accepted) of \(count.tried) tried, \(count.broken) broken, least slack \(count.leastSlack), by \(count.tight)")
    #expect(count.accepted == (Self.wanted + 3) / 4)
    #expect(count.broken == 0, "least slack \(count.leastSlack); \(run.broke)")
  }

  @Test func `an arm that stops 2 mm later than declared is found out`() throws {
    var run = try CutoffRun(seed: 1)
    run.planted = [0.002, 0.004, 0.008]
    let wanted = min(max(100, (Self.wanted + 3) / 4), 20_000)
    let count = run.run(wanted)
    print("planted, m and found: \(count.found) of \(count.accepted), least slack \(count.leastSlack)")
    #expect(count.broken == 0)
    // 2 mm show where every error is at its worst end at once: some in a thousand.
    #expect(count.found[wanted < 2000 ? 0.008 : 0.002] ?? 0 > 0, "\(count.found) of \(count.accepted), least slack \(count.leastSlack)")
  }
}
