import Synchronization

/// The violation of input `arrivalIndex` is on disk, as record `logSequence` of the violation log.
public struct CommitConfirmation: Sendable, Equatable {
  public var arrivalIndex: UInt64
  public var logSequence: UInt64
  /// How many runs there were before the one that the index is of.
  public var run: UInt32

  public init(arrivalIndex: UInt64, logSequence: UInt64, run: UInt32 = 0) {
    self.arrivalIndex = arrivalIndex
    self.logSequence = logSequence
    self.run = run
  }
}

/// The way back from the recorder to the loop: one producer thread, one consumer thread, no allocation, no waiting.
public final class AckRing: Sendable {
  public let capacity: Int

  // Shared by two threads; `head` and `tail` say which part belongs to whom.
  private nonisolated(unsafe) let storage: UnsafeMutablePointer<CommitConfirmation>
  private let before = CacheLinePair()
  private let head = Atomic<Int>(0)
  private let between = CacheLinePair()
  private let tail = Atomic<Int>(0)
  private let after = CacheLinePair()

  /// - Parameter capacity: confirmations, a power of two
  public init(capacity: Int = 4096) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is not a power of two")
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
    storage.initialize(repeating: CommitConfirmation(arrivalIndex: 0, logSequence: 0), count: capacity)
  }

  deinit { storage.deallocate() }

  /// Producer only. `false` when the ring is full; nothing is lost, the recorder keeps it and tries again.
  public func push(_ confirmation: CommitConfirmation) -> Bool {
    let head = self.head.load(ordering: .relaxed)
    guard head - tail.load(ordering: .acquiring) < capacity else { return false }
    storage[head & (capacity - 1)] = confirmation
    self.head.store(head + 1, ordering: .releasing)
    return true
  }

  /// Consumer only. The oldest confirmation, in the order of the log.
  public func pop() -> CommitConfirmation? {
    let tail = self.tail.load(ordering: .relaxed)
    guard head.load(ordering: .acquiring) != tail else { return nil }
    let confirmation = storage[tail & (capacity - 1)]
    self.tail.store(tail + 1, ordering: .releasing)
    return confirmation
  }
}
