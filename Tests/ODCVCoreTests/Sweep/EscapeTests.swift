import TestSupport
import Testing

@testable import ODCVCore

/// When a motion out of a limit counts as bringing the arm back, in millimetres.
@Suite struct EscapeTests {
  /// The planar arm, its first joint a slide along x where asked, moved by `step` from `start` with nothing beside the line.
  private func finding(
    slides: Bool = true, gap: Double = 0, from start: Double = 0, by step: Double = 0.01, brakesAt: Double = 0,
    hasTarget: Bool = true, _ planes: [(normal: Vector3, offset: Double)]
  ) -> (finding: Finding, parameters: SIMD16<Double>) {
    var robot = Planar.robot()
    if slides {
      robot.joints[0].kind = .prismatic
      robot.joints[0].axis = Vector3(1, 0, 0)
    }
    for index in robot.capsules.indices { robot.capsules[index].fitGap = gap }
    var set = SolidSet(capacity: planes.count, capsules: robot.capsules.count)
    for (index, plane) in planes.enumerated() {
      set.append(.halfSpace(HalfSpace(normal: plane.normal, offset: plane.offset)), as: .obstacle(index))
    }
    var motion = Motion(for: robot, kernel: .best!)
    motion.start = JointVector([start, 0])
    motion.chord = JointVector([step, 0])
    motion.target = hasTarget ? JointVector([start + step, 0]) : .absent
    motion.brakesAt = brakesAt
    motion.path.lay(
      start: motion.start, chord: motion.chord, from: 0, to: 1, width: JointVector([0, 0]), hasTarget: hasTarget)
    var worst = WorstPair()
    worst.add(set, requirement: 0.05, motion)
    return (worst.finding(.clearanceStatic, motion), motion.path.parameters)
  }

  /// Behind the arm, 2 cm nearer than it may be: a slide to +x leaves it.
  private let behind = (normal: Vector3(1, 0, 0), offset: -0.08)

  /// Beside the tip, `slack` from what it may be at first, and nearer by `approach` after a slide of 1 cm.
  private func beside(slack: Double, approach: Double) -> (normal: Vector3, offset: Double) {
    let x = -approach / 0.01
    return (Vector3(x, (1 - x * x).squareRoot(), 0), x - 0.1 - slack)
  }

  @Test func anArmThatLeavesByMoreThanHalfAMillimetreComesBack() {
    #expect(finding(by: 0.000_55, [behind]).finding.improving)
    #expect(!finding(by: 0.000_45, [behind]).finding.improving)
    #expect(!finding(by: -0.01, [behind]).finding.improving)
    // It leads nowhere in particular: nobody knows how far it gets.
    #expect(!finding(hasTarget: false, [behind]).finding.improving)
    #expect(!finding([(normal: Vector3(1, 0, 0), offset: -0.2)]).finding.improving)
    #expect(finding([behind]).finding.failing == 1)
  }

  @Test func nothingElseMayGetNearerByHalfAMillimetre() {
    for (approach, improves) in [(0.0, true), (0.000_3, true), (0.000_45, true), (0.000_55, false), (0.002, false)] {
      let found = finding([behind, beside(slack: -0.01, approach: approach)]).finding
      // A plane along the arm is as near to both links.
      #expect(found.failing == (approach == 0 ? 3 : 2) && found.other == .obstacle(0) && found.improving == improves)
    }
  }

  @Test func whatFailsOnTheWayAndNotNowIsNoWayBack() {
    // Nearer by less than half a millimetre, and yet into what passes now.
    let into = beside(slack: 0.000_2, approach: 0.000_4)
    let found = finding([behind, into]).finding
    #expect(found.failing == 2 && !found.improving)
    // By the fit's gap it may be there already.
    #expect(finding(gap: 0.001, [behind, into]).finding.improving)
  }

  @Test func aWayThatDipsNearerIsNoWayBack() {
    for (dip, improves) in [(0.000_45, true), (0.000_55, false), (0.02, false)] {
      let angle = (2 * dip).squareRoot()
      // The tip swings past the end of its reach, away from what is below it.
      let below = (normal: Vector3(0, 1, 0), offset: -0.1)
      let ahead = (normal: Vector3(-1, 0, 0), offset: -(1 - dip) - 0.1 + 0.005)
      let found = finding(slides: false, from: -angle, by: 2 * angle, [below, ahead]).finding
      #expect(found.failing == 3 && found.improving == improves)
      #expect(finding(slides: false, from: -angle, by: 2 * angle, [below]).finding.improving)
    }
  }

  @Test func theWayIsPassableUpToWhereItFailsUnlessBrakingGetsThere() {
    // A slide of 30 cm towards a plane that the tip may near by 29.5, 20 and 1 cm.
    for (free, interval) in [(0.295, 14), (0.205, 10), (0.01, 0)] {
      let ahead = [(normal: Vector3(-1, 0, 0), offset: -1 - 0.1 - free)]
      let (found, parameters) = finding(by: 0.3, ahead)
      #expect(found.failing == 1 && found.passable == parameters[interval])
      let share = parameters[interval]
      #expect(finding(by: 0.3, brakesAt: share, ahead).finding.passable == 0)
      if share > 0 { #expect(finding(by: 0.3, brakesAt: share.nextDown, ahead).finding.passable == share) }
      #expect(abs(found.value.lower - (0.05 + free - 0.3)) < 1e-4)
      // Nearest at its end: the tip's point there.
      #expect(abs(found.points!.0.x - 1.35) < 1e-6 && abs(found.points!.1.x - (1.1 + free)) < 1e-6)
    }
    #expect(finding(by: 0.3, [(normal: Vector3(-1, 0, 0), offset: -1 - 0.1 - 0.31)]).finding.passable == 1)
    // Away from it: nearest where it begins.
    let away = finding(by: 0.3, [behind]).finding
    #expect(abs(away.points!.0.x + 0.05) < 1e-6 && away.passable == 0)
  }
}
