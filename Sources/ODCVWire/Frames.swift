import CZMQ

/// The parts of one received message, reused from message to message. Owned by one thread.
///
/// A message with more than `capacity` parts is counted in full and its surplus parts are dropped; nothing of this
/// protocol has so many, so `overflowed` says that it is not one of ours.
@safe public struct Frames: ~Copyable {
  /// Parts kept of one message.
  public static let capacity = 8

  private let parts: UnsafeMutablePointer<zmq_msg_t>
  /// Parts of the last message that are kept.
  public private(set) var count = 0
  /// The last message had more parts than are kept.
  public private(set) var overflowed = false

  public init() {
    unsafe parts = .allocate(capacity: Self.capacity + 1)
    // One more than is kept takes the surplus.
    for index in 0...Self.capacity {
      unsafe (parts + index).initialize(to: zmq_msg_t())
      unsafe zmq_msg_init(parts + index)
    }
  }

  deinit {
    for index in 0...Self.capacity { unsafe zmq_msg_close(parts + index) }
    unsafe parts.deallocate()
  }

  /// The bytes of a part. They end with the next message that is received into these frames.
  public subscript(_ index: Int) -> UnsafeRawBufferPointer {
    precondition(index >= 0 && index < count, "no such part")
    return unsafe UnsafeRawBufferPointer(start: zmq_msg_data(parts + index), count: zmq_msg_size(parts + index))
  }

  /// A copy of a part.
  public func bytes(_ index: Int) -> [UInt8] { unsafe Array(self[index]) }

  /// A copy of every part.
  public var allBytes: [[UInt8]] {
    var copies: [[UInt8]] = []
    for index in 0..<count { copies.append(bytes(index)) }
    return copies
  }

  mutating func clear() {
    count = 0
    overflowed = false
  }

  /// Where the next part goes; what it held before is given back by ZeroMQ.
  mutating func next() -> UnsafeMutablePointer<zmq_msg_t> {
    unsafe parts + count
  }

  mutating func accept() {
    if count < Self.capacity { count += 1 } else { overflowed = true }
  }
}
