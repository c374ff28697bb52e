/// The last value of each declared signal, and when it was set and rose.
///
/// What is heard first of a signal tells how it stands. That it rose then is known only of a stream's first message: one that is joined
/// later, after a start or under another configuration, may have been set for long.
struct SignalWatch: Sendable {
  struct Line: Sendable {
    var value: Double
    var received: MonoInstant
    /// When it last rose to a value above 0; `nil` while that is not known.
    var rose: MonoInstant?
    /// When it was last reported to be set; `nil` before the first time.
    var lastSet: MonoInstant?
    /// Since when it is not set; means nothing while it is.
    var clearSince: MonoInstant

    var isSet: Bool { value > 0 }
  }

  private var lines = [Line?](repeating: nil, count: Capacity.signals)

  subscript(_ signal: Int) -> Line? { lines[signal] }

  mutating func take(_ signal: Signal, at now: MonoInstant) {
    let before = lines[signal.index]
    var line = Line(
      value: signal.value, received: now, rose: before?.rose, lastSet: before?.lastSet,
      clearSince: before?.clearSince ?? now)
    if signal.value > 0 {
      let least = before?.value ?? (signal.sequence.number == 1 ? 0 : .infinity)
      if signal.value > max(least, 0) { line.rose = now }
      line.lastSet = now
    } else if let before, before.isSet {
      line.clearSince = now
    }
    lines[signal.index] = line
  }
}

extension World {
  /// The signal's last message when it is young enough, or why it can't be told.
  func signal(_ index: Int) -> Result<SignalWatch.Line, SignalUnknown> {
    guard let line = signals[index] else { return .failure(SignalUnknown(reason: .missing)) }
    let age = now.seconds(since: line.received)
    guard age >= 0, age <= configuration.cell.signals[index].maxAge else {
      return .failure(SignalUnknown(reason: .stale))
    }
    return .success(line)
  }
}

struct SignalUnknown: Error {
  var reason: UnknownReason
}
