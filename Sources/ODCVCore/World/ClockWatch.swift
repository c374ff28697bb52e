/// Compares what the declared clocks of sources say with the instants of receipt.
struct ClockWatch: Sendable {
  /// What one message's stamp tells.
  struct Reading: Sendable {
    var stream: Stream
    /// The stamp is missing, or of another clock than the declared one.
    var unknown: UnknownReason?
    /// How far the stamp lies before the last one, s; 0 when it does not.
    var back = 0.0
    /// How the stamp's distance from the receipt has changed since the last message, and since the first one of this boot, s.
    var step = 0.0
    var drift = 0.0
    /// Since that first message, s.
    var elapsed = 0.0
  }

  private struct Anchor: Sendable {
    var boot: UInt64
    var stamp: Int64
    var received: MonoInstant
  }

  private var declared: [SourceTime.Clock?] = StreamTable.empty()
  private var first: [Anchor?] = StreamTable.empty()
  private var last: [Anchor?] = StreamTable.empty()

  init(_ cell: Cell) {
    for source in cell.clocks {
      if let slot = StreamTable.slot(source.stream, source.sensor) { declared[slot] = source.clock }
    }
  }

  /// What a message in its order tells; `nil` when its source declares no clock.
  mutating func read(_ stream: Stream, _ sequence: Sequence, sensor: Int, at now: MonoInstant) -> Reading? {
    guard let slot = StreamTable.slot(stream, sensor), let clock = declared[slot] else { return nil }
    var reading = Reading(stream: stream)
    guard let time = sequence.time else {
      reading.unknown = .missing
      return reading
    }
    guard time.clock == clock else {
      reading.unknown = .mismatched
      return reading
    }
    let anchor = Anchor(boot: sequence.boot, stamp: time.nanoseconds, received: now)
    guard let begin = first[slot], let before = last[slot], begin.boot == sequence.boot else {
      first[slot] = anchor
      last[slot] = anchor
      return reading
    }
    last[slot] = anchor
    reading.back = max(0, ClockWatch.seconds(before.stamp, since: anchor.stamp))
    reading.elapsed = now.seconds(since: begin.received)
    // Simulated time keeps its own pace.
    guard clock != .simulated else { return reading }
    reading.step = ClockWatch.seconds(anchor.stamp, since: before.stamp) - now.seconds(since: before.received)
    reading.drift = ClockWatch.seconds(anchor.stamp, since: begin.stamp) - reading.elapsed
    return reading
  }

  /// In doubles: stamps are anybody's numbers, and their difference may be larger than an integer holds.
  private static func seconds(_ a: Int64, since b: Int64) -> Double {
    let (difference, overflow) = a.subtractingReportingOverflow(b)
    return (overflow ? Double(a) - Double(b) : Double(difference)) * 1e-9
  }
}
