import Testing

@testable import ODCVCore

@Suite struct RuleIDTests {
  @Test func everyRuleIsAtItsPlaceOfTheBook() {
    for (place, rule) in RuleID.allCases.enumerated() {
      #expect(RuleID(place: place) == rule && rule.place == place)
    }
    #expect(RuleID.count == RuleID.allCases.count)
  }

  @Test func whatMeasuresADistanceIsKnownAsThat() {
    for rule in [RuleID.clearanceStatic, .clearanceHuman, .zoneKeepOut, .coverageBlind] { #expect(rule.isDistance) }
    for rule in [RuleID.zoneSpeed, .contactForce, .motionVelocity, .reportTruth] { #expect(!rule.isDistance) }
  }
}
