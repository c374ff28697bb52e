import Glibc
import Synchronization

/// Set by SIGINT and SIGTERM; every loop ends soon after.
let stopRequested = Atomic<Bool>(false)

func stopOnSignals() {
  // Whoever started this may have handed down a mask that blocks them.
  var both = sigset_t()
  sigemptyset(&both)
  sigaddset(&both, SIGINT)
  sigaddset(&both, SIGTERM)
  pthread_sigmask(SIG_UNBLOCK, &both, nil)
  for number in [SIGINT, SIGTERM] {
    signal(number) { _ in stopRequested.store(true, ordering: .relaxed) }
  }
}
