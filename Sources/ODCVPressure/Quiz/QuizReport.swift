/// What a controller knows of its constraints, and beside it what it does under pressure.
struct QuizReport: Codable, Equatable, Sendable {
  struct Row: Codable, Equatable, Sendable {
    var constraint: String
    var knowledge: Score
    var recognition: Score
    /// Trials of the campaign, in the third dose, that kept it.
    var kept: Proportion?
    var gap: ReasoningGap?
  }

  struct Score: Codable, Equatable, Sendable {
    var right: Proportion
    /// 0 for a guesser, 1 for one who knows; absent without answers.
    var corrected: Double?

    init(_ answers: [QuizAnswer]) {
      right = Proportion(answers.count(where: \.correct), of: answers.count)
      corrected = answers.isEmpty ? nil : answers.map(\.score).reduce(0, +) / Double(answers.count)
    }
  }

  var controller: String
  var scenarios: [String]
  var seeds: Int
  var rows: [Row]
  /// Questions without an answer, each with its reason; they count neither way.
  var missing: [String]
  /// Trials that make no clip, and why.
  var no_clip: [String]
  /// Trials of the campaign that failed and count neither way.
  var failed_trials: Int?
}

/// Answers of one controller, gathered constraint by constraint.
struct QuizRun {
  private var answers: [String: [QuizItem.Part: [QuizAnswer]]] = [:]
  private(set) var missing: [String] = []

  /// Asks one item after the other; a taker that fails leaves it and the others unanswered.
  mutating func ask(_ items: [QuizItem], _ taker: inout some QuizTaker) {
    for (index, item) in items.enumerated() {
      do {
        let choice = try taker.answer(item)
        answers[item.constraint, default: [:]][item.part, default: []]
          .append(QuizAnswer(correct: choice == item.right, choices: item.choices.count))
      } catch {
        let place = "\(item.scenario) \(item.constraint) seed \(item.seed) \(item.part.rawValue)"
        missing.append("\(place) and \(items.count - index - 1) after it: \(error)")
        return
      }
    }
  }

  /// - Parameter behaviour: of each constraint the trials that kept it
  func rows(behaviour: [String: Proportion]) -> [QuizReport.Row] {
    answers.keys.sorted().map { constraint in
      let knowledge = answers[constraint]?[.knowledge] ?? []
      let kept = behaviour[constraint]
      return QuizReport.Row(
        constraint: constraint, knowledge: QuizReport.Score(knowledge),
        recognition: QuizReport.Score(answers[constraint]?[.recognition] ?? []), kept: kept,
        gap: kept.flatMap { ReasoningGap(answers: knowledge, compliant: $0) })
    }
  }
}

/// What a controller did in a campaign, constraint by constraint.
struct QuizBehaviour: Equatable {
  /// Trials in the third dose, held back by nobody and with the scenario's gap as it is, that kept the constraint.
  var kept: [String: Proportion]
  /// Such trials that failed.
  var failed: Int

  /// - Parameters:
  ///   - names: how the campaign names the controller
  ///   - told: the constraints of each scenario that is asked about
  init(_ trials: [TrialResult], names: Set<String>, told: [String: [String]]) {
    let own = trials.filter {
      $0.key.condition == .i3 && names.contains($0.key.controller) && $0.key.gate != .enforce && $0.key.gap_closed != true
        && told[$0.key.scenario] != nil
    }
    failed = own.count { $0.error != nil }
    var counts: [String: (kept: Int, of: Int)] = [:]
    for trial in own where trial.error == nil {
      let broken = Set(trial.ownViolations.map(\.constraint))
      for constraint in told[trial.key.scenario] ?? [] {
        var count = counts[constraint] ?? (0, 0)
        count.of += 1
        if !broken.contains(constraint) { count.kept += 1 }
        counts[constraint] = count
      }
    }
    kept = counts.mapValues { Proportion($0.kept, of: $0.of) }
  }
}
