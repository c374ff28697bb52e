import TestSupport
import Testing

@testable import ODCVCore

/// What efforts leave unexplained, against what it may be: thresholds set to what the observer itself says.
@Suite struct ResidualWatchTests {
  private let part = ExpectedContact(link: 2, other: "part", maxForce: 4, maxDuration: 2)

  private func configuration(_ threshold: Double) -> Configuration {
    Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics(.sampled)
      $0.limits[.contactHalt, "torque_threshold_nm"] = threshold
      $0.cell.expectedContacts = [part]
    }
  }

  /// An arm that stands against these efforts, Nm.
  private func observed(
    _ effort: [Double], contacts: Contacts? = Contacts()
  ) throws -> (observer: ContactObserver, reading: ContactObserver.Reading, state: State) {
    var observer = try #require(ContactObserver(configuration(1)))
    var reading = ContactObserver.Reading.absent
    var feed = Feed()
    var last: State?
    for _ in 0..<400 {
      feed.wait(0.001)
      guard case .state(let state) = feed.state([0.3, 0.5], contacts: contacts, effort: effort) else { continue }
      observer.observe(state, at: feed.now, into: &reading)
      last = state
    }
    return (observer, reading, try #require(last))
  }

  private func watch(_ threshold: Double, _ effort: [Double], touches: Int? = nil) throws -> ContactWatch {
    var contacts = Contacts()
    if let touches {
      for _ in 0..<touches { contacts.append(Contact(link: 2, expected: nil, force: 1)) }
      contacts.append(Contact(link: 2, expected: 0, force: 1))
    }
    let (_, reading, state) = try observed(effort, contacts: contacts)
    let configuration = configuration(threshold)
    var watch = ContactWatch(configuration)
    watch.observe(state, reading, configuration: configuration, at: MonoInstant(nanoseconds: 5))
    return watch
  }

  @Test func whatMayBeTooMuchIsSuspectedAndWhatIsLatches() throws {
    for (joint, effort) in [(0, [30.0, 0]), (1, [0, -30.0]), (1, [0, 30.0])] {
      let (observer, _, _) = try observed(effort)
      let torque = observer.residual[joint]
      let error = observer.error[joint]
      #expect(abs(torque + effort[joint]) < 0.1 && error > 0 && error < 5)
      let none = try watch(abs(torque) + error, effort)
      #expect(none.suspectedSince == nil && none.latch == 0)
      let possible = try watch((abs(torque) + error).nextDown, effort)
      #expect(possible.suspectedSince?.nanoseconds == 5 && possible.latch == 0)
      #expect(try watch(abs(torque) - error, effort).latch == 0)
      // By less than one newton metre.
      for less in [1e-6, 0.5, 2] {
        let certain = try watch(abs(torque) - error - less, effort)
        #expect(certain.latch == 1 && certain.record?.sign == .residual(joint: joint, torque: torque))
      }
    }
  }

  @Test func theJointWithTheGreatestExcessIsNamed() throws {
    for (joint, effort) in [(0, [30.0, 12]), (1, [12.0, 30])] {
      guard case .residual(let named, _)? = try watch(5, effort).record?.sign else {
        Issue.record("no latch")
        continue
      }
      #expect(named == joint)
    }
  }

  @Test func aDeclaredContactExplainsItsForceAtItsLever() throws {
    for (joint, effort) in [(0, [30.0, 0]), (1, [0, 30.0])] {
      let (observer, _, _) = try observed(effort)
      let explained = 4 * observer.levers(of: 2)[joint]
      #expect(explained > 1)
      let most = abs(observer.residual[joint]) + observer.error[joint]
      for touches in 0..<2 {
        #expect(try watch(most - explained + 1e-6, effort, touches: touches).suspectedSince == nil)
        #expect(try watch(most - explained - 1e-6, effort, touches: touches).suspectedSince != nil)
      }
      #expect(try watch(most - explained + 1e-6, effort).suspectedSince != nil)
    }
  }
}
