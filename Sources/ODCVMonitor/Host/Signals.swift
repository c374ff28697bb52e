import Glibc

/// SIGTERM, SIGINT and SIGHUP, taken by the main thread alone.
enum Signals {
  enum Order {
    case end
    /// Read the configuration anew.
    case reload
  }

  /// To be called before any thread is started: they inherit that these signals are not for them.
  static func block() {
    var set = orders()
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// What came within the time.
  static func wait(milliseconds: Int) -> Order? {
    var set = orders()
    var timeout = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    switch sigtimedwait(&set, nil, &timeout) {
    case SIGHUP: return .reload
    case SIGTERM, SIGINT: return .end
    default: return nil
    }
  }

  private static func orders() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGHUP)
    return set
  }
}
