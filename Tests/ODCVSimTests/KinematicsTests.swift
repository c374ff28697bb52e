import Testing

@testable import ODCVSim

@Suite struct KinematicsTests {
  private static func postures(_ count: Int, _ arm: ArmModel) -> [[Double]] {
    var random = Generator(seed: 3, stream: 1)
    return (0..<count).map { _ in zip(arm.lower, arm.upper).map { random.uniform($0...$1) } }
  }

  @Test func `tool and shapes are where MuJoCo has them`() throws {
    let scenario = try Cells.scenario("E01")
    let arm = scenario.scene.arm
    for q in Self.postures(300, arm) {
      var physics = try Physics(scenario.scene, at: q)
      physics.begin()
      #expect(length(physics.tool() - arm.tool(q).origin) < 1e-9)
      for (a, b) in zip(physics.shapes(), arm.capsules(in: arm.frames(q))) {
        // A capsule has no direction: its ends may be named the other way round.
        let same = max(length(a.a - b.a), length(a.b - b.b))
        let turned = max(length(a.a - b.b), length(a.b - b.a))
        #expect(min(same, turned) < 1e-9 && a.radius == b.radius)
      }
    }
  }

  @Test func `the Jacobian is the tool's motion per joint`() throws {
    let arm = try Cells.scenario("E01").scene.arm
    for q in Self.postures(50, arm) {
      let columns = arm.jacobian(in: arm.frames(q))
      for j in q.indices {
        var (plus, minus) = (q, q)
        plus[j] += 1e-6
        minus[j] -= 1e-6
        let (a, b) = (arm.tool(plus), arm.tool(minus))
        #expect(length((a.origin - b.origin) / 2e-6 - columns[j].linear) < 1e-7)
        #expect(length(a.rotation(from: b) / 2e-6 - columns[j].angular) < 1e-6)
      }
    }
  }

  @Test func `the hand's frame is that of the public description`() throws {
    // The Panda's usual ready posture puts the tool centre point 0.487 m high and 0.307 m out, pointing down.
    let arm = try Cells.scenario("E01").scene.arm
    let tool = arm.tool([0, -0.785398, 0, -2.356194, 0, 1.570796, 0.785398])
    #expect(length(tool.origin - Vector(0.3069, 0, 0.4869)) < 1e-3)
    #expect(length(tool.z - Vector(0, 0, -1)) < 1e-5)
  }
}
