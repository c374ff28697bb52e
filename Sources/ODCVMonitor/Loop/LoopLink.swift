import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// What one arm's part of the loop and the main thread share: atomics, a board and a ring, so that neither waits for the other.
final class LoopLink: Sendable {
  /// Turns that the loop has finished.
  let progress = Atomic<UInt64>(0)
  let notices = NoticeRing()
  let metrics = LoopMetrics()
  let handover = Handover()
  /// Set by the main thread: rules that the last self-test could not make fire, a bit for each place in the book.
  let silentRules = Atomic<UInt64>(0)
  /// The latch in force, where it outlives this process; the main thread writes a file of it.
  let latch: LatchPage
  let board = SnapshotBoard()
  /// A start of this process is a new boot of its streams.
  let bootID = UInt64(bitPattern: realtimeNow())

  init(latch: LatchPage) { self.latch = latch }
}

/// Something that a person at the daemon should read once. The loop doesn't write lines itself.
enum Notice: Sendable, Equatable {
  /// The first message of a stream was not its first: what came before was never seen.
  case joinedLate(Stream, missed: UInt64)
  /// Someone subscribed to verdicts after this many inputs.
  case lateListener(UInt64)
  /// A source of this endpoint is gone.
  case disconnected(Endpoint)
  /// The latch, and what caused it.
  case latched(UInt64, String)
  case latchCleared
  /// What became of the evidence, in words.
  case evidence(String)
  /// What the monitor found out about its own rules, in words.
  case itself(String)
  /// The first message of this stream that was refused for this reason.
  case refused(Stream, Rejection.Reason)
  case replyRefused
}

/// A bounded ring of notices: the loop pushes, the main thread pops, a full ring drops and counts.
final class NoticeRing: @unchecked Sendable {
  // A slot belongs to the loop from `tail + capacity` to `head` and to the main thread from `tail` to `head`.
  private let slots: UnsafeMutablePointer<Notice>
  private let capacity = 64
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)
  let dropped = Atomic<UInt64>(0)

  init() {
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: .latchCleared, count: capacity)
  }

  deinit { slots.deallocate() }

  func push(_ notice: Notice) {
    let place = head.load(ordering: .relaxed)
    guard place - tail.load(ordering: .acquiring) < capacity else {
      dropped.wrappingAdd(1, ordering: .relaxed)
      return
    }
    slots[place % capacity] = notice
    head.store(place + 1, ordering: .releasing)
  }

  func pop() -> Notice? {
    let place = tail.load(ordering: .relaxed)
    guard place < head.load(ordering: .acquiring) else { return nil }
    let notice = slots[place % capacity]
    tail.store(place + 1, ordering: .releasing)
    return notice
  }
}
