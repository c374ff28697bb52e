#if canImport(Glibc)
  import Glibc
#endif
import ODCVWire

/// The arm driver's side of the `gated` endpoint.
///
///     var gated = try LeaseSocket(context, "tcp://127.0.0.1:7413", robot: "panda")
///     // each control cycle, at least every 20 ms:
///     if try gated.poll({ take($0) }) { followWhatWasTaken() } else { brakeAndForgetIt() }
///
/// The arm may move while leases come in time; it then needs an action, since what it did before a hold is over. It never
/// moves by an action that was sent more than one lease before it is taken, wherever it waited; by anything that comes
/// with, or in the same poll after, the end of a lease; by anything of another robot, or that can't be read.
public struct LeaseSocket: ~Copyable {
  /// Messages taken in one poll; when more are waiting, the arm holds.
  static let messagesPerPoll = 256

  public private(set) var lease: Lease
  private let socket: Socket
  private var frames = Frames()

  /// - Parameters:
  ///   - endpoint: the monitor's `gated`.
  ///   - robot: id of the arm, as the monitor's configuration has it.
  public init(_ context: Context, _ endpoint: String, robot: String) throws(WireError) {
    // A noncopyable value is made as a whole, once nothing can fail.
    let socket = try Socket(context, .sub)
    for kind in [MessageKind.action, .lease] { try socket.subscribe(Topic.subscription(kind) + robot) }
    try socket.connect(endpoint)
    self.socket = socket
    lease = Lease(robot: robot)
  }

  /// Takes what has come, without waiting.
  ///
  /// - Parameter take: gets each action that the arm may obey, in the order in which they were sent.
  /// - Returns: whether the arm may move as `take` was told; otherwise it brakes and forgets it.
  public mutating func poll(_ take: (ActionMessage) -> Void) throws(WireError) -> Bool {
    for _ in 0..<Self.messagesPerPoll {
      guard try socket.receive(into: &frames, timeoutMilliseconds: 0) else {
        return lease.settle(isDrained: true, at: Self.now)
      }
      // The clock is read for each message: this thread may have stood still since the last.
      if let action = lease.hear(frames.allBytes, at: Self.now) { take(action) }
    }
    return lease.settle(isDrained: false, at: Self.now)
  }

  /// ns of this host's CLOCK_MONOTONIC.
  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
