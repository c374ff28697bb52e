/// What is kept when only the surroundings of violations are recorded.
public struct Excerpts: Sendable, Equatable {
  /// ns before a violation
  public var before: Int64
  /// ns after it
  public var after: Int64

  public init(before: Int64, after: Int64) {
    self.before = before
    self.after = after
  }

  /// In a recording's `odcv` metadata.
  var metadata: [String: String] {
    ["kept": "excerpts", "before_ns": String(before), "after_ns": String(after)]
  }

  /// `nil` for the metadata of a recording that keeps everything.
  init?(_ metadata: [String: String]) {
    guard metadata["kept"] == "excerpts" else { return nil }
    before = metadata["before_ns"].flatMap { Int64($0) } ?? 0
    after = metadata["after_ns"].flatMap { Int64($0) } ?? 0
  }
}

/// What stands in a recording before the first input of each excerpt, as the metadata record `odcv.excerpt`: nothing of what came
/// between it and the excerpt before was kept.
struct ExcerptMark {
  static let name = "odcv.excerpt"
  /// Arrival index of its first input.
  var first: UInt64
  /// ns from that input to the violation that it was begun for; less than was asked for near a run's beginning, and when the memory
  /// for it was full.
  var held: Int64

  var values: [String: String] { ["first_index": String(first), "held_ns": String(held)] }
}

/// The last seconds of a run, in memory of a fixed size, and which of them are to be written.
struct ExcerptWindow: ~Copyable {
  /// Bytes that are written at a time: who waits for a confirmation must not wait for an excerpt.
  static let greatestRelease = 4 << 20

  enum Step {
    case wait
    /// The oldest record is to be taken and written, after this mark.
    case write(ExcerptMark?)
  }

  /// Instants, both of them in it.
  private struct Interval {
    var from: Int64
    var until: Int64
    /// Of the violation that it was begun for.
    var cause: Int64
  }

  private let excerpts: Excerpts
  private let held: RecordRing
  /// The oldest record, once it is out of the ring.
  private var front = RingRecord(capacity: 64)
  private var hasFront = false
  /// ns of the monotonic clock, as all instants here
  private var newest = Int64.min
  /// What is to be written, oldest first and apart from each other.
  private var wanted: [Interval] = []
  /// The input before the next one was let go.
  private var hasGap = true
  /// What answers an input that was let go goes with it.
  private var isLettingGo = false

  /// - Parameter capacity: bytes, a power of two
  init(_ excerpts: Excerpts, capacity: Int) {
    self.excerpts = excerpts
    held = RecordRing(capacity: capacity, reservedBytes: 0)
  }

  /// `false` when there is no space: let something go and try again.
  mutating func hold(_ record: borrowing RingRecord, index: UInt64) -> Bool {
    newest = max(newest, record.instant)
    return held.push(
      kind: record.kind, channel: record.channel, index: index, instant: record.instant, detail: record.detail,
      topic: record.topic, body: record.body)
  }

  /// There are violations in this time. What comes while another's surroundings are written makes them longer.
  mutating func trigger(_ time: ClosedRange<Int64>) {
    let (from, until) = (time.lowerBound &- excerpts.before, time.upperBound &+ excerpts.after)
    if let last = wanted.last, from <= last.until {
      wanted[wanted.count - 1].from = min(last.from, from)
      wanted[wanted.count - 1].until = max(last.until, until)
    } else {
      wanted.append(Interval(from: from, until: until, cause: time.lowerBound))
    }
  }

  /// What is to be done with the oldest record, after those before it that nobody needs any more are gone.
  ///
  /// - Parameter isFull: One record must go, though it may be needed.
  mutating func next(isFull: Bool) -> Step {
    var isFull = isFull
    while true {
      if !hasFront {
        guard held.pop(into: &front) else { return .wait }
        // Which makes room for another.
        (hasFront, isFull) = (true, false)
      }
      let isInput = front.kind.isInput
      // The last one stays: a violation may yet make it longer.
      while wanted.count > 1, front.instant > wanted[0].until { wanted.removeFirst() }
      if isLettingGo, !isInput {
        hasFront = false
      } else if let interval = wanted.first, (interval.from...interval.until).contains(front.instant) {
        isLettingGo = false
        guard isInput, hasGap else { return .write(nil) }
        hasGap = false
        return .write(ExcerptMark(first: front.index, held: max(0, interval.cause - front.instant)))
      } else if isFull || isTooOld(front.instant) {
        hasFront = false
        if isInput { (hasGap, isLettingGo) = (true, true) }
      } else {
        return .wait
      }
    }
  }

  /// No violation that may come wants it.
  private func isTooOld(_ instant: Int64) -> Bool {
    if let interval = wanted.first, instant < interval.from { return true }
    return newest &- instant > excerpts.before
  }

  /// The record that was to be written.
  mutating func take(into record: inout RingRecord) {
    swap(&record, &front)
    hasFront = false
  }
}
