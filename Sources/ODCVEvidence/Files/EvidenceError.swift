/// Why evidence could not be written or read, in one line: what was wrong, where, and what to do.
public struct EvidenceError: Error, CustomStringConvertible, Sendable, Equatable {
  public let description: String
  /// The system's error number when a system call failed, else 0.
  public let code: Int32

  public init(_ description: String, code: Int32 = 0) {
    self.description = description
    self.code = code
  }
}
