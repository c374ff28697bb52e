import Glibc
import ODCVCore
import ODCVWire
import Synchronization

/// One real-time thread that owns the sockets and cores of its arms: waits until any of them has something to do, and gives each a
/// turn of bounded work, in a fixed order. However much one arm is told, the others have their turn after a few of its messages.
struct RealtimeLoop: ~Copyable {
  private let arms: UnsafeMutablePointer<ArmLoop>
  private var count = 0
  private let capacity: Int
  private var poller: Poller
  /// Never sleeps: asks the sockets again and again.
  private let isBusy: Bool
  /// With ZeroMQ's threads, which then have their turn after each of the loop's, however much is left.
  private let sharesCore: Bool
  private var budget = RequestBudget()
  /// ns after a wait for which what it found is taken for what is there
  private static let unasked: Int64 = 1_000_000

  init(capacity: Int, isBusy: Bool, sharesCore: Bool) {
    self.capacity = capacity
    self.isBusy = isBusy
    self.sharesCore = sharesCore
    arms = .allocate(capacity: capacity)
    poller = Poller(capacity: capacity * LoopSockets.Place.count)
  }

  deinit {
    arms.deinitialize(count: count)
    arms.deallocate()
  }

  mutating func add(_ arm: consuming ArmLoop) throws(WireError) {
    precondition(count < capacity, "an arm more than the loop was made for")
    (arms + count).initialize(to: arm)
    try arms[count].sockets.add(to: &poller)
    count += 1
  }

  /// Turns until `stopping`, or until `end`.
  mutating func run(until end: MonoInstant?, _ stopping: borrowing Atomic<Bool>) throws(WireError) {
    for place in 0..<count {
      arms[place].share = max(ArmLoop.Pace.messagesPerEndpoint / count, 4)
      try arms[place].begin()
    }
    while !stopping.load(ordering: .relaxed) {
      let now = monotonicNow()
      if let end, now >= end { break }
      let timeout = try wait(from: now)
      let woke = monotonicNow().nanoseconds
      let isLate = woke - now.nanoseconds > timeout + RealtimeLoop.unasked
      for place in 0..<count {
        let first = place * LoopSockets.Place.count
        // What came since the wait it does not know of, and nobody may take an endpoint for empty that was not asked.
        if isLate || monotonicNow().nanoseconds - woke > RealtimeLoop.unasked { poller.ask(first..<first + LoopSockets.Place.count) }
        try arms[place].turn(&budget, &poller, from: first)
      }
      if sharesCore, isBusy || poller.hasRemains { sched_yield() }
    }
  }

  /// Returns how long it waits at most, ns.
  private mutating func wait(from now: MonoInstant) throws(WireError) -> Int64 {
    let answers = budget.allowsOne(at: now)
    var next = answers ? Int64.max : budget.next.nanoseconds
    for place in 0..<count {
      next = min(next, arms[place].due)
      poller.listen(answers, at: place * LoopSockets.Place.count + LoopSockets.Place.control.rawValue)
    }
    // Rounded up: a wait that ends before its deadline would only spin until it.
    let milliseconds = isBusy ? 0 : max(0, (next - now.nanoseconds + 999_999) / 1_000_000)
    _ = try poller.wait(timeoutMilliseconds: Int(milliseconds))
    return milliseconds * 1_000_000
  }
}
