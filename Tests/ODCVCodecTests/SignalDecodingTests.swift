import ODCVCodec
import ODCVCore
import ODCVWire
import Testing

/// Signals, stamps and the state's further fields, on their way into the core.
@Suite struct SignalDecodingTests {
  private func decode(_ message: SignalMessage, on endpoint: Endpoint) throws -> Input {
    var configuration = try configuration()
    configuration.core.cell.signals = [
      SignalDeclaration(name: "door", source: .perception, maxAge: 1),
      SignalDeclaration(name: "tared", source: .driver, maxAge: 1),
    ]
    var decoder = Decoder(configuration)
    return decoder.decode(endpoint: endpoint, topic: Topic.bytes(.signal, robot: topicRobot), body: message.encoded())
  }

  private func signal(_ name: String?, _ value: Double?) -> SignalMessage {
    SignalMessage(header: Good.header, name: name, value: value)
  }

  @Test func aSignalArrivesFromWhoMaySendIt() throws {
    guard case .signal(let door) = try decode(signal("door", 1), on: .scene),
      case .signal(let tared) = try decode(signal("tared", 0), on: .state)
    else {
      Issue.record("refused")
      return
    }
    #expect(door.index == 0 && door.value == 1 && door.sequence.number == 41)
    #expect(tared.index == 1 && tared.value == 0)
  }

  @Test func nobodyElseMayVouchForIt() throws {
    for endpoint in [Endpoint.action, .state] {
      #expect(try decode(signal("door", 1), on: endpoint).reason == .wrongEndpoint)
    }
    for endpoint in [Endpoint.action, .scene] {
      #expect(try decode(signal("tared", 1), on: endpoint).reason == .wrongEndpoint)
    }
  }

  @Test func everyFieldOfASignalIsMissed() throws {
    #expect(try decode(signal(nil, 1), on: .scene).reason == .missingField)
    #expect(try decode(signal("door", nil), on: .scene).reason == .missingField)
    #expect(try decode(signal("window", 1), on: .scene).reason == .unknownSensor)
    #expect(try decode(signal("door", .nan), on: .scene).reason == .nonFinite)
    #expect(try decode(SignalMessage(name: "door", value: 1), on: .scene).reason == .missingField)
  }

  @Test func aStampArrivesWithItsClock() throws {
    func time(_ clock: HeaderFields.Clock?, _ nanoseconds: Int64?) throws -> SourceTime? {
      var message = Good.state
      message.header?.clock = clock
      message.header?.sourceNanoseconds = nanoseconds
      guard case .state(let state) = try ODCVCodecTests.decode(message, as: .state, on: .state) else { return nil }
      return state.sequence.time
    }
    #expect(try time(.ptpTAI, 5) == SourceTime(clock: .ptp, nanoseconds: 5))
    #expect(try time(.simulated, -5) == SourceTime(clock: .simulated, nanoseconds: -5))
    #expect(try time(nil, 5) == nil)
    #expect(try time(.unspecified, 5) == nil)
    #expect(try time(.monotonic, nil) == nil)
  }

  @Test func absentIsNeverZero() throws {
    func state(_ change: (inout StateMessage) -> Void) throws -> Input {
      var message = Good.state
      change(&message)
      return try ODCVCodecTests.decode(message, as: .state, on: .state)
    }
    guard case .state(let plain) = try state({ _ in }),
      case .state(let full) = try state({
        $0.mode = 0
        $0.grasped = false
        $0.successRate = 0
        $0.gripperPosition = [0.01, 0.02]
        $0.endEffectorPosition = [1, 2, 3]
      })
    else {
      Issue.record("refused")
      return
    }
    #expect(plain.mode == nil && plain.grasped == nil && plain.successRate == nil)
    #expect(plain.gripper == nil && plain.tool == nil)
    #expect(full.mode == 0 && full.grasped == false && full.successRate == 0)
    #expect(full.gripper == 0.03 && full.tool == Vector3(1, 2, 3))
    #expect(try state { $0.gripperPosition = [.nan] }.reason == .nonFinite)
    #expect(try state { $0.successRate = .infinity }.reason == .nonFinite)
    #expect(try state { $0.endEffectorPosition = [1, 2] }.reason == .wrongLength)
    #expect(try state { $0.endEffectorPosition = [1, 2, .nan] }.reason == .nonFinite)
  }

  @Test func anotherFrameThanTheBaseIsRefusedEverywhere() throws {
    for frame in ["base", "panda_link0", nil] as [String?] {
      var action = Good.endEffectorDelta
      action.header?.frameID = frame
      #expect(try ODCVCodecTests.decode(action, as: .action, on: .action).reason == nil)
    }
    var action = Good.endEffectorDelta
    action.header?.frameID = "panda_hand"
    #expect(try ODCVCodecTests.decode(action, as: .action, on: .action).reason == .unsupported)
  }
}
