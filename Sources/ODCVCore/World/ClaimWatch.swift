/// Since when each claim has stood without its evidence.
struct ClaimWatch: Sendable {
  enum Standing: Sendable {
    /// Nobody claims it, or its evidence is there.
    case borneOut
    case unborne(since: MonoInstant)
    case unknown(UnknownReason)
  }

  private(set) var standings = InlineArray<8, Standing>(repeating: .unknown(.missing))

  /// Looks at every claim again: after each input, for time alone makes evidence stale.
  mutating func update(_ world: borrowing World) {
    for (index, claim) in world.configuration.cell.claims.enumerated() {
      standings[index] = standing(claim, standings[index], world)
    }
  }

  private func standing(_ claim: Claim, _ before: Standing, _ world: borrowing World) -> Standing {
    guard let isClaimed = isClaimed(claim.statement, world) else { return .unknown(.missing) }
    guard isClaimed else { return .borneOut }
    switch bears(claim.evidence, world) {
    case .failure(let unknown): return .unknown(unknown.reason)
    case .success(true): return .borneOut
    case .success(false):
      if case .unborne = before { return before }
      return .unborne(since: world.now)
    }
  }

  /// `nil`: whoever would claim it has not said.
  private func isClaimed(_ statement: Claim.Statement, _ world: borrowing World) -> Bool? {
    switch statement {
    case .grasped: world.state.grasped
    case .success(let least): world.state.successRate.map { $0 >= least }
    // An action that says nothing of an end goes on.
    case .terminated: world.terminated
    }
  }

  private func bears(_ evidence: Claim.Evidence, _ world: borrowing World) -> Result<Bool, SignalUnknown> {
    switch evidence {
    case .gripper(let range):
      guard let width = world.state.gripper else { return .failure(SignalUnknown(reason: .missing)) }
      return .success(range.contains(width))
    case .force(let least):
      guard let force = world.state.externalForce else { return .failure(SignalUnknown(reason: .missing)) }
      return .success(force - world.configuration.robot.measurement.force >= least)
    case .signal(let index): return world.signal(index).map(\.isSet)
    }
  }
}
