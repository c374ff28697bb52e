import TestSupport
import Testing
import WireSupport

@testable import ODCVWire

@Suite struct TopicTests {
  @Test func everyKindComesBackWithItsRobot() {
    for kind in MessageKind.allCases {
      let topic = Topic.parse(Topic.bytes(kind, robot: "panda-2/left"))
      #expect(topic?.kind == kind && topic?.robot == "panda-2/left")
    }
  }

  @Test func garbageIsNotATopic() {
    let garbage = [
      "", "o", "odcv", "odcv/2", "odcv/2/", "odcv/2/action", "odcv/2/action/", "odcv/1/action/panda",
      "odcv/2/actions/panda", "odcv/2/actiom/panda", "odcv/2//panda", "odcv/2/lay/panda", "ODCV/2/action/panda",
      "odcv/2/action/pan\0da", "odcv/2/action/" + String(repeating: "p", count: 65), "odcv/2/reset/panda",
    ]
    for text in garbage { #expect(Topic.parse(Array(text.utf8)) == nil, "\(text)") }
    #expect(Topic.parse(Array("odcv/2/action/".utf8) + [0xFF]) == nil)
  }

  @Test func randomTopicsNeverCrash() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      var topic = Topic.bytes(MessageKind.allCases.randomElement(using: &generator)!, robot: "panda")
      topic.removeLast(Int.random(in: 0...topic.count, using: &generator))
      if !topic.isEmpty, generator.chance(0.7) {
        topic[Int.random(in: 0..<topic.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
      }
      _ = Topic.parse(topic)
    }
  }

  @Test func aControllerCannotSpeakForTheArmOrTheSensors() {
    for kind in [MessageKind.state, .people, .obstacles, .verdict, .lease] {
      #expect(!Endpoint.action.carries(kind))
    }
    #expect(Endpoint.action.carries(.action) && Endpoint.state.carries(.state) && Endpoint.scene.carries(.people))
    #expect(!Endpoint.state.carries(.action) && !Endpoint.scene.carries(.state))
  }
}
