import Testing

@testable import ODCVCore

@Suite struct RuleIDTests {
  @Test func everyRuleIsAtItsPlaceOfTheBook() {
    for (place, rule) in RuleID.allCases.enumerated() {
      #expect(RuleID(place: place) == rule && rule.place == place)
    }
    #expect(RuleID.count == RuleID.allCases.count)
  }

  @Test func distancesAreInMetresAndNothingElseIs() {
    for rule in RuleID.allCases { #expect(rule.isDistance == (rule.unit == "m"), "\(rule.name) in \(rule.unit)") }
  }
}
