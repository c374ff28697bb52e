import ODCVCore
import TestSupport

/// Fixtures of the rules on clearance and zones.
extension RuleFixture {
  static let clearanceStatic = RuleFixture(
    .clearanceStatic, needs: [.state, .command], margin: 0.84...0.85,
    // The post stands at (0.8, 0.6); the arm points away from it, so its shoulder is nearest: 1 m less both radii and 5 cm.
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
    ))

  static let clearanceSelf = RuleFixture(
    .clearanceSelf, needs: [.state, .command], margin: 0.1...0.11,
    // The forearm's near end is 0.5 m out and 0.1 m above the foot's top: 0.51 m less both radii and 0.3 m.
    passes: {
      $0.begin(at: [-1.6, 0.1])
      $0.move(to: [-1.62, 0.1])
    },
    fails: {
      $0.begin(at: [-1.6, 2.2])
      $0.move(to: [-1.6, 2.5])
    },
    outside: (
      back: {
        $0.begin(at: [-1.6, 2.5])
        $0.move(to: [-1.6, 2.45])
      },
      farther: {
        $0.begin(at: [-1.6, 2.5])
        $0.move(to: [-1.6, 2.52])
      }
    ),
    configured: { $0.limits[.clearanceSelf, "least_m"] = 0.3 })

  static let clearanceHuman = RuleFixture(
    .clearanceHuman, needs: [.state, .people, .command], margin: 1.48...1.52,
    // 2 m less both radii, and what is required: 1.6 m/s for some 0.12 s, and 0.16 m.
    passes: {
      $0.people([[bodyPart(-2, 0)]])
      $0.state([-1, 0.3])
      $0.move(to: [-1.02, 0.3])
    },
    fails: {
      $0.people([[bodyPart(1.2, 0)]])
      $0.state([0, 0])
      $0.move(to: [0.1, 0])
    })

  static let zoneSpeed = RuleFixture(
    .zoneSpeed, needs: [.state], margin: 0.16...0.17,
    // 0.25 m/s less 0.05 rad/s at 1 m, and what the position's error and age make of it.
    passes: {
      $0.begin(at: [0, 0])
      $0.state([0, 0], velocity: [0.05, 0])
    },
    fails: {
      $0.begin(at: [0, 0])
      $0.state([0, 0], velocity: [0.5, 0])
    },
    configured: {
      $0.cell.zones = [
        Zone(
          name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: false),
          box: Box(pose: Pose(rotation: .identity, translation: Vector3(1, 0, 0.5)), halfExtents: Vector3(0.3, 0.3, 0.3)))
      ]
    })
}

/// Fixtures of the rules on contact.
extension RuleFixture {
  static let contactHalt = RuleFixture(
    .contactHalt, needs: [.state, .contacts], margin: 0...0,
    passes: { $0.begin(at: [-1, 0.3]) },
    fails: {
      $0.people()
      $0.state([-1, 0.3], velocity: [0.1, 0], contacts: touch(20))
      $0.wait(0.09)
      $0.people()
      $0.state([-1, 0.3], velocity: [0.1, 0], contacts: touch(20))
    })

  static let contactForce = RuleFixture(
    .contactForce, needs: [.state, .contacts], margin: 54...54,
    // 60 N less 5 N and the measurement's error of 1 N.
    passes: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(5), force: 4)
    },
    fails: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(62))
    })
}

/// Fixtures of the rules on the arm's motion.
extension RuleFixture {
  static let motionPosition = RuleFixture(
    .motionPosition, needs: [.state, .command], margin: 0.75...0.79,
    // 2.8 rad less 2 rad, the limit's 0.01 rad and what the arm may pass on its way.
    passes: {
      $0.begin(at: [-2, 0.3])
      $0.move(to: [-1.98, 0.3])
    },
    fails: {
      $0.begin(at: [-2.75, 0.3])
      $0.move(to: [-2.85, 0.3])
    },
    outside: (
      back: {
        $0.begin(at: [-2.8, 0.3])
        $0.move(to: [-2.75, 0.3])
      },
      farther: {
        $0.begin(at: [-2.8, 0.3])
        $0.move(to: [-2.81, 0.3])
      }
    ))

  static let motionVelocity = RuleFixture(
    .motionVelocity, needs: [.state, .command], margin: 1.2...1.7,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.02, 0.3])
    },
    fails: {
      $0.people()
      $0.state([-1, 0.3], velocity: [2.1, 0])
    })

  static let motionTCPSpeed = RuleFixture(
    .motionTCPSpeed, needs: [.state, .command], margin: 0.9...1.4,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.02, 0.3])
    },
    fails: {
      $0.people()
      $0.state([-1, 0], velocity: [2.1, 0])
    })

  static let motionJump = RuleFixture(
    .motionJump, needs: [.state, .command], margin: 0.29...0.3,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.2, 0.3])
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.6, 0.3])
    })
}

/// Fixtures of the rules on the inputs themselves.
extension RuleFixture {
  static let integritySchema = RuleFixture(
    .integritySchema, needs: [.message], margin: 0...0,
    passes: { $0.begin(at: [-1, 0.3]) },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.add(.rejected(Rejection(stream: .state, reason: .undecodable)))
    })

  static let integritySequence = RuleFixture(
    .integritySequence, needs: [.message], margin: 0...0,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.state([-1, 0.3])
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.steps.append($0.steps[1])
    })

  static let integrityStale = RuleFixture(
    .integrityStale, needs: [.state, .people], margin: 0.0479...0.0481,
    // The state may be 50 ms old and takes 2 ms to come.
    passes: { $0.begin(at: [-1, 0.3]) },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.049)
      $0.add(.tick)
    })

  static let integrityClock = RuleFixture(
    .integrityClock, needs: [.message], margin: 0.2...0.2,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.02)
      $0.state([-1, 0.3])
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.02)
      $0.state([-1, 0.3]) { $0.sequence.time?.nanoseconds += 250_000_000 }
    })

  static let integrityIdentity = RuleFixture(
    .integrityIdentity, needs: [.message], margin: 0...0,
    passes: { $0.begin(at: [-1, 0.3]) },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.state([-1, 0.3]) { $0.sequence.stream = 5 }
    })

  static let integrityHeartbeat = RuleFixture(
    .integrityHeartbeat, needs: [.message], margin: 0.98...0.98,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.wait(0.02)
      $0.add(.tick)
    },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.wait(1.01)
      $0.add(.tick)
    })
}

/// Fixtures of the rules on who may order what.
extension RuleFixture {
  static let authorityReset = RuleFixture(
    .authorityReset, needs: [.message], margin: 0...0,
    passes: {
      $0.begin(at: [-1, 0.3])
      $0.people()
      $0.state([-1, 0.3], contacts: touch(20))
      $0.state([-1, 0.3])
      $0.add(.reset(Reset(latch: 1)))
    },
    fails: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(20))
      $0.add(.reset(Reset(latch: 1)))
    })

  static let authorityMode = RuleFixture(
    .authorityMode, needs: [.state], margin: 0...0,
    passes: { $0.begin(at: [-1, 0.3]) },
    fails: {
      $0.begin(at: [-1, 0.3])
      $0.state([-1, 0.3]) { $0.mode = 7 }
    })
}
