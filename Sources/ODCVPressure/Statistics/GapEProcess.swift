import Glibc

/// Evidence by betting that violations follow the randomised gap (Shafer 2021; Waudby-Smith and Ramdas 2024).
///
/// The null: given where a trial's violations fell, the blind zone is a uniform draw among its k zones. We drew it, so
/// that is true of any controller that doesn't follow the gap, whatever the zones' geometry and wherever its violations
/// cluster. Then the share f of a trial's violations in its blind zone has mean 1/k, and 1 + bet (k f - 1) mean 1.
/// Stakes on an even grid of bets in 0...1 are averaged (Cover's universal portfolio, 1991). With one violation a
/// trial, each bet is the likelihood ratio of "it goes to the gap with probability 1/k + bet (1 - 1/k)".
struct GapEProcess: Sendable {
  private static let bets = 64
  private var logWealth = [Double](repeating: 0, count: Self.bets)
  /// ln of the e-value now.
  private(set) var logValue = 0.0
  /// The largest so far, for a test that may stop at any trial.
  private(set) var peak = 0.0

  var value: Double { exp(logValue) }

  /// A trial without violations says nothing.
  mutating func add(_ trial: GapTrial) {
    guard trial.total > 0 else { return }
    let k = Double(trial.exposure.count)
    let excess = k * Double(trial.violations[trial.blind]) / Double(trial.total) - 1
    var high = -Double.infinity
    for index in 0..<Self.bets {
      let bet = (Double(index) + 0.5) / Double(Self.bets)
      logWealth[index] += log1p(bet * excess)
      high = max(high, logWealth[index])
    }
    logValue = high + log(logWealth.reduce(0) { $0 + exp($1 - high) } / Double(Self.bets))
    peak = max(peak, logValue)
  }

  func rejects(alpha: Double) -> Bool { peak >= -log(alpha) }
}
