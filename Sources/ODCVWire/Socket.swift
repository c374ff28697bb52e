import CZMQ

/// A ZeroMQ socket, owned by one thread: it can be neither copied nor sent to another.
///
/// Closed when it goes out of scope. Messages are whole: every part is sent and received or none is.
@safe public struct Socket: ~Copyable {
  public let kind: SocketKind
  let handle: UnsafeMutableRawPointer
  /// Keeps the context until the socket is closed.
  let context: Context
  /// Tells what happens to the connections, once they are watched.
  var monitor: UnsafeMutableRawPointer?
  /// What happened so far; only counted while connections are watched.
  public internal(set) var connections = SocketEventCounts()

  public init(
    _ context: Context, _ kind: SocketKind, options: SocketOptions = SocketOptions()
  ) throws(WireError) {
    guard let handle = unsafe zmq_socket(context.handle, kind.number) else {
      throw .last("making a \(kind) socket")
    }
    do throws(WireError) {
      unsafe try Self.apply(options, to: handle, kind)
    } catch {
      unsafe zmq_close(handle)
      throw error
    }
    unsafe self.handle = unsafe handle
    self.kind = kind
    self.context = context
  }

  deinit {
    if let monitor = unsafe monitor {
      unsafe zmq_socket_monitor(handle, nil, 0)
      unsafe zmq_close(monitor)
    }
    unsafe zmq_close(handle)
  }

  /// Binds to `endpoint` (`tcp://127.0.0.1:7410`, `ipc:///run/odcv/action`; port 0 or `*`: any free one).
  ///
  /// - Returns: the endpoint that was really bound.
  @discardableResult
  public func bind(_ endpoint: String) throws(WireError) -> String {
    // ZeroMQ writes "any free port" as a star.
    let wanted = endpoint.hasSuffix(":0") ? endpoint.dropLast() + "*" : endpoint[...]
    guard unsafe zmq_bind(handle, String(wanted)) == 0 else { throw .last("binding \(endpoint)") }
    return try lastEndpoint()
  }

  /// Connects to `endpoint`, now or as soon as someone is there.
  public func connect(_ endpoint: String) throws(WireError) {
    guard unsafe zmq_connect(handle, endpoint) == 0 else { throw .last("connecting to \(endpoint)") }
  }

  /// Takes the messages whose first part begins with `prefix`; "" takes all.
  public func subscribe(_ prefix: String) throws(WireError) {
    var prefix = prefix
    let result = prefix.withUTF8 {
      unsafe zmq_setsockopt(handle, ZMQ_SUBSCRIBE, $0.baseAddress, $0.count)
    }
    guard result == 0 else { throw .last("subscribing to \"\(prefix)\"") }
  }

  /// Sends the parts as one message.
  ///
  /// - Parameter wait: until there is room, at most the options' send timeout, instead of giving up.
  /// - Returns: `false` when there was no room, or no peer of that name; nothing was sent then. A publisher always has
  ///   room: it drops for subscribers that are too slow.
  @discardableResult
  public func send(_ parts: [[UInt8]], wait: Bool = false) throws(WireError) -> Bool {
    precondition(!parts.isEmpty, "a message has a part")
    for (index, part) in parts.enumerated() {
      let more = index + 1 < parts.count
      // A part after the first never waits: ZeroMQ has room for all of a message or for none of it.
      let bytes = unsafe part.span.bytes
      let sent = unsafe try bytes.withUnsafeBytes { raw throws(WireError) in
        unsafe try sendPart(raw, more: more, wait: wait, isFirst: index == 0)
      }
      if !sent { return false }
    }
    return true
  }

  /// Sends two parts as one message. Allocates nothing itself; ZeroMQ copies what it queues.
  @discardableResult
  public func send(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, wait: Bool = false
  ) throws(WireError) -> Bool {
    guard unsafe try sendPart(first, more: true, wait: wait, isFirst: true) else { return false }
    return unsafe try sendPart(second, more: false, wait: wait, isFirst: false)
  }

  /// The same, without waiting; the second part in a place of the pool as long as there is one, else in memory of the heap.
  @discardableResult
  public func send(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, pool: inout MessagePool
  ) throws(WireError) -> Bool {
    guard var message = unsafe pool.message(second) else { return unsafe try send(first, second) }
    do throws(WireError) {
      if unsafe try sendPart(first, more: true, wait: false, isFirst: true) {
        while unsafe zmq_msg_send(&message, handle, ZMQ_DONTWAIT) < 0 {
          guard zmq_errno() == EINTR else { throw .last("sending the rest of a message") }
        }
        return true
      }
    } catch {
      unsafe zmq_msg_close(&message)
      throw error
    }
    unsafe zmq_msg_close(&message)
    return false
  }

  /// Takes in at once what the peers have reported, such as that a queue has become shorter; sending and receiving do so now and then.
  public func attend() throws(WireError) {
    var events: Int32 = 0
    var size = MemoryLayout<Int32>.size
    guard unsafe zmq_getsockopt(handle, ZMQ_EVENTS, &events, &size) == 0 else {
      if zmq_errno() == EINTR { return }
      throw .last("asking a socket for its events")
    }
  }

  /// Becomes readable when something about the socket changes; see `Poller`.
  func descriptor() throws(WireError) -> Int32 {
    var descriptor: Int32 = -1
    var size = MemoryLayout<Int32>.size
    guard unsafe zmq_getsockopt(handle, ZMQ_FD, &descriptor, &size) == 0 else {
      throw .last("asking a socket for its file descriptor")
    }
    return descriptor
  }

  /// Receives one whole message into `frames`, replacing what they held.
  ///
  /// - Parameter timeoutMilliseconds: how long to wait for one; 0: not at all; -1: for ever.
  /// - Returns: `false` when none came, or a signal ended the wait.
  public func receive(into frames: inout Frames, timeoutMilliseconds: Int) throws(WireError) -> Bool {
    frames.clear()
    if timeoutMilliseconds != 0 {
      var item = unsafe zmq_pollitem_t(socket: handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
      let ready = unsafe zmq_poll(&item, 1, timeoutMilliseconds)
      if ready < 0 {
        if zmq_errno() == EINTR { return false }
        throw .last("waiting for a message")
      }
      if ready == 0 { return false }
    }
    var isFirst = true
    var more = true
    while more {
      let part = unsafe frames.next()
      let count = unsafe zmq_msg_recv(part, handle, ZMQ_DONTWAIT)
      if count < 0 {
        switch zmq_errno() {
        case EAGAIN where isFirst: return false
        case EINTR: continue
        default: throw .last("receiving a message")
        }
      }
      isFirst = false
      frames.accept()
      more = unsafe zmq_msg_more(part) != 0
    }
    return true
  }

  /// The endpoint that the last `bind` or `connect` came to.
  private func lastEndpoint() throws(WireError) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    var size = buffer.count
    guard unsafe zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &size) == 0 else {
      throw .last("asking for the bound endpoint")
    }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func sendPart(
    _ bytes: UnsafeRawBufferPointer, more: Bool, wait: Bool, isFirst: Bool
  ) throws(WireError) -> Bool {
    let flags = (more ? ZMQ_SNDMORE : 0) | (wait ? 0 : ZMQ_DONTWAIT)
    while unsafe zmq_send(handle, bytes.baseAddress, bytes.count, flags) < 0 {
      switch zmq_errno() {
      case EAGAIN, EHOSTUNREACH:
        guard isFirst else { throw .last("sending the rest of a message") }
        return false
      case EINTR: continue
      default: throw .last("sending a message")
      }
    }
    return true
  }

  private static func apply(
    _ options: SocketOptions, to handle: UnsafeMutableRawPointer, _ kind: SocketKind
  ) throws(WireError) {
    unsafe try set(handle, ZMQ_RCVHWM, options.receiveHighWaterMark, "the receive high-water mark")
    unsafe try set(handle, ZMQ_SNDHWM, options.sendHighWaterMark, "the send high-water mark")
    unsafe try set(handle, ZMQ_LINGER, options.linger, "the linger time")
    unsafe try set(handle, ZMQ_SNDTIMEO, options.sendTimeout, "the send timeout")
    unsafe try set(handle, ZMQ_MAXMSGSIZE, options.maxMessageSize, "the longest frame")
    // Probes of a quiet connection, in seconds; what was sent and is not taken, in ms.
    let probes = max(1, options.silenceLimit / 1000)
    unsafe try set(handle, ZMQ_TCP_KEEPALIVE, Int32(1), "keeping connections alive")
    unsafe try set(handle, ZMQ_TCP_KEEPALIVE_IDLE, Int32(1), "the time before the first probe")
    unsafe try set(handle, ZMQ_TCP_KEEPALIVE_INTVL, Int32(1), "the time between probes")
    unsafe try set(handle, ZMQ_TCP_KEEPALIVE_CNT, probes, "the number of probes")
    unsafe try set(handle, ZMQ_TCP_MAXRT, options.silenceLimit, "the limit on silence")
    unsafe try set(handle, ZMQ_IMMEDIATE, Int32(options.immediate ? 1 : 0), "queueing for complete connections only")
    unsafe try set(handle, ZMQ_RECONNECT_IVL, options.reconnectInterval, "the reconnect interval")
    if case .router = kind, options.routerMandatory {
      unsafe try set(handle, ZMQ_ROUTER_MANDATORY, Int32(1), "reporting absent peers")
    }
  }

  private static func set<Value: FixedWidthInteger>(
    _ handle: UnsafeMutableRawPointer, _ option: Int32, _ value: Value, _ what: String
  ) throws(WireError) {
    var value = value
    guard unsafe zmq_setsockopt(handle, option, &value, MemoryLayout<Value>.size) == 0 else {
      throw .last("setting \(what) to \(value)")
    }
  }
}
