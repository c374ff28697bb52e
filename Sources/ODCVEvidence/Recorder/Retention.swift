/// What is done with recordings when space runs out. The violation log is never touched.
public struct Retention: Sendable, Equatable {
  public enum Policy: String, Sendable, CaseIterable {
    /// The recording ends, in order.
    case stop
    /// The oldest files are removed, also of the run in force where it has several; where nothing may be, the recording ends.
    case oldest
  }

  /// Bytes that the file system is to have left.
  public var minFree: UInt64
  public var policy: Policy
  /// ns for which a file that surrounds a violation stays; `nil`: for ever.
  public var lock: Int64?

  public init(minFree: UInt64, policy: Policy, lock: Int64? = nil) {
    self.minFree = minFree
    self.policy = policy
    self.lock = lock
  }

  /// Refuses what can never be had, before anything is removed for it.
  ///
  /// - Parameter root: where the evidence goes, or is going to
  public func check(root: String) throws(EvidenceError) {
    // It may not be there yet; its parent must be.
    let parent = (root.hasPrefix("/") ? "/" : "./") + root.split(separator: "/").dropLast().joined(separator: "/")
    guard let total = System.totalBytes(root) ?? System.totalBytes(parent), minFree >= total else { return }
    throw EvidenceError(
      "\(root): evidence.min_free_mb is \(minFree / 1_000_000) and the file system has \(total / 1_000_000) MB in all: that much can "
        + "never be left; ask for less, or name a larger disk")
  }
}
