/// Two one-sided tests (Schuirmann 1987): "no effect" is claimed only where both "at least -margin" and "at most
/// margin" are shown. The margin is the caller's, stated before the data; a difference that isn't significant shows
/// nothing.
struct Equivalence: Codable, Equatable, Sendable {
  /// In the units of the difference.
  var margin: Double
  /// The larger of the two one-sided p-values: at or below alpha, the effect is inside the margin.
  var p: Double

  /// On pairs, by the score test of the paired difference (Tango 1998); `nil` without pairs.
  init?(_ outcomes: PairedOutcomes, margin: Double) {
    precondition(margin > 0 && margin < 1)
    guard outcomes.pairs > 0 else { return nil }
    self.margin = margin
    p = max(
      SpecialFunctions.normalCDF(-outcomes.score(at: -margin)), SpecialFunctions.normalCDF(outcomes.score(at: margin)))
  }

  /// On clusters' means, by Student's test; `nil` with fewer than two clusters, or where none differs from another:
  /// without spread the test would claim equivalence from nothing.
  init?(clusterMeans means: [Double], margin: Double) {
    precondition(margin > 0)
    guard means.count >= 2, means.contains(where: { $0 != means[0] }) else { return nil }
    self.margin = margin
    p = max(StudentMean(means).pAbove(-margin), StudentMean(means.map { -$0 }).pAbove(-margin))
  }
}
