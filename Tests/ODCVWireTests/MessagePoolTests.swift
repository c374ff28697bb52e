import ODCVWire
import Testing

@Suite struct MessagePoolTests {
  private let topic = Array("a".utf8)

  /// Of as many places as there are, none is written to again before its message has arrived; what finds none free arrives as well.
  @Test func whatIsOnItsWayStaysAsItWasSent() throws {
    let context = try Context()
    let publisher = try Socket(context, .pub)
    try publisher.bind("inproc://pool")
    let listener = try Socket(context, .sub)
    try listener.subscribe("")
    try listener.connect("inproc://pool")
    try publisher.attend()
    var pool = MessagePool(places: 4, longest: 100)
    #expect(pool.longest == 128 && pool.outstanding == 0)
    var frames = Frames()
    var sent: [[UInt8]] = []
    for round in 0..<50 as Range<UInt8> {
      // The last one is longer than a place.
      sent = (0..<6 as Range<UInt8>).map { [UInt8](repeating: round &* 6 &+ $0, count: $0 == 5 ? 129 : 40 + Int($0)) }
      for body in sent { try send(body, publisher, &pool) }
      #expect(pool.outstanding == 4)
      for body in sent {
        #expect(try listener.receive(into: &frames, timeoutMilliseconds: 1000))
        #expect(frames.count == 2 && frames.bytes(1) == body)
      }
    }
    // The frames hold the last message that was received, which was on the heap.
    #expect(pool.outstanding == 0)
  }

  /// A receiver that keeps what it has takes no place from the others but its own.
  @Test func aPlaceThatIsKeptIsPassedOver() throws {
    let context = try Context()
    let publisher = try Socket(context, .pub)
    try publisher.bind("inproc://kept")
    let listener = try Socket(context, .sub)
    try listener.subscribe("")
    try listener.connect("inproc://kept")
    try publisher.attend()
    var pool = MessagePool(places: 3, longest: 64)
    var kept = Frames()
    var frames = Frames()
    let first = [UInt8](repeating: 7, count: 50)
    try send(first, publisher, &pool)
    #expect(try listener.receive(into: &kept, timeoutMilliseconds: 1000))
    for value in 0..<20 as Range<UInt8> {
      let body = [UInt8](repeating: value, count: 60)
      try send(body, publisher, &pool)
      #expect(try listener.receive(into: &frames, timeoutMilliseconds: 1000))
      #expect(frames.bytes(1) == body && kept.bytes(1) == first)
      #expect(pool.outstanding >= 1 && pool.outstanding <= 2)
    }
  }

  @Test func whatNobodyHearsComesBackAtOnce() throws {
    let context = try Context()
    let publisher = try Socket(context, .pub)
    try publisher.bind("inproc://nobody")
    var pool = MessagePool(places: 2, longest: 64)
    for value in 0..<10 as Range<UInt8> {
      try send([UInt8](repeating: value, count: 50), publisher, &pool)
      #expect(pool.outstanding == 0)
    }
  }

  private func send(_ body: [UInt8], _ socket: borrowing Socket, _ pool: inout MessagePool) throws {
    let sent = try topic.withUnsafeBytes { topic in
      try body.withUnsafeBytes { body in try socket.send(topic, body, pool: &pool) }
    }
    #expect(sent)
  }
}
