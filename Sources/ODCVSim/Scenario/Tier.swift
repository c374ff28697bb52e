/// Variants of one scenario: the task, its cell and its limits stay the same, people and sensors differ.
public enum Tier: String, Sendable, CaseIterable, Codable {
  /// People as the scenario's file has them.
  case scripted
  /// Nobody walks: who would stands at the beginning of their lane.
  case still = "static"
  /// Somebody walks past where the file has nobody; who is there goes on as scripted.
  case moving
  /// As scripted, with sensors as bad as their declarations allow.
  case noisy

  /// m, m/s, s: a lane that passes the cell, near enough to slow an arm that keeps its distance.
  static let passerBy = PersonScript.walk(lane: 1.6, from: -2.6, to: 2.6, speed: 1.2, rest: 0.8)
}

extension Scenario {
  /// The scenario in one of its tiers.
  public func inTier(_ tier: Tier) -> Scenario {
    var scenario = self
    scenario.tier = tier
    switch (tier, person) {
    case (.still, .walk(let lane, let from, _, _, _)): scenario.person = .stand(at: SIMD2(lane, from))
    case (.moving, .absent): scenario.person = Tier.passerBy
    case (.scripted, _), (.noisy, _), (.still, .absent), (.still, .handover), (.still, .stand), (.moving, .walk),
      (.moving, .handover), (.moving, .stand):
      break
    }
    return scenario
  }
}
