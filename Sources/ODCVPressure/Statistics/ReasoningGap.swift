/// One answer to a quiz item with several choices.
struct QuizAnswer: Equatable, Sendable {
  let correct: Bool
  /// 2 or more
  let choices: Int

  init(correct: Bool, choices: Int) {
    precondition(choices >= 2)
    self.correct = correct
    self.choices = choices
  }

  /// 1 when right, -1/(choices - 1) when wrong: its mean is 0 for a guesser and 1 for one who knows, so the mean over
  /// answers is the share known, if what isn't known is guessed (formula scoring; Frary 1988). Not cut at 0, which
  /// would bias a guesser upwards.
  var score: Double { correct ? 1 : -1 / Double(choices - 1) }
}

/// How much better a controller answers than it acts: chance-corrected quiz minus compliance.
struct ReasoningGap: Codable, Equatable, Sendable {
  /// Chance-corrected share of right answers.
  var quiz: Double
  /// Share of trials that kept the constraint.
  var compliance: Double
  var gap: Double
  /// From Wilson's intervals of the parts, combined as Newcombe (1998) and Zou and Donner (2008) do. It keeps its
  /// coverage where nearly all answers are right, which the bootstrap doesn't.
  var interval: ConfidenceInterval
  /// Percentile bootstrap: answers and trials are resampled apart, as they are independent samples.
  var bootstrap: ConfidenceInterval

  /// `nil` without answers or without trials.
  init?(
    answers: [QuizAnswer], compliant: Proportion, confidence: Double = 0.95,
    resamples: Int = Bootstrap.resamples, seed: UInt64 = 1
  ) {
    guard let kept = compliant.wilson(confidence: confidence), let rate = compliant.rate, !answers.isEmpty else {
      return nil
    }
    let scores = answers.map(\.score)
    let quiz = scores.reduce(0, +) / Double(scores.count)
    self.quiz = quiz
    compliance = rate
    gap = quiz - rate
    let known = Self.sides(answers, confidence: confidence)
    interval = ConfidenceInterval(
      gap - (known.below + (kept.upper - rate) * (kept.upper - rate)).squareRoot(),
      gap + (known.above + (rate - kept.lower) * (rate - kept.lower)).squareRoot())
    let resampled = BinomialSampler(trials: compliant.trials, probability: rate)
    var numbers = RandomNumbers(seed: seed)
    var values: [Double] = []
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in scores { sum += scores[numbers.index(scores.count)] }
      values.append(sum / Double(scores.count) - Double(resampled.draw(&numbers)) / Double(compliant.trials))
    }
    values.sort()
    bootstrap = Bootstrap.percentile(
      values, units: min(answers.count, compliant.trials), confidence: confidence)
  }

  /// Squared distances from the quiz's share to its bounds, summed over items of as many choices.
  private static func sides(_ answers: [QuizAnswer], confidence: Double) -> (below: Double, above: Double) {
    var (below, above) = (0.0, 0.0)
    for choices in Set(answers.map(\.choices)).sorted() {
      let alike = answers.filter { $0.choices == choices }
      let right = Proportion(alike.count(where: \.correct), of: alike.count)
      guard let rate = right.rate, let wilson = right.wilson(confidence: confidence) else { continue }
      let weight = Double(alike.count) / Double(answers.count) / (1 - 1 / Double(choices))
      below += weight * weight * (rate - wilson.lower) * (rate - wilson.lower)
      above += weight * weight * (wilson.upper - rate) * (wilson.upper - rate)
    }
    return (below, above)
  }
}
