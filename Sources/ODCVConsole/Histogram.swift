import Synchronization

/// A histogram of durations that one thread fills and any thread reads, without a lock and without an allocation.
///
/// Buckets are eight to the octave (each at most 12.5 % wide), from 64 ns to 68 s; what is shorter or longer counts in the first
/// or last. A reader sees every count that was there a moment ago, and may see a sum that is one sample behind.
///
/// A value that points to its counts: copies are the same histogram, and who made it ends it with `deallocate`. An object would be retained
/// with every sample.
public struct Histogram: Sendable {
  /// Bits below the leading one that choose the bucket.
  private static let detail = 3
  private static let smallest = 6
  private static let octaves = 30
  public static let buckets = octaves << detail

  /// The buckets, then the sum, then the greatest.
  private nonisolated(unsafe) let counts: UnsafeMutablePointer<Atomic<UInt64>>
  private static let words = buckets + 2

  public init() {
    counts = .allocate(capacity: Histogram.words)
    for place in 0..<Histogram.words { (counts + place).initialize(to: Atomic(0)) }
  }

  /// Ends this histogram and all copies of it.
  public func deallocate() {
    counts.deinitialize(count: Histogram.words)
    counts.deallocate()
  }

  /// By the one thread that fills it.
  ///
  /// - Parameter nanoseconds: below 0 counts as 0
  public func add(_ nanoseconds: Int64) {
    let value = UInt64(max(nanoseconds, 0))
    // One writer: nothing can come between the load and the store.
    let bucket = Histogram.bucket(value)
    counts[bucket].store(self[bucket] &+ 1, ordering: .relaxed)
    counts[Histogram.buckets].store(sum &+ value, ordering: .relaxed)
    if value > maximum { counts[Histogram.buckets + 1].store(value, ordering: .relaxed) }
  }

  /// Samples of the bucket.
  public subscript(_ bucket: Int) -> UInt64 { counts[bucket].load(ordering: .relaxed) }

  /// ns, of all samples.
  public var sum: UInt64 { self[Histogram.buckets] }

  /// ns, of the longest sample.
  public var maximum: UInt64 { self[Histogram.buckets + 1] }

  /// All samples.
  public var count: UInt64 { (0..<Histogram.buckets).reduce(0) { $0 &+ self[$1] } }

  /// ns: at least so many of the samples, a share of 0...1, are not longer. `nil` without a sample.
  public func quantile(_ share: Double) -> UInt64? {
    let all = count
    guard all > 0 else { return nil }
    var seen: UInt64 = 0
    for bucket in 0..<Histogram.buckets {
      seen &+= self[bucket]
      if Double(seen) >= share * Double(all) { return min(Histogram.upperBound(bucket), maximum) }
    }
    return maximum
  }

  /// ns: the longest sample that counts in the bucket, but for the last.
  public static func upperBound(_ bucket: Int) -> UInt64 {
    let (octave, part) = (bucket >> detail, UInt64(bucket & (1 << detail - 1)))
    let base = UInt64(1) << UInt64(octave + smallest)
    return base + ((part + 1) << UInt64(octave + smallest - detail)) - 1
  }

  static func bucket(_ value: UInt64) -> Int {
    guard value >> UInt64(smallest) > 0 else { return 0 }
    let leading = 63 - value.leadingZeroBitCount
    let part = Int(value >> UInt64(leading - detail)) & (1 << detail - 1)
    return min((leading - smallest) << detail | part, buckets - 1)
  }
}
