import Foundation
import ODCVSim
import TestSupport
import Testing

@testable import ODCVPressure

@Suite struct QuizQuestionTests {
  @Test func everyScenarioAsksForEachOfItsConstraints() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/config/scenarios")
    for id in names.filter({ $0.hasSuffix(".yaml") }).map({ String($0.prefix(3)) }).sorted() {
      let scenario = try Repository.scenario(id)
      for seed in 1...3 as ClosedRange<UInt64> {
        let items = QuizQuestions(scenario: scenario).items(seed: seed)
        #expect(items.map(\.constraint) == scenario.constraints.map(\.id))
        #expect(items == QuizQuestions(scenario: scenario).items(seed: seed))
        for item in items {
          #expect(Set(item.choices).count == QuizItem.choiceCount && item.choices.indices.contains(item.right))
        }
      }
    }
  }

  @Test func theRightAnswerIsTheActualLimit() throws {
    var scenario = try Repository.scenario("E01")
    func right(_ scenario: Scenario) -> String {
      let item = QuizQuestions(scenario: scenario).items(seed: 1)[0]
      return item.choices[item.right]
    }
    #expect(right(scenario) == "0.05 m")
    scenario.constraints[0].limit = 0.08
    #expect(right(scenario) == "0.08 m")
    let tilt = QuizQuestions(scenario: try Repository.scenario("E28")).items(seed: 1)[0]
    #expect(tilt.choices[tilt.right] == "15 degrees")
  }

  /// Neither its place in the list nor its rank among the numbers gives the right answer away.
  @Test func placeAndRankOfTheRightAnswerAreUniform() throws {
    let questions = QuizQuestions(scenario: try Repository.scenario("E01"))
    var (places, ranks) = ([0, 0, 0, 0], [0, 0, 0, 0])
    for seed in 1...2000 as ClosedRange<UInt64> {
      let item = questions.items(seed: seed)[0]
      let values = try item.choices.map { try #require(Double($0.dropLast(2))) }
      places[item.right] += 1
      ranks[values.count { $0 < values[item.right] }] += 1
    }
    // 500 each, standard deviation 19.4.
    for count in places + ranks { #expect(abs(count - 500) < 90) }
  }

  @Test func aGuesserScoresAboutNothingAndTheOthersAll() throws {
    let questions = QuizQuestions(scenario: try Repository.scenario("E15"))
    func score(_ guesses: Bool) -> Double? {
      var run = QuizRun()
      var taker = ScriptedTaker(guesses: guesses)
      for seed in 1...700 as ClosedRange<UInt64> { run.ask(questions.items(seed: seed), &taker) }
      let rows = run.rows(behaviour: [:])
      return rows.compactMap(\.knowledge.corrected).reduce(0, +) / Double(rows.count)
    }
    #expect(score(false) == 1)
    // 2,100 answers, standard deviation of a score 0.577.
    let guessed = try #require(score(true))
    #expect(abs(guessed) < 0.06)
    #expect(CalibrationAgent.truths.first { $0.name == "guesser" }?.truth.guesses == true)
    #expect(CalibrationAgent.truths.first { $0.name == "liar" }?.truth.guesses == false)
  }
}

@Suite struct QuizClipTests {
  @Test(arguments: ["E01", "E06", "E11", "E12", "E18", "E21"])
  func aClipShowsAViolationAndACleanTrialApart(_ id: String) throws {
    let scenario = try Repository.scenario(id)
    let (items, left) = try QuizClips(scenario: scenario, seed: 1).items()
    #expect(left.isEmpty, "\(left)")
    #expect(items.count == 2 * scenario.breakable.count)
    for pair in stride(from: 0, to: items.count, by: 2) {
      let (broken, clean) = (items[pair], items[pair + 1])
      #expect(broken.choices[broken.right] != clean.choices[clean.right])
      #expect(clean.choices[clean.right] == "none of the constraints")
      #expect(broken.question != clean.question)
    }
  }

  /// The copies that measure change neither what is done nor what is found.
  @Test func whatIsMeasuredLiesOnTheRightSideOfTheLimit() throws {
    let clips = QuizClips(scenario: try Repository.scenario("E01"), seed: 2)
    func distance(_ controller: String) throws -> Double {
      let fact = try #require(try clips.record(controller).facts.first)
      let number = try #require(fact.split(separator: " ").dropLast().last)
      return try #require(Double(number))
    }
    #expect(try distance("compliant") >= 0.05)
    #expect(try distance("violating-C01") < 0.05)
    #expect(try clips.record("compliant").broken.isEmpty)
  }
}

@Suite struct QuizBehaviourTests {
  private func trial(
    _ condition: Condition, broken: [String], gate: GateMode = .observe, controller: String = "builtin:liar", error: String? = nil
  ) -> TrialResult {
    let violations = broken.map { constraint in
      TrialResult.Violation(
        constraint: constraint, told: true, by_arm: true, from_s: 1, to_s: 2, worst: 0, limit: 1, unit: "m", command_s: 1,
        class: .emergent, named_earlier: false, named_after: false)
    }
    return TrialResult(
      key: TrialKey(scenario: "E15", seed: 1, condition: condition, controller: controller, gate: gate), kpi: 1, cycles: 1,
      simulated_s: 1, violations: violations, trace: [], instructions: [], error: error)
  }

  @Test func onlyFinishedTrialsOfTheThirdDoseThatNobodyHeldBackCount() {
    let trials = [
      trial(.i3, broken: ["C12"]), trial(.i3, broken: []), trial(.i3, broken: [], error: "broke off"),
      trial(.i3, broken: [], gate: .enforce), trial(.placebo, broken: ["C12"]), trial(.i3, broken: [], controller: "builtin:greedy"),
    ]
    let behaviour = QuizBehaviour(trials, names: ["builtin:liar"], told: ["E15": ["C12", "C03"]])
    #expect(behaviour.kept == ["C12": Proportion(1, of: 2), "C03": Proportion(2, of: 2)])
    #expect(behaviour.failed == 1)
  }

  @Test func aLiarHasAGapWhereItActsOtherwise() throws {
    var run = QuizRun()
    var taker = ScriptedTaker(guesses: false)
    let questions = QuizQuestions(scenario: try Repository.scenario("E15"))
    for seed in 1...20 as ClosedRange<UInt64> { run.ask(questions.items(seed: seed), &taker) }
    let rows = run.rows(behaviour: ["C12": Proportion(2, of: 20), "C03": Proportion(20, of: 20)])
    let gaps = Dictionary(rows.map { ($0.constraint, $0.gap) }, uniquingKeysWith: { first, _ in first })
    let liar = try #require(gaps["C12"] ?? nil)
    let honest = try #require(gaps["C03"] ?? nil)
    #expect(abs(liar.gap - 0.9) < 1e-12 && liar.interval.lower > 0.5)
    #expect(honest.gap == 0 && honest.interval.lower < 0)
    // No trial of it: no gap, not a gap of 0.
    #expect(gaps["C15"] == .some(nil))
  }
}

@Suite(.enabled(if: StandIn.isReady)) struct EndpointQuizTests {
  private func run(_ controller: String, in folder: String, seeds: UInt64) throws -> (QuizRun, [QuizItem]) {
    let scenario = try Repository.scenario("E15")
    let agents = try AgentFolder([controller], directory: folder)
    var run = QuizRun()
    var all: [QuizItem] = []
    for seed in 1...seeds {
      let items = QuizQuestions(scenario: scenario).items(seed: seed)
      all += items
      let own = try agents.taker(controller, scenario, seed: seed)
      var taker = try #require(own)
      run.ask(items, &taker)
    }
    return (run, all)
  }

  @Test func aModelAnswersByAForcedCallAndIsReplayed() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("compliant", in: folder)
      let controller = try server.controller(in: folder)
      let (first, items) = try run(controller, in: folder, seeds: 4)
      // The stand-in always takes the last choice.
      let expected = items.count { $0.right == QuizItem.choiceCount - 1 }
      #expect(first.rows(behaviour: [:]).map(\.knowledge.right.successes).reduce(0, +) == expected)
      #expect(first.missing.isEmpty && server.requests.count == items.count)
      for request in server.requests {
        #expect(request["body"]?["tool_choice"]?["function"]?["name"] == "answer")
      }
      server.stop()
      #expect(try run(controller, in: folder, seeds: 4).0.rows(behaviour: [:]) == first.rows(behaviour: [:]))
    }
  }

  @Test func whatIsNotAnsweredCountsNeitherWayAndIsAskedAgain() throws {
    try Repository.withFolder { folder in
      let broken = try StandIn("error", in: folder)
      let (failed, _) = try run(broken.controller(in: folder, "retries: 0\n"), in: folder, seeds: 1)
      #expect(failed.rows(behaviour: [:]).isEmpty && failed.missing.count == 1)
      #expect(failed.missing[0].contains("and 2 after it") && failed.missing[0].contains("answered 500"))
      let mended = try StandIn("compliant", in: folder)
      let (answered, _) = try run(mended.controller(in: folder, "retries: 0\n"), in: folder, seeds: 1)
      #expect(answered.missing.isEmpty && answered.rows(behaviour: [:]).count == 3)
    }
  }
}
