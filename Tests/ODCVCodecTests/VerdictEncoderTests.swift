import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

@Suite struct VerdictEncoderTests {
  /// A still arm, an empty cell seen by both sensors, and one action.
  private func judge(
    _ action: ActionMessage, people: PeopleMessage? = PeopleMessage(header: Good.header, coverageOk: true)
  ) throws -> (Verdict, [UInt8], LoadedConfiguration) {
    let configuration = try configuration()
    var decoder = Decoder(configuration)
    var monitor = Monitor(configuration.core)
    var still = Good.state
    still.velocity = Array(repeating: 0, count: 7)
    still.externalEffort = Array(repeating: 0, count: 7)
    var now: Int64 = 1_000_000
    var inputs = [decoder.decode(endpoint: .state, topic: Topic.bytes(.state, robot: "panda"), body: still.encoded())]
    if var people {
      for sensor in ["gate-lidar", "cell-camera"] {
        people.sensorID = sensor
        inputs.append(
          decoder.decode(endpoint: .scene, topic: Topic.bytes(.people, robot: "panda"), body: people.encoded()))
      }
    }
    let noObstacles = ObstaclesMessage(header: Good.header, sensorID: "bin-camera", coverageOk: true)
    inputs.append(
      decoder.decode(endpoint: .scene, topic: Topic.bytes(.obstacles, robot: "panda"), body: noObstacles.encoded()))
    for input in inputs {
      _ = monitor.step(input, at: MonoInstant(nanoseconds: now))
      now += 1_000_000
    }
    let input = decoder.decode(endpoint: .action, topic: Topic.bytes(.action, robot: "panda"), body: action.encoded())
    let verdict = monitor.step(input, at: MonoInstant(nanoseconds: now))
    var core = [UInt8](repeating: 0, count: Capacity.verdictBytes)
    let count = core.withUnsafeMutableBytes { verdict.encode(into: $0, configuration: configuration.core.digest) }
    return (verdict, Array(core[..<count]), configuration)
  }

  @Test func aVerdictGoesOverTheWireWithItsNamesAndBytes() throws {
    var far = Good.jointPosition
    far.position[1] = 1.5
    let (verdict, core, configuration) = try judge(far)
    let message = VerdictEncoder.message(
      verdict, core: core, configuration: configuration, header: HeaderFields(sequence: 5), latencyNanoseconds: 12_000,
      durable: false)
    let back = try VerdictMessage(decoding: message.encoded())
    #expect(back == message)
    #expect(back.header?.robotID == "panda" && back.header?.sequence == 5)
    #expect(back.core == core && back.actionSequence == 41 && back.judged == .commanded)
    #expect(back.findings.count == verdict.findings.count)
    #expect(back.latencyNanoseconds == 12_000 && back.durable == false)
    let jump = try #require(back.findings.first { $0.rule == "motion.jump" })
    #expect(jump.outcome == .violationCertain || jump.outcome == .violationPossible)
    #expect(jump.subject == "panda_joint2")
    #expect(jump.unit == "rad" && jump.limit != nil && jump.marginLower != nil && jump.marginUpper != nil)
    #expect(back.decision != .allow)
  }

  @Test func whatIsUnknownSaysWhyAndClaimsNoValue() throws {
    let (verdict, core, configuration) = try judge(Good.jointPosition, people: nil)
    let message = VerdictEncoder.message(verdict, core: core, configuration: configuration)
    let human = try #require(message.findings.first { $0.rule == "clearance.human" })
    #expect(human.outcome == .unknown && human.reason == "missing")
    #expect(human.valueLower == nil && human.marginLower == nil)
    #expect(message.decision == .hold)
  }

  @Test func anAgeIsGivenWhereTheVerdictHasOne() throws {
    let (verdict, core, configuration) = try judge(Good.jointPosition)
    let message = VerdictEncoder.message(verdict, core: core, configuration: configuration)
    let age = try #require(message.stateAgeNanoseconds)
    let exact = try #require(verdict.stateAge)
    #expect(abs(Double(age) * 1e-9 - exact) < 1e-9)
    #expect(message.peopleAgeNanoseconds != nil)
    #expect(message.outcome == VerdictEncoder.outcome(verdict.outcome))
  }

  @Test func everySubjectHasAName() throws {
    let configuration = try configuration()
    let subjects: [(Subject, String?)] = [
      (.none, nil), (.link(0), "panda_link0"), (.joint(6), "panda_joint7"),
      (.person(track: 7, part: 2), "person 7 part 2"),
      (.seenObstacle(sensor: 0, index: 4), "bin-camera obstacle 4"), (.sensor(1), "cell-camera"),
      (.stream(.people), "stream people"), (.toolCentrePoint, "tool centre point"), (.link(99), "link 99"),
    ]
    for (subject, name) in subjects { #expect(configuration.core.name(of: subject) == name) }
  }
}
