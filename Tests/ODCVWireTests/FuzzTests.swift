import TestSupport
import Testing
import WireSupport

@testable import ODCVWire

@Suite struct FuzzTests {
  /// Random bytes, and valid bodies with a few bytes changed, cut, repeated or joined to others.
  @Test func aHundredThousandBrokenBodiesAreDecodedOrRefused() throws {
    var generator = SeededGenerator(seed: 2024)
    var writer = BodyWriter(generator: SeededGenerator(seed: 5), presence: 0.5, arrayLength: 4)
    let kinds: [any WireMessage.Type] = [
      LayoutMessage.self, ActionMessage.self, StateMessage.self, PeopleMessage.self, ObstaclesMessage.self,
      ReasoningMessage.self, HeartbeatMessage.self, RequestMessage.self, VerdictMessage.self, StepReplyMessage.self,
    ]
    var arena = Arena()
    var decoded = 0
    var exhausted = 0
    var body: [UInt8] = []
    for round in 0..<100_000 {
      let type = kinds.randomElement(using: &generator)!
      if round % 10 == 0 { body = writer.body(type.schema.descriptor) }
      var broken = body
      switch Int.random(in: 0..<6, using: &generator) {
      case 0:
        let count = Int.random(in: 0...64, using: &generator)
        broken = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      case 1: broken.removeLast(Int.random(in: 0...broken.count, using: &generator))
      case 2: broken += body
      case 3: broken.insert(contentsOf: broken.prefix(Int.random(in: 0...8, using: &generator)), at: broken.count / 2)
      default: break
      }
      for _ in 0..<Int.random(in: 0...3, using: &generator) where !broken.isEmpty {
        broken[Int.random(in: 0..<broken.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
      }
      switch outcome(type, broken, &arena) {
      case nil: decoded += 1
      case .exhausted: exhausted += 1
      case .truncated, .malformed, .wrongType, .twice, .tooMany, .tooLong, .notText: break
      }
    }
    // What passes the bounds fits the arena and unpacks; both outcomes were really met.
    #expect(exhausted == 0)
    #expect(decoded > 10_000 && decoded < 90_000)
  }

  /// `nil` when the body was decoded; then what it encodes to decodes to the same bytes again.
  private func outcome<Message: WireMessage>(
    _ type: Message.Type, _ body: [UInt8], _ arena: inout Arena
  ) -> BoundsRefusal? {
    arena.reset()
    do {
      let c = try body.withUnsafeBytes { try arena.unpack(type, $0) }
      let once = Message(c.pointee).encoded()
      guard once.count <= MessageBounds.messageBytes else { return nil }
      let again = try? Message(decoding: once)
      if again?.encoded() != once { Issue.record("\(type.schema.name): \(body)") }
      return nil
    } catch {
      return error as? BoundsRefusal
    }
  }
}
