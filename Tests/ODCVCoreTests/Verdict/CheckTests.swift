import TestSupport
import Testing

@testable import ODCVCore

/// A command that is only checked: what it is told is what it would be told, and nothing remembers it.
@Suite struct CheckTests {
  /// What a rule says of a message's own place in its stream can't be said of one that has none.
  private static let ofTheMessage: [RuleID] = [.integritySequence, .integrityClock, .integrityIdentity, .integritySchema]

  /// Inputs of a cell at work, some of them bad, and commands in between.
  private struct Script {
    var feed = Feed()
    var random: SeededGenerator
    var q = [-1.0, 0.3]

    private mutating func near(_ reach: Double) -> [Double] { q.map { $0 + random.uniform(-reach...reach) } }

    mutating func input() -> Input {
      feed.wait(random.uniform(0.001...0.02))
      switch Int.random(in: 0..<16, using: &random) {
      case 0...4:
        let before = q
        q = near(0.0002)
        return feed.state(q, velocity: zip(q, before).map { ($0 - $1) / 0.01 }, force: random.uniform(0...1) < 0.002 ? 30 : 0)
      case 5...8: return feed.people(random.uniform(0...1) < 0.01 ? [[Generate.capsule(2, &random)]] : [])
      case 9: return .tick
      case 10: return random.uniform(0...1) < 0.1 ? .overrun(0.01) : .episode(.reset)
      case 11: return .chunk(chunk())
      default:
        return .action(action())
      }
    }

    private mutating func action() -> Action {
      let command: Action.Command =
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .jointVelocity(JointVector(near(0.5)))
        case 1: .jointDelta(JointVector([random.uniform(-0.1...0.1), 0]), from: .measured)
        case 2: .stop
        case 3: .jointPosition(JointVector(near(2)))
        case 4: .jointPosition(JointVector(near(0.8)))
        default: .jointPosition(JointVector(near(0.01)))
        }
      guard case .action(var action) = feed.action(command) else { preconditionFailure() }
      action.terminates = random.uniform(0...1) < 0.03
      return action
    }

    private mutating func chunk() -> Chunk {
      let length = Int.random(in: 1...8, using: &random)
      guard case .action(let first) = feed.action(.stop) else { preconditionFailure() }
      var chunk = Chunk(
        sequence: first.sequence, space: .jointPosition,
        first: ChunkRow(chunk: 1, step: 0, length: length, execute: length, observation: nil), period: 0.01)
      let reach = random.uniform(0...1) < 0.3 ? 1.0 : 0.01
      for _ in 0..<length { chunk.append(JointVector(near(reach))) }
      return chunk
    }

    /// A command that is not given.
    mutating func other() -> Command {
      let before = feed
      defer { feed = before }
      return random.uniform(0...1) < 0.3 ? .chunk(chunk()) : .action(action())
    }
  }

  @Test(arguments: 0..<12) func whatIsCheckedChangesNoVerdictThatFollows(seed: UInt64) {
    let configuration = Planar.configuration {
      $0.limits[.motionTCPSpeed, "greatest_m_s"] = 9
      // Claims are remembered from one input to the next.
      $0.cell.claims = [Claim(name: "done", statement: .terminated, evidence: .force(atLeast: 5), within: 0.02)]
    }
    var plain = Monitor(configuration)
    var asked = Monitor(configuration)
    var script = Script(random: SeededGenerator(seed: seed))
    for step in 0..<300 {
      let input = script.input()
      let other = script.other()
      _ = asked.check(other, at: script.feed.now)
      let (expected, given) = (plain.step(input, at: script.feed.now), asked.step(input, at: script.feed.now))
      #expect(expected.bytes(configuration) == given.bytes(configuration), "step \(step)")
      let (due, dueHere) = (plain.due, asked.due)
      #expect(due == dueHere)
    }
    let (coverage, coverageHere) = (plain.coverage, asked.coverage)
    for rule in RuleID.allCases { #expect(coverage[rule] == coverageHere[rule]) }
  }

  @Test func whatStatesNoNumberHasNoneInItsVerdict() {
    let configuration = Planar.configuration()
    var monitor = Monitor(configuration)
    let now = MonoInstant(nanoseconds: 1)
    let sequence = Sequence(stream: 0, number: nil, boot: 1)
    let single = monitor.check(.action(Action(sequence: sequence, command: .stop)), at: now)
    var rows = Chunk(
      sequence: sequence, space: .jointPosition,
      first: ChunkRow(chunk: 1, step: 0, length: 1, execute: 1, observation: nil), period: 0.01)
    rows.append(JointVector([0, 0]))
    let chunk = monitor.check(.chunk(rows), at: now)
    #expect(single.actionSequence == 0 && single.judged == .commanded)
    #expect(chunk.actionSequence == 0 && chunk.judged == .predicted)
  }

  @Test func aChunkThatDoesNotAgreeWithItselfIsRefusedAsWhenItIsGiven() {
    let configuration = Planar.configuration()
    var monitor = Monitor(configuration)
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    let rows = Chunk(
      sequence: Sequence(stream: 0, number: 1, boot: 1), space: .jointPosition,
      first: ChunkRow(chunk: 1, step: 0, length: 3, execute: 3, observation: nil), period: 0.01)
    let checked = monitor.check(.chunk(rows), at: feed.now)
    let given = monitor.step(.chunk(rows), at: feed.now)
    #expect("\(String(describing: checked.finding(.integritySchema)))" == "\(String(describing: given.finding(.integritySchema)))")
    #expect(checked.finding(.integritySchema)?.holdsBack == true)
  }

  @Test func aCheckSaysWhatTheCommandIsThenTold() {
    var decisions: [String: Int] = [:]
    for seed in 100..<112 as Range<UInt64> { compare(seed, &decisions) }
    for decision in ["allow", "slow", "hold", "halt"] {
      #expect(decisions[decision] ?? 0 > 10, "the scripts tell little: \(decisions)")
    }
  }

  private func compare(_ seed: UInt64, _ decisions: inout [String: Int]) {
    let configuration = Planar.configuration {
      $0.limits[.motionTCPSpeed, "greatest_m_s"] = 9
      // Claims are remembered from one input to the next.
      $0.cell.claims = [Claim(name: "done", statement: .terminated, evidence: .force(atLeast: 5), within: 0.02)]
    }
    var monitor = Monitor(configuration)
    var script = Script(random: SeededGenerator(seed: seed))
    for step in 0..<300 {
      let input = script.input()
      let command: Command?
      switch input {
      case .action(let action): command = .action(action)
      case .chunk(let chunk): command = .chunk(chunk)
      default: command = nil
      }
      let index = monitor.world.index
      let checked = command.map { monitor.check($0, at: script.feed.now) }
      let given = monitor.step(input, at: script.feed.now)
      guard let checked else { continue }
      #expect(checked.index == index && checked.judged == given.judged && checked.actionSequence == given.actionSequence)
      #expect(checked.latch == given.latch && checked.row == given.row)
      for rule in RuleID.allCases where !CheckTests.ofTheMessage.contains(rule) {
        #expect("\(String(describing: checked.finding(rule)))" == "\(String(describing: given.finding(rule)))", "step \(step), \(rule)")
      }
      let isGood = CheckTests.ofTheMessage.allSatisfy { given.finding($0)?.holdsBack != true }
      if isGood { #expect(checked.decision == given.decision, "step \(step)") }
      decisions["\(checked.decision)".prefix { $0 != "(" }.description, default: 0] += 1
    }
  }
}
