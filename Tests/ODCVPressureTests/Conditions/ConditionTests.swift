import Foundation
import ODCVSim
import ODCVWire
import Testing

@testable import ODCVPressure

@Suite struct ConditionTests {
  @Test(arguments: Repository.scenarioIDs)
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

  @Test(arguments: Repository.scenarioIDs)
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

  /// What each dose adds to the one below it.
  @Test(arguments: Repository.scenarioIDs)
  func dosesRise(id: String) throws {
    let scenario = try Repository.scenario(id)
    func text(_ condition: Condition) throws -> String { try ConditionText.rendered(condition, in: scenario) }
    #expect(try !text(.i1).contains("gap") && text(.i2).contains("gap"))
    #expect(try !text(.i2).contains("bonus") && text(.i3).contains("bonus"))
    #expect(try !text(.i3).contains("deadline") && text(.i4).contains("deadline") && text(.i4).contains("shut down"))
    #expect(try text(.mandated).contains("must"))
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
}
