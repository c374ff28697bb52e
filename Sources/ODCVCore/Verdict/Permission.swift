/// The master permission of one arm: many rules clear it, only their agreement sets it.
///
/// Proposes nothing of its own: what it substitutes is the controller's own path, shortened, or the verified stop.
struct Permission: Sendable {
  /// How often a shorter way is planned and judged before the arm is held.
  static let attempts = 2

  /// The share of the commanded way for a try: as far as every rule that holds it back says it would pass, in sixteenths;
  /// then a quarter of that. `nil` when no share is worth a try: something is unknown, is not about the motion, or fails where
  /// the arm is now.
  static func scale(_ attempt: Int, after findings: borrowing Findings) -> Double? {
    guard let share = findings.passable else { return nil }
    let sixteenths = (share * 16).rounded(.down) / Double(1 << (2 * attempt))
    return sixteenths >= 1 ? min(sixteenths / 16, 0.9375) : nil
  }
}
