import CZMQ

/// What a socket is for.
public enum SocketKind: Sendable {
  case pub
  case xpub
  case sub
  case router
  case dealer
  case req
  case rep

  var number: Int32 {
    switch self {
    case .pub: ZMQ_PUB
    case .xpub: ZMQ_XPUB
    case .sub: ZMQ_SUB
    case .router: ZMQ_ROUTER
    case .dealer: ZMQ_DEALER
    case .req: ZMQ_REQ
    case .rep: ZMQ_REP
    }
  }
}

/// How a socket behaves. There is no option to keep only the last message: what is checked is never dropped in silence.
public struct SocketOptions: Sendable {
  /// Messages that may wait to be received, per peer. Beyond it a publisher drops, which sequence numbers show.
  public var receiveHighWaterMark: Int32 = 1000
  /// Messages that may wait to be sent, per peer.
  public var sendHighWaterMark: Int32 = 1000
  /// How long a closing socket tries to send what is left, ms.
  public var linger: Int32 = 0
  /// How long a send that may wait does wait for room, ms; -1: for ever.
  public var sendTimeout: Int32 = 5000
  /// Longest frame that is taken, bytes; a peer that sends a longer one is disconnected.
  public var maxMessageSize = Int64(MessageBounds.messageBytes)
  /// A TCP connection whose other host gives no sign of life, or takes nothing, for about this long is dropped, ms. The kernel sees
  /// to it. ZeroMQ's own heartbeats (ZMQ_HEARTBEAT_IVL) stay off: libzmq up to 4.3.5 aborts the process where a peer goes, or falls
  /// silent, while the queue of what it has sent is full (zeromq/libzmq#4364, #4767).
  public var silenceLimit: Int32 = 3000
  /// Queue messages only for peers whose connection is complete.
  public var immediate = true
  /// Time between attempts to connect again, ms.
  public var reconnectInterval: Int32 = 100
  /// A ROUTER reports a peer that is not there instead of dropping the message.
  public var routerMandatory = true

  public init() {}
}
