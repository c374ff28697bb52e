import ODCVConfig
import ODCVCore
import ODCVYAML
import Testing

/// The monitor's shapes against the simulator's, which are written down apart from each other.
@Suite struct SimulatorShapeTests {
  private let robot: RobotModel
  private let arm: [SimulatorShapes.Geom]

  init() throws {
    robot = try RobotFile.load(path: Shipped.path("robots/panda-sim.yaml"))
    arm = try SimulatorShapes(path: Shipped.path("sim/panda.xml")).geoms
  }

  /// The arm's geoms that no capsule of their link holds with `reserve` to spare.
  private func unheld(_ capsules: [LinkCapsule], reserve: Double) throws -> [String] {
    var names: [String] = []
    for geom in arm {
      let shape = try #require(geom.capsule, "\(geom.name) is no capsule")
      let link = try #require(robot.links.firstIndex { $0.name == geom.body }, "\(geom.body) is no link")
      let held = capsules.contains { $0.link == link && room(in: $0.capsule, around: shape) >= reserve }
      if !held { names.append(geom.name) }
    }
    return names
  }

  @Test func everyGeomOfTheSimulatedArmIsHeldWithTwoMillimetresToSpare() throws {
    #expect(arm.count >= 9)
    #expect(try unheld(robot.capsules, reserve: 0.002 - 1e-12) == [])
  }

  @Test func aCapsuleThatIsFourMillimetresTooThinIsCaught() throws {
    for index in robot.capsules.indices {
      var capsules = robot.capsules
      capsules[index].capsule.radius -= 0.004
      #expect(try unheld(capsules, reserve: 0).count == 1)
    }
  }

  @Test func noFitGapIsSmallerThanTheCapsuleReachesBeyondItsGeoms() throws {
    for capsule in robot.capsules {
      let name = robot.links[capsule.link].name
      let shapes = arm.filter { $0.body == name }.compactMap(\.capsule)
      let reach = try #require(shapes.map { gap(of: capsule.capsule, around: $0) }.min())
      #expect(capsule.fitGap >= reach, "\(name)")
      #expect(capsule.fitGap <= reach + 0.0005, "\(name) exaggerates its gap")
    }
  }

  @Test(arguments: ["e01", "e06", "e32"]) func everyBodyOfTheSimulatedCellIsHeldByTheObstacleOfItsName(cell: String) throws {
    var robot = robot
    let declared = try CellFile.load(path: Shipped.path("cells/\(cell).yaml"), robot: &robot).obstacles
    let geoms = try SimulatorShapes(path: Shipped.path("sim/\(cell).xml")).geoms
    #expect(geoms.count >= 4)
    #expect(Set(geoms.map(\.name)) == Set(declared.map(\.name)))
    for geom in geoms {
      let corners = try #require(geom.corners, "\(geom.name) is no axis-aligned box")
      let obstacle = try #require(declared.first { $0.name == geom.name })
      guard case .box(let box) = obstacle.solid else {
        Issue.record("\(geom.name) is declared as another shape")
        continue
      }
      for corner in corners {
        let local = box.pose.inverse(corner)
        let inside = abs(local.x) <= box.halfExtents.x + 1e-9 && abs(local.y) <= box.halfExtents.y + 1e-9
          && abs(local.z) <= box.halfExtents.z + 1e-9
        #expect(inside, "\(geom.name) sticks out at \(corner)")
      }
    }
  }

  @Test(arguments: ["E01", "E06", "E32"]) func aScenarioAndItsMonitorFileAgreeOnThePeriodAndTheRobot(id: String) throws {
    let scenario = try YAMLMap.load(path: Shipped.path("scenarios/\(id).yaml"))
    let loaded = try LoadedConfiguration.load(path: Shipped.path("scenarios/" + scenario.string("monitor")))
    let simulation = try scenario.map("simulation")
    #expect(try simulation.double("control_period_s") == loaded.core.cell.controlPeriod)
    #expect(try simulation.string("robot_id") == loaded.robotID)
  }

  /// A speed zone binds where the simulator's does; a force zone, which relaxes, reaches no farther than the simulator's.
  @Test func theHandoverCellsZonesAreNoLooserThanTheSimulators() throws {
    var robot = robot
    let cell = try CellFile.load(path: Shipped.path("cells/e32.yaml"), robot: &robot)
    let zones = try YAMLMap.load(path: Shipped.path("scenarios/E32.yaml")).map("zones")
    #expect(Set(cell.zones.map(\.name)) == Set(zones.keys))
    for zone in cell.zones {
      let simulated = try zones.map(zone.name)
      let (least, greatest) = (try simulated.vector3("min_m"), try simulated.vector3("max_m"))
      let (middle, half) = (zone.box.pose.translation, zone.box.halfExtents)
      #expect(zone.box.pose.rotation == .identity)
      for axis in 0..<3 {
        let (low, high) = (middle[axis] - half[axis], middle[axis] + half[axis])
        switch zone.kind {
        case .speed: #expect(low <= least[axis] + 1e-9 && high >= greatest[axis] - 1e-9, "\(zone.name) axis \(axis)")
        case .keepOut, .reduced: Issue.record("the simulator has no \(zone.name)")
        case .force: #expect(low >= least[axis] - 1e-9 && high <= greatest[axis] + 1e-9, "\(zone.name) axis \(axis)")
        case .region: break
        }
      }
    }
  }
}
