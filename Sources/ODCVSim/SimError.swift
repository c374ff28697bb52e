/// Why a scene, a scenario or the simulator's wire cannot be used: what is wrong, where, and what to do.
public struct SimError: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
