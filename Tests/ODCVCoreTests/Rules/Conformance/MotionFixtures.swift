import ODCVCore
import TestSupport

/// Fixtures of what is asked of the joints, of what the arm carries, and of an operator's order.
extension RuleFixture {
  static let motionAcceleration = RuleFixture(
    .motionAcceleration, needs: [.state, .command], margin: 2...2,
    // 8 rad/s² less the driver's own 6: 0.4 rad/s in one period would be 20.
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.02, 0.3])
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.02)
      $0.begin(at: [-1, 0.3], velocity: [0.9, 0])
    },
    lasts: false, configured: { for joint in 0..<2 { $0.robot.joints[joint].limits.acceleration = 8 } })

  static let motionJerk = RuleFixture(
    .motionJerk, needs: [.state, .command], margin: 150...250,
    // 2 mm a response time ask for 2 rad/s² in one period, 100 rad/s³; as much again is open by the encoders.
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1, 0.3])
      $0.wait(0.02)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.002, 0.3])
    },
    // All of the driver's acceleration one way, and then the other: 12 rad/s² in a period.
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.05, 0.3])
      $0.wait(0.02)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-0.95, 0.3])
    },
    lasts: false, configured: { for joint in 0..<2 { $0.robot.joints[joint].limits.jerk = 400 } })

  static let motionRelease = RuleFixture(
    .motionRelease, needs: [.command], margin: 0.18...0.2,
    // 0.2 m less what the arm's place is open by.
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.add(.release(Release(number: 1)))
      $0.state([-1, 0.3])
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.add(.release(Release(number: 1)))
      $0.begin(at: [-0.5, 0.3])
    })

  static let payloadMass = RuleFixture(
    .payloadMass, needs: [.state], margin: 0.7...0.7,
    // 1.2 kg less the tool's 0.5 kg.
    passes: {
      $0.people()
      $0.add($0.feed.state([-1, 0.3]).grasping(false))
    },
    fails: {
      $0.people()
      $0.add($0.feed.state([-1, 0.3]).grasping(true))
    },
    configured: { $0.cell.payload = Payload(greatest: 1.2, tool: 0.5, object: 1) })

  static let gripForce = RuleFixture(
    .gripForce, needs: [], margin: 10...10,
    // 40 N less 30 N.
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.action(.none).gripping(30))
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.action(.none).gripping(41))
    })

  static let toolHazard = RuleFixture(
    .toolHazard, needs: [.state, .people, .command], margin: 1.58...1.62,
    // 2.31 m to the forearm's near end less both radii; 0.3 m, 1.6 m/s for some 0.12 s, and 0.06 m are required.
    passes: {
      $0.people([[bodyPart(-2, 0)]])
      $0.state([-1, 0.3])
      $0.move(to: [-1.02, 0.3])
    },
    fails: {
      $0.people([[bodyPart(1.3, 0)]])
      $0.state([0, 0])
    },
    configured: { $0.cell.hazard = ToolHazard(links: [2], least: 0.3, onlyWhenActive: false, lasts: 0) })
}

/// Fixtures of keep-out zones and of what the gripper holds.
extension RuleFixture {
  static let clearanceHeldObject = RuleFixture(
    .clearanceHeldObject, needs: [.state, .command], margin: 1.23...1.26,
    // 1.37 m from the post to the forearm's near end less both radii, 2 cm, and the way there.
    passes: {
      $0.begin(at: [-1.6, 0])
      $0.move(to: [-1.62, 0])
    },
    fails: {
      $0.begin(at: [0.55, 0])
      $0.move(to: [0.6, 0])
    },
    outside: (
      back: {
        $0.begin(at: [0.55, 0])
        $0.move(to: [0.52, 0])
      },
      farther: {
        $0.begin(at: [0.55, 0])
        $0.move(to: [0.57, 0])
      }
    ),
    configured: { $0.robot.heldObject = 2 })

  static let zoneKeepOut = RuleFixture(
    .zoneKeepOut, needs: [.state, .command], margin: 0.79...0.81,
    // 0.86 m from the shoulder to the box's near edge less its radius and 1 cm.
    passes: {
      $0.begin(at: [-1.6, 0])
      $0.move(to: [-1.62, 0])
    },
    fails: {
      $0.begin(at: [0.55, 0])
      $0.move(to: [0.6, 0])
    },
    outside: (
      back: {
        $0.begin(at: [0.45, 0])
        $0.move(to: [0.42, 0])
      },
      farther: {
        $0.begin(at: [0.45, 0])
        $0.move(to: [0.47, 0])
      }
    ),
    configured: {
      $0.cell.obstacles = []
      $0.cell.zones = [
        Zone(
          name: "kept clear", kind: .keepOut,
          box: Box(pose: Pose(rotation: .identity, translation: Vector3(0.8, 0.6, 0.5)), halfExtents: Vector3(0.1, 0.1, 0.1)))
      ]
    })
}

extension Input {
  /// The same state of a driver that says whether the gripper holds something.
  func grasping(_ grasped: Bool) -> Input {
    guard case .state(var state) = self else { return self }
    state.grasped = grasped
    return .state(state)
  }

  /// The same command, and to close the gripper with this force, N.
  func gripping(_ effort: Double?) -> Input {
    guard case .action(var action) = self else { return self }
    action.gripper = GripperCommand(effort: effort)
    return .action(action)
  }
}
