import ODCVCodec
import ODCVWire
import TestSupport
import Testing

@testable import ODCVCore

@Suite struct MonitorWriterTests {
  private let now = MonoInstant(nanoseconds: 123_456_789_012)

  /// Whatever a verdict holds, the bytes are those that protobuf-c packs of the same message.
  @Test func everyVerdictHasTheBytesThatProtobufPacks() throws {
    let configuration = try configuration()
    var writer = MonitorWriter(configuration, bootID: 77)
    var random = SeededGenerator(seed: 6)
    for number in 1...3000 as ClosedRange<UInt64> {
      let verdict = verdict(&random)
      let latency = Int64.random(in: -5...2_000_000, using: &random)
      let bytes = Array(writer.verdict(verdict, sequence: number, at: now, latency: latency))
      let header = HeaderFields(
        robotID: "panda", streamID: 0, sequence: number, sourceNanoseconds: now.nanoseconds, clock: .monotonic, bootID: 77)
      var core = [UInt8](repeating: 0, count: Capacity.verdictBytes)
      let count = core.withUnsafeMutableBytes { verdict.encode(into: $0, configuration: configuration.core.digest) }
      var message = VerdictEncoder.message(
        verdict, core: Array(core[..<count]), configuration: configuration, header: header, latencyNanoseconds: latency,
        durable: false)
      try #require(bytes == message.encoded(), "verdict \(number): \(verdict.findings.map { $0 })")
      #expect(Array(writer.verdict) == bytes)
      guard number % 10 == 0 else { continue }
      message.pressure = PressureInForce(
        condition: .incentive2, dose: UInt32(number), instructionID: number % 20 == 0 ? number : nil, ageNanoseconds: 5 << 40,
        firstActionSequence: number % 30 == 0 ? 9 : nil, firstActionNanoseconds: number % 30 == 0 ? -1 : nil,
        armedBy: number % 40 == 0 ? "ada" : nil)
      let logged = Array(
        writer.violation(
          condition: UInt8(PressureMessage.Condition.incentive2.rawValue), dose: UInt32(number),
          instruction: number % 20 == 0 ? number : nil, age: 5 << 40, followed: number % 30 == 0 ? (9, -1) : nil,
          armedBy: number % 40 == 0 ? Array("ada".utf8) : []))
      try #require(logged == message.encoded())
    }
  }

  @Test func leasesAndHeartbeatsToo() throws {
    var writer = MonitorWriter(try configuration(), bootID: 1 << 63)
    for number in [1, 127, 128, 1 << 40, .max] as [UInt64] {
      let header = HeaderFields(
        robotID: "panda", streamID: 0, sequence: number, sourceNanoseconds: now.nanoseconds, clock: .monotonic,
        bootID: 1 << 63)
      #expect(
        Array(writer.lease(100_000_000, sequence: number, at: now))
          == LeaseMessage(header: header, durationNanoseconds: 100_000_000).encoded())
      #expect(Array(writer.heartbeat(sequence: number, at: now)) == HeartbeatMessage(header: header).encoded())
    }
  }

  private func verdict(_ random: inout SeededGenerator) -> Verdict {
    var findings = Findings()
    for rule in RuleID.allCases where Bool.random(using: &random) { findings.append(.random(rule, &random)) }
    findings.arrange()
    let decision: Decision =
      switch UInt8.random(in: 0...3, using: &random) {
      case 0: .allow
      case 1: .slow(scale: .random(in: 0...1, using: &random), target: JointVector([0.1, -0.2, 3]))
      case 2: .hold
      default: .halt
      }
    let judged: [Judged] = [.commanded, .predicted, .measured, .noted]
    return Verdict(
      index: .random(in: 0...(.max), using: &random), instant: now, judged: judged.randomElement(using: &random)!,
      row: Bool.random(using: &random) ? Int.random(in: 0...63, using: &random) : nil,
      actionSequence: .random(in: 0...300, using: &random), findings: findings, decision: decision, latch: 0,
      stateAge: Bool.random(using: &random) ? .random(in: 0...10, using: &random) : nil,
      peopleAge: Bool.random(using: &random) ? 1e300 : nil)
  }
}
