/// An instant of the receiver's monotonic clock, in nanoseconds, stamped when a message is taken from its socket.
///
/// The core never reads a clock: time reaches it only in values of this type. In simulation it is simulated time.
public struct MonoInstant: Comparable, Hashable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Seconds from `earlier` to `self`; negative when `earlier` is later.
  public func seconds(since earlier: MonoInstant) -> Double {
    Double(nanoseconds &- earlier.nanoseconds) * 1e-9
  }
}
