import ODCVCore

/// How much of a loop's time requests may take, of all its arms together: whoever asks without end, or asks for much, waits, and
/// commands do not.
struct RequestBudget {
  /// Of the time from one request to the next, the part that is not spent on the first.
  private static let rest: Int64 = 9
  /// ns between two requests at least
  private static let least: Int64 = 1_000_000

  /// When the next one may be answered.
  private(set) var next = MonoInstant(nanoseconds: .min)

  func allowsOne(at now: MonoInstant) -> Bool { now >= next }

  mutating func spend(from begun: MonoInstant, to ended: MonoInstant) {
    let time = max(ended.nanoseconds - begun.nanoseconds, 0)
    next = MonoInstant(nanoseconds: ended.nanoseconds + max(RequestBudget.rest * min(time, 1_000_000_000), RequestBudget.least))
  }
}
