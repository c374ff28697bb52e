import ODCVCodec
import ODCVConfig
import ODCVWire
import Testing

@testable import ODCVCore

@Suite struct GateTests {
  private let target = JointVector([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])

  /// What is sent instead; `nil`: the original.
  private func output(_ decision: Decision, _ original: [UInt8], mode: Mode = .enforce) -> [UInt8]? {
    var gate = Gate(mode: mode, robotID: "panda")
    return original.withUnsafeBytes { gate.outgoing(for: decision, original: $0).bytes.map { Array($0) } }
  }

  /// What is sent for a row of the kept chunk.
  private func sent(_ row: Int?, _ decision: Decision, _ gate: inout Gate) throws -> ActionMessage {
    try ActionMessage(decoding: #require(gate.outgoing(for: decision, row: row).bytes))
  }

  private func substitute(_ output: [UInt8]?) throws -> ActionMessage { try ActionMessage(decoding: #require(output)) }

  @Test func whatIsAllowedGoesThroughUnchanged() {
    #expect(output(.allow, Good.jointPosition.encoded()) == nil)
  }

  @Test func observeModeLetsEverythingThrough() {
    for decision in [Decision.allow, .slow(scale: 0.5, target: target), .hold, .halt] {
      #expect(output(decision, Good.jointPosition.encoded(), mode: .observe) == nil)
      #expect(output(decision, [0xFF], mode: .observe) == nil)
    }
  }

  @Test func aHoldBecomesAStopThatNamesTheAction() throws {
    for decision in [Decision.hold, .halt] {
      let stop = try substitute(output(decision, Good.jointPosition.encoded()))
      #expect(stop == ActionMessage(header: Good.header, space: .stop))
    }
  }

  @Test func aSlowedActionIsAJointTargetAndNothingElseThatMovesTheArm() throws {
    var original = Good.endEffectorDelta
    original.gripperPosition = [0.04]
    let slowed = try substitute(output(.slow(scale: 0.5, target: target), original.encoded()))
    #expect(
      slowed
        == ActionMessage(
          header: Good.header, space: .jointPosition, position: target.values, gripperPosition: [0.04]))
    // What is sent is itself an action that decodes to the judged target.
    guard case .action(let action) = try decode(slowed, as: .action, on: .action),
      case .jointPosition(target) = action.command
    else { Issue.record("not the target"); return }
  }

  @Test func theRowsOfAChunkAreHandedOutOneByOneAndOnlyWhenEnforcing() throws {
    let other = Good.ready.map { $0 + 0.1 }
    let chunk = ActionMessage(
      header: Good.header, space: .jointPosition, gripperPosition: [0.02], chunkID: 9, chunkLength: 2,
      chunkPeriodNanoseconds: 20_000_000, horizonPosition: Good.ready + other
    ).encoded()
    var watching = Gate(mode: .observe, robotID: "panda")
    #expect(!chunk.withUnsafeBytes { watching.keep($0) })
    var gate = Gate(mode: .enforce, robotID: "panda")
    #expect(chunk.withUnsafeBytes { gate.keep($0) })
    let row = try sent(1, .allow, &gate)
    #expect(row.position == other && row.horizonPosition.isEmpty && row.chunkStep == 1 && row.gripperPosition == [0.02])
    guard case .action(let action) = try decode(row, as: .action, on: .action), case .jointPosition(JointVector(other)) = action.command
    else { Issue.record("not the row"); return }
    #expect(try sent(1, .slow(scale: 0.5, target: target), &gate).position == target.values)
    #expect(try sent(1, .hold, &gate).space == .stop)
    #expect(try sent(nil, .allow, &gate).space == .stop)
  }

  @Test func aChunkThatStatesNoLengthOrNoneIsOneRow() throws {
    for length in [nil, 0] as [UInt32?] {
      let chunk = ActionMessage(
        header: Good.header, space: .jointPosition, chunkID: 9, chunkLength: length, chunkPeriodNanoseconds: 20_000_000,
        horizonPosition: Good.ready
      ).encoded()
      var gate = Gate(mode: .enforce, robotID: "panda")
      #expect(chunk.withUnsafeBytes { gate.keep($0) })
      #expect(try sent(0, .allow, &gate).position == Good.ready)
    }
  }

  /// A quarter of a megabyte that this version does not know, in the action and in its header: as long as a message may be.
  @Test func whatIsSubstitutedHoldsNothingThatIsNotKnown() throws {
    func unknown(_ size: Int) -> [UInt8] {
      // Field 100, with a length of three bytes.
      [0xA2, 0x06, UInt8(size & 0x7F) | 0x80, UInt8(size >> 7 & 0x7F) | 0x80, UInt8(size >> 14)] + [UInt8](repeating: 7, count: size)
    }
    let rows = [Good.ready, Good.ready]
    var action = ActionMessage(
      space: .jointPosition, gripperPosition: [0.02], chunkID: 9, chunkLength: 2, chunkPeriodNanoseconds: 20_000_000,
      horizonPosition: rows.flatMap { $0 }
    ).encoded()
    let header = Good.header.encoded() + unknown(100_000)
    action = [0x0A, UInt8(header.count & 0x7F) | 0x80, UInt8(header.count >> 7 & 0x7F) | 0x80, UInt8(header.count >> 14)] + header + action
    action += unknown(MessageBounds.messageBytes - action.count - 5)
    #expect(action.count == MessageBounds.messageBytes)
    var gate = Gate(mode: .enforce, robotID: "panda")
    let kept = action.withUnsafeBytes { gate.keep($0) }
    try #require(kept)
    for decision in [Decision.allow, .slow(scale: 0.5, target: target), .hold] {
      let sent = Array(try #require(gate.outgoing(for: decision, row: 1).bytes))
      #expect(sent.count < 400)
      let read = try ActionMessage(decoding: sent)
      #expect(read.header == Good.header && (decision == .allow ? read.position == rows[1] : true))
    }
    let slowed = try substitute(output(.slow(scale: 0.5, target: target), action))
    #expect(slowed.position == target.values)
  }

  @Test func garbageIsAnsweredWithAStop() throws {
    for decision in [Decision.hold, .slow(scale: 0.5, target: target)] {
      let stop = try substitute(output(decision, [0xFF, 0x01]))
      #expect(stop == ActionMessage(header: HeaderFields(robotID: "panda"), space: .stop))
    }
  }

  // MARK: - Answers

  private func verdict(_ judged: Judged, _ decision: Decision) -> Verdict {
    Verdict(
      index: 1, instant: MonoInstant(nanoseconds: 1), judged: judged, row: nil, actionSequence: 1, findings: Findings(),
      decision: decision, latch: 0, stateAge: nil, peopleAge: nil)
  }

  /// What is sent.
  private enum Sent: Equatable {
    case forward
    case substitute([UInt8])

    init?(_ output: GateOutput?) {
      guard let output else { return nil }
      self = output.bytes.map { .substitute(Array($0)) } ?? .forward
    }
  }

  private func answer(
    _ judged: Judged, _ decision: Decision, isRefused: Bool = false, isLate: Bool = false, mode: Mode = .enforce
  ) -> Sent? {
    var gate = Gate(mode: mode, robotID: "panda")
    return Good.jointPosition.encoded().withUnsafeBytes {
      Sent(gate.answer(verdict(judged, decision), isRefused: isRefused, isLate: isLate, original: $0))
    }
  }

  private var stop: Sent { .substitute(ActionMessage(header: Good.header, space: .stop).encoded()) }

  @Test func onlyWhatIsAllowedInTimeIsForwarded() {
    #expect(answer(.commanded, .allow) == .forward)
    #expect(answer(.commanded, .hold) == stop)
    #expect(answer(.commanded, .halt) == stop)
    #expect(answer(.commanded, .allow, isLate: true) == stop)
    #expect(answer(.commanded, .slow(scale: 0.5, target: target), isLate: true) == stop)
    #expect(answer(.commanded, .slow(scale: 0.5, target: target)) != stop)
  }

  /// The monitor counts by them.
  @Test func whatIsSentIsCalledWhatItIs() throws {
    func kind(_ output: GateOutput) -> String { "\(output)".prefix { $0 != "(" }.description }
    var gate = Gate(mode: .enforce, robotID: "panda")
    let original = Good.jointPosition.encoded()
    func single(_ decision: Decision, _ bytes: [UInt8]) -> String {
      bytes.withUnsafeBytes { kind(gate.outgoing(for: decision, original: $0)) }
    }
    let slow = Decision.slow(scale: 0.5, target: target)
    let singles = [single(.allow, original), single(slow, original), single(.hold, original), single(slow, [0xFF])]
    #expect(singles == ["forward", "shortened", "stop", "stop"], "of garbage nothing is shortened")
    _ = chunk([Good.ready]).withUnsafeBytes { gate.keep($0) }
    let rows = [(Decision.allow, 0), (slow, 0), (.halt, 0), (.allow, 1)].map { kind(gate.outgoing(for: $0, row: $1)) }
    #expect(rows == ["row", "shortened", "stop", "stop"], "the chunk has no second row")
  }

  @Test func whatIsRefusedIsNeverForwarded() {
    for decision in [Decision.allow, .hold, .halt] {
      #expect(answer(.measured, decision, isRefused: true) == stop)
      #expect(answer(.measured, decision, isRefused: true, mode: .observe) == .forward)
    }
  }

  private func chunk(_ rows: [[Double]]) -> [UInt8] {
    ActionMessage(
      header: Good.header, space: .jointPosition, chunkID: 9, chunkLength: UInt32(rows.count),
      chunkPeriodNanoseconds: 20_000_000, horizonPosition: rows.flatMap { $0 }
    ).encoded()
  }

  @Test func theRowsOfAChunkWhoseVerdictCameLateAreItsOwn() throws {
    let other = Good.ready.map { $0 + 0.1 }
    var gate = Gate(mode: .enforce, robotID: "panda")
    for (rows, isLate) in [([Good.ready], false), ([other, other], true)] {
      let output = chunk(rows).withUnsafeBytes {
        Sent(gate.answer(verdict(.predicted, .allow), isRefused: false, isLate: isLate, original: $0))
      }
      #expect(output == nil)
    }
    // Its second row is one that the chunk before did not have.
    for row in 0..<2 {
      #expect(try sent(row, .allow, &gate).position == other)
    }
  }

  /// A gate lives as long as the daemon: what it unpacked for one message makes room for the next.
  @Test func everyMessageOfALongRunIsAnswered() throws {
    let rows = [[Double]](repeating: [Double](repeating: 0.1, count: Capacity.joints), count: 64)
    let original = chunk(rows)
    let unpacked = rows.count * Capacity.joints * MemoryLayout<Double>.stride
    var gate = Gate(mode: .enforce, robotID: "panda")
    for _ in 0...Arena.messageCapacity / unpacked {
      let kept = original.withUnsafeBytes { gate.keep($0) }
      #expect(kept)
      let stop = original.withUnsafeBytes { gate.outgoing(for: .hold, original: $0).bytes.map { Array($0) } }
      #expect(try substitute(stop).header == Good.header)
      #expect(try sent(63, .allow, &gate).position == rows[63])
    }
  }

  @Test func aChunkThatIsNotAllowedIsAnsweredAtOnce() {
    var gate = Gate(mode: .enforce, robotID: "panda")
    let output = chunk([Good.ready]).withUnsafeBytes {
      Sent(gate.answer(verdict(.predicted, .hold), isRefused: false, isLate: false, original: $0))
    }
    #expect(output == stop)
    #expect(answer(.predicted, .allow, mode: .observe) == .forward)
    #expect(answer(.commanded, .allow, mode: .observe) == .forward)
  }
}
