import Glibc

/// SIGTERM and SIGINT, taken by the main thread alone.
enum Signals {
  /// To be called before any thread is started: they inherit that these signals are not for them.
  static func block() {
    var set = endings()
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// True when one of them came within the time.
  static func wait(milliseconds: Int) -> Bool {
    var set = endings()
    var timeout = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    return sigtimedwait(&set, nil, &timeout) > 0
  }

  private static func endings() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    return set
  }
}
