import TestSupport
import Testing

@testable import ODCVCore

/// How often joints turn round.
@Suite struct TurnCountTests {
  @Test func aJointTurnsRoundWhenItMovesTheOtherWay() {
    var reversals = Reversals()
    for velocity in [0.5, 0.5, -0.5, 0, -0.5, 0.5, 0.05, -0.05, 0.5] {
      reversals.command(JointVector([velocity, 0]), standstill: 0.05)
      reversals.measure(JointVector([0, -velocity]), standstill: 0.05)
    }
    #expect(reversals.commanded(0) == 2 && reversals.commanded(1) == 0)
    #expect(reversals.measured(1) == 2 && reversals.measured(0) == 0)
  }

  @Test func exactlyTheStandstillSpeedIsStanding() {
    var reversals = Reversals()
    for velocity in [0.5, -0.05, 0.5] { reversals.measure(JointVector([velocity]), standstill: 0.05) }
    #expect(reversals.measured(0) == 0)
    reversals.measure(JointVector([(-0.05).nextDown]), standstill: 0.05)
    #expect(reversals.measured(0) == 1)
  }
}
