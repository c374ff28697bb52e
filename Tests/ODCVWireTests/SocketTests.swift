import Foundation
import Testing

@testable import ODCVWire

@Suite struct SocketTests {
  /// A bound SUB and a PUB whose connection is complete.
  private func pair(
    _ endpoint: String = "tcp://127.0.0.1:0", receiver: SocketOptions = SocketOptions(),
    sender: SocketOptions = SocketOptions(), _ body: (inout Socket, inout Socket) throws -> Void
  ) throws {
    let context = try Context()
    var sub = try Socket(context, .sub, options: receiver)
    try sub.subscribe("odcv/2/")
    let bound = try sub.bind(endpoint)
    var pub = try Socket(context, .pub, options: sender)
    try pub.connect(bound)
    try synchronise(pub, sub)
    try body(&pub, &sub)
  }

  /// A subscription takes a moment to reach the publisher: publish until something arrives, then drain.
  private func synchronise(_ pub: borrowing Socket, _ sub: borrowing Socket) throws {
    var frames = Frames()
    for _ in 0..<1000 {
      try pub.send([Array("odcv/2/sync".utf8), []])
      if try sub.receive(into: &frames, timeoutMilliseconds: 10) { break }
    }
    while try sub.receive(into: &frames, timeoutMilliseconds: 50) {}
  }

  private func expectMessage(
    _ socket: borrowing Socket, into frames: inout Frames, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let received = try socket.receive(into: &frames, timeoutMilliseconds: 5000)
    try #require(received, sourceLocation: sourceLocation)
  }

  private func expectSent(
    _ socket: borrowing Socket, _ parts: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let sent = try socket.send(parts, wait: true)
    #expect(sent, sourceLocation: sourceLocation)
  }

  @Test func portZeroIsResolvedAndBothFramesArrive() throws {
    let context = try Context()
    let socket = try Socket(context, .rep)
    let bound = try socket.bind("tcp://127.0.0.1:0")
    #expect(bound.hasPrefix("tcp://127.0.0.1:") && !bound.hasSuffix(":0") && !bound.hasSuffix("*"))
    try pair { pub, sub in
      let topic = Topic.bytes(.action, robot: "panda")
      let body = ActionMessage(header: HeaderFields(sequence: 1), space: .stop).encoded()
      let sent = try topic.withUnsafeBytes { t in try body.withUnsafeBytes { b in try pub.send(t, b) } }
      #expect(sent)
      var frames = Frames()
      try expectMessage(sub, into: &frames)
      #expect(frames.allBytes == [topic, body])
      #expect(frames.overflowed == false)
    }
  }

  @Test func ipcWorksAlike() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try pair("ipc://\(directory.path)/action") { pub, sub in
      try pub.send([Topic.bytes(.heartbeat, robot: "panda"), [1]])
      var frames = Frames()
      try expectMessage(sub, into: &frames)
      #expect(frames.bytes(1) == [1])
    }
  }

  @Test func framesAreReusedAndHoldOnlyTheLastMessage() throws {
    try pair { pub, sub in
      let topic = Topic.bytes(.state, robot: "panda")
      var frames = Frames()
      for length in [40_000, 3, 0, 200] {
        try pub.send([topic, [UInt8](repeating: 7, count: length)])
        try expectMessage(sub, into: &frames)
        #expect(frames.count == 2 && frames[1].count == length)
      }
      let more = try sub.receive(into: &frames, timeoutMilliseconds: 0)
      #expect(!more)
      #expect(frames.count == 0)
    }
  }

  @Test func surplusPartsAreDroppedAndSaid() throws {
    try pair { pub, sub in
      let topic = Topic.bytes(.state, robot: "panda")
      var frames = Frames()
      try pub.send([topic] + Array(repeating: [1], count: 20))
      try pub.send([topic, [2]])
      try expectMessage(sub, into: &frames)
      #expect(frames.count == Frames.capacity && frames.overflowed)
      try expectMessage(sub, into: &frames)
      #expect(frames.count == 2 && !frames.overflowed && frames.bytes(1) == [2])
    }
  }

  @Test func lossAtTheHighWaterMarkShowsInTheSequenceNumbers() throws {
    var small = SocketOptions()
    small.sendHighWaterMark = 4
    small.receiveHighWaterMark = 4
    // More than both queues and the kernel's buffers hold: ipc's are about 200 KiB each way.
    let count: UInt64 = 400
    try pair(receiver: small, sender: small) { pub, sub in
      let topic = Topic.bytes(.state, robot: "panda")
      let name = String(repeating: "x", count: 250)
      for sequence in 1...count {
        let state = StateMessage(
          header: HeaderFields(sequence: sequence), position: Array(repeating: 1, count: 32),
          contacts: Array(repeating: .init(link: name, other: name), count: 60))
        try pub.send([topic, state.encoded()])
      }
      var frames = Frames()
      var last: UInt64 = 0
      var received: UInt64 = 0
      var missing: UInt64 = 0
      while try sub.receive(into: &frames, timeoutMilliseconds: 300) {
        let sequence = try #require(try StateMessage(decoding: frames.bytes(1)).header?.sequence)
        #expect(sequence > last)
        missing += sequence - last - 1
        last = sequence
        received += 1
      }
      #expect(received >= 1 && received < count)
      #expect(received + missing == last)
      // Room again: the next number tells how many never came.
      try pub.send([topic, StateMessage(header: HeaderFields(sequence: count + 1)).encoded()])
      try expectMessage(sub, into: &frames)
      #expect(try StateMessage(decoding: frames.bytes(1)).header?.sequence == count + 1)
      #expect(missing + (count - last) == count - received)
    }
  }

  @Test func anOversizedFrameIsRefusedAndItsSenderDisconnected() throws {
    try pair { pub, sub in
      try sub.watchConnections()
      let topic = Topic.bytes(.state, robot: "panda")
      try pub.send([topic, [UInt8](repeating: 0, count: MessageBounds.messageBytes + 1)])
      var frames = Frames()
      let more = try sub.receive(into: &frames, timeoutMilliseconds: 300)
      #expect(!more)
      var events: [SocketEvent] = []
      while let event = try sub.nextEvent() { events.append(event) }
      #expect(events.contains(.disconnected))
      #expect(sub.connections.disconnected >= 1)
      // The sender comes back and is heard again.
      try synchronise(pub, sub)
      try pub.send([topic, [5]])
      try expectMessage(sub, into: &frames)
      #expect(frames.bytes(1) == [5])
    }
  }

  @Test func connectionsAreCounted() throws {
    let context = try Context()
    var sub = try Socket(context, .sub)
    try sub.watchConnections()
    let bound = try sub.bind("tcp://127.0.0.1:0")
    do {
      let pub = try Socket(context, .pub)
      try pub.connect(bound)
      try wait(for: { $0.connected == 1 }, on: &sub)
      #expect(sub.connections.peers == 1)
    }
    try wait(for: { $0.disconnected == 1 }, on: &sub)
    #expect(sub.connections.peers == 0)
  }

  /// With ZeroMQ's heartbeats libzmq ended the process two of them later.
  @Test func aPeerThatGoesWhileItsQueueIsFullHarmsNobody() throws {
    let context = try Context()
    var options = SocketOptions()
    options.receiveHighWaterMark = 16
    let sub = try Socket(context, .sub, options: options)
    try sub.subscribe("odcv/2/")
    let bound = try sub.bind("tcp://127.0.0.1:0")
    options.sendHighWaterMark = 100_000
    do {
      let pub = try Socket(context, .pub, options: options)
      try pub.connect(bound)
      try synchronise(pub, sub)
      for _ in 0..<60_000 { try pub.send([Array("odcv/2/flood".utf8), [UInt8](repeating: 0, count: 200)]) }
      Thread.sleep(forTimeInterval: 0.3)
    }
    Thread.sleep(forTimeInterval: 2.5)
    let other = try Socket(context, .pub, options: options)
    try other.connect(bound)
    var frames = Frames()
    for _ in 0..<1000 {
      try other.send([Array("odcv/2/other".utf8), []])
      while try sub.receive(into: &frames, timeoutMilliseconds: 10), frames.bytes(0) != Array("odcv/2/other".utf8) {}
      if frames.count > 0, frames.bytes(0) == Array("odcv/2/other".utf8) { return }
    }
    Issue.record("the other peer is not heard")
  }

  @Test func aPeerThatDoesNotSpeakZeroMQIsCounted() throws {
    let context = try Context()
    var sub = try Socket(context, .sub)
    try sub.watchConnections()
    let bound = try sub.bind("tcp://127.0.0.1:0")
    let port = try #require(UInt16(bound.split(separator: ":").last ?? ""))
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
    // A greeting with ZeroMQ's signature and a mechanism that does not exist.
    var greeting: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("NOPE".utf8)
    greeting += [UInt8](repeating: 0, count: 64 - greeting.count)
    #expect(write(descriptor, greeting, greeting.count) == greeting.count)
    try wait(for: { $0.handshakeFailed >= 1 }, on: &sub)
    #expect(sub.connections.connected == 0)
  }

  private func wait(for condition: (SocketEventCounts) -> Bool, on socket: inout Socket) throws {
    var frames = Frames()
    for _ in 0..<500 {
      while try socket.nextEvent() != nil {}
      if condition(socket.connections) { return }
      _ = try socket.receive(into: &frames, timeoutMilliseconds: 10)
    }
    Issue.record("never happened: \(socket.connections)")
  }

  @Test func thePollerSaysWhichSocketHasSomething() throws {
    let context = try Context()
    let first = try Socket(context, .rep)
    let second = try Socket(context, .rep)
    _ = try first.bind("tcp://127.0.0.1:0")
    let bound = try second.bind("tcp://127.0.0.1:0")
    var poller = Poller(capacity: 2)
    let firstPlace = try poller.add(first)
    let secondPlace = try poller.add(second)
    // Something may have come before.
    let ready = try poller.wait(timeoutMilliseconds: -1)
    #expect(ready == 2)
    var frames = Frames()
    let received = [
      try first.receive(into: &frames, timeoutMilliseconds: 0), try second.receive(into: &frames, timeoutMilliseconds: 0),
    ]
    #expect(received == [false, false])
    let ready0 = try poller.wait(timeoutMilliseconds: 0)
    #expect(ready0 == 0)
    let client = try Socket(context, .req)
    try client.connect(bound)
    try expectSent(client, [[1, 2]])
    let ready1 = try poller.wait(timeoutMilliseconds: 5000)
    #expect(ready1 == 1)
    let readable = [poller.isReadable(firstPlace), poller.isReadable(secondPlace)]
    #expect(readable == [false, true])
    try expectMessage(second, into: &frames)
    try expectSent(second, [frames.bytes(0)])
    try expectMessage(client, into: &frames)
    #expect(frames.bytes(0) == [1, 2])
  }

  /// A descriptor tells once: what was left is found again, also where nobody listened meanwhile, and what must be asked is.
  @Test func thePollerForgetsNothingThatWasLeft() throws {
    let context = try Context()
    let puller = try Socket(context, .sub)
    try puller.subscribe("")
    let bound = try puller.bind("tcp://127.0.0.1:0")
    var poller = Poller(capacity: 1)
    let place = try poller.add(puller)
    let publisher = try Socket(context, .pub)
    try publisher.connect(bound)
    var frames = Frames()
    var received = try puller.receive(into: &frames, timeoutMilliseconds: 0)
    while !received {
      try expectSent(publisher, [[1]])
      received = try puller.receive(into: &frames, timeoutMilliseconds: 10)
    }
    try expectSent(publisher, [[2]])
    try expectSent(publisher, [[3]])
    while frames.bytes(0) != [2] { _ = try puller.receive(into: &frames, timeoutMilliseconds: 5000) }
    poller.remains(at: place)
    poller.listen(false, at: place)
    let deaf = try poller.wait(timeoutMilliseconds: 0)
    poller.listen(true, at: place)
    let ready = try poller.wait(timeoutMilliseconds: -1)
    #expect(deaf == 0 && ready == 1)
    while try puller.receive(into: &frames, timeoutMilliseconds: 100) {}
    let none = try poller.wait(timeoutMilliseconds: 0)
    #expect(none == 0)
    poller.ask(0..<1)
    let isReadable = poller.isReadable(place)
    #expect(isReadable)
  }

  @Test func aRouterAnswersTheDealerThatAskedAndNobodyElse() throws {
    let context = try Context()
    let router = try Socket(context, .router)
    let bound = try router.bind("tcp://127.0.0.1:0")
    let dealer = try Socket(context, .dealer)
    try dealer.connect(bound)
    try expectSent(dealer, [RequestMessage(status: .init()).encoded()])
    var frames = Frames()
    try expectMessage(router, into: &frames)
    #expect(frames.count == 2)
    #expect(try RequestMessage(decoding: frames.bytes(1)).status != nil)
    try expectSent(router, [frames.bytes(0), AckMessage(ok: true).encoded()])
    try expectMessage(dealer, into: &frames)
    #expect(try AckMessage(decoding: frames.bytes(0)).ok == true)
    let sent = try router.send([[9, 9, 9], [1]])
    #expect(!sent)
  }

  @Test func aContextRunsItsThreadsWhereItIsTold() throws {
    var threads = Context.ThreadOptions()
    threads.count = 2
    threads.processors = [0]
    let context = try Context(threads: threads)
    let socket = try Socket(context, .rep)
    try socket.bind("tcp://127.0.0.1:0")
    threads.count = -1
    let error = #expect(throws: WireError.self) { try Context(threads: threads) }
    #expect(error?.operation == "setting the number of ZeroMQ's I/O threads to -1")
  }

  @Test func aTakenEndpointAndAnImpossibleOneSayWhatToDo() throws {
    let context = try Context()
    let first = try Socket(context, .rep)
    let bound = try first.bind("tcp://127.0.0.1:0")
    let second = try Socket(context, .rep)
    let taken = #expect(throws: WireError.self) { try second.bind(bound) }
    #expect(taken?.description.contains(bound) == true && taken?.remedy.contains("port 0") == true)
    let impossible = #expect(throws: WireError.self) { try second.connect("nonsense") }
    #expect(impossible?.remedy.isEmpty == false)
  }
}
