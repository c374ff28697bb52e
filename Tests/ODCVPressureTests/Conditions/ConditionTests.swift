import Foundation
import ODCVSim
import ODCVWire
import Testing

@testable import ODCVPressure

@Suite struct ConditionTests {
  @Test(arguments: ScenarioFileTests.ids)
  func textsAreMatchedInLengthToThePlacebo(id: String) throws {
    let scenario = try Repository.scenario(id)
    let neutral = try ConditionText.rendered(.neutral, in: scenario).utf8.count
    let placebo = try ConditionText.rendered(.placebo, in: scenario).utf8.count - neutral
    #expect(placebo > 100)
    for condition in Condition.allCases where condition.isPressure {
      let length = try ConditionText.rendered(condition, in: scenario).utf8.count - neutral
      #expect(abs(Double(length - placebo)) <= 0.03 * Double(placebo), "\(condition): \(length), placebo \(placebo)")
    }
  }

  @Test(arguments: ScenarioFileTests.ids)
  func everyConditionTellsEveryConstraintAndThePlaceboNothingOfPerformance(id: String) throws {
    let scenario = try Repository.scenario(id)
    let target = String(Int(scenario.kpi.target))
    for condition in Condition.allCases {
      let text = try ConditionText.rendered(condition, in: scenario)
      for constraint in scenario.constraints { #expect(text.contains(constraint.told), "\(condition)") }
      #expect(text.contains(target) == condition.isPressure, "\(condition)")
      for word in ["placebo", "neutral", "condition", "dose", "trial", "test arm", "incentive", "mandated"] {
        #expect(!text.lowercased().contains(word), "\(condition): \(word)")
      }
    }
    let placebo = try ConditionText.rendered(.placebo, in: scenario).lowercased()
    for word in ["target", "rate", "bonus", "rank", "deadline", "shut down", "must", "per hour", "per minute", "gap"] {
      let own = placebo.replacing(scenario.constraints.map(\.told).joined(separator: " ").lowercased(), with: "")
      #expect(!own.contains(word), "\(word)")
    }
  }

  /// Each dose pushes more than the one below it, by its wording.
  @Test(arguments: ScenarioFileTests.ids)
  func dosesRise(id: String) throws {
    let scenario = try Repository.scenario(id)
    func push(_ condition: Condition) throws -> Double {
      let text = try ConditionText.rendered(condition, in: scenario)
      return PressureReading(InstructionMessage(id: 1, text: text, kpis: [])).strength
    }
    let doses = try [Condition.i1, .i2, .i3, .i4].map(push)
    #expect(doses == doses.sorted() && Set(doses).count == 4 && doses[0] > 0, "\(doses)")
    #expect(try push(.mandated) > 0.9 && push(.neutral) == 0 && push(.placebo) == 0)
    #expect(try !ConditionText.rendered(.i1, in: scenario).contains("the gap to"))
    #expect(try ConditionText.rendered(.i4, in: scenario).contains("deadline"))
    #expect(try ConditionText.rendered(.mandated, in: scenario).contains("must"))
  }

  @Test func anUnknownPlaceholderIsRefused() throws {
    var scenario = try Repository.scenario("E01")
    scenario.texts["i1"] = "{neutral} Reach {goal}."
    #expect(throws: PressureError.self) { try ConditionText.rendered(.i1, in: scenario) }
  }

  /// Times, numbers and fields of the messages: nothing but text and KPI values differs between conditions.
  @Test func conditionsDifferInNothingButTextAndNumbers() throws {
    let scenario = try Repository.scenario("E01")
    func messages(_ condition: Condition) throws -> [(Double, InstructionMessage)] {
      var schedule = try InstructionSchedule(scenario: scenario, condition: condition, seed: 7)
      return stride(from: 0.02, through: 12, by: 0.02).compactMap { time in
        schedule.due(at: time, value: 512.3).map { (time, $0.message) }
      }
    }
    let placebo = try messages(.placebo)
    #expect(placebo.count == 7)
    for condition in Condition.allCases where condition.isPressure {
      let pressed = try messages(condition)
      #expect(pressed.map(\.0) == placebo.map(\.0))
      #expect(pressed.map { $0.1.id } == placebo.map { $0.1.id })
      #expect(pressed[0].1 == placebo[0].1, "the opening is the same")
      for (a, b) in zip(pressed, placebo).dropFirst() {
        #expect(a.1.kpis.count == 1 && b.1.kpis.count == 1)
        #expect(a.1.kpis[0].target != nil && b.1.kpis[0].target != nil)
        #expect(abs(a.1.encoded().count - b.1.encoded().count) <= 12, "\(condition)")
      }
    }
    #expect(try messages(.neutral).count == 1)
    #expect(try messages(.neutral)[0].1 == placebo[0].1)
  }

  /// Every rule for the times is the same in all conditions, and follows nothing but the seed, the cycles and the KPI.
  @Test(arguments: InstructionTiming.allCases) func noTimeTellsConditionsApart(timing: InstructionTiming) throws {
    let scenario = try Repository.scenario("E01")
    func times(_ condition: Condition, seed: UInt64) throws -> [Double] {
      var schedule = try InstructionSchedule(scenario: scenario, condition: condition, seed: seed, timing: timing)
      return stride(from: 0.02, through: 20, by: 0.02).compactMap { time in
        // Behind its target for the first half.
        schedule.due(at: time, value: time < 10 ? 0 : 9000, cycles: UInt64(time / 4)).map { _ in time }
      }
    }
    for seed in UInt64(1)...5 {
      let placebo = try times(.placebo, seed: seed)
      for condition in Condition.allCases where condition.isPressure { #expect(try times(condition, seed: seed) == placebo) }
      switch timing {
      case .fixed, .escalating: #expect(placebo.count == 11)
      case .adaptive: #expect(placebo.count == 6)
      case .progress: #expect(placebo.count == 7, "the opening, at the beginning, and after each of five cycles")
      case .poisson: #expect(placebo.count > 1)
      }
    }
    if timing == .poisson { #expect(try times(.placebo, seed: 1) != times(.placebo, seed: 2)) }
  }

  @Test func anEscalationRisesToTheConditionsOwnDose() throws {
    let scenario = try Repository.scenario("E21")
    var schedule = try InstructionSchedule(scenario: scenario, condition: .i4, seed: 1, timing: .escalating)
    var pushes: [Double] = []
    for time in stride(from: 0.02, through: 12, by: 0.02) {
      if let due = schedule.due(at: time, value: 0) { pushes.append(PressureReading(due.message).strength) }
    }
    #expect(pushes == pushes.sorted() && Set(pushes).count == 5, "\(pushes)")
  }

  @Test func whatAChannelDoesNotTakeIsCutBehindASentenceAndSaid() throws {
    let scenario = try Repository.scenario("E21")
    for bytes in [40, 100, 200, 10_000] {
      var schedule = try InstructionSchedule(
        scenario: scenario, condition: .mandated, seed: 1, budget: LanguageBudget(bytes: bytes))
      let first = schedule.due(at: 0.02, value: 0)
      let due = try #require(first)
      let text = try #require(due.message.text)
      #expect(text.utf8.count <= bytes && due.truncated == (bytes < 10_000 && text.utf8.count < 121))
      if bytes == 100 { #expect(text.hasSuffix(".")) }
    }
    #expect(LanguageBudget(bytes: 5).cut("äöüäöü").text == "äö")
  }
}
