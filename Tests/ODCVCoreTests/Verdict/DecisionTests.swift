import TestSupport
import Testing

@testable import ODCVCore

/// What a decision leaves under way: what the driver follows, and what was asked of it.
@Suite struct DecisionTests {
  private struct Scene: ~Copyable {
    var monitor: Monitor
    var feed = Feed()

    init(at q: [Double] = [-1, 0.3], _ change: (inout Configuration) -> Void = { _ in }) {
      monitor = Monitor(Planar.configuration(change))
      see()
      state(q)
    }

    mutating func step(_ input: Input) -> Decision { monitor.step(input, at: feed.now).decision }

    mutating func see(coverage: Bool = true) { _ = step(feed.people(coverage: coverage)) }

    mutating func state(_ q: [Double]) { _ = step(feed.state(q)) }

    /// The arm is touched.
    mutating func touch() -> Decision {
      var contacts = Contacts()
      contacts.append(Contact(link: 2, expected: nil, force: 20))
      return step(feed.state([-1, 0.3], contacts: contacts, force: 20))
    }

    mutating func move(to q: [Double]) -> Decision { step(feed.move(to: q)) }

    var follows: Goal { monitor.world.pending.goal }
    var asked: Goal { monitor.world.pending.requested }
  }

  private func goal(_ q: [Double]) -> Goal { .position(JointVector(q)) }

  @Test func whatIsAllowedIsFollowed() {
    var scene = Scene()
    let decision = scene.move(to: [-1.01, 0.3])
    #expect(decision == .allow && scene.follows == goal([-1.01, 0.3]) && scene.asked == goal([-1.01, 0.3]))
  }

  @Test func whatIsHeldIsStillAskedFor() {
    var scene = Scene()
    _ = scene.move(to: [-1.01, 0.3])
    scene.see(coverage: false)
    let (follows, asked) = (scene.follows, scene.asked)
    #expect(follows == .hold && asked == goal([-1.01, 0.3]))
    let decision = scene.move(to: [-1.02, 0.3])
    #expect(decision == .hold && scene.follows == .hold && scene.asked == goal([-1.02, 0.3]))
  }

  @Test func aCommandThatMeansNothingAsksForNothingElse() {
    var scene = Scene()
    _ = scene.move(to: [-1.01, 0.3])
    for target in [[1e18, 0], [.nan, 0], [0]] {
      let decision = scene.move(to: target)
      #expect(decision == .hold && scene.follows == .hold && scene.asked == goal([-1.01, 0.3]))
    }
    // Nobody knows where the arm is.
    scene.feed.wait(1)
    let decision = scene.move(to: [-1.02, 0.3])
    #expect(decision == .hold && scene.asked == goal([-1.01, 0.3]))
  }

  @Test func whatIsSlowedFollowsTheShorterWayAndIsAskedForTheWholeOne() {
    var scene = Scene { $0.limits[.motionTCPSpeed, "greatest_m_s"] = 9 }
    let decision = scene.move(to: [-1.8, 0.3])
    guard case .slow(let scale, let target) = decision else {
      Issue.record("\(decision)")
      return
    }
    #expect(scale == 0.5625 && scene.follows == .position(target) && scene.asked == goal([-1.8, 0.3]))
  }

  @Test func whereTheShareThatRulesTellIsTooMuchAQuarterOfItIsTried() {
    var scene = Scene { $0.limits[.motionTCPSpeed, "greatest_m_s"] = 9 }
    // 0.5 of 0.7995 rad are ten sixteenths; but the error of the encoders, a milliradian of it, does not shrink with the way.
    let decision = scene.move(to: [-1.7985, 0.3])
    guard case .slow(let scale, let target) = decision else {
      Issue.record("\(decision)")
      return
    }
    #expect(scale == 10.0 / 64 && scene.follows == .position(target) && scene.asked == goal([-1.7985, 0.3]))
  }

  @Test func anArmThatIsTouchedFollowsNothing() {
    var scene = Scene()
    _ = scene.move(to: [-1.01, 0.3])
    let decision = scene.touch()
    #expect(decision == .halt && scene.follows == .hold && scene.asked == goal([-1.01, 0.3]))
  }

  /// Who decided before has told the arm to stop.
  @Test func afterAHandoverNothingIsUnderWay() {
    var scene = Scene()
    _ = scene.move(to: [-1.01, 0.3])
    _ = scene.step(chunk(2))
    let due = scene.monitor.due
    _ = scene.step(.handover)
    let dueThen = scene.monitor.due
    #expect(due != nil && dueThen == nil && scene.follows == .hold)
  }

  @Test func monitorsAgreeWhereTheSameIsUnderWay() {
    var one = Scene()
    var other = Scene { $0.limits[.motionJump, "greatest_rad"] = 0.001 }
    let atFirst = one.monitor.agrees(with: other.monitor)
    let (allowed, held) = (one.move(to: [-1.01, 0.3]), other.move(to: [-1.01, 0.3]))
    let apart = one.monitor.agrees(with: other.monitor)
    #expect(atFirst && allowed == .allow && held != .allow && !apart)
    _ = one.step(.handover)
    _ = other.step(.handover)
    let again = one.monitor.agrees(with: other.monitor)
    #expect(again)
    _ = one.step(chunk(2))
    let withRows = one.monitor.agrees(with: other.monitor)
    #expect(!withRows)
  }

  // MARK: - Chunks

  private func chunk(_ number: UInt64) -> Input {
    var chunk = Chunk(
      sequence: Sequence(stream: 0, number: number, boot: 1), space: .jointPosition,
      first: ChunkRow(chunk: number, step: 0, length: 2, execute: 2, observation: nil), period: 0.02)
    for row in 1...2 { chunk.append(JointVector([-1 - 0.0005 * Double(row), 0.3])) }
    return .chunk(chunk)
  }

  @Test func aChunkForALatchedArmIsHaltedUnlessAReleaseIsInForce() {
    var scene = Scene()
    _ = scene.touch()
    let latched = scene.step(chunk(1))
    let due = scene.monitor.due
    #expect(latched == .halt && due == nil)
    _ = scene.step(.release(Release(number: 1)))
    let released = scene.step(chunk(2))
    let dueThen = scene.monitor.due
    #expect(released == .allow && dueThen != nil)
  }

  @Test func aChunkBehindTheEndOfAReleaseFindsTheArmHeld() {
    var scene = Scene()
    _ = scene.touch()
    _ = scene.step(.release(Release(number: 1)))
    let out = scene.move(to: [-1.002, 0.3])
    let follows = scene.follows
    #expect(out == .allow && follows.kind == .position)
    scene.feed.wait(5.1)
    let late = scene.step(chunk(2))
    #expect(late == .halt && scene.follows == .hold)
  }
}
