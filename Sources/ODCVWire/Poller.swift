import CZMQ
import Glibc

/// Waits for any of several sockets, on the thread that owns them. A wait is one system call and allocates nothing.
///
/// `zmq_poll` asks each socket for its events before and after it sleeps, a system call each time. This waits for their descriptors
/// (`ZMQ_FD`) alone, which tell of changes: a place is readable once, when something may have come to it. Who finds it so receives until
/// there is nothing more, or calls `remains`. To send on a socket may take in what its descriptor would tell: one that is also sent on
/// is asked now and then besides.
///
/// The sockets must outlive the poller.
@safe public struct Poller: ~Copyable {
  private let items: UnsafeMutablePointer<pollfd>
  private let isLeft: UnsafeMutablePointer<Bool>
  private let ready: UnsafeMutablePointer<Bool>
  public let capacity: Int
  public private(set) var count = 0

  public init(capacity: Int = 16) {
    self.capacity = capacity
    unsafe items = .allocate(capacity: capacity)
    unsafe isLeft = .allocate(capacity: capacity)
    unsafe ready = .allocate(capacity: capacity)
  }

  deinit {
    unsafe items.deallocate()
    unsafe isLeft.deallocate()
    unsafe ready.deallocate()
  }

  /// Adds a socket to wait for. The first wait finds it readable: something may have come before.
  ///
  /// - Returns: its place, for `isReadable`.
  @discardableResult
  public mutating func add(_ socket: borrowing Socket) throws(WireError) -> Int {
    add(try socket.descriptor(), isLeft: true)
  }

  /// Adds a file descriptor (a signal, a timer, an event), which is readable as long as there is something.
  @discardableResult
  public mutating func add(fileDescriptor: Int32) -> Int { add(fileDescriptor, isLeft: false) }

  /// Whether waits end when there is something to read at this place; what remains there is not forgotten.
  public mutating func listen(_ listens: Bool, at place: Int) {
    precondition(place >= 0 && place < count, "no such socket")
    unsafe items[place].events = listens ? Int16(POLLIN) : 0
  }

  /// There may be more at this place than was received: the next wait does not sleep, and finds it readable.
  public mutating func remains(at place: Int) {
    precondition(place >= 0 && place < count, "no such socket")
    unsafe isLeft[place] = true
  }

  /// The next wait does not sleep: something remains at a place that is listened to.
  public var hasRemains: Bool {
    for place in 0..<count where unsafe isLeft[place] && items[place].events != 0 { return true }
    return false
  }

  /// These places are to be asked whatever the last wait found: it is a while ago.
  public mutating func ask(_ places: Range<Int>) {
    precondition(places.lowerBound >= 0 && places.upperBound <= count, "no such socket")
    for place in places where unsafe items[place].events != 0 { unsafe ready[place] = true }
  }

  /// Waits until something may be read.
  ///
  /// - Parameter timeoutMilliseconds: 0: don't wait; -1: for ever.
  /// - Returns: at how many places; 0 after the time, or when a signal ended the wait.
  public mutating func wait(timeoutMilliseconds: Int) throws(WireError) -> Int {
    let found = unsafe poll(items, nfds_t(count), hasRemains ? 0 : Int32(clamping: timeoutMilliseconds))
    if found < 0, errno != EINTR { throw .last("waiting for messages") }
    var readable = 0
    for place in 0..<count {
      let listens = unsafe items[place].events != 0
      let isTold = unsafe found > 0 && items[place].revents & Int16(POLLIN | POLLERR) != 0
      let isReady = unsafe listens && (isTold || isLeft[place])
      unsafe ready[place] = isReady
      if listens { unsafe isLeft[place] = false }
      if isReady { readable += 1 }
    }
    return readable
  }

  /// Whether the last wait found that something may be read at this place.
  public func isReadable(_ place: Int) -> Bool {
    precondition(place >= 0 && place < count, "no such socket")
    return unsafe ready[place]
  }

  private mutating func add(_ descriptor: Int32, isLeft left: Bool) -> Int {
    precondition(count < capacity, "the poller is full")
    unsafe (items + count).initialize(to: pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    unsafe (isLeft + count).initialize(to: left)
    unsafe (ready + count).initialize(to: false)
    count += 1
    return count - 1
  }
}
