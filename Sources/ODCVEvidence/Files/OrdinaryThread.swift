import Glibc

/// A thread that never competes with the loop: its priority is ordinary whatever its creator's is, and the process's signals are for
/// the threads that wait for them.
struct OrdinaryThread: Sendable {
  private let raw: pthread_t

  private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts it.
  ///
  /// - Parameter name: for `top` and `ps`, at most 15 characters
  /// - Throws: when the system has no thread left; `body` is not run then.
  init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(EvidenceError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
    pthread_attr_setschedpolicy(&attributes, SCHED_OTHER)
    let work = Unmanaged.passRetained(Work(name, body)).toOpaque()
    var raw = pthread_t()
    let code = pthread_create(&raw, &attributes, { work in
      let work = Unmanaged<Work>.fromOpaque(work!).takeRetainedValue()
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      System.nameThread(work.name)
      work.body()
      return nil
    }, work)
    guard code == 0 else {
      Unmanaged<Work>.fromOpaque(work).release()
      throw System.failure("start a thread", name, code, remedy: "raise the limit of threads")
    }
    self.raw = raw
  }

  /// Waits for its end; once.
  func join() { pthread_join(raw, nil) }
}
