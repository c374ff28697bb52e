import CZMQ

/// ZeroMQ's context: its I/O threads and the sockets on them. Shared by threads; each socket belongs to one.
///
/// Make the context and every socket before pinning the calling thread or raising its priority: ZeroMQ's threads
/// inherit both from the thread that makes the first socket, and behind a spinning real-time thread they never run.
@safe public final class Context: Sendable {
  /// Where and how ZeroMQ's own I/O threads run.
  public struct ThreadOptions: Sendable {
    /// How many; one is enough for a cell.
    public var count = 1
    /// A scheduling policy of the system (`SCHED_FIFO` ...); needs the right to set it. `nil`: inherited.
    public var schedulingPolicy: Int32?
    /// Its priority; only with a policy.
    public var priority: Int32?
    /// The processors they may run on; empty: all that the process may use.
    public var processors: [Int32] = []

    public init() {}
  }

  // A context may be used from every thread (zmq_ctx_new(3)); the pointer itself never changes.
  nonisolated(unsafe) let handle: UnsafeMutableRawPointer

  public init(threads: ThreadOptions = ThreadOptions()) throws(WireError) {
    guard let handle = unsafe zmq_ctx_new() else { throw .last("making a ZeroMQ context") }
    unsafe self.handle = unsafe handle
    try set(ZMQ_IO_THREADS, Int32(threads.count), "the number of ZeroMQ's I/O threads")
    if let policy = threads.schedulingPolicy {
      try set(ZMQ_THREAD_SCHED_POLICY, policy, "the scheduling of ZeroMQ's I/O threads")
      if let priority = threads.priority {
        try set(ZMQ_THREAD_PRIORITY, priority, "the priority of ZeroMQ's I/O threads")
      }
    }
    for processor in threads.processors {
      try set(ZMQ_THREAD_AFFINITY_CPU_ADD, processor, "the processors of ZeroMQ's I/O threads")
    }
  }

  // Waits until every socket is closed; each holds its context, so none is left here.
  deinit { unsafe zmq_ctx_term(handle) }

  private func set(_ option: Int32, _ value: Int32, _ what: String) throws(WireError) {
    guard unsafe zmq_ctx_set(handle, option, value) == 0 else { throw .last("setting \(what) to \(value)") }
  }
}
