import ODCVCore

/// Sources that are not believed yet after the loop did not run for a while.
///
/// What was sent meanwhile waits not only in the loop's own queues, which are thrown away (`discardBacklog`), but in the network's and in
/// the sender's, and comes for as long as that takes, each message as if it were new. It gives itself away: a source that catches up
/// tells of more time than passes, and one whose messages are held up again of less. So after a pause a source is believed when it has
/// kept pace for a while.
struct SourceDoubts: Sendable {
  /// Over which a source shows that it has caught up, ns
  private static let window: Int64 = 25_000_000
  /// What its own time may differ by meanwhile, for messages are not equally fast; and it may run a quarter faster than ours, or at half
  /// the speed, ns
  private static let jitter: Int64 = 5_000_000
  /// How long at least a source may be doubted that never shows it (its time runs faster than ours, or it has no stamps), ns
  private static let patience: Int64 = 1_000_000_000

  private struct Line: Sendable {
    var isDoubted = false
    /// Where this window began; its boot and stream are those of the whole window.
    var first: Sequence?
    var received: Int64 = 0
    /// From stamp to receipt, ns: at the first, and the least and greatest since. It falls while a source catches up, and rises while its
    /// messages are held up.
    var delay: Int64 = 0
    var least: Int64 = 0
    var greatest: Int64 = 0
  }

  private var lines: InlineArray<16, Line> = InlineArray(repeating: Line())
  private var isAny = false
  /// ns
  private var end: Int64 = .min

  /// The loop did not run for `pause` ns.
  mutating func doubtAll(after pause: Int64, at now: Int64) {
    isAny = true
    end = max(end, now + max(SourceDoubts.patience, 2 * pause))
    lines = InlineArray(repeating: Line(isDoubted: true))
  }

  /// Whether this message may be one of those that waited.
  mutating func doubt(_ input: InputOutline, at now: MonoInstant) -> Bool {
    guard isAny, let (place, sequence) = SourceDoubts.source(input), lines[place].isDoubted else { return false }
    guard now.nanoseconds < end else {
      self = SourceDoubts()
      return false
    }
    // Without a stamp nothing tells that it is new.
    guard let time = sequence.time else { return true }
    let delay = now.nanoseconds &- time.nanoseconds
    guard let first = lines[place].first, first.stream == sequence.stream, first.boot == sequence.boot else {
      return begin(place, sequence, now, delay)
    }
    lines[place].least = min(lines[place].least, delay)
    lines[place].greatest = max(lines[place].greatest, delay)
    let passed = now.nanoseconds - lines[place].received
    guard passed >= SourceDoubts.window else { return true }
    let fallen = lines[place].delay.subtractingReportingOverflow(lines[place].least)
    let spread = lines[place].greatest.subtractingReportingOverflow(lines[place].least)
    guard !fallen.overflow, fallen.partialValue <= passed / 4 + SourceDoubts.jitter,
      !spread.overflow, spread.partialValue <= passed / 2 + SourceDoubts.jitter
    else { return begin(place, sequence, now, delay) }
    lines[place].isDoubted = false
    return false
  }

  private mutating func begin(_ place: Int, _ sequence: Sequence, _ now: MonoInstant, _ delay: Int64) -> Bool {
    lines[place] = Line(
      isDoubted: true, first: sequence, received: now.nanoseconds, delay: delay, least: delay, greatest: delay)
    return true
  }

  /// What tells of the world or wants something of the arm, each source in a place of its own.
  private static func source(_ input: InputOutline) -> (place: Int, Sequence)? {
    switch input {
    case .command(let sequence): (0, sequence)
    case .state(let sequence): (1, sequence)
    case .signal(let sequence): (2, sequence)
    case .people(let sequence, let sensor, _): (3 + sensor, sequence)
    case .obstacles(let sequence, let sensor): (3 + Capacity.sensors + sensor, sequence)
    case .layout, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: nil
    }
  }
}
