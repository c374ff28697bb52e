import ODCVWire
import Testing

@Suite struct MessagePoolTests {
  private struct Pair: ~Copyable {
    let publisher: Socket
    let listener: Socket

    init() throws {
      let context = try Context()
      let publisher = try Socket(context, .pub)
      try publisher.bind("inproc://pool")
      let listener = try Socket(context, .sub)
      try listener.subscribe("")
      try listener.connect("inproc://pool")
      try publisher.attend()
      self.publisher = publisher
      self.listener = listener
    }
  }

  private let topic = Array("a".utf8)

  /// Of as many places as there are, none is written to again before its message has arrived; what finds none free arrives as well.
  @Test func whatIsOnItsWayStaysAsItWasSent() throws {
    let pair = try Pair()
    var pool = MessagePool(places: 6, longest: 100)
    #expect(pool.longest == 128 && pool.outstanding == 0)
    var frames = Frames()
    var sent: [[UInt8]] = []
    for round in 0..<50 as Range<UInt8> {
      // The last one is longer than a place.
      sent = (0..<8 as Range<UInt8>).map { [UInt8](repeating: round &* 8 &+ $0, count: $0 == 7 ? 129 : 40 + Int($0)) }
      for body in sent { try send(body, pair.publisher, &pool) }
      #expect(pool.outstanding == 6)
      for body in sent {
        #expect(try pair.listener.receive(into: &frames, timeoutMilliseconds: 1000))
        #expect(frames.count == 2 && frames.bytes(1) == body)
      }
    }
    // The frames hold the last message that was received, which was on the heap.
    #expect(pool.outstanding == 0)
  }

  /// A receiver that keeps what it has takes no place from the others but its own.
  @Test(arguments: [2, 5, 9]) func aPlaceThatIsKeptIsPassedOver(places: Int) throws {
    let pair = try Pair()
    var pool = MessagePool(places: places, longest: 64)
    var kept = Frames()
    var frames = Frames()
    let first = [UInt8](repeating: 7, count: 50)
    try send(first, pair.publisher, &pool)
    #expect(try pair.listener.receive(into: &kept, timeoutMilliseconds: 1000))
    for value in 0..<20 as Range<UInt8> {
      let body = [UInt8](repeating: value, count: 60)
      try send(body, pair.publisher, &pool)
      #expect(try pair.listener.receive(into: &frames, timeoutMilliseconds: 1000))
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
