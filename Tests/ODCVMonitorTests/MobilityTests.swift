import ODCVConfig
import ODCVCore
import Testing

@testable import ODCVMonitor

/// A monitor that never lets the arm move passes every other test.
@Suite struct MobilityTests {
  private func hindrances(_ name: String = "monitor", _ change: (inout LoadedConfiguration) throws -> Void = { _ in }) throws -> [String] {
    var loaded = try LoadedConfiguration.load(path: "\(Package.root)/config/\(name).yaml")
    try change(&loaded)
    return Mobility(loaded).hindrances
  }

  @Test(arguments: ["monitor", "monitor-e06", "monitor-e32"]) func theArmOfAShippedConfigurationMayMove(name: String) throws {
    // How quick a build for tests is says nothing.
    let found = try hindrances(name) { $0.core.cell.verdictDeadline = 0.019 }
    #expect(found.isEmpty, "\(found)")
  }

  @Test func aDeadlineThatNoVerdictKeepsIsNamed() throws {
    let found = try hindrances { $0.core.cell.verdictDeadline = 1e-9 }
    #expect(found.count == 1 && found[0].contains("`verdict_deadline_s` is 1e-09 (cells/e01.yaml:"), "\(found)")
  }

  @Test func aZoneAroundTheArmIsNamed() throws {
    let box = Box(pose: .identity, halfExtents: Vector3(3, 3, 3))
    let found = try hindrances { $0.core.cell.zones = [Zone(name: "everywhere", kind: .keepOut, box: box)] }
    #expect(found.contains { $0.contains("zone.keep-out") && $0.contains("everywhere") && $0.contains("rules/site.yaml") }, "\(found)")
  }

  @Test func limitsBelowWhatTheArmIsMeasuredByAreNamed() throws {
    let slow = try hindrances { $0.core.limits[.motionVelocity, "fraction"] = 1e-4 }
    #expect(slow.contains { $0.contains("motion.velocity: panda_joint") }, "\(slow)")
    let tool = try hindrances { $0.core.limits[.motionTCPSpeed, "greatest_m_s"] = 1e-4 }
    #expect(tool.contains { $0.contains("motion.tcp-speed") }, "\(tool)")
    let open = try hindrances {
      $0.core.robot.measurement.position = 0.1
      $0.core.robot.measurement.velocity = 0.2
      $0.core.robot.measurement.standstill = 0.2
    }
    #expect(!open.isEmpty)
  }

  @Test func aRuleThatHoldsOnForAnHourIsNamed() throws {
    #expect(try hindrances { $0.core.limits.setClearAfter(299, .motionJerk) }.isEmpty)
    let found = try hindrances { $0.core.limits.setClearAfter(3600, .motionJerk) }
    #expect(found.count == 1 && found[0].hasPrefix("motion.jerk holds the arm"), "\(found)")
  }

  @Test func aCheckThatIsOverBeforeTheNextCommandIsNamed() throws {
    func found(valid: Double) throws -> [String] {
      try hindrances {
        $0.core.cell.signals = [SignalDeclaration(name: "scan", source: .perception, maxAge: 1)]
        $0.core.cell.sequences = [Precedence(name: "scanned", kind: .event(valid: valid, eachMove: true), signal: 0, zone: nil)]
      }
    }
    #expect(try found(valid: 5).isEmpty)
    let short = try found(valid: 0.001)
    #expect(short.first?.contains("the check of `scanned` counts for `valid_s` 0.001 s") == true, "\(short)")
    #expect(short.contains { $0.contains("sequence.check-before-move: scanned") }, "\(short)")
  }

  @Test func theCellsOwnPostureIsTheOneThatCounts() throws {
    let post = try hindrances { $0.ready = JointVector([0, 0.6, 0, -2.0, 0, 2.6, 0]) }
    #expect(post.contains { $0.hasPrefix("at the cell's `ready_rad`") && $0.contains("clearance.static") }, "\(post)")
    #expect(try hindrances { $0.ready = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785]) }.isEmpty)
  }

  @Test func whatTheUR10IsAssumedToDoIsSaid() throws {
    let found = try hindrances { $0.core.robot = try RobotFile.load(path: "\(Package.root)/config/robots/ur10.yaml") }
    #expect(found.contains { $0.hasPrefix("at none of 25 postures") }, "\(found)")
  }
}
