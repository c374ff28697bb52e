import ODCVCodec
import ODCVCore
import TestSupport
import Testing

@testable import ODCVWire

/// A hand that perception shows as a person's, and then as an obstacle, over the wire.
@Suite struct RelabelTests {
  private struct Frame {
    var hand = PeopleMessage.BodyRegion.hand
    var isPerson = true
    var isObstacle = false
    var boot: UInt64 = 77
  }

  /// The verdict on the last frame, and the next command's.
  private func verdicts(_ frames: [Frame]) throws -> (last: Verdict, command: Verdict) {
    let configuration = try FullCell.configuration()
    var decoder = Decoder(configuration, resetNonce: FullCell.nonce)
    var monitor = Monitor(configuration.core)
    var now = MonoInstant(nanoseconds: 1_000_000_000)
    func take(_ sent: Sent) -> Verdict {
      monitor.step(decoder.decode(endpoint: sent.endpoint, topic: sent.topic, body: sent.body), at: now)
    }
    var last: Verdict?
    for (index, frame) in frames.enumerated() {
      now.nanoseconds += 20_000_000
      let number = UInt64(index + 1)
      for part in FullCell.Part.allCases where part != .people && part != .obstacles && (index == 0 || !part.comesOnce) {
        _ = take(FullCell.sent(part, number, now))
      }
      var header = FullCell.header(number, now)
      header.bootID = frame.boot
      // It goes up by 1 cm a frame.
      let z = 0.9 + 0.01 * Double(index)
      let (a, b) = (VectorFields(x: -2.5, y: 0.3, z: z), VectorFields(x: -2.5, y: 0.3, z: z + 0.1))
      var parts = [
        PeopleMessage.BodyPart(
          region: .forearm, a: VectorFields(x: -2.5, y: 0, z: 0.9), b: VectorFields(x: -2.5, y: 0.25, z: 0.9), radius: 0.05)
      ]
      if frame.isPerson { parts.append(.init(region: frame.hand, a: a, b: b, radius: 0.05)) }
      let track = PeopleMessage.Track(
        trackID: UInt32(40 + index), parts: parts, velocity: VectorFields(x: 0, y: 0, z: 0), confidence: 0.9)
      _ = take(
        Sent(PeopleMessage(header: header, sensorID: "camera", coverageOk: true, tracks: [track]), as: .people, on: .scene))
      let object = ObstaclesMessage.Obstacle(
        id: 9, shape: .capsule, position: VectorFields(x: -2.5, y: 0.3, z: z + 0.05), orientation: [0, 0, 0, 1],
        size: VectorFields(x: 0.05, z: 0.1))
      last = take(
        Sent(
          ObstaclesMessage(
            header: FullCell.header(number, now), sensorID: "depth", coverageOk: true, obstacles: frame.isObstacle ? [object] : []),
          as: .obstacles, on: .scene))
    }
    let command = take(Sent(FullCell.action(.jointPosition, FullCell.header(1, now)), as: .action, on: .action))
    return (try #require(last), command)
  }

  @Test func aHandThatStaysAHandPasses() throws {
    let (last, command) = try verdicts([Frame(), Frame(), Frame()])
    #expect(last.finding(.integrityClass)?.outcome == .pass && command.decision == .allow)
  }

  @Test func aHandThatIsCalledAnObstacleHoldsTheArmForAsLongAsItIs() throws {
    let edited = Frame(isPerson: false, isObstacle: true)
    for frames in [1, 100] {
      let (last, command) = try verdicts([Frame()] + Array(repeating: edited, count: frames))
      #expect(last.finding(.integrityClass)?.outcome == .violationCertain && command.decision == .hold)
      // The track is the one of the frame before, the hand its second part.
      #expect(last.finding(.integrityClass)?.subject == .person(track: 40, part: 1))
    }
    let restarted = try verdicts([Frame(), Frame(isPerson: false, isObstacle: true, boot: 78)])
    #expect(restarted.last.finding(.integrityClass)?.outcome == .violationCertain)
    let back = try verdicts([Frame(), edited, Frame()])
    #expect(back.last.finding(.integrityClass)?.outcome == .pass && back.command.decision == .allow)
  }

  @Test func aHandThatIsLeftOutOrCalledAnotherPartIsUnknown() throws {
    for edited in [Frame(isPerson: false), Frame(hand: .thigh)] {
      let (last, command) = try verdicts([Frame(), edited])
      #expect(last.finding(.integrityClass)?.outcome == .unknown(.mismatched) && command.decision == .hold)
    }
    // Of which nobody says what it is: it bears the least of all.
    #expect(try verdicts([Frame(), Frame(hand: .unspecified)]).last.finding(.integrityClass)?.outcome == .pass)
  }
}
