import ODCVCore
import TestSupport

/// Fixtures of the rules on how hard, how fast and how long contact may be.
extension RuleFixture {
  static let contactPressure = RuleFixture(
    .contactPressure, needs: [.state, .contacts], margin: 0.4399e6...0.4401e6,
    // 5 N and the error of 1 N over 1 cm² is 60 kPa; the least of the body's regions bears 500 kPa.
    passes: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(5), force: 4)
    },
    fails: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(52))
    })

  /// A hand in front of the arm, which may be touched there.
  static let reach = Zone(
    name: "reach", kind: .force(ForceLimits(regions: [.hand], recoils: false, force: 90, energy: 0.09, speed: 2)),
    box: Box(pose: Pose(rotation: .identity, translation: Vector3(1, 0, 0.5)), halfExtents: Vector3(0.3, 0.4, 0.3)))

  static let contactEnergy = RuleFixture(
    .contactEnergy, needs: [.state], margin: 0.0878...0.0889,
    // 3 kg / 2 against 1 kg is 0.6 kg; at 0.05 m/s and what the state leaves open, some 1 to 2 mJ of 90.
    passes: {
      $0.add($0.feed.people(hand: bodyPart(1, 0.2)))
      $0.state([0, 0])
      $0.state([0, 0], velocity: [0.05, 0])
    },
    fails: {
      $0.add($0.feed.people(hand: bodyPart(1, 0.2)))
      $0.state([0, 0])
      $0.state([0, 0], velocity: [0.7, 0])
    },
    configured: {
      $0.cell.zones = [reach]
      Planar.weigh(&$0.robot)
    })

  static let contactPermit = RuleFixture(
    .contactPermit, needs: [.state, .contacts], margin: 0.3999...0.4001,
    // 5 N and the error of 1 N of the 10 N that count as contact.
    passes: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(5), force: 4)
    },
    fails: {
      $0.people()
      $0.state([-1, 0.3], contacts: touch(12))
    })
}

extension Feed {
  /// One person of whom only a hand is seen.
  mutating func people(hand: Capsule) -> Input {
    guard case .people(var frame) = people() else { return people() }
    var person = Person(track: 1)
    person.append(hand, .hand)
    frame.append(person)
    return .people(frame)
  }
}
