import Glibc
import ODCVConsole
import ODCVWire
import Synchronization

/// What an arm's part of a loop says when it can begin.
struct Ready: Sendable {
  var bound: [(endpoint: Endpoint, address: String)]
  var grant: RealtimeGrant
  var names: ConsoleNames
}

/// Where the loops' threads and the main thread meet at the start.
///
/// Every socket of every loop is made before any loop pins itself and raises its priority: behind a loop that is ahead, the
/// others' would never be made.
final class StartGate: Sendable {
  private struct Content {
    /// Loops that have all their sockets.
    var bound = 0
    /// By arm.
    var ready: [Ready?]
    var failure: WireError?
  }
  private let content: Mutex<Content>
  private let loops: Int

  init(loops: Int, arms: Int) {
    self.loops = loops
    content = Mutex(Content(ready: [Ready?](repeating: nil, count: arms)))
  }

  func fail(_ error: WireError) { content.withLock { if $0.failure == nil { $0.failure = error } } }
  var failure: WireError? { content.withLock { $0.failure } }

  /// A loop has its sockets: waits until all have. `false` when one failed.
  func hasSockets() -> Bool {
    content.withLock { $0.bound += 1 }
    while true {
      let (bound, failed) = content.withLock { ($0.bound, $0.failure != nil) }
      if failed { return false }
      if bound == loops { return true }
      usleep(1000)
    }
  }

  func isReady(_ arm: Int, _ ready: Ready) { content.withLock { $0.ready[arm] = ready } }

  /// Waits until every arm is ready; throws what stopped one.
  func wait() throws(WireError) -> [Ready] {
    while true {
      let (ready, failure) = content.withLock { ($0.ready, $0.failure) }
      if let failure { throw failure }
      if !ready.contains(where: { $0 == nil }) { return ready.compactMap { $0 } }
      usleep(1000)
    }
  }
}
