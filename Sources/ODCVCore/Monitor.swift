/// The safety monitor of one arm: inputs with their instants in, verdicts out.
public struct Monitor: ~Copyable {
  public init(_ configuration: Configuration) {}

  /// One input in, one verdict out. Pure: the same inputs and instants give the same bytes.
  public mutating func step(_ input: borrowing Input, at now: MonoInstant) -> Verdict {
    fatalError()
  }
}
