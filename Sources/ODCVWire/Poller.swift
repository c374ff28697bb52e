import CZMQ

/// Waits for any of several sockets, on the thread that owns them. A wait allocates nothing.
///
/// The sockets must outlive the poller.
@safe public struct Poller: ~Copyable {
  private let items: UnsafeMutablePointer<zmq_pollitem_t>
  public let capacity: Int
  public private(set) var count = 0

  public init(capacity: Int = 16) {
    self.capacity = capacity
    unsafe items = .allocate(capacity: capacity)
  }

  deinit { unsafe items.deallocate() }

  /// Adds a socket to wait for.
  ///
  /// - Returns: its place, for `isReadable`.
  @discardableResult
  public mutating func add(_ socket: borrowing Socket) -> Int {
    unsafe add(zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
  }

  /// Adds a file descriptor (a signal, a timer, an event).
  @discardableResult
  public mutating func add(fileDescriptor: Int32) -> Int {
    unsafe add(zmq_pollitem_t(socket: nil, fd: fileDescriptor, events: Int16(ZMQ_POLLIN), revents: 0))
  }

  /// Whether waits end when there is something to read at this place.
  public mutating func listen(_ listens: Bool, at place: Int) {
    precondition(place >= 0 && place < count, "no such socket")
    unsafe items[place].events = listens ? Int16(ZMQ_POLLIN) : 0
  }

  /// Waits until something can be read.
  ///
  /// - Parameter timeoutMilliseconds: 0: don't wait; -1: for ever.
  /// - Returns: how many can be read; 0 after the time, or when a signal ended the wait.
  public mutating func wait(timeoutMilliseconds: Int) throws(WireError) -> Int {
    let ready = unsafe zmq_poll(items, Int32(count), timeoutMilliseconds)
    if ready >= 0 { return Int(ready) }
    for index in 0..<count { unsafe items[index].revents = 0 }
    if zmq_errno() == EINTR { return 0 }
    throw .last("waiting for messages")
  }

  /// Whether the last wait found something to read at this place.
  public func isReadable(_ place: Int) -> Bool {
    precondition(place >= 0 && place < count, "no such socket")
    return unsafe items[place].revents & Int16(ZMQ_POLLIN | ZMQ_POLLERR) != 0
  }

  private mutating func add(_ item: zmq_pollitem_t) -> Int {
    precondition(count < capacity, "the poller is full")
    unsafe (items + count).initialize(to: item)
    count += 1
    return count - 1
  }
}
