import TestSupport
import Testing

@testable import ODCVEvidence

/// A recording that keeps only what surrounds violations.
@Suite struct ExcerptTests {
  private static let second: Int64 = 1_000_000_000

  private static func configuration(_ scratch: Scratch, before: Int64, after: Int64) throws -> RecorderConfiguration {
    var configuration = try RecorderTests.configuration(scratch)
    configuration.excerpts = Excerpts(before: before, after: after)
    configuration.excerptBytes = 4 << 20
    return configuration
  }

  /// Inputs 10 ms apart, each with a verdict, and violations at these.
  private static func record(
    _ configuration: RecorderConfiguration, _ count: UInt64, violations: Set<UInt64>, body: [UInt8] = []
  ) throws -> RecorderSummary {
    let ring = RecordRing()
    let confirmations = AckRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
    for index in 1...count {
      let instant = instant(index)
      while !ring.push(.undecoded, channel: 1, index, at: instant, "t", body) {}
      ring.push(.verdict, channel: 4, index, at: instant, "odcv/2/verdict/panda", RecorderTests.verdict(index, core: [1]))
      if violations.contains(index) { ring.push(.violation, index, at: instant, "", RecorderTests.verdict(index, core: [1])) }
    }
    return recorder.stop()
  }

  private static func instant(_ index: UInt64) -> Int64 { 5_000 + Int64(index) * 10_000_000 }

  struct Kept {
    var inputs: [UInt64] = []
    var verdicts: [UInt64] = []
    /// First inputs of excerpts that follow a gap.
    var begins: [UInt64] = []
    var missing: UInt64 = 0
    var leftOut: UInt64 = 0
    var isComplete = false
  }

  private static func kept(_ configuration: RecorderConfiguration) throws -> Kept {
    var recording = try Recording(path: configuration.directory.run)
    var kept = Kept()
    for item in try RecorderTests.read(&recording).items {
      switch item {
      case .input(let input):
        kept.inputs.append(input.index)
        if input.followsGap { kept.begins.append(input.index) }
      case .verdict(let index, _, _): kept.verdicts.append(index)
      case .alarm, .sent: break
      }
    }
    let flaws = recording.flaws
    #expect(flaws == [])
    (kept.missing, kept.leftOut, kept.isComplete) = (recording.missingInputs, recording.leftOutInputs, recording.isComplete)
    return kept
  }

  @Test func exactlyWhatSurroundsViolationsIsKeptAndOverlapsMerge() throws {
    var random = SeededGenerator(seed: 15)
    for round in 0..<20 {
      let scratch = Scratch()
      let (before, after) = (Int64(1 + random.next() % 300) * 10_000_000, Int64(1 + random.next() % 200) * 10_000_000)
      var configuration = try Self.configuration(scratch, before: before, after: after)
      // Now and then in several files.
      if round % 2 == 1 { configuration.splitInterval = 3_000_000 }
      let count: UInt64 = 3_000
      let violations = Set((0..<random.next() % 6).map { _ in 1 + random.next() % count })
      let summary = try Self.record(configuration, count, violations: violations)
      #expect(summary.errors == [] && summary.violationsLogged == UInt64(violations.count))
      let expected = (1...count).filter { index in
        violations.contains { violation in
          let distance = Self.instant(index) - Self.instant(violation)
          return distance >= -before && distance <= after
        }
      }
      let kept = try Self.kept(configuration)
      #expect(kept.inputs == expected, "round \(round)")
      #expect(kept.verdicts == expected)
      let begins = expected.filter { $0 > 1 && !expected.contains($0 - 1) }
      #expect(kept.begins == begins)
      #expect(kept.missing == 0 && kept.leftOut == (expected.last ?? 0) - UInt64(expected.count))
      #expect(!kept.isComplete || kept.leftOut == 0)
    }
  }

  @Test func memoryIsBoundedAndTheExcerptSaysHowFarItGoesBack() throws {
    let scratch = Scratch()
    var configuration = try Self.configuration(scratch, before: 20 * Self.second, after: Self.second)
    configuration.excerptBytes = 64 << 10
    let body = [UInt8](repeating: 7, count: 1000)
    _ = try Self.record(configuration, 1500, violations: [1400], body: body)
    let kept = try Self.kept(configuration)
    // 64 KiB hold about 60 of them, and not the 2000 that were asked for.
    let first = try #require(kept.inputs.first)
    #expect(kept.inputs.contains(1400) && kept.inputs.last == 1500 && first > 1300 && first < 1400)
    #expect(kept.inputs == Array(first...1500))
    let marks = try MCAPReader.sidecars(path: configuration.directory.recording).metadata.filter { $0.name == ExcerptMark.name }
    #expect(marks.map { $0.values["first_index"] } == [String(first)])
    #expect(marks[0].values["held_ns"] == String(Self.instant(1400) - Self.instant(first)))
  }

  @Test func theSecondsBeforeAReloadAreKeptInTheRunThatItEnds() throws {
    let scratch = Scratch()
    let (first, second) = try (
      Self.configuration(scratch, before: Self.second, after: Self.second),
      Self.configuration(scratch, before: Self.second, after: Self.second)
    )
    let ring = RecordRing()
    let recorder = try Recorder(first, ring: ring, confirmations: AckRing())
    func ticks(_ indices: ClosedRange<UInt64>, less: UInt64 = 0) {
      for index in indices { ring.push(.tick, index - less, at: Self.instant(index)) }
    }
    ticks(1...500)
    // Its trial is shorter than an excerpt: a violation after it reaches back into the run before.
    #expect(ring.pushPrepared(try recorder.prepare(second), index: 500, instant: Self.instant(500), next: -500))
    ticks(501...510)
    ring.push(.turned, 510, at: Self.instant(510))
    ticks(511...520, less: 500)
    ring.push(.violation, 20, at: Self.instant(520), "", RecorderTests.verdict(20, core: [1]))
    #expect(recorder.stop().errors == [])
    #expect(try Self.kept(first).inputs == Array(410...510))
    #expect(try Self.kept(second).inputs == Array(1...20))
  }

  @Test func violationsThatTheRingHadNoSpaceForAreSurroundedToo() throws {
    var window = ExcerptWindow(Excerpts(before: 10, after: 10), capacity: 1 << 16)
    var record = RingRecord()
    let ring = RecordRing()
    func hold(_ index: UInt64) {
      ring.push(.tick, index, at: Int64(index))
      _ = ring.pop(into: &record)
      _ = window.hold(record, index: index)
    }
    for index in 1...100 as ClosedRange<UInt64> { hold(index) }
    window.trigger(105...106)
    window.trigger(95...100)
    for index in 101...200 as ClosedRange<UInt64> { hold(index) }
    var kept: [UInt64] = []
    while case .write = window.next(isFull: false) {
      window.take(into: &record)
      kept.append(record.index)
    }
    #expect(kept == Array(85...116))
  }

  @Test func aRunWithoutAViolationKeepsNothingAndSaysSo() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch, before: Self.second, after: Self.second)
    _ = try Self.record(configuration, 500, violations: [])
    let kept = try Self.kept(configuration)
    let excerpts = try Recording(path: configuration.directory.run).excerpts
    #expect(kept.inputs == [] && excerpts == Excerpts(before: Self.second, after: Self.second))
  }
}
