import TestSupport
import Testing

@testable import ODCVCore

/// What commands under way may make of the velocities.
@Suite struct PendingCommandTests {
  private let robot: RobotModel = {
    var robot = Planar.robot()
    robot.tracking.responseTime = 0.125
    robot.tracking.arrival = .moving
    robot.measurement.position = 0.0625
    robot.velocityControl = VelocityControl(error: 0.25)
    return robot
  }()

  private func change(_ pending: PendingCommand, _ velocity: [Double] = [0, 0]) -> [Double]? {
    let change = pending.greatestChange(from: JointVector(velocity), at: JointVector([0, 0]), robot: robot)
    return change.isAbsent ? nil : change.values
  }

  private func command(_ goal: Goal, _ requested: Goal? = nil, settled: Bool = true) -> PendingCommand {
    var pending = PendingCommand()
    pending.command(goal, requested: requested ?? goal)
    if settled { pending.settle() }
    return pending
  }

  @Test func beforeAnyCommandNothingIsKnown() {
    #expect(change(PendingCommand()) == nil)
    var held = PendingCommand()
    held.hold()
    #expect(change(held) == nil)
    #expect(change(command(.hold)) == [0, 0])
  }

  @Test func aTargetChangesTheVelocityToItsDistanceOverTheResponseTime() {
    // 0.25 rad at 8 / s are 2 rad/s; the distance is known to 1/16 rad, and as far as the goal is open.
    #expect(change(command(.position(JointVector([0.25, -0.25]))), [0.5, 0.5]) == [1.5 + 0.5, 2.5 + 0.5])
    #expect(change(command(.position(JointVector([0.25, 0]), open: 0.125))) == [2 + 1.5, 1.5])
  }

  @Test func theDistanceIsThatFromWhereTheArmIs() {
    // From 1 rad to 1.25 rad are 0.25 rad.
    let pending = command(.position(JointVector([1.25, 0.5])))
    let change = pending.greatestChange(from: JointVector([0, 0]), at: JointVector([1, 0.5]), robot: robot)
    #expect(change.values == [2.5, 0.5])
    var stopping = robot
    stopping.tracking.arrival = .atRest
    stopping.stopping.deceleration = JointVector([2, 2])
    // From 1 m off, a stop at 2 / s² ends from 2 / s at most.
    #expect(stopping.rate(from: JointVector([2, 0]), to: JointVector([3, 0])) == 2)
    #expect(stopping.rate(from: JointVector([2, 0]), to: JointVector([2, 0])) == 8)
    #expect(stopping.rate(from: JointVector([1, -2]), to: JointVector([1.25, -1])) == 2)
  }

  @Test func aVelocityChangesItToItselfWithItsErrors() {
    #expect(change(command(.velocity(JointVector([1, -1]), open: 0.125)), [0.5, 0.5]) == [0.5 + 0.375, 1.5 + 0.375])
    var bare = robot
    bare.velocityControl = nil
    let pending = command(.velocity(JointVector([1, 0])))
    #expect(pending.greatestChange(from: JointVector([0, 0]), at: JointVector([0, 0]), robot: bare).values == [1, 0])
  }

  @Test func whatWasAskedForAndWhatWasFollowedBeforeTheStateCountToo() {
    let (slow, fast) = (Goal.velocity(JointVector([0.5, 0])), Goal.velocity(JointVector([2, 0])))
    #expect(change(command(slow, fast)) == [2.25, 0.25])
    #expect(change(command(fast, slow)) == [2.25, 0.25])
    var next = command(fast)
    next.command(slow, requested: slow)
    #expect(change(next) == [2.25, 0.25])
    next.settle()
    #expect(change(next) == [0.75, 0.25])
    // Two since the last state: what the first did is not followed.
    next.command(slow, requested: slow)
    #expect(change(next) == [0.75, 0.25])
    next.command(slow, requested: slow)
    #expect(change(next) == nil)
    var earlier = command(slow, fast)
    earlier.command(slow, requested: slow)
    #expect(change(earlier) == [2.25, 0.25])
  }

  @Test func oneCommandSinceTheStateIsFollowedAndWhatIsAskedForInItsPlaceToo() {
    let (slow, fast) = (Goal.velocity(JointVector([0.5, 0])), Goal.velocity(JointVector([2, 0])))
    #expect(change(command(fast, slow, settled: false)) == [2.25, 0.25])
    #expect(change(command(slow, fast, settled: false)) == [2.25, 0.25])
    for (goal, requested) in [(slow, fast), (fast, slow)] {
      var earlier = command(goal, requested)
      earlier.command(slow, requested: slow)
      #expect(change(earlier) == [2.25, 0.25])
    }
  }

  @Test func aHoldEndsAGoalAndNotWhatWasAskedFor() {
    var pending = command(.velocity(JointVector([1, 0])))
    pending.hold()
    #expect(pending.goal.kind == .hold && pending.requested.kind == .velocity)
  }

  @Test func anEffortAnywhereInThemMakesTheChangeUnknown() {
    let slow = Goal.velocity(JointVector([0.5, 0]))
    #expect(!command(slow).pushes)
    #expect(command(.effort, slow, settled: false).pushes && command(slow, .effort, settled: false).pushes)
    for (goal, requested) in [(Goal.effort, slow), (slow, .effort)] {
      var pending = command(goal, requested)
      pending.command(slow, requested: slow)
      #expect(pending.pushes && change(pending) == nil)
      pending.settle()
      #expect(!pending.pushes && change(pending) != nil)
    }
  }

  @Test func aDriverThatStopsAtItsTargetComesNoFasterThanItCanStop() {
    var robot = robot
    func rate(_ distance: Double) -> Double {
      robot.rate(from: JointVector([0, 0]), to: JointVector([distance, 0]))
    }
    #expect(rate(10) == 8)
    robot.tracking.arrival = .atRest
    robot.stopping.deceleration = JointVector([8, 8])
    #expect(rate(0) == 8 && rate(0.125) == 8 && rate(0.25) == 8)
    // √(2 · 8 / 1) and, twice as far, √8.
    #expect(rate(1) == 4 && rate(-1) == 4 && rate(2) == 8.0.squareRoot())
  }

  @Test func anEffortAcceleratesAsMuchAsDeclaredWhenThatIsMore() {
    var robot = robot
    robot.effortControl = EffortControl(acceleration: JointVector([9, 3]))
    #expect(robot.acceleration(0, pushed: false) == 6 && robot.acceleration(0, pushed: true) == 9)
    #expect(robot.acceleration(1, pushed: true) == 6)
    robot.effortControl = nil
    #expect(robot.acceleration(0, pushed: true) == 6)
  }
}
