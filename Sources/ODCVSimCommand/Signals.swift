import Glibc
import Synchronization

/// Set by SIGINT and SIGTERM; every loop ends soon after.
let stopRequested = Atomic<Bool>(false)

func stopOnSignals() {
  for number in [SIGINT, SIGTERM] {
    signal(number) { _ in stopRequested.store(true, ordering: .relaxed) }
  }
}
