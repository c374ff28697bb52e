import ODCVCore
import Synchronization

/// Hands the newest snapshot from the loop to one reader. Three slots: the writer's, the reader's and the newest one
/// between them, which they swap with one atomic exchange. Neither ever waits for the other.
public final class SnapshotBoard: @unchecked Sendable {
  // Each slot is touched by one side at a time: an index belongs to whoever took it out of `newest`.
  private let slots: UnsafeMutablePointer<Snapshot>
  private var writing = 0
  private var reading = 1
  /// Index of the slot between the two, plus `fresh` when the reader has not seen it.
  private let newest = Atomic<Int>(2)
  private static let fresh = 4

  public init() {
    slots = .allocate(capacity: 3)
    slots.initialize(repeating: Snapshot(), count: 3)
  }

  deinit {
    slots.deinitialize(count: 3)
    slots.deallocate()
  }

  /// By the loop alone: the slot to fill in place before `publish`.
  public var slot: UnsafeMutablePointer<Snapshot> { slots + writing }

  /// By the loop alone: makes the slot that was filled the newest.
  public func publish() {
    writing = newest.exchange(writing | SnapshotBoard.fresh, ordering: .acquiringAndReleasing) & 3
  }

  /// By the reader alone: the newest snapshot; `nil` when it is the one it had last.
  public func take() -> Snapshot? {
    guard newest.load(ordering: .relaxed) & SnapshotBoard.fresh != 0 else { return nil }
    reading = newest.exchange(reading, ordering: .acquiringAndReleasing) & 3
    return slots[reading]
  }
}
