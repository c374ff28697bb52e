/// The master permission of one arm: many rules clear it, only their agreement sets it.
///
/// Proposes nothing of its own: what it substitutes is the controller's own path, shortened, or the verified stop.
struct Permission: Sendable {
  /// Shares of the commanded way that are tried, largest first, when the whole of it may not be gone.
  static let scales = 4

  /// The share of try number `index`: 1/2, 1/4, 1/8, 1/16.
  static func scale(_ index: Int) -> Double { 1 / Double(2 << index) }

  /// Whether a shorter way could pass: every finding that holds back is about the motion itself, and none is unknown.
  static func mayPassShortened(_ findings: Findings) -> Bool {
    for index in 0..<findings.count where findings[index].holdsBack {
      if case .unknown = findings[index].outcome { return false }
      switch findings[index].rule {
      case .clearanceStatic, .clearanceSelf, .clearanceHuman, .zoneSpeed, .motionPosition, .motionVelocity,
        .motionTCPSpeed, .motionJump:
        continue
      case .contactHalt, .contactForce, .integritySchema, .integritySequence, .integrityStale: return false
      }
    }
    return true
  }
}
