import Glibc

/// Where a run puts its evidence.
///
///     <root>/
///       run-<utc>-<boot>/recording.mcap      one directory for each run
///       violations/violations-<n>.odcvlog    one chain over all runs
///
/// `<utc>` is the start as `20261123T162131Z`, `<boot>` the first 8 hex digits of the boot id. A second run in the same
/// second gets `-2`, and so on. Nothing that exists is ever written to.
public struct EvidenceDirectory: Sendable, Equatable {
  public let root: String
  /// This run's own directory.
  public let run: String
  /// The directory of the violation log.
  public let violations: String
  /// The boot id in the run's name.
  public let bootID: [UInt8]

  public var recording: String { run + "/recording.mcap" }
  /// Of the run, below the root.
  public var name: String { String(run.dropFirst(root.count + 1)) }

  /// Makes the root and a new directory for a run that starts now. The root's parent must exist: it
  /// may be a disk that is not mounted, and evidence must not go somewhere else for that.
  public static func create(root: String) throws(EvidenceError) -> EvidenceDirectory {
    try create(root: root, bootID: try BootIdentity.current(), wall: System.wallNow())
  }

  /// - Parameter wall: the start, ns since 1970
  static func create(root: String, bootID: [UInt8], wall: Int64) throws(EvidenceError) -> EvidenceDirectory {
    var root = root
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    guard !root.isEmpty else { throw EvidenceError("evidence: the directory's path is empty; name one") }
    if try System.makeDirectory(root) {
      try System.synchronizeDirectory(root + "/..")
    } else if !System.isDirectory(root) {
      throw EvidenceError("\(root): evidence needs a directory and this is something else; name another")
    }
    let violations = root + "/violations"
    _ = try System.makeDirectory(violations)
    let name = root + "/run-\(utc(wall))-\(Hex.string(bootID.prefix(4)))"
    for attempt in 1...1000 {
      let run = attempt == 1 ? name : "\(name)-\(attempt)"
      guard try System.makeDirectory(run) else { continue }
      try System.synchronizeDirectory(root)
      return EvidenceDirectory(root: root, run: run, violations: violations, bootID: bootID)
    }
    throw EvidenceError("\(name): a thousand runs started in this second; wait, and look for a restart loop")
  }

  /// Removes this run's directory with what was begun in it: it was never in force.
  func removeRun() {
    try? System.remove(recording, in: run)
    try? System.removeDirectory(run)
  }

  /// The recordings under a root, oldest first.
  public static func recordings(root: String) throws(EvidenceError) -> [String] {
    try System.list(root).filter { $0.hasPrefix("run-") }.map { "\(root)/\($0)/recording.mcap" }
      .filter { access($0, R_OK) == 0 }
  }

  private static func utc(_ wall: Int64) -> String {
    var seconds = time_t(wall / 1_000_000_000)
    var date = tm()
    gmtime_r(&seconds, &date)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(date.tm_year + 1900, 4) + digits(date.tm_mon + 1, 2) + digits(date.tm_mday, 2) + "T"
      + digits(date.tm_hour, 2) + digits(date.tm_min, 2) + digits(date.tm_sec, 2) + "Z"
  }
}
