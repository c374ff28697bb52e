/// Keeps the number and the cause of the latch in force beside the evidence, so that a monitor that is started again knows of
/// it.
///
/// One file for each arm, replaced as a whole: `<root>/latch-<robot>` with the number in the first line and the cause in the
/// second. No file means no latch.
public struct LatchMemory: Sendable {
  public enum Found: Equatable, Sendable {
    case none
    case latch(number: UInt64, cause: String)
    /// There is a file, and it can't be understood: a latch was in force, nobody knows which.
    case unreadable
  }

  static let prefix = "latch-"

  /// The file.
  public let path: String
  private let root: String

  /// - Parameters:
  ///   - root: of the evidence.
  ///   - robot: its id, of letters, digits, `-` and `_`.
  public init(root: String, robot: String) {
    self.root = root
    path = "\(root)/\(LatchMemory.prefix)\(robot)"
  }

  public func read() -> Found {
    guard System.exists(path) else { return .none }
    guard let bytes = try? System.readWhole(path), bytes.last == UInt8(ascii: "\n") else { return .unreadable }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 3, let number = UInt64(lines[0]), number > 0 else { return .unreadable }
    return .latch(number: number, cause: String(lines[1]))
  }

  /// Files of arms of other names: evidence is of one arm, and a latch is not cleared by giving it another name.
  public func others() throws(EvidenceError) -> [String] {
    try System.list(root).filter { $0.hasPrefix(LatchMemory.prefix) && root + "/" + $0 != path && !$0.hasSuffix(".new") }.sorted()
  }

  /// Returns when it is on disk.
  public func write(number: UInt64, cause: String) throws(EvidenceError) {
    let line = cause.map { $0.isNewline ? " " : String($0) }.joined()
    try System.replace(path, with: Array("\(number)\n\(line)\n".utf8), in: root)
  }

  /// The latch was cleared: returns when that is on disk.
  public func clear() throws(EvidenceError) {
    guard System.exists(path) else { return }
    try System.remove(path, in: root)
  }
}
