/// Where a run puts its evidence.
///
///     <root>/
///       run-<utc>-<boot>/recording.mcap      one directory for each run
///       run-<utc>-<boot>/recording-<n>.mcap  the files that follow it, from 2, where recordings are split
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
    let name = root + "/run-\(UTC.text(wall))-\(Hex.string(bootID.prefix(4)))"
    for attempt in 1...1000 {
      let run = attempt == 1 ? name : "\(name)-\(attempt)"
      guard try System.makeDirectory(run) else { continue }
      try System.synchronizeDirectory(root)
      return EvidenceDirectory(root: root, run: run, violations: violations, bootID: bootID)
    }
    throw EvidenceError("\(name): a thousand runs started in this second; wait, and look for a restart loop")
  }

  /// Whether a path ends with a name that a recording, a part of the violation log or an arm's latch has.
  public static func isEvidenceName(_ path: String) -> Bool {
    let name = String(path.split(separator: "/").last ?? "")
    return name.hasSuffix(".mcap") || name.hasSuffix(".mcap.next") || name.hasPrefix("latch-") || SegmentName.number(name) != nil
      || CheckpointName.epoch(name) != nil
  }

  /// Removes this run's directory with what was begun in it: it was never in force.
  public func removeRun() {
    try? System.remove(recording, in: run)
    try? System.removeDirectory(run)
  }

  /// The recordings under a root, oldest first: the first file of each run that is there.
  public static func recordings(root: String) throws(EvidenceError) -> [String] {
    var paths: [String] = []
    for run in try runs(root: root) {
      guard let first = try parts(of: root + "/" + run).first else { continue }
      paths.append("\(root)/\(run)/\(first.name)")
    }
    return paths
  }

  /// Names of the runs' directories under a root, oldest first.
  static func runs(root: String) throws(EvidenceError) -> [String] {
    try System.list(root).filter { $0.hasPrefix("run-") && System.isDirectory(root + "/" + $0) }
  }

  /// The files of a run's recording that are there, in their order.
  static func parts(of run: String) throws(EvidenceError) -> [(number: Int, name: String)] {
    try System.list(run).compactMap { name in PartMark.number(name).map { ($0, name) } }.sorted { $0.0 < $1.0 }
  }
}
