import TestSupport
import Testing

@testable import ODCVCore

@Test func exposureCountsTheTimeNearALimit() {
  // Clear of the post by little more than is asked for, and then far from it.
  var configuration = Planar.configuration()
  configuration.limits[.clearanceStatic, "least_m"] = 0.3
  var monitor = Monitor(configuration)
  var feed = Feed()
  func run(_ q: [Double], _ seconds: Double) {
    for _ in 0..<Int((seconds / 0.02).rounded()) {
      feed.wait(0.02)
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state(q), at: feed.now)
    }
  }
  run([-1, 0], 1)
  #expect(monitor.coverage[.clearanceStatic].exposure == 0)
  run([0.3, 0], 0.5)
  let near = monitor.coverage[.clearanceStatic].exposure
  #expect(near > 0.45 && near < 0.55, "\(near)")
  run([-1, 0], 1)
  #expect(monitor.coverage[.clearanceStatic].exposure < near + 0.03)
}

@Test func theFirstStepHasLastedNoTimeAndTheSecondAsLongAsItDid() {
  var monitor = Monitor(Planar.configuration { $0.limits[.clearanceStatic, "least_m"] = 0.3 })
  var feed = Feed()
  _ = monitor.step(feed.state([0.3, 0]), at: feed.now)
  #expect(monitor.coverage[.clearanceStatic].exposure == 0)
  feed.wait(0.015625)
  _ = monitor.step(feed.state([0.3, 0]), at: feed.now)
  #expect(monitor.coverage[.clearanceStatic].exposure == 0.015625)
}

@Test func aChunkIsJudgedByItselfOverAllItsRowsAndCounted() {
  /// The finding of a chunk that leads to these places, after a message that was refused.
  func predict(_ targets: [Double]) -> (verdict: Verdict, counted: UInt64) {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    _ = monitor.step(.rejected(Rejection(stream: .people, reason: .undecodable)), at: feed.now)
    var chunk = Chunk(
      sequence: Sequence(stream: 0, number: 7, boot: 1), space: .jointPosition,
      first: ChunkRow(chunk: 1, step: 0, length: targets.count, execute: targets.count, observation: nil), period: 0.02)
    for target in targets { chunk.append(JointVector([target, 0.3])) }
    let verdict = monitor.step(.chunk(chunk), at: feed.now)
    let counts = monitor.coverage[.clearanceStatic]
    return (verdict, counts.evaluated + counts.skipped + counts.unknown + counts.notApplicable)
  }
  let good = predict([-1.001, -1.002, -1.003])
  #expect(good.verdict.finding(.integritySchema)?.outcome == .pass && good.verdict.actionSequence == 7 && good.counted == 4)
  // Up to the limit, beyond it and back: the row that fails is none of the last.
  let bad = predict(Array(repeating: -1, count: 4) + [-2.9] + Array(repeating: -1, count: 40))
  #expect(bad.verdict.finding(.motionPosition)?.outcome.isViolation == true)
}

@Test func everyStepCountsEveryRuleOnce() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  for _ in 0..<20 {
    feed.wait(0.02)
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    _ = monitor.step(feed.move(to: [-1.01, 0.3]), at: feed.now)
  }
  for rule in RuleID.allCases {
    let count = monitor.coverage[rule]
    #expect(count.evaluated + count.skipped + count.unknown + count.notApplicable == 60, "\(rule.name)")
  }
}

@Suite struct ClearAfterTests {
  private let configuration = Planar.configuration { $0.limits.setClearAfter(0.1, .motionJump) }

  @Test func aHoldLastsOnAndItsBeginningDoesNot() {
    var monitor = Monitor(configuration)
    var feed = Feed()
    func step(_ target: Double) -> Decision {
      feed.wait(0.02)
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
      return monitor.step(feed.move(to: [target, 0.3]), at: feed.now).decision
    }
    #expect(step(-1.01) == .allow)
    // At once, and for as long as it fails.
    #expect(step(-2.2) != .allow)
    for _ in 0..<4 { #expect(step(-1.01) == .hold) }
    _ = step(-1.01)
    #expect(step(-1.01) == .allow)
  }

  @Test func itIsOverExactlyAfterItsTime() {
    func decision(after nanoseconds: Int64) -> Decision {
      var monitor = Monitor(Planar.configuration { $0.limits.setClearAfter(0.125, .motionJump) })
      var feed = Feed()
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
      _ = monitor.step(feed.move(to: [-2.2, 0.3]), at: feed.now)
      for _ in 0..<4 {
        feed.now.nanoseconds += nanoseconds / 4
        _ = monitor.step(feed.people(), at: feed.now)
        _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
      }
      return monitor.step(feed.move(to: [-1.01, 0.3]), at: feed.now).decision
    }
    #expect(decision(after: 124_999_996) == .hold)
    #expect(decision(after: 125_000_000) == .allow)
  }

  @Test func withoutItTheNextGoodCommandGoes() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    #expect(monitor.step(feed.move(to: [-2.2, 0.3]), at: feed.now).decision != .allow)
    #expect(monitor.step(feed.move(to: [-1.01, 0.3]), at: feed.now).decision == .allow)
  }

  @Test func noOtherRulesHoldLasts() {
    var monitor = Monitor(configuration)
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    #expect(monitor.step(.rejected(Rejection(stream: .state, reason: .undecodable)), at: feed.now).decision == .hold)
    #expect(monitor.step(feed.move(to: [-1.01, 0.3]), at: feed.now).decision == .allow)
  }
}
