import CZMQ
import Synchronization

/// Memory for the messages of one sender that are on their way, made once.
///
/// To send bytes, ZeroMQ asks the heap for a copy of them, which another thread gives back: with long messages that is a lock that both
/// want, and memory that grows with the longest queue there ever was. A place of the pool goes with its message instead, and is free
/// again when the last of its receivers has it. Owned by the sender's thread; places come back from any.
@safe public struct MessagePool: ~Copyable {
  /// In front of each place's bytes, a cache line of its own: whether the place is on its way.
  private static let head = 64
  /// Places that are used again and again as long as messages arrive soon: their memory stays in the processor's cache.
  private static let near = 4
  private let memory: UnsafeMutableRawPointer
  private let places: Int
  /// The longest message that fits, bytes.
  public let longest: Int
  /// Of the other places.
  private var next = MessagePool.near

  /// - Parameter longest: rounded up to a whole number of cache lines
  public init(places: Int, longest: Int) {
    precondition(places > 0 && longest > 0, "a pool holds something")
    self.places = places
    self.longest = (longest + Self.head - 1) / Self.head * Self.head
    let size = places * (Self.head + self.longest)
    unsafe memory = .allocate(byteCount: size, alignment: Self.head)
    // Touched now, so that no message takes a page fault.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    for place in 0..<places { unsafe isOut(place).initialize(to: Atomic(false)) }
  }

  deinit {
    // What ZeroMQ still has must stay where it is; a monitor's pool lives as long as the monitor.
    for place in 0..<places where unsafe isOut(place).pointee.load(ordering: .acquiring) { return }
    unsafe memory.deallocate()
  }

  /// Places that are on their way.
  public var outstanding: Int {
    var count = 0
    for place in 0..<places where unsafe isOut(place).pointee.load(ordering: .relaxed) { count += 1 }
    return count
  }

  /// The place that is written to next; `nil` when it is not back yet.
  private mutating func free() -> UnsafeMutablePointer<Atomic<Bool>>? {
    for place in 0..<min(MessagePool.near, places) {
      let flag = unsafe isOut(place)
      if unsafe !flag.pointee.load(ordering: .acquiring) { return unsafe flag }
    }
    guard places > MessagePool.near else { return nil }
    let flag = unsafe isOut(next)
    // Passed over where a receiver keeps it: the others are still of use.
    next = next + 1 == places ? MessagePool.near : next + 1
    return unsafe flag.pointee.load(ordering: .acquiring) ? nil : flag
  }

  /// A message with a copy of `bytes`; `nil` when there is no place for it.
  mutating func message(_ bytes: UnsafeRawBufferPointer) -> zmq_msg_t? {
    guard let start = bytes.baseAddress, bytes.count <= longest, let flag = unsafe free() else { return nil }
    let place = unsafe UnsafeMutableRawPointer(flag) + Self.head
    unsafe place.copyMemory(from: start, byteCount: bytes.count)
    var message = zmq_msg_t()
    let made = unsafe zmq_msg_init_data(&message, place, bytes.count, { _, flag in unsafe MessagePool.giveBack(flag) }, flag)
    guard made == 0 else { return nil }
    unsafe flag.pointee.store(true, ordering: .relaxed)
    return message
  }

  /// On whatever thread had the message last.
  private static func giveBack(_ flag: UnsafeMutableRawPointer?) {
    unsafe flag?.assumingMemoryBound(to: Atomic<Bool>.self).pointee.store(false, ordering: .releasing)
  }

  private func isOut(_ place: Int) -> UnsafeMutablePointer<Atomic<Bool>> {
    unsafe (memory + place * (Self.head + longest)).assumingMemoryBound(to: Atomic<Bool>.self)
  }
}
