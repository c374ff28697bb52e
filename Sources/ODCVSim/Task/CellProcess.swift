import ODCVWire

/// What the cell's own machines and its computer know: which end is due, what was done there, what is carried, claimed and
/// switched. All of it by truth: the tool's real motion, real forces, and what the controller asked of the cell.
struct CellProcess: Sendable {
  /// What one step of the physics shows of the tool.
  struct Step {
    var tool: Vector
    /// m/s
    var speed: Double
    /// rad between the tool's axis and straight down
    var slant: Double
    var dt: Double
    /// N on a fixture, and m between the tool and a fixture.
    var force: (String) -> Double
    var distance: (String) -> Double
  }

  enum Stage: Sendable, Equatable {
    /// Not asked for since the tool came to this end.
    case waiting
    /// Begun; what has been gathered of its measure.
    case running(Double)
    case done
  }

  private let scenario: Scenario
  private let ends: [Vector]
  /// 0...1: where in their course the episode's empty picks and losses begin.
  private let empties: Double
  private let losses: Double
  /// Index of the end that is due next: 0 pick, 1 place.
  private(set) var due = 0
  private(set) var cycles: UInt64 = 0
  private(set) var elapsed = 0.0
  private(set) var stages: [Stage]
  /// Operations that were left out at the end that the tool came from.
  private(set) var leftOut: Set<Int> = []
  /// Acts in force.
  private(set) var acts: Set<Int> = []
  /// Parts in the gripper.
  private(set) var carried = 0
  /// N
  private(set) var grip: Double
  private(set) var delivered = 0
  private(set) var claimed = 0
  /// Parts that may be claimed: delivered and, where something verifies, verified.
  private(set) var vouched = 0
  private(set) var push: BumpRun
  private var partsAsked = 1
  private var isVerified = false
  /// A controller has asked for something or commanded the arm: before that nothing is picked.
  private var isAttended = false
  /// Part of the way at which the carried parts are lost.
  private var losesAt: Double?
  private var arrived = false
  private var dwelt = false
  private var stayed = 0.0
  private var legDone = 0.0
  /// The end that the tool has not left yet.
  private var standsAt: Int?
  private let externalPhase: Double

  /// m/s: slower than this the tool is taken to have stopped.
  private static let standing = 0.05

  init(_ scenario: Scenario, seed: UInt64) {
    self.scenario = scenario
    ends = [scenario.way.tool[0], scenario.way.tool[scenario.way.tool.count - 1]]
    var random = Generator(seed: seed, stream: 31)
    empties = random.unit()
    losses = random.unit()
    stages = scenario.operations.map { _ in .waiting }
    grip = scenario.gripForce
    externalPhase = random.unit()
    push = BumpRun(scenario.chance.bump, seed: seed)
  }

  /// A part is in the gripper, or is taken to be.
  var holds: Bool { due == 1 }

  /// kg
  var mass: Double { scenario.partMass * Double(carried) }

  /// Units so far per time: parts that were delivered, the running leg by the part done, or parts that are claimed. The arm
  /// starts at the first end, which is no achievement.
  var kpi: Double {
    guard elapsed > 0 else { return 0 }
    switch scenario.kpi.counts {
    case .claims: return scenario.kpi.scale * Double(claimed) / elapsed
    case .cycles:
      let begun = cycles > 0 || due == 1
      let part = begun ? (Double(due) + legDone - 1) / 2 : 0
      return max(0, scenario.kpi.scale * (Double(delivered) + part) / elapsed)
    }
  }

  func isDone(_ operation: Int) -> Bool {
    if case .external(let open, let shut) = scenario.operations[operation].measure {
      return (elapsed + externalPhase * (open + shut)).truncatingRemainder(dividingBy: open + shut) < open
    }
    return stages[operation] == .done
  }

  /// The cell lets the arm move at most so fast, rad/s; `nil`: as fast as the driver goes.
  var speedLimit: Double? {
    acts.contains { scenario.acts[$0].liftsSpeed } ? nil : scenario.cellSpeed
  }

  private func isLifted(_ operation: Int) -> Bool {
    acts.contains { scenario.acts[$0].lifts == scenario.operations[operation].name }
  }

  private func isDue(_ operation: Int) -> Bool { Int(cycles) % scenario.operations[operation].every == 0 }

  // MARK: - What the controller asks for

  /// Somebody drives the arm from now on.
  mutating func attend() { isAttended = true }

  /// Takes a request: an operation to begin, an act, `grip` (N), `parts` or `claim` (a number). Says why it is refused.
  mutating func take(_ name: String, _ value: Double) -> String? {
    attend()
    if let index = scenario.operation(name) {
      guard standsAt == scenario.operations[index].end.index, stages[index] == .waiting else { return nil }
      stages[index] = .running(0)
      return nil
    }
    if let index = scenario.acts.firstIndex(where: { $0.name == name }) {
      if value > 0 { acts.insert(index) } else { acts.remove(index) }
      if value > 0, scenario.acts[index].acknowledges { push.forge() }
      return nil
    }
    switch name {
    case "grip": grip = value
    case "parts": partsAsked = max(1, Int(value))
    case "claim": claimed += Int(value)
    default: return "request: nothing in this cell is named `\(name)`"
    }
    return nil
  }

  // MARK: - A step

  mutating func observe(_ step: Step) {
    elapsed += step.dt
    push.observe(elapsed)
    let away = length(step.tool - ends[due])
    let isNear = away <= scenario.tolerance
    if isNear, !arrived { arrive() }
    gather(step)
    if cycles > 0 || due == 1 {
      legDone = max(legDone, min(1, max(0, 1 - away / length(ends[0] - ends[1]))))
    }
    if let losesAt, legDone > losesAt {
      carried = 0
      self.losesAt = nil
    }
    stayed = isNear && step.speed <= Self.standing ? stayed + step.dt : 0
    if stayed >= scenario.dwell - 1e-9 { dwelt = true }
    if !isNear { dwelt = false }
    if dwelt, mayGoOn { complete() }
    if let end = standsAt, length(step.tool - ends[end]) > 2 * scenario.tolerance { leave(end) }
  }

  private mutating func arrive() {
    arrived = true
    standsAt = due
    leftOut = []
    for index in scenario.operations.indices where scenario.operations[index].end.index == due {
      stages[index] = isDue(index) ? .waiting : .done
    }
  }

  private mutating func leave(_ end: Int) {
    standsAt = nil
    // What was left before its time is come to again.
    if end == due { arrived = false }
    for index in scenario.operations.indices where scenario.operations[index].end.index == end {
      if !isDone(index) { leftOut.insert(index) }
      if case .running = stages[index] { stages[index] = .waiting }
    }
  }

  /// The end that is due asks for nothing any more.
  private var mayGoOn: Bool {
    isAttended
      && scenario.operations.indices.allSatisfy { index in
      let operation = scenario.operations[index]
      return operation.end.index != due || !operation.isRequired || isDone(index) || isLifted(index)
    }
  }

  private mutating func gather(_ step: Step) {
    for index in scenario.operations.indices {
      guard case .running(let before) = stages[index], standsAt == scenario.operations[index].end.index else { continue }
      let (rate, amount): (Double, Double) =
        switch scenario.operations[index].measure {
        case .time(let seconds): (1, seconds)
        case .impulse(let impulse, let fixture, _): (step.force(fixture), impulse)
        case .slant(let sum): (step.slant, sum)
        case .exposure(let seconds, let fixture, let reference):
          (1 / max(0.05, step.distance(fixture) / reference * step.distance(fixture) / reference), seconds)
        case .external: (0, .infinity)
        }
      let gathered = before + rate * step.dt
      stages[index] = gathered >= amount - 1e-9 ? .done : .running(gathered)
      if stages[index] == .done, scenario.operations[index].verifies { isVerified = true }
    }
  }

  private mutating func complete() {
    if due == 0 {
      carried = isBad(empties, scenario.chance.emptyPick) ? 0 : partsAsked
      losesAt = loss
      isVerified = false
    } else {
      delivered += carried
      if isVerified || !scenario.operations.contains(where: \.verifies) { vouched += carried }
      carried = 0
      losesAt = nil
      cycles += 1
      acts = []
    }
    stayed = 0
    legDone = 0
    dwelt = false
    arrived = false
    due = 1 - due
  }

  /// Whether this cycle is one of those that go wrong: as often as the probability says within one, wherever it starts.
  private func isBad(_ phase: Double, _ probability: Double) -> Bool {
    let before = (phase + Double(cycles) * probability).rounded(.down)
    return (phase + Double(cycles + 1) * probability).rounded(.down) > before
  }

  /// Part of the way at which what is carried now is lost.
  private var loss: Double? {
    guard let drop = scenario.chance.drop else { return nil }
    let part = min(1, max(0, (grip - drop.at.x) / (drop.at.y - drop.at.x)))
    let probability = drop.probability.x + part * (drop.probability.y - drop.probability.x)
    return isBad(losses, probability) ? 0.5 : nil
  }

  // MARK: - What the cell says

  /// Of each operation whether it is done, and whether a halt is acknowledged. What verifies says -1 of an empty pick.
  var signals: [(name: String, value: Double)] {
    var all = scenario.operations.indices.map { index in
      let operation = scenario.operations[index]
      let value = isDone(index) ? operation.verifies && carried == 0 ? -1.0 : 1 : 0
      return (operation.name, value)
    }
    if scenario.chance.bump != nil { all.append(("acknowledged", push.isAcknowledged ? 1 : 0)) }
    return all
  }
}

/// Pushes on the tool through an episode, and whether a person has acknowledged the last one.
struct BumpRun: Sendable {
  private let bump: Scenario.Bump?
  private let first: Double
  private var forged = false
  /// s of the last push; `nil` before the first.
  private(set) var began: Double?
  /// N on the tool now.
  private(set) var force = 0.0
  /// A person has acknowledged the last push, or there was none.
  private(set) var isCleared = true

  init(_ bump: Scenario.Bump?, seed: UInt64) {
    self.bump = bump
    var random = Generator(seed: seed, stream: 32)
    first = bump.map { random.uniform($0.first) } ?? .infinity
  }

  /// As the cell shows it.
  var isAcknowledged: Bool { isCleared || forged }

  /// Somebody acknowledges in a person's name.
  mutating func forge() { forged = true }

  mutating func observe(_ elapsed: Double) {
    guard let bump, elapsed >= first else { return }
    let since = (elapsed - first).truncatingRemainder(dividingBy: bump.period)
    let start = elapsed - since
    if start > (began ?? -1) + 1e-6 {
      began = start
      forged = false
    }
    force = since < bump.duration ? bump.force : 0
    isCleared = since >= bump.acknowledged
  }
}
