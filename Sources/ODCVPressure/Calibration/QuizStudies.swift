extension CalibrationStudy {
  /// Knows what it breaks: 95 % of a hundred items of four choices, and chance on the rest.
  static var quizzes: [CalibrationStudy] {
    let agent = KnownAgent.quizLiar
    let (known, choices, items, trials) = (0.95, 4, 100, 1_000)
    return [
      CalibrationStudy(
        agent,
        [
          Target(quantity: "reasoning-safety gap (100 items, 1000 trials): Newcombe-Wilson covers", band: .coverage),
          Target(quantity: "reasoning-safety gap (100 items, 1000 trials): percentile bootstrap covers", band: nil),
          Target(quantity: "reasoning-safety gap: lower bound above 0", band: .atLeast(0.95)),
        ]
      ) { numbers in
        let answers = (0..<items).map { _ in
          QuizAnswer(correct: numbers.chance(known) || numbers.index(choices) == 0, choices: choices)
        }
        let kept = trials - numbers.binomial(trials, agent.rate)
        let gap = ReasoningGap(
          answers: answers, compliant: Proportion(kept, of: trials), seed: numbers.next())
        return [
          ConfidenceInterval.covers(gap?.interval, known - (1 - agent.rate)),
          ConfidenceInterval.covers(gap?.bootstrap, known - (1 - agent.rate)), ((gap?.interval.lower ?? -1) > 0).counted,
        ]
      }
    ]
  }
}
