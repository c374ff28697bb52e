import ODCVWire

/// What a driver's lease rests on: messages of `gated` and instants in, permission to move out. Reads no clock and no
/// socket; `LeaseSocket` does.
///
/// Leases only ever shorten each other: one counts from when it would have come had it not waited anywhere, which its
/// sender's clock tells, compared with the fastest lease of the same boot.
public struct Lease: Sendable {
  /// ns
  enum Bound {
    /// A lease that claims to be longer is refused.
    static let longest: Int64 = 1_000_000_000
    /// For so long after a start, a new boot of the monitor or a silence, leases only teach how fast they come.
    static let settling: Int64 = 200_000_000
    /// No lease for so long.
    static let silence: Int64 = 1_000_000_000
    /// The driver's and the monitor's clock drift apart by less than one part in this.
    static let drift: Int64 = 1000
  }

  private let robot: String
  private var boot: UInt64 = 0
  private var sequence: UInt64 = 0
  /// When the last lease came, from when on it counts, until when it lasts; ns of this host's clock.
  private var heard: Int64 = 0
  private var settled: Int64 = 0
  private var deadline: Int64 = 0
  /// Shortest way of a lease plus the clocks' offset, ns.
  private var fastest: Int64 = 0
  private var lapsed = false
  private var moving = false
  /// How much longer than the fastest the last lease took, ns; for the driver's log.
  public private(set) var late: Int64 = 0
  /// Messages that were of no use; for the driver's log.
  public private(set) var refused: UInt64 = 0

  public init(robot: String) { self.robot = robot }

  /// Hears one message, the parts of which were taken from their socket at `now` (ns of CLOCK_MONOTONIC).
  ///
  /// - Returns: the action, if it is one that the arm may obey.
  public mutating func hear(_ parts: [[UInt8]], at now: Int64) -> ActionMessage? {
    if now >= deadline { lapsed = true }
    if parts.count == 2, let topic = Topic.parse(parts[0]), topic.robot == robot {
      if topic.kind == .action {
        let action = try? ActionMessage(decoding: parts[1])
        switch action?.space {
        case .jointPosition, .jointPositionDelta, .jointVelocity, .jointEffort, .eePose, .eePoseDelta, .eeTwist:
          moving = true
        case .stop: moving = false
        case .gripperOnly, .noMotion: break
        case .unspecified, nil: lapsed = true
        }
        if !lapsed { return action }
      } else if topic.kind == .lease, renew(try? LeaseMessage(decoding: parts[1]), at: now) {
        return nil
      }
    }
    refused += 1
    return nil
  }

  private mutating func renew(_ lease: LeaseMessage?, at now: Int64) -> Bool {
    guard let header = lease?.header, header.robotID == robot, header.clock == .monotonic,
      let number = header.sequence, number > 0, let source = header.bootID, source != 0,
      let sent = header.sourceNanoseconds, 0..<(1 << 62) ~= sent,
      let duration = lease?.durationNanoseconds, 1...Bound.longest ~= duration
    else { return false }
    let (restarted, silence, took) = (source != boot, now - heard, now - sent)
    guard restarted || number > sequence else { return false }
    if restarted || silence > Bound.silence { (settled, deadline) = (now + Bound.settling, 0) }
    fastest = restarted ? took : min(took, fastest + silence / Bound.drift)
    (boot, sequence, heard, late) = (source, number, now, took - fastest)
    if now >= settled { deadline = now + duration - late }
    return true
  }

  /// Ends a poll, in which all that waited was taken or not. Returns whether the arm may move.
  public mutating func settle(isDrained: Bool, at now: Int64) -> Bool {
    moving = moving && !lapsed && isDrained && now < deadline
    lapsed = false
    return moving
  }
}
