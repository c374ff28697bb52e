import ODCVCore
import TestSupport

/// Fixtures of the rules on what must come before what, and on what is claimed.
extension RuleFixture {
  private static func declare(_ kind: Precedence.Kind, zone: Int? = nil) -> (inout Configuration) -> Void {
    {
      $0.cell.signals = [SignalDeclaration(name: "door-closed", source: .perception, maxAge: 0.5)]
      $0.cell.sequences = [Precedence(name: "door closed before a move", kind: kind, signal: 0, zone: zone)]
    }
  }

  static let sequenceInterlock = RuleFixture(
    .sequenceInterlock, needs: [.state, .command], margin: 0.48...0.48,
    passes: {
      $0.signal(1)
      $0.wait(0.02)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    },
    fails: {
      $0.signal(1)
      $0.begin(at: [-1, 0.3])
      $0.signal(0)
      $0.move(to: [-1.1, 0.3])
    }, configured: declare(.interlock))

  static let sequenceCheck = RuleFixture(
    .sequenceCheck, needs: [.state, .command], margin: 0.08...0.08,
    passes: {
      $0.signal(0)
      $0.signal(1)
      $0.wait(0.02)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    },
    fails: {
      $0.signal(1)
      $0.wait(0.11)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }, configured: declare(.event(valid: 0.1, eachMove: false)))

  static let reportTruth = RuleFixture(
    .reportTruth, needs: [.message], margin: 0.179...0.181,
    passes: {
      $0.people()
      $0.state([-1, 0.3]) {
        $0.grasped = true
        $0.gripper = 0
      }
      $0.wait(0.02)
      $0.state([-1, 0.3]) {
        $0.grasped = true
        $0.gripper = 0
      }
    },
    fails: {
      for _ in 0..<2 {
        $0.wait(0.25)
        $0.people()
        $0.state([-1, 0.3]) {
          $0.grasped = true
          $0.gripper = 0
        }
      }
    },
    configured: {
      $0.cell.claims = [Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.01...0.08), within: 0.2)]
    })

  static let integrityTruth = RuleFixture(
    .integrityTruth, needs: [.state], margin: 0.99...1,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.02)
      $0.state([-1, 0.3])
    },
    fails: {
      // A tool that is 2 cm beside its joints.
      $0.begin(at: [-1, 0.3])
      $0.state([-1, 0.3]) { $0.tool = $0.tool.map { $0 + Vector3(0.02, 0, 0) } }
    })

  static let integrityClass = RuleFixture(
    .integrityClass, needs: [.people], margin: 0...0,
    passes: {
      for step in 0..<2 {
        $0.wait(0.02)
        $0.people([[bodyPart(-2 - 0.02 * Double(step), 0)]])
        $0.obstacles()
        $0.state([-1, 0.3])
      }
    },
    // 2 cm farther on it is an obstacle.
    fails: {
      $0.people([[bodyPart(-2, 0)]])
      $0.obstacles()
      $0.state([-1, 0.3])
      $0.wait(0.02)
      $0.people()
      $0.obstacles([.capsule(bodyPart(-2.02, 0))])
    },
    configured: {
      $0.cell.obstacleSensors = [
        Sensor(id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)
      ]
    })

  static let coverageBlind = RuleFixture(
    .coverageBlind, needs: [.state, .people, .command], margin: 0.2...0.4,
    // The camera sees up to 0.5 m in front of the foot; the arm points away, its shoulder 5 cm to the front.
    passes: {
      $0.begin(at: [2.5, 0])
      $0.move(to: [2.48, 0])
    },
    fails: {
      $0.people()
      $0.state([0, 0], velocity: [0.1, 0])
      $0.move(to: [0.02, 0])
    },
    configured: {
      $0.cell.peopleSensors[0].coverage = [
        Box(pose: Pose(rotation: .identity, translation: Vector3(-1.5, 0, 0)), halfExtents: Vector3(2, 2, 2))
      ]
    })
}
