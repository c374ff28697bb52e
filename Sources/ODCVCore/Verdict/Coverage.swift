/// How often each rule looked, had nothing to look at, could not tell, and found its limit broken.
///
/// A rule that never fires and one that never looks read the same in a list of violations; not here.
public struct Coverage: Sendable {
  public struct Counts: Sendable, Equatable {
    public var evaluated: UInt64 = 0
    public var skipped: UInt64 = 0
    public var unknown: UInt64 = 0
    public var violated: UInt64 = 0
    public var notApplicable: UInt64 = 0
    /// s, at slacks below 5 % of the limit or, of a distance, below 5 mm.
    public var exposure = 0.0
  }

  /// But for how often each was skipped: that is what is left of all steps.
  private var counts = PerRule<Counts>(repeating: Counts())
  private var steps: UInt64 = 0

  public subscript(_ rule: RuleID) -> Counts {
    var counts = counts[rule.place]
    counts.skipped = steps &- counts.evaluated &- counts.unknown &- counts.notApplicable
    return counts
  }

  /// `elapsed`: since the step before, s. The findings are only read; passed in place, they are not copied.
  mutating func count(_ findings: inout Findings, elapsed: Double) {
    steps &+= 1
    for place in 0..<findings.count {
      let (rule, rank, isNear) = findings.outline(place)
      if isNear { counts[rule].exposure += max(elapsed, 0) }
      switch rank {
      case Outcome.unknown(.missing).rank: counts[rule].unknown &+= 1
      case Outcome.notApplicable.rank: counts[rule].notApplicable &+= 1
      case Outcome.pass.rank: counts[rule].evaluated &+= 1
      default:
        counts[rule].evaluated &+= 1
        counts[rule].violated &+= 1
      }
    }
  }
}
