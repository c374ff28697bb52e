import Foundation
import ODCVConfig
import Testing
import TestSupport

@testable import ODCVCore
@testable import ODCVSim

/// Commands that are accepted with next to nothing to spare, cut off at a random instant and stopped as badly as the robot's file
/// allows: every error at its worst end, by the simulator's own kinematics, distances and driver.
struct CutoffRun {
  struct Count {
    var tried = 0
    var accepted = 0
    var broken = 0
    var leastSlack = Double.infinity
    /// Which of the planted errors were found, how often.
    var found: [Double: Int] = [:]
  }

  private let configuration: Configuration
  private let arm: ArmModel
  private let boxes: [SimBox]
  private let still: [Bool]
  private var random: SeededGenerator
  /// m: how much farther than declared the arm goes when it stops; each looked at apart.
  var planted: [Double] = []
  /// What of the planted errors leaves of the distance to obstacles, m.
  private var overrun: [Double] = []

  init(seed: UInt64) throws {
    configuration = try LoadedConfiguration.load(path: "\(Cells.root)/config/monitor.yaml").core
    var arm = try Cells.scenario("E01").scene.arm
    let robot = configuration.robot
    func place(_ v: Vector3) -> Vector { Vector(v.x, v.y, v.z) }
    // The judged capsules on the simulator's kinematics: no slack of the housings hides anything.
    arm.shapes = robot.capsules.map { body in
      ArmModel.Shape(
        name: robot.links[body.link].name, link: arm.links.firstIndex { $0.name == robot.links[body.link].name }!,
        capsule: SimCapsule(a: place(body.capsule.a), b: place(body.capsule.b), radius: body.capsule.radius))
    }
    self.arm = arm
    still = robot.capsules.map { $0.link == 0 }
    boxes = configuration.cell.obstacles.compactMap { obstacle in
      guard case .box(let box) = obstacle.solid else { return nil }
      return SimBox(center: place(box.pose.translation), halfExtents: place(box.halfExtents))
    }
    random = SeededGenerator(seed: seed)
  }

  mutating func run(_ accepted: Int) -> Count {
    var count = Count()
    while count.accepted < accepted {
      count.tried += 1
      guard let slack = attempt() else { continue }
      count.accepted += 1
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

  /// `nil` when nothing of the kind is accepted with little to spare; else what is left of the worst limit, in parts of 1 for
  /// speeds and in m and rad for distances.
  private mutating func attempt() -> Double? {
    let q = zip(arm.lower, arm.upper).map { random.uniform(($0 + 0.1)...($1 - 0.1)) }
    guard clearance(q) > 0.05 else { return nil }
    let direction = (0..<7).map { _ in random.uniform(-1...1) }
    let moves = !planted.isEmpty || random.uniform(0...1) < 0.7
    let pace = random.uniform(0.1...1.2)
    let asked: Asked = moves
      ? .velocity(direction.map { pace * $0 }) : .position(zip(q, direction).map { $0 + 0.45 * $1 })
    var (low, high) = (0.0, 1.0)
    guard accepts(asked.scaled(0.02, from: q), q, at: 0.02, moves) else { return nil }
    low = 0.02
    if accepts(asked, q, at: 1, moves) { low = 1 }
    while high - low > 0.002 {
      let middle = 0.5 * (low + high)
      if accepts(asked.scaled(middle, from: q), q, at: middle, moves) { low = middle } else { high = middle }
    }
    let last = asked.scaled(low, from: q)
    guard accepts(last, q, at: low, moves), isTight(verdict(last, velocity(last, moves), q)) else { return nil }
    return cutOff(last, from: q, velocity(last, moves))
  }

  /// An arm that is to turn already turns so.
  private func velocity(_ asked: Asked, _ moves: Bool) -> [Double] {
    switch asked {
    case .velocity(let rate): rate
    case .position: [Double](repeating: 0, count: 7)
    }
  }

  private func accepts(_ asked: Asked, _ q: [Double], at share: Double, _ moves: Bool) -> Bool {
    verdict(asked, velocity(asked, moves), q).decision == .allow
  }

  private func verdict(_ asked: Asked, _ v: [Double], _ q: [Double]) -> Verdict {
    var monitor = Monitor(configuration)
    let place = Sequence(stream: 1, number: 1, boot: 1)
    let next = Sequence(stream: 1, number: 2, boot: 1)
    let now = MonoInstant(nanoseconds: 1_000_000_000)
    _ = monitor.step(.people(People(sensor: 0, sequence: place, coverage: true)), at: now)
    // What was under way is known: a stop.
    _ = monitor.step(.action(Action(sequence: place, command: .stop)), at: now)
    _ = monitor.step(
      .state(
        State(
          sequence: place, position: JointVector(q), velocity: JointVector(v), externalEffort: .absent, contacts: Contacts(),
          externalForce: 0)), at: now)
    return monitor.step(.action(Action(sequence: next, command: asked.command)), at: now)
  }

  /// Something is left of some limit, but less than 5 mm or 5 %.
  private func isTight(_ verdict: Verdict) -> Bool {
    verdict.findings.contains { finding in
      switch finding.rule {
      case .clearanceStatic: finding.outcome == .pass && finding.margin.lower < 0.005
      case .motionPosition: planted.isEmpty && finding.outcome == .pass && finding.margin.lower < 0.005
      case .motionVelocity, .motionTCPSpeed: planted.isEmpty && finding.outcome == .pass && finding.margin.lower < 0.05 * finding.limit
      default: false
      }
    }
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
    var time = 0.0
    var before = arm.tool(law.position).origin
    func look() {
      let q = law.position.indices.map { law.position[$0] + 0.98 * robot.tracking.error[$0] * worst[$0] * min(1, time / 0.02) }
      slack = min(slack, clearance(q) - 0.05)
      for joint in q.indices {
        slack = min(slack, min(q[joint] - arm.lower[joint], arm.upper[joint] - q[joint]) - 0.01)
        slack = min(slack, 1 - abs(law.velocity[joint]) / robot.joints[joint].limits.velocity)
      }
      let tool = arm.tool(law.position).origin
      if time > 0 { slack = min(slack, 1 - length(tool - before) / 0.002 / 1.7) }
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
    overrun = planted.map { clearance(farther($0, law.position, speed, worst)) - 0.05 }
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
    let here = clearance(q)
    return q.indices.map { joint in
      var moved = q
      moved[joint] += 1e-5
      return clearance(moved) < here ? 1 : -1
    }
  }

  private func clearance(_ q: [Double]) -> Double {
    var least = Double.infinity
    for (index, capsule) in arm.capsules(in: arm.frames(q)).enumerated() where !still[index] {
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

  @Test(arguments: 1...4) func `an accepted command with little to spare breaks nothing wherever it is cut off`(shard: Int) throws {
    var run = try CutoffRun(seed: UInt64(shard))
    let count = run.run((Self.wanted + 3) / 4)
    print("cut off \(count.accepted) of \(count.tried) tried, \(count.broken) broken, least slack \(count.leastSlack)")
    #expect(count.broken == 0, "least slack \(count.leastSlack)")
  }

  @Test func `an arm that stops 2 mm later than declared is found out`() throws {
    var run = try CutoffRun(seed: 1)
    run.planted = [0.002, 0.004, 0.008]
    let count = run.run(max(20, (Self.wanted + 3) / 4))
    print("planted, m and found: \(count.found) of \(count.accepted), least slack \(count.leastSlack)")
    #expect(count.broken == 0)
    #expect(count.found[0.002] ?? 0 > 0, "\(count.found) of \(count.accepted), least slack \(count.leastSlack)")
  }
}
