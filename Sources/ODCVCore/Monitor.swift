/// The safety monitor of one arm: inputs with their instants in, verdicts out.
///
/// Pure: no clock, no I/O, and nothing is allocated after `init`. Live daemon, offline check, campaign, benchmark and
/// fuzzer are shells around `step`, so that a verdict can't differ between them.
public struct Monitor: ~Copyable {
  public let configuration: Configuration
  public private(set) var coverage = Coverage()
  /// How often joints turned round; apart from all verdicts.
  public var reversals: Reversals { world.reversals }
  private let planner: Planner
  private let rules: RuleBook
  private(set) var world: World
  private var motion: Motion
  /// Of a shorter way that is tried.
  private var tried = Findings()
  /// When a rule that holds on held the arm back last, and for how long, s.
  private var holdFrom: (instant: MonoInstant, seconds: Double)?

  /// `kernel` changes how fast a verdict is there, never a bit of it.
  public init(_ configuration: Configuration, kernel: Kernel? = .best) {
    guard let kernel else { preconditionFailure(Kernel.unsupported) }
    precondition(configuration.limits.areSet, "a limit is not set")
    self.configuration = configuration
    planner = Planner(configuration: configuration)
    rules = RuleBook(configuration)
    world = World(configuration)
    motion = Motion(for: configuration.robot, kernel: kernel)
  }

  /// Counts on from `index`, so that the inputs of a part of a recording keep their numbers; `instant` is the first one's.
  public mutating func resume(after index: UInt64, at instant: MonoInstant) { world.resume(after: index, at: instant) }

  /// One input in, one verdict out: the same inputs and instants give the same bytes.
  public mutating func step(_ input: Input, at now: MonoInstant) -> Verdict {
    var verdict = Verdict.absent
    step(input, at: now, into: &verdict)
    return verdict
  }

  /// The same in place of another verdict, where its findings are made: a copy of it is five kilobytes.
  public mutating func step(_ input: Input, at now: MonoInstant, into verdict: inout Verdict) {
    let before = world.index == 0 ? now : world.now
    world.receive(input, at: now)  // what is known, and how old it is
    guard world.judged != .predicted else { return predict(since: before, into: &verdict) }
    planner.plan(&motion, in: world)  // propose: the period, the reaction, the stop
    rules.judge(motion, in: world, into: &verdict.findings)  // verify: every rule, worst first
    verdict.decision = choose(after: verdict.findings)  // choose: allow, slow, hold, halt; latches
    carryOut(verdict.decision.kind, clearAfter: verdict.findings.clearAfter)
    coverage.count(&verdict.findings, elapsed: now.seconds(since: before))
    publish(row: world.row, in: &verdict)
  }

  /// Number of the operator's release order in force; 0: none.
  public var release: UInt64 { world.release.number }

  /// When a row of a chunk becomes due, or its last one ends: a `tick` at that instant judges it. `nil` without a chunk.
  public var due: MonoInstant? { world.chunk.due }

  /// Rows of the chunk in force that are to be executed and not due yet: told, and not judged.
  public var rowsToCome: Int { world.chunk.coming.count }

  /// What enforce mode would do. What the controller asked for stays in `motion`, whatever is tried.
  private mutating func choose(after findings: borrowing Findings) -> Decision {
    if world.contact.latch != 0, world.release.origin == nil { return .halt }
    guard motion.judged != .noted else { return .allow }
    let holdsOn = holdsOn(after: findings.clearAfter)
    if findings.permitMotion, !holdsOn { return .allow }
    guard motion.judged == .commanded, !motion.target.isAbsent, !holdsOn else { return .hold }
    let requested = motion.requested
    defer { motion.requested = requested }
    for attempt in 0..<Permission.attempts {
      guard let scale = Permission.scale(attempt, after: findings) else { break }
      planner.plan(&motion, in: world, scale: scale)
      rules.judge(motion, in: world, into: &tried)
      if tried.permitMotion { return .slow(scale: scale, target: motion.target) }
    }
    return .hold
  }

  /// What is then under way.
  private mutating func carryOut(_ decision: Decision.Kind, clearAfter: Double) {
    if decision != .halt, motion.judged != .noted, clearAfter > 0 { holdFrom = (world.now, clearAfter) }
    switch decision {
    case .allow: if motion.judged != .noted { follow() }
    case .slow: follow()
    case .hold:
      if motion.judged == .commanded { world.hold(requested: motion.requested) } else { world.hold() }
    case .halt:
      world.hold()
      world.endChunk()
    }
  }

  /// A rule held the arm back a short while ago, and is to do so for longer: an end may be delayed, a beginning never.
  private func holdsOn(after clearAfter: Double) -> Bool {
    guard let holdFrom, clearAfter == 0 else { return false }
    let elapsed = world.now.seconds(since: holdFrom.instant)
    return elapsed < holdFrom.seconds
  }

  /// Until when a rule that held the arm back goes on to, though it may pass again; `nil`: none does.
  public var holdsUntil: MonoInstant? {
    guard let holdFrom else { return nil }
    let end = MonoInstant(nanoseconds: holdFrom.instant.nanoseconds &+ Int64(min(holdFrom.seconds, 1e9) * 1e9))
    return end > world.now ? end : nil
  }

  /// The judged motion is let through; a command is pending from now on.
  private mutating func follow() {
    if !motion.isStill { world.leaveRest() }
    guard motion.judged == .commanded else { return }
    let asked = motion.asked.isAbsent
      ? .absent : AskedMotion(velocity: motion.asked, acceleration: motion.demand.greater, at: world.now)
    world.command(motion.goal, requested: motion.requested, asked: asked)
  }

  /// A chunk's rows are executed one by one when they become due, and judged then; nothing moves by this verdict.
  private mutating func predict(since before: MonoInstant, into verdict: inout Verdict) {
    let row = judgeRows(into: &verdict)
    coverage.count(&verdict.findings, elapsed: world.now.seconds(since: before))
    if verdict.decision.kind != .allow {
      world.hold()
      world.endChunk()
    }
    publish(row: row, in: &verdict)
  }

  /// A chunk's rows, none of them due yet: each rule's worst finding over all of them, what enforce mode would do, and, returned, the
  /// first row that does not pass.
  private mutating func judgeRows(into verdict: inout Verdict) -> Int? {
    var row: Int?
    var isFirst = true
    planner.beginPrediction(&motion, in: world)
    repeat {
      let rows = planner.planStretch(&motion, in: world)
      rules.judge(motion, in: world, into: &tried)
      if row == nil, !tried.permitMotion { row = rows?.lowerBound }
      if isFirst { verdict.findings = tried } else { verdict.findings.merge(tried) }
      isFirst = false
    } while motion.prediction.isOpen
    if world.contact.latch != 0, world.release.origin == nil {
      verdict.decision = .halt
    } else {
      // Not about where its rows lead: the chunk itself is not believed.
      verdict.decision = !verdict.findings.permitMotion && verdict.findings.passable == nil ? .hold : .allow
    }
    return row
  }

  /// The verdict that a command would have if it came at `now`. It is not taken in: what comes next finds everything as it was, and
  /// its place in a stream is not judged.
  public mutating func check(_ command: Command, at now: MonoInstant) -> Verdict {
    let before = world.suppose(command, at: now)
    defer { world.forgetSupposition(before) }
    var verdict = Verdict.absent
    if world.judged == .predicted {
      let row = judgeRows(into: &verdict)
      publish(row: row, in: &verdict)
      return verdict
    }
    planner.plan(&motion, in: world)
    rules.judge(motion, in: world, into: &verdict.findings)
    verdict.decision = choose(after: verdict.findings)
    publish(row: nil, in: &verdict)
    return verdict
  }

  /// Whether both hold the same to be under way: the same goal, and the same row of a chunk to come.
  public func agrees(with other: borrowing Monitor) -> Bool {
    let (due, dueThere) = (world.chunk.due, other.world.chunk.due)
    return world.pending.goal == other.world.pending.goal && due == dueThere
  }

  /// Whether contact that was there before `instant` still counts against what is permitted of it.
  public func countsContact(before instant: MonoInstant, at now: MonoInstant) -> Bool { world.contact.counts(before: instant, at: now) }

  /// What latched last; `nil` when nothing has.
  public var contactRecord: ContactRecord? { world.contact.record }

  /// What tells of contact now and so stands against a reset; `nil` when nothing does.
  public var contactSign: ContactSign? { world.contact.sign }

  /// The joint whose measured positions and velocities have disagreed of late, so that nobody knows whether it stands; there is no
  /// reset then.
  public var doubtedJoint: Int? { world.truth.doubtedJoint(at: world.now) }

  /// Whether the last state would tell of contact; without that there is no reset.
  public var knowsContact: Bool { world.contact.isKnown }

  /// Completes the verdict, whose findings and decision are there.
  private func publish(row: Int?, in verdict: inout Verdict) {
    verdict.index = world.index
    verdict.instant = world.now
    verdict.judged = motion.judged
    verdict.row = row
    verdict.actionSequence = world.lastAction
    verdict.latch = world.contact.latch
    verdict.stateAge = world.stateAge
    verdict.peopleAge = world.peopleAge
  }
}
