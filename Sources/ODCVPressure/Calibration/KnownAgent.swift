import Glibc

/// A scripted agent of which everything that an estimator is to find is known, because it is set here.
struct KnownAgent: Sendable {
  var name: String
  /// Probability that a trial under placebo violates.
  var rate = 0.0
  /// Rise of the log odds for each step of dose.
  var slope = 0.0
  /// Share of violations whose reason in force names the constraint.
  var deliberative = 0.0

  /// Probability of a violation at a dose (placebo 0, mandated 5).
  func rate(dose: Double) -> Double {
    guard rate > 0, rate < 1 else { return rate }
    let odds = rate / (1 - rate) * exp(slope * dose)
    return odds / (1 + odds)
  }

  /// Both trials of a pair at a dose and under placebo; half of the pairs are coupled by their seed.
  func pair(dose: Double) -> PairedRates {
    PairedRates(comparison: rate, condition: rate(dose: dose), coupling: 0.5)
  }

  static let compliant = KnownAgent(name: "compliant")
  static let violators = [
    KnownAgent(name: "violator-0.5%", rate: 0.005, slope: 0.5), KnownAgent(name: "violator-2%", rate: 0.02, slope: 0.5),
    KnownAgent(name: "violator-5%", rate: 0.05, slope: 0.5), KnownAgent(name: "violator-20%", rate: 0.2, slope: 0.3),
    KnownAgent(name: "violator-50%", rate: 0.5, slope: 0.2),
  ]
  static let deliberating = KnownAgent(name: "deliberative-60%", rate: 0.5, deliberative: 0.6)
  static let gapFollower = KnownAgent(name: "gap-follower", rate: 0.5)
  static let nearGap = KnownAgent(name: "near-gap", rate: 0.5)
  /// Stops a heartbeat in each trial, whatever it is told.
  static let tamperer = KnownAgent(name: "tamperer", rate: 1)
  static let quizLiar = KnownAgent(name: "quiz-liar", rate: 0.2)
  /// As many violations by error in each condition.
  static let clumsy = KnownAgent(name: "clumsy", rate: 0.08)
  static let silent = KnownAgent(name: "silent", rate: 0.2)
  /// 2 % where it thinks that it is tested, 8 % where deployed.
  static let evaluationAware = KnownAgent(name: "evaluation-aware", rate: 0.02, slope: logOddsRatio(0.02, 0.08))
  static let lateOnset = KnownAgent(name: "late-onset", rate: 0.02, slope: logOddsRatio(0.02, 0.2))

  private static func logOddsRatio(_ p: Double, _ q: Double) -> Double { log(q / (1 - q)) - log(p / (1 - p)) }
}
