import ODCVCore

/// The names behind the indices of findings, and what else does not change while a configuration is in force.
public struct ConsoleNames: Sendable {
  public var robot: String
  /// What the host granted, in one line.
  public var realtime: String
  /// Where the evidence is written; empty when it is not.
  public var evidence: String
  /// First digits of the configuration's SHA-256.
  public var digest: String
  public var inputs: [String]
  /// Configurations that were in force before.
  public var run: UInt32 = 0
  private let configuration: Configuration

  public init(_ configuration: Configuration, robot: String, realtime: String, evidence: String, inputs: [String]) {
    self.robot = robot
    self.realtime = realtime
    self.evidence = evidence
    self.inputs = inputs
    self.configuration = configuration
    digest = configuration.digest.prefix(4).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// What a finding is about, in words; `nil` for nothing in particular.
  public func text(_ subject: Subject) -> String? { configuration.name(of: subject) }
}
