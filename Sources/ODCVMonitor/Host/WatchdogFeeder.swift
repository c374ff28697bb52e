import Glibc
import Synchronization

/// Feeds the service's watchdog for as long as every arm's loop turns, from a thread that waits for nothing else: a disk that stalls, and
/// with it whoever writes to it, is no reason to end a monitor that judges.
struct WatchdogFeeder {
  private let thread: LoopThread?
  private let ended: Flag

  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  /// Does nothing where no watchdog waits.
  init(_ notifier: ServiceNotifier, _ links: [LoopLink]) {
    let ended = Flag()
    self.ended = ended
    guard let allowed = notifier.watchdogTime else {
      thread = nil
      return
    }
    thread = LoopThread(name: "odcv-watchdog") {
      var told = monotonicNow().nanoseconds
      var seen = links.map { $0.progress.load(ordering: .relaxed) }
      var progressed = links.map { _ in false }
      while !ended.isSet.load(ordering: .relaxed) {
        usleep(20_000)
        for (place, link) in links.enumerated() {
          let now = link.progress.load(ordering: .relaxed)
          if now != seen[place] { progressed[place] = true }
          seen[place] = now
        }
        // Only when every arm's loop has turned: one that stands still is enough to be started anew.
        guard monotonicNow().nanoseconds - told >= allowed / 4, progressed.allSatisfy({ $0 }) else { continue }
        notifier.progress()
        told = monotonicNow().nanoseconds
        progressed = links.map { _ in false }
      }
    }
  }

  func end() {
    ended.isSet.store(true, ordering: .relaxed)
    thread?.join()
  }
}
