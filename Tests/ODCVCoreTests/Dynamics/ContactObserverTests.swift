import TestSupport
import Testing

@testable import ODCVCore

/// The planar arm moved by torques, by its own closed equations (two rods, upright axes): nothing of the core is in it.
private struct TwoRods {
  var q = [0.0, 0.0]
  var v = [0.0, 0.0]

  /// Rods of 2 kg and 1 kg, 0.5 m long, and 0.1 kg m² of drive at each joint.
  private func acceleration(_ q: [Double], _ v: [Double], _ torque: [Double]) -> [Double] {
    let (m1, m2, l, c) = (2.0, 1.0, 0.5, 0.25)
    let (i1, i2) = (m1 * l * l / 12, m2 * l * l / 12)
    let cosine = cos(q[1])
    let m11 = 0.1 + i1 + m1 * c * c + i2 + m2 * (l * l + c * c + 2 * l * c * cosine)
    let m12 = i2 + m2 * (c * c + l * c * cosine)
    let m22 = 0.1 + i2 + m2 * c * c
    let h = m2 * l * c * sin(q[1])
    let b1 = torque[0] + h * (2 * v[0] * v[1] + v[1] * v[1])
    let b2 = torque[1] - h * v[0] * v[0]
    let determinant = m11 * m22 - m12 * m12
    return [(m22 * b1 - m12 * b2) / determinant, (m11 * b2 - m12 * b1) / determinant]
  }

  private func cos(_ x: Double) -> Double { sineAndCosine(x).1 }
  private func sin(_ x: Double) -> Double { sineAndCosine(x).0 }

  /// Runge and Kutta's step of the fourth order.
  mutating func step(_ dt: Double, torque: [Double]) {
    func rate(_ q: [Double], _ v: [Double]) -> ([Double], [Double]) { (v, acceleration(q, v, torque)) }
    func plus(_ a: [Double], _ b: [Double], _ s: Double) -> [Double] { [a[0] + s * b[0], a[1] + s * b[1]] }
    let (q1, v1) = rate(q, v)
    let (q2, v2) = rate(plus(q, q1, dt / 2), plus(v, v1, dt / 2))
    let (q3, v3) = rate(plus(q, q2, dt / 2), plus(v, v2, dt / 2))
    let (q4, v4) = rate(plus(q, q3, dt), plus(v, v3, dt))
    for j in 0..<2 {
      q[j] += dt / 6 * (q1[j] + 2 * q2[j] + 2 * q3[j] + q4[j])
      v[j] += dt / 6 * (v1[j] + 2 * v2[j] + 2 * v3[j] + v4[j])
    }
  }
}

@Suite struct ContactObserverTests {
  private static func configuration(_ effort: Dynamics.Effort = .mean) -> Configuration {
    Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics(effort)
    }
  }

  /// What the observer says after each state of a random drive of two seconds; `external` acts from `from` s on.
  private func run(
    _ seed: UInt64, _ effort: Dynamics.Effort = .mean, period: Int = 5, external: [Double] = [0, 0], from: Double = 0,
    stalls: Bool = false, told: (ContactObserver, Double) -> Void
  ) throws {
    var random = SeededGenerator(seed: seed)
    var observer = try #require(ContactObserver(Self.configuration(effort)))
    var arm = TwoRods()
    var torque = [0.0, 0.0]
    var number: UInt64 = 0
    // A reader that is stopped for a while finds what has come in the meantime when it goes on.
    var readable = 0.0
    for state in 0..<(2000 / period) {
      var sum = [0.0, 0.0]
      for tick in 0..<period {
        let time = Double(state * period + tick) * 1e-3
        if Int.random(in: 0..<120, using: &random) == 0 { torque = [random.uniform(-6...6), random.uniform(-2...2)] }
        let push = time >= from ? external : [0, 0]
        let drag = [-1.0 * arm.v[0], -0.5 * arm.v[1]]
        let drive = [torque[0] + drag[0], torque[1] + drag[1]]
        arm.step(1e-3, torque: [drive[0] + push[0], drive[1] + push[1]])
        sum = [sum[0] + drive[0], sum[1] + drive[1]]
      }
      number += 1
      let end = Double((state + 1) * period) * 1e-3
      let noise = (0..<2).map { _ in random.uniform(-0.005...0.005) }
      let drive = [torque[0] - arm.v[0], torque[1] - 0.5 * arm.v[1]]
      let reported = effort == .mean ? sum.map { $0 / Double(period) } : drive
      let message = State(
        sequence: Sequence(stream: 0, number: number, boot: 1), position: JointVector(arm.q),
        velocity: JointVector([arm.v[0] + noise[0], arm.v[1] + noise[1]]), externalEffort: .absent, contacts: nil,
        externalForce: nil, effort: JointVector(reported))
      if stalls, end > readable, Int.random(in: 0..<20, using: &random) == 0 { readable = end + random.uniform(0...0.04) }
      let late = stalls ? random.uniform(0...0.002) : 0
      readable = max(readable, end + late)
      observer.observe(message, at: MonoInstant(nanoseconds: Int64((1 + readable) * 1e9)))
      told(observer, end)
    }
  }

  @Test(arguments: [5, 20]) func withoutContactTheResidualIsWithinItsError(period: Int) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      try run(seed, period: period) { observer, time in
        for joint in 0..<2 {
          let off = abs(observer.residual[joint]) <= observer.error[joint]
          #expect(off, "seed \(seed), \(time) s, joint \(joint): \(observer.residual[joint]) of \(observer.error[joint])")
        }
      }
    }
  }

  @Test func statesThatComeLateAndInBurstsStayWithinTheErrorThatTheyAreGiven() throws {
    for seed in 21...40 as ClosedRange<UInt64> {
      // Up to twenty times the declared latency: the spacing itself tells.
      try run(seed, stalls: true) { observer, time in
        for joint in 0..<2 {
          #expect(abs(observer.residual[joint]) <= observer.error[joint], "seed \(seed), \(time) s, joint \(joint)")
        }
      }
    }
  }

  @Test func theResidualBecomesTheTorqueFromOutside() throws {
    for (seed, external) in [(41, [8.0, 0.0]), (42, [0, -5]), (43, [-7, 4])] as [(UInt64, [Double])] {
      try run(seed, external: external, from: 1) { observer, time in
        // Five times the response time.
        guard time > 1.2 else { return }
        for joint in 0..<2 {
          #expect(abs(observer.residual[joint] - external[joint]) <= observer.error[joint], "\(time) s, joint \(joint)")
        }
      }
    }
  }

  @Test func sampledEffortsServeAtAThousandStatesASecond() throws {
    var worst = 0.0
    try run(44, .sampled, period: 1) { observer, _ in
      for joint in 0..<2 { worst = max(worst, abs(observer.residual[joint])) }
    }
    #expect(worst < 1.5)
  }

  @Test func aModelThatIsWrongShows() throws {
    var heavy = Self.configuration()
    heavy.robot.links[2].inertia?.mass = 3
    var observer = try #require(ContactObserver(heavy))
    var arm = TwoRods()
    var worst = 0.0
    for number in 1...200 as ClosedRange<UInt64> {
      let torque = number % 40 < 20 ? [6.0, 1.0] : [-6, -1]
      for _ in 0..<5 { arm.step(1e-3, torque: torque) }
      observer.observe(
        State(
          sequence: Sequence(stream: 0, number: number, boot: 1), position: JointVector(arm.q),
          velocity: JointVector(arm.v), externalEffort: .absent, contacts: nil, externalForce: nil,
          effort: JointVector(torque)), at: MonoInstant(nanoseconds: Int64(number) * 5_000_000))
      worst = max(worst, abs(observer.residual[0]) - observer.error[0])
    }
    #expect(worst > 1)
  }

  @Test func aGapOrAStateWithoutEffortsBeginsItAnew() throws {
    var observer = try #require(ContactObserver(Self.configuration()))
    var number: UInt64 = 0
    func state(_ effort: JointVector) -> State {
      number += 1
      return State(
        sequence: Sequence(stream: 0, number: number, boot: 1), position: JointVector([0, 0.5]),
        velocity: JointVector([0, 0]), externalEffort: .absent, contacts: nil, externalForce: nil, effort: effort)
    }
    func see(_ milliseconds: Int64, _ effort: JointVector) {
      observer.observe(state(effort), at: MonoInstant(nanoseconds: milliseconds * 1_000_000))
    }
    let held = JointVector([9, 0])
    for time in 0..<40 as Range<Int64> { see(5 * time, held) }
    // Nine newton metres that move nothing are pushed back from outside.
    #expect(abs(observer.residual[0] + 9) < 0.2 && observer.isReady)
    see(400, held)
    #expect(observer.residual[0] == 0 && !observer.isReady)
    see(405, held)
    #expect(observer.residual[0] < 0 && !observer.isReady)
    see(410, .absent)
    #expect(observer.residual.isAbsent && !observer.isReady)
    see(415, held)
    see(410, held)
    #expect(!observer.isReady)
    see(420, JointVector([.nan, 0]))
    #expect(observer.residual.isAbsent)
  }

  @Test func possibleContactHoldsWhenItLastsAndCertainContactLatches() {
    func script(_ torque: Double) -> [Verdict] {
      var monitor = Monitor(Self.configuration())
      var feed = Feed()
      _ = monitor.step(feed.people(), at: feed.now)
      var verdicts: [Verdict] = []
      for step in 0..<60 {
        feed.wait(0.005)
        if step % 10 == 0 { _ = monitor.step(feed.people(), at: feed.now) }
        // It creeps, and what it presses on pushes back.
        let q = [-1 + 0.0001 * Double(step), 0.3]
        verdicts.append(monitor.step(feed.state(q, velocity: [0.02, 0], effort: [torque, 0]), at: feed.now))
      }
      return verdicts
    }
    // The threshold is 10 Nm, the error some 0.7 Nm.
    // At first it is not known.
    let below = script(8).map { $0.finding(.contactHalt)?.outcome }
    #expect(below[..<18].allSatisfy { $0 == .unknown(.missing) } && below[20...].allSatisfy { $0 == .pass })
    let possible = script(10.2)
    #expect(possible.contains { $0.finding(.contactHalt)?.outcome == .violationPossible })
    #expect(possible.last?.latch == 0 && possible.last?.decision == .hold)
    #expect(script(14).last?.latch == 1)
  }
}
