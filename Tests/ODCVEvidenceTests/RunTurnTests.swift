import Foundation
import Testing

@testable import ODCVEvidence

/// One run's recording that is followed by another's.
@Suite struct RunTurnTests {
  private struct Rig {
    let scratch = Scratch()
    let ring = RecordRing()
    let confirmations = AckRing()
    let recorder: Recorder

    init() throws {
      recorder = try Recorder(RecorderTests.configuration(scratch), ring: ring, confirmations: confirmations)
    }

    func prepare() throws -> UInt64 { try recorder.prepare(RecorderTests.configuration(scratch)) }

    func ticks(_ indices: ClosedRange<UInt64>) { for index in indices { ring.push(.tick, index, at: Int64(6_000 + index)) } }

    func announce(_ number: UInt64, after index: UInt64, next: Int64) {
      #expect(ring.pushPrepared(number, index: index, instant: 7_000, next: next))
    }

    var recordings: [String] { get throws { try EvidenceDirectory.recordings(root: scratch.path + "/evidence") } }

    func inputs(_ path: String) throws -> (indices: [UInt64], isComplete: Bool, inForceFrom: UInt64?) {
      var recording = try Recording(path: path)
      let indices = try RecorderTests.read(&recording).inputs.map(\.index)
      return (indices, recording.isComplete, recording.inForceFrom)
    }
  }

  @Test func whatComesMeanwhileIsInBothAndEachIsWhole() throws {
    let rig = try Rig()
    rig.ticks(1...3)
    // The layout is the next run's first input, and what was input 4 its second.
    rig.announce(try rig.prepare(), after: 3, next: -2)
    rig.ring.push(.layout, channel: 0, 3, at: 7_000, detail: RecordKind.onlyNext, "odcv/2/layout/panda", RecorderTests.state(1))
    rig.ticks(4...6)
    rig.ring.push(.turned, 6, at: 7_000)
    rig.ticks(5...7)
    rig.ring.push(.violation, 7, at: 7_000, "", RecorderTests.verdict(7, core: [1]))
    rig.recorder.stop()
    let paths = try rig.recordings
    try #require(paths.count == 2)
    let (old, new) = (try rig.inputs(paths[0]), try rig.inputs(paths[1]))
    #expect(old.indices == [1, 2, 3, 4, 5, 6] && old.isComplete && old.inForceFrom == 1)
    #expect(new.indices == [1, 2, 3, 4, 5, 6, 7] && new.isComplete && new.inForceFrom == 5)
    let confirmation = rig.confirmations.pop()
    #expect(confirmation?.arrivalIndex == 7 && confirmation?.run == 1)
  }

  /// Both are split, before and after the turn; what is not in force yet is one file.
  @Test func runsThatAreSplitFollowEachOther() throws {
    let scratch = Scratch()
    func configuration() throws -> RecorderConfiguration {
      var configuration = try RecorderTests.configuration(scratch)
      configuration.splitInterval = 2_000_000
      return configuration
    }
    let (ring, first) = (RecordRing(), try configuration())
    let recorder = try Recorder(first, ring: ring, confirmations: AckRing())
    var index: UInt64 = 0
    func tick() {
      index += 1
      ring.push(.tick, index, at: Int64(6_000 + index))
      usleep(300)
    }
    while recorder.state.part < 4 { tick() }
    let second = try configuration()
    #expect(ring.pushPrepared(try recorder.prepare(second), index: index, instant: 7_000, next: -Int64(index)))
    let before = index
    for _ in 0..<50 { tick() }
    #expect(RecorderTests.waitUntil { ring.usedBytes == 0 })
    #expect(try EvidenceDirectory.parts(of: second.directory.run).count == 1)
    ring.push(.turned, index, at: 7_000)
    let turned = index
    #expect(RecorderTests.waitUntil { ring.usedBytes == 0 })
    index -= before
    #expect(RecorderTests.waitUntil {
      tick()
      return ((try? EvidenceDirectory.parts(of: second.directory.run).count) ?? 0) > 3
    })
    #expect(recorder.stop().errors == [])
    var old = try Recording(path: first.directory.run)
    var new = try Recording(path: second.directory.run)
    let (oldInputs, newInputs) = (try RecorderTests.read(&old).inputs, try RecorderTests.read(&new).inputs)
    let (oldIsWhole, newIsWhole, inForceFrom) = (old.isComplete, new.isComplete, new.inForceFrom)
    #expect(oldInputs.map(\.index) == Array(1...turned) && oldIsWhole)
    #expect(newInputs.map(\.index) == Array(1...index) && newIsWhole && inForceFrom == turned - before + 1)
    #expect(try LogVerifier.verify(directory: first.directory.root).isIntact)
    // Where the first file is gone the others know, too.
    try System.remove(second.directory.recording, in: second.directory.run)
    let rest = try Recording(path: second.directory.run).inForceFrom
    #expect(rest == inForceFrom)
  }

  @Test func whatIsAbandonedLeavesNothingAndTheRunGoesOn() throws {
    let rig = try Rig()
    rig.announce(try rig.prepare(), after: 0, next: 0)
    rig.ticks(1...3)
    rig.ring.push(.abandoned, 3, at: 7_000)
    rig.ticks(4...5)
    rig.recorder.stop()
    let paths = try rig.recordings
    let only = try rig.inputs(try #require(paths.first))
    #expect(paths.count == 1 && only.indices == [1, 2, 3, 4, 5] && only.isComplete)
  }

  /// A slow disk: who prepared it has long given it up when the recorder hears of it.
  @Test func whatWasDiscardedBeforeItsTurnIsNeverInForce() throws {
    let rig = try Rig()
    let (first, second) = (try rig.prepare(), try rig.prepare())
    rig.recorder.discardPrepared(first)
    rig.announce(first, after: 0, next: 0)
    rig.ring.push(.abandoned, 0, at: 7_000)
    rig.announce(second, after: 0, next: 0)
    rig.ticks(1...2)
    rig.ring.push(.turned, 2, at: 7_000)
    rig.ticks(3...3)
    rig.recorder.stop()
    let paths = try rig.recordings
    try #require(paths.count == 2)
    #expect(try rig.inputs(paths[1]).inForceFrom == 3)
  }

  @Test func whatWasPreparedAndNeverAnnouncedGoesWithTheRecorder() throws {
    let rig = try Rig()
    _ = try rig.prepare()
    rig.ticks(1...2)
    #expect(try rig.recordings.count == 2)
    rig.recorder.stop()
    #expect(try rig.recordings.count == 1)
  }
}
