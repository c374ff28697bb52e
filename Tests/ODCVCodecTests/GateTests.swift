import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

@Suite struct GateTests {
  private let target = JointVector([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])

  /// What is sent instead; `nil`: the original.
  private func output(_ decision: Decision, _ original: [UInt8], mode: Mode = .enforce) -> [UInt8]? {
    var gate = Gate(mode: mode, robotID: "panda")
    switch original.withUnsafeBytes({ gate.outgoing(for: decision, original: $0) }) {
    case .forward: return nil
    case .substitute(let bytes): return Array(bytes)
    }
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
    let row = try ActionMessage(decoding: gate.outgoing(for: .allow, row: 1))
    #expect(row.position == other && row.horizonPosition.isEmpty && row.chunkStep == 1 && row.gripperPosition == [0.02])
    guard case .action(let action) = try decode(row, as: .action, on: .action), case .jointPosition(JointVector(other)) = action.command
    else { Issue.record("not the row"); return }
    #expect(try ActionMessage(decoding: gate.outgoing(for: .slow(scale: 0.5, target: target), row: 1)).position == target.values)
    #expect(try ActionMessage(decoding: gate.outgoing(for: .hold, row: 1)).space == .stop)
    #expect(try ActionMessage(decoding: gate.outgoing(for: .allow, row: nil)).space == .stop)
  }

  @Test func aChunkThatStatesNoLengthOrNoneIsOneRow() throws {
    for length in [nil, 0] as [UInt32?] {
      let chunk = ActionMessage(
        header: Good.header, space: .jointPosition, chunkID: 9, chunkLength: length, chunkPeriodNanoseconds: 20_000_000,
        horizonPosition: Good.ready
      ).encoded()
      var gate = Gate(mode: .enforce, robotID: "panda")
      #expect(chunk.withUnsafeBytes { gate.keep($0) })
      #expect(try ActionMessage(decoding: gate.outgoing(for: .allow, row: 0)).position == Good.ready)
    }
  }

  @Test func garbageIsAnsweredWithAStop() throws {
    for decision in [Decision.hold, .slow(scale: 0.5, target: target)] {
      let stop = try substitute(output(decision, [0xFF, 0x01]))
      #expect(stop == ActionMessage(header: HeaderFields(robotID: "panda"), space: .stop))
    }
  }
}
