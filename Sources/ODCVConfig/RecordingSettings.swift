import ODCVYAML

/// When a recording goes on in a next file.
public struct SplitSettings: Sendable, Equatable {
  /// s; `nil`: however long it lasts
  public var time: Double?
  /// MB of 1,000,000 bytes, as the file has them; `nil`: however large it is
  public var megabytes: Double?

  public init(time: Double? = nil, megabytes: Double? = nil) {
    self.time = time
    self.megabytes = megabytes
  }

  init(_ map: YAMLMap) throws(ConfigError) {
    // Each file repeats the configuration. The one that is there first: they are so alike that it would be taken for a mistake.
    if map.has("split_mb") { megabytes = try map.optional("split_mb", from: 1, to: 1_000_000) }
    time = try map.optional("split_s", from: 1, to: 1_000_000)
    if megabytes == nil { megabytes = try map.optional("split_mb", from: 1, to: 1_000_000) }
  }
}

/// What happens to recordings when space runs out.
public struct RetentionSettings: Sendable, Equatable {
  public enum Policy: String, Sendable, CaseIterable {
    /// The recording ends.
    case stop
    /// The oldest files are removed.
    case oldest
  }

  /// MB of 1,000,000 bytes that the file system is to have left.
  public var minFreeMegabytes: Double
  public var policy: Policy
  /// Days for which a file that surrounds a violation stays; `nil`: for ever.
  public var lockDays: Double?

  public init(minFreeMegabytes: Double, policy: Policy = .stop, lockDays: Double? = nil) {
    self.minFreeMegabytes = minFreeMegabytes
    self.policy = policy
    self.lockDays = lockDays
  }

  /// `nil` when nothing is said of it.
  init?(_ map: YAMLMap) throws(ConfigError) {
    // What the violation log takes at a time, and what comes in until the space is looked at again.
    let least = try map.optional("min_free_mb", from: 32, to: 100_000_000)
    let name = try map.optionalString("policy")
    let days = try map.optional("lock_days", from: 1, to: 36_500)
    guard let least else {
      for (key, isThere) in [("policy", name != nil), ("lock_days", days != nil)] where isThere {
        throw map.error(key, "`\(key)` without `min_free_mb`", "say with `min_free_mb` what is to be left")
      }
      return nil
    }
    guard let policy = name.map({ Policy(rawValue: $0) }) ?? .stop else {
      throw map.error(
        "policy", "`policy` is `\(name ?? "")`", "write stop (the recording ends) or oldest (the oldest files are removed)")
    }
    if policy == .stop, days != nil {
      throw map.error("lock_days", "`lock_days` with `policy: stop`, which removes nothing", "leave it out, or write `policy: oldest`")
    }
    self.init(minFreeMegabytes: least, policy: policy, lockDays: days)
  }
}

/// What is kept around violations, and nothing else.
public struct ExcerptSettings: Sendable, Equatable {
  /// s
  public var before: Double
  /// s
  public var after: Double

  public init(before: Double, after: Double) {
    self.before = before
    self.after = after
  }

  /// `nil` when everything is kept.
  init?(_ map: YAMLMap) throws(ConfigError) {
    let isFull = try map.optionalBool("full") ?? true
    // They are held in memory.
    let before = try map.optional("before_s", from: 1, to: 60)
    let after = try map.optional("after_s", from: 1, to: 3600)
    guard !isFull else {
      for (key, value) in [("before_s", before), ("after_s", after)] where value != nil {
        throw map.error(key, "`\(key)` where everything is recorded", "leave it out, or write `full: false`")
      }
      return nil
    }
    guard let before, let after else {
      throw map.error(
        "full", "`full: false` without `\(before == nil ? "before_s" : "after_s")`",
        "say with `before_s` and `after_s` how much around a violation is kept")
    }
    self.init(before: before, after: after)
  }
}

extension YAMLMap {
  /// A number of a range that is given in its own unit.
  fileprivate func optional(_ key: String, from least: Double, to greatest: Double) throws(ConfigError) -> Double? {
    guard let value = try optionalDouble(key, .positive) else { return nil }
    guard value >= least else { throw error(key, "`\(key)` is \(value)", "write at least \(Int(least))") }
    guard value <= greatest else { throw error(key, "`\(key)` is \(value)", "write at most \(Int(greatest))") }
    return value
  }
}
