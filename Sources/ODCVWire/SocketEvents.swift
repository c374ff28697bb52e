import CZMQ

/// What happened to a socket's connections.
public enum SocketEvent: Sendable, Equatable {
  case connected
  case connectDelayed
  case connectRetried
  case listening
  case bindFailed
  case accepted
  case acceptFailed
  case closed
  case closeFailed
  case disconnected
  case monitorStopped
  case handshakeFailed
  case handshakeSucceeded
  /// An event of a newer ZeroMQ.
  case other(UInt16)

  init(number: UInt16) {
    self =
      switch Int32(number) {
      case ZMQ_EVENT_CONNECTED: .connected
      case ZMQ_EVENT_CONNECT_DELAYED: .connectDelayed
      case ZMQ_EVENT_CONNECT_RETRIED: .connectRetried
      case ZMQ_EVENT_LISTENING: .listening
      case ZMQ_EVENT_BIND_FAILED: .bindFailed
      case ZMQ_EVENT_ACCEPTED: .accepted
      case ZMQ_EVENT_ACCEPT_FAILED: .acceptFailed
      case ZMQ_EVENT_CLOSED: .closed
      case ZMQ_EVENT_CLOSE_FAILED: .closeFailed
      case ZMQ_EVENT_DISCONNECTED: .disconnected
      case ZMQ_EVENT_MONITOR_STOPPED: .monitorStopped
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        .handshakeFailed
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: .handshakeSucceeded
      default: .other(number)
      }
  }
}

/// How often each thing happened since the socket is watched.
public struct SocketEventCounts: Sendable, Equatable {
  /// Connections made, by this side or the other, handshake included.
  public var connected: UInt64 = 0
  public var disconnected: UInt64 = 0
  public var handshakeFailed: UInt64 = 0
  public var retried: UInt64 = 0

  /// Peers connected now.
  public var peers: UInt64 { connected >= disconnected ? connected - disconnected : 0 }

  mutating func count(_ event: SocketEvent) {
    switch event {
    case .handshakeSucceeded: connected += 1
    case .disconnected: disconnected += 1
    case .handshakeFailed: handshakeFailed += 1
    case .connectRetried: retried += 1
    case .connected, .connectDelayed, .listening, .bindFailed, .accepted, .acceptFailed, .closed, .closeFailed,
      .monitorStopped, .other:
      break
    }
  }
}

extension Socket {
  /// Begins to watch this socket's connections. Events wait in a queue of their own: take them with `nextEvent` each
  /// turn, or ZeroMQ's threads wait for room in it.
  public mutating func watchConnections() throws(WireError) {
    guard unsafe monitor == nil else { return }
    let endpoint = unsafe "inproc://events-\(UInt(bitPattern: handle))"
    guard unsafe zmq_socket_monitor(handle, endpoint, ZMQ_EVENT_ALL) == 0 else { throw .last("watching a socket") }
    guard let pair = unsafe zmq_socket(context.handle, ZMQ_PAIR) else { throw .last("watching a socket") }
    unsafe monitor = unsafe pair
    guard unsafe zmq_connect(pair, endpoint) == 0 else { throw .last("watching a socket") }
  }

  /// The next thing that happened to this socket's connections, counted in `connections`; `nil` when there is none.
  public mutating func nextEvent() throws(WireError) -> SocketEvent? {
    guard let monitor = unsafe monitor else { return nil }
    // The first part holds the event's number (16 bits) and a value (32 bits), the second the endpoint.
    var event: SocketEvent?
    var part = zmq_msg_t()
    unsafe zmq_msg_init(&part)
    defer { unsafe zmq_msg_close(&part) }
    var more = true
    while more {
      if unsafe zmq_msg_recv(&part, monitor, ZMQ_DONTWAIT) < 0 {
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN: return event
        default: throw .last("reading what happened to a socket")
        }
      }
      if event == nil, unsafe zmq_msg_size(&part) >= MemoryLayout<UInt16>.size {
        event = unsafe SocketEvent(number: zmq_msg_data(&part).loadUnaligned(as: UInt16.self))
      }
      more = unsafe zmq_msg_more(&part) != 0
    }
    if let event { connections.count(event) }
    return event
  }
}
