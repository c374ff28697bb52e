import Testing

@testable import ODCVWire

/// Who listens on a real XPUB socket.
@Suite struct SubscribersTests {
  private let topic = Topic.bytes(.instruction, robot: "panda")

  @Test func subscriptionsToTheTopicAndToItsPrefixesCountUntilTheLastOfThemEnds() throws {
    let context = try Context()
    let publisher = try Socket(context, .xpub)
    let endpoint = try publisher.bind("tcp://127.0.0.1:0")
    var subscribers = Subscribers(to: topic)
    var frames = Frames()
    func listen(until isEmpty: Bool) throws -> Bool {
      for _ in 0..<500 where subscribers.isEmpty != isEmpty {
        if try publisher.receive(into: &frames, timeoutMilliseconds: 5) { subscribers.take(frames) }
      }
      return subscribers.isEmpty == isEmpty
    }
    func listener(_ prefix: String) throws -> Socket {
      let socket = try Socket(context, .sub)
      try socket.subscribe(prefix)
      try socket.connect(endpoint)
      // A subscription goes out when the socket is polled.
      var none = Frames()
      _ = try socket.receive(into: &none, timeoutMilliseconds: 50)
      return socket
    }
    do {
      // Of something else, and longer than the topic.
      let other = try listener("odcv/2/verdict/")
      let longer = try listener("odcv/2/instruction/panda2")
      #expect(try !listen(until: false))
      _ = consume other
      _ = consume longer
    }
    let whole = try listener("odcv/2/instruction/panda")
    #expect(try listen(until: false))
    do {
      let all = try listener("")
      for _ in 0..<20 { if try publisher.receive(into: &frames, timeoutMilliseconds: 5) { subscribers.take(frames) } }
      _ = consume all
    }
    // Who subscribed to everything has gone; the other is still there.
    for _ in 0..<40 { if try publisher.receive(into: &frames, timeoutMilliseconds: 5) { subscribers.take(frames) } }
    #expect(!subscribers.isEmpty)
    _ = consume whole
    #expect(try listen(until: true))
  }
}
