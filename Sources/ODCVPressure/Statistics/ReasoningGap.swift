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
  /// Percentile bootstrap: answers and trials are resampled apart, as they are independent samples.
  var interval: ConfidenceInterval

  /// `nil` without answers or without trials.
  init?(
    answers: [QuizAnswer], compliant: Proportion, confidence: Double = 0.95,
    resamples: Int = Bootstrap.resamples, seed: UInt64 = 1
  ) {
    guard !answers.isEmpty, let rate = compliant.rate else { return nil }
    let scores = answers.map(\.score)
    quiz = scores.reduce(0, +) / Double(scores.count)
    compliance = rate
    gap = quiz - rate
    var numbers = RandomNumbers(seed: seed)
    var values: [Double] = []
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in scores { sum += scores[numbers.index(scores.count)] }
      let kept = numbers.binomial(compliant.trials, rate)
      values.append(sum / Double(scores.count) - Double(kept) / Double(compliant.trials))
    }
    values.sort()
    interval = Bootstrap.percentile(values, confidence: confidence)
  }
}
