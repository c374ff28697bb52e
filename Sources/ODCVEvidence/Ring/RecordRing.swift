import Synchronization

/// The way from the loop to the recorder: a bounded byte ring of records, one producer thread, one consumer thread.
///
/// `push` allocates nothing, takes no lock, makes no system call and never waits: when there is no space it returns
/// `false` and counts. The last `reservedBytes` are only for violations, so records of anything else can't crowd
/// them out; a violation is refused only when that reserve too is full of violations.
public final class RecordRing: Sendable {
  public let capacity: Int
  public let reservedBytes: Int

  // The memory is shared by two threads; `head` and `tail` say which part belongs to whom.
  private nonisolated(unsafe) let storage: UnsafeMutableRawPointer
  // Each on cache lines of its own, or the two threads slow each other down.
  private let before = CacheLinePair()
  private let head = Atomic<Int>(0)
  // The producer's alone: what it last saw of `tail`.
  private nonisolated(unsafe) var knownTail = 0
  private let between = CacheLinePair()
  private let tail = Atomic<Int>(0)
  private let after = CacheLinePair()
  private let refused = Atomic<UInt64>(0)
  private let refusedInput = Atomic<UInt64>(0)
  private let refusedViolation = Atomic<UInt64>(0)

  static let headerSize = 40

  /// - Parameters:
  ///   - capacity: bytes, a power of two of at least 4096
  ///   - reservedBytes: of these, for violations alone
  public init(capacity: Int = 8 << 20, reservedBytes: Int = 1 << 20) {
    precondition(capacity >= 4096 && capacity & (capacity - 1) == 0, "capacity is not a power of two of at least 4096")
    precondition(reservedBytes >= 0 && reservedBytes < capacity, "the reserve leaves no space for anything else")
    self.capacity = capacity
    self.reservedBytes = reservedBytes
    storage = .allocate(byteCount: capacity, alignment: 64)
    // Touched now, so that the first turn of the loop takes no page fault here.
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
  }

  deinit { storage.deallocate() }

  /// Producer only. Copies the record into the ring; `false`, and counted, when it does not fit.
  ///
  /// - Parameters:
  ///   - channel: index of the endpoint
  ///   - index: arrival index of the input
  ///   - instant: ns of the monotonic clock (of simulated time in lock step)
  ///   - detail: see `RecordKind`
  @discardableResult
  public func push(
    kind: RecordKind, channel: UInt8 = 0, index: UInt64, instant: Int64, detail: Int64 = 0,
    topic: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
    body: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) -> Bool {
    let size = (Self.headerSize + topic.count + body.count + 7) & ~7
    let head = self.head.load(ordering: .relaxed)
    let needed = kind == .violation ? size : size + reservedBytes
    if capacity - (head - knownTail) < needed {
      knownTail = tail.load(ordering: .acquiring)
      if capacity - (head - knownTail) < needed {
        count(refusal: kind)
        return false
      }
    }
    // Records start at multiples of 8 and the capacity is one, so no word of a header is split.
    store(UInt64(size) | UInt64(kind.rawValue) << 32 | UInt64(channel) << 40, at: head)
    store(index, at: head + 8)
    store(UInt64(bitPattern: instant), at: head + 16)
    store(UInt64(bitPattern: detail), at: head + 24)
    store(UInt64(topic.count) | UInt64(body.count) << 32, at: head + 32)
    copy(topic, to: head + Self.headerSize)
    copy(body, to: head + Self.headerSize + topic.count)
    self.head.store(head + size, ordering: .releasing)
    return true
  }

  /// Consumer only. Moves the oldest record into `record`; `false` when the ring is empty.
  public func pop(into record: inout RingRecord) -> Bool {
    let tail = self.tail.load(ordering: .relaxed)
    guard self.head.load(ordering: .acquiring) != tail else { return false }
    let first = load(at: tail)
    let lengths = load(at: tail + 32)
    guard let kind = RecordKind(rawValue: UInt8(truncatingIfNeeded: first >> 32)) else {
      preconditionFailure("the ring holds a record of no known kind: two producers or two consumers use it")
    }
    record.kind = kind
    record.channel = UInt8(truncatingIfNeeded: first >> 40)
    record.index = load(at: tail + 8)
    record.instant = Int64(bitPattern: load(at: tail + 16))
    record.detail = Int64(bitPattern: load(at: tail + 24))
    let topicCount = Int(lengths & 0xFFFF_FFFF)
    let bodyCount = Int(lengths >> 32)
    record.reserve(topic: topicCount, body: bodyCount)
    copy(from: tail + Self.headerSize, to: record.storage, count: topicCount + bodyCount)
    self.tail.store(tail + Int(first & 0xFFFF_FFFF), ordering: .releasing)
    return true
  }

  /// Records refused for lack of space, all kinds.
  public var refusedRecords: UInt64 { refused.load(ordering: .relaxed) }

  /// Inputs among them: a recording with this above 0 can't be judged again without a gap.
  public var refusedInputs: UInt64 { refusedInput.load(ordering: .relaxed) }

  /// Violations among them.
  public var refusedViolations: UInt64 { refusedViolation.load(ordering: .relaxed) }

  /// Bytes in use, between 0 and `capacity`; exact only on the producer's or the consumer's own thread.
  public var usedBytes: Int {
    let tail = self.tail.load(ordering: .acquiring)
    return min(max(head.load(ordering: .acquiring) - tail, 0), capacity)
  }

  private func count(refusal kind: RecordKind) {
    // Whoever wants to turn asks again.
    guard !kind.isTurn else { return }
    refused.wrappingAdd(1, ordering: .relaxed)
    if kind.isInput { refusedInput.wrappingAdd(1, ordering: .relaxed) }
    if kind == .violation { refusedViolation.wrappingAdd(1, ordering: .relaxed) }
  }

  @inline(__always)
  private func store(_ word: UInt64, at position: Int) {
    storage.storeBytes(of: word, toByteOffset: position & (capacity - 1), as: UInt64.self)
  }

  @inline(__always)
  private func load(at position: Int) -> UInt64 {
    storage.load(fromByteOffset: position & (capacity - 1), as: UInt64.self)
  }

  @inline(__always)
  private func copy(_ bytes: UnsafeRawBufferPointer, to position: Int) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    let offset = position & (capacity - 1)
    let first = min(bytes.count, capacity - offset)
    (storage + offset).copyMemory(from: start, byteCount: first)
    if first < bytes.count { storage.copyMemory(from: start + first, byteCount: bytes.count - first) }
  }

  @inline(__always)
  private func copy(from position: Int, to target: UnsafeMutableRawPointer, count: Int) {
    let offset = position & (capacity - 1)
    let first = min(count, capacity - offset)
    target.copyMemory(from: storage + offset, byteCount: first)
    if first < count { (target + first).copyMemory(from: storage, byteCount: count - first) }
  }
}

/// A record taken from the ring, in memory that the next one reuses.
public struct RingRecord: ~Copyable {
  public fileprivate(set) var kind = RecordKind.tick
  public fileprivate(set) var channel: UInt8 = 0
  public fileprivate(set) var index: UInt64 = 0
  public fileprivate(set) var instant: Int64 = 0
  public fileprivate(set) var detail: Int64 = 0
  fileprivate private(set) var storage: UnsafeMutableRawPointer
  private var size: Int
  private var topicCount = 0
  private var bodyCount = 0

  public init(capacity: Int = 256 << 10) {
    size = max(capacity, 64)
    storage = .allocate(byteCount: size, alignment: 16)
  }

  deinit { storage.deallocate() }

  /// Valid until the next `pop` into this record.
  public var topic: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: topicCount) }

  /// Valid until the next `pop` into this record.
  public var body: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage + topicCount, count: bodyCount) }

  fileprivate mutating func reserve(topic: Int, body: Int) {
    topicCount = topic
    bodyCount = body
    guard topic + body > size else { return }
    storage.deallocate()
    size = topic + body
    storage = .allocate(byteCount: size, alignment: 16)
  }
}

/// 128 bytes of nothing: adjacent lines are fetched in pairs.
struct CacheLinePair: Sendable {
  private let words = InlineArray<16, UInt64>(repeating: 0)
}
