/// Sums of time and impulse over a sliding window, for each of a fixed number of places, by buckets of a fixed width.
///
/// A sum covers at least the window and at most one bucket more: it may come out too great by what lies there, never too small.
struct SlidingSums: Sendable {
  private static let buckets = 32
  /// s, by place
  private let widths: [Double]
  private var times: [Double]
  private var impulses: [Double]
  /// Number of the newest bucket of each place, counted from the clock's zero.
  private var newest: [Int64]

  /// - Parameter windows: s, by place
  init(windows: [Double]) {
    widths = windows.map { $0 / Double(SlidingSums.buckets - 1) }
    times = Array(repeating: 0, count: windows.count * SlidingSums.buckets)
    impulses = times
    newest = Array(repeating: .min, count: windows.count)
  }

  /// Adds at `now`; time that runs back adds to the newest bucket.
  mutating func add(_ place: Int, seconds: Double, impulse: Double, at now: MonoInstant) {
    advance(place, to: now)
    let bucket = index(place, newest[place])
    times[bucket] += seconds
    impulses[bucket] += impulse
  }

  /// What lies in the window that ends at `now`.
  mutating func sums(_ place: Int, at now: MonoInstant) -> (seconds: Double, impulse: Double) {
    advance(place, to: now)
    var sums = (seconds: 0.0, impulse: 0.0)
    for bucket in place * SlidingSums.buckets..<(place + 1) * SlidingSums.buckets {
      sums.seconds += times[bucket]
      sums.impulse += impulses[bucket]
    }
    return sums
  }

  private mutating func advance(_ place: Int, to now: MonoInstant) {
    let position = (Double(now.nanoseconds) * 1e-9 / widths[place]).rounded(.down)
    let current = Int64(max(min(position, 9e15), -9e15))
    guard current > newest[place] else { return }
    let passed = newest[place] == .min ? Int64(SlidingSums.buckets) : min(current - newest[place], Int64(SlidingSums.buckets))
    newest[place] = current
    for back in 0..<passed {
      let bucket = index(place, current - back)
      times[bucket] = 0
      impulses[bucket] = 0
    }
  }

  private func index(_ place: Int, _ bucket: Int64) -> Int {
    let count = Int64(SlidingSums.buckets)
    return place * SlidingSums.buckets + Int(((bucket % count) + count) % count)
  }
}
