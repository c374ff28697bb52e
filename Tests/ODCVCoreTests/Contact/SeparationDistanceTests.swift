import ODCVCore
import TestSupport
import Testing

/// The distances of ISO/TS 15066 and ISO 13855 in round numbers, worked out by hand.
@Suite struct SeparationDistanceTests {
  @Test func everyTermIsCountedOnce() {
    let distance = SeparationDistance(
      humanSpeed: 1.6, robotSpeed: 2, reactionTime: 0.25, stoppingTime: 0.5, intrusion: 0.125, personUncertainty: 0.0625,
      robotUncertainty: 0.03125)
    #expect(abs(distance.human - 1.2) < 1e-15)
    #expect(distance.reaction == 0.5)
    #expect(distance.stopping == 0.5)
    #expect(abs(distance.total - (1.2 + 0.5 + 0.5 + 0.21875)) < 1e-15)
  }

  @Test func anArmThatWithdrawsEarnsNothing() {
    let distance = SeparationDistance(
      humanSpeed: 1, robotSpeed: -2, reactionTime: 0.25, stoppingTime: 0.5, intrusion: 0, personUncertainty: 0,
      robotUncertainty: 0)
    #expect(distance.reaction == 0)
    #expect(distance.stopping == 0)
    #expect(distance.total == 0.75)
  }

  private let table = ApproachTable(
    walking: 1.5, hand: 2, switchDistance: 0.5, leastDistance: 0.125, resolutionFactor: 8, freeResolution: 0.0625,
    fineResolution: 0.125, coarseResolution: 0.25, coarseIntrusion: 0.75, parallelIntrusion: 1.25, heightFactor: 0.5)

  @Test func aFineFieldLetsHandsThroughAsFarAsItsResolution() {
    #expect(table.intrusion(resolution: 0.03125) == 0)
    #expect(table.intrusion(resolution: 0.0625) == 0)
    #expect(table.intrusion(resolution: 0.09375) == 0.25)
    #expect(table.intrusion(resolution: 0.125) == 0.5)
  }

  @Test func aCoarseFieldLetsArmsThroughAndACoarserOneIsNone() {
    #expect(table.intrusion(resolution: 0.125.nextUp) == 0.75)
    #expect(table.intrusion(resolution: 0.25) == 0.75)
    #expect(table.intrusion(resolution: 0.25.nextUp) == nil)
    #expect(table.distance(time: 1, resolution: 0.25.nextUp) == nil)
  }

  @Test func aFieldThatIsWalkedAlongMayBeNearerTheHigherItIs() {
    #expect(table.intrusion(height: 0) == 1.25)
    #expect(table.intrusion(height: 0.5) == 1)
    #expect(table.intrusion(height: 1) == 0.75)
    #expect(table.intrusion(height: 2) == 0.75)
  }

  @Test func aFineFieldIsReachedByHandAndFarFromItOnFoot() {
    // Never nearer than the least distance.
    #expect(table.distance(time: 0.03125, resolution: 0.0625) == 0.125)
    #expect(table.distance(time: 0.125, resolution: 0.0625) == 0.25)
    #expect(table.distance(time: 0.125, resolution: 0.09375) == 0.5)
    // Beyond 0.5 m by the hand's speed, the walking one's is enough, though not below 0.5 m.
    #expect(table.distance(time: 0.3125, resolution: 0.0625) == 0.5)
    #expect(table.distance(time: 0.5, resolution: 0.0625) == 0.75)
    #expect(table.distance(time: 0.5, resolution: 0.09375) == 1)
  }

  @Test func theFinestThatCountsAndTheSwitchItselfBelongToTheHand() {
    var table = table
    table.resolutionFactor = 4
    // 0.25 m of intrusion at the finest: 2 m/s are more than 1.5 m/s.
    #expect(table.distance(time: 0.0625, resolution: 0.125) == 0.375)
    // Exactly 0.5 m by hand, whatever the way on foot would be.
    table.walking = 3
    #expect(table.distance(time: 0.125, resolution: 0.125) == 0.5)
    #expect(table.distance(time: 0.126, resolution: 0.125)! > 0.6)
  }

  @Test func aCoarseFieldIsReachedOnFoot() {
    #expect(table.distance(time: 0.5, resolution: 0.25) == 1.5)
    #expect(table.distance(time: 0.03125, resolution: 0.1875) == 0.796875)
  }
}

/// What a region of the body bears.
@Suite struct BodyLimitsTests {
  private let hand = BodyLimits(
    force: 100, pressure: 1e6, transientFactor: 2, stiffness: 5_000, mass: 2, quotedEnergy: nil)

  @Test func aMomentBearsTheMultipleAndWhereNothingCanRecoilNoMore() {
    #expect(hand.force(isTransient: false) == 100 && hand.force(isTransient: true) == 200)
    #expect(hand.pressure(isTransient: false) == 1e6 && hand.pressure(isTransient: true) == 2e6)
    var face = hand
    face.transientFactor = nil
    #expect(face.force(isTransient: true) == 100 && face.pressure(isTransient: true) == 1e6)
  }

  @Test func theEnergyIsTheSpringsOrWhatSourcesQuoteIfThatIsLess() {
    #expect(hand.energy(isTransient: false) == 1)
    #expect(hand.energy(isTransient: true) == 4)
    var quoted = hand
    quoted.quotedEnergy = 0.5
    #expect(quoted.energy(isTransient: false) == 0.5)
    quoted.quotedEnergy = 3
    #expect(quoted.energy(isTransient: false) == 1)
    #expect(quoted.energy(isTransient: true) == 3)
  }

  @Test func twoMassesMeetAsTheReducedOne() {
    #expect(hand.reducedMass(robot: 6) == 1.5)
    #expect(hand.energy(robot: 6, speed: 2) == 3)
    // 1.5 kg against 5000 N/m: √7500.
    #expect(abs(hand.speed(robot: 6, isTransient: true) - 200 / 7_500.0.squareRoot()) < 1e-15)
    #expect(abs(hand.speed(robot: 6, area: 1e-4, isTransient: true) - 200 / 7_500.0.squareRoot()) < 1e-15)
    #expect(abs(hand.speed(robot: 6, area: 1e-4, isTransient: false) - 100 / 7_500.0.squareRoot()) < 1e-15)
  }

  @Test func anUnknownRegionIsTheWeakestAndNothingRecoils() {
    let table = Planar.bodies()
    #expect(table.force(nil, isTransient: true) == 50 && table.pressure(nil, isTransient: true) == 0.5e6)
    #expect(table.force(.hand, isTransient: true) == 200 && table.pressure(.hand, isTransient: true) == 2e6)
    for region in BodyRegion.allCases { #expect(table[region].force == table.force(region, isTransient: false)) }
    #expect(table[.skull].force == 50 && table[.lowerLeg].force == 200 && table[.hand].force == 100)
  }
}
