import TestSupport
import Testing

@testable import ODCVCore

/// Which row of a chunk is due, and when.
@Suite struct ChunkPlayerTests {
  private let start = MonoInstant(nanoseconds: 1_000_000_000)

  private func chunk(
    step: Int = 0, length: Int = 4, execute: Int = 4, period: Double = 0.25, rows: Int = 4, space: Chunk.Space = .jointPosition
  ) -> Chunk {
    var chunk = Chunk(
      sequence: Sequence(stream: 0, number: 3, boot: 1), space: space,
      first: ChunkRow(chunk: 9, step: step, length: length, execute: execute, observation: nil), period: period,
      gripper: GripperCommand(effort: 5))
    for row in 0..<rows { chunk.append(JointVector([Double(row), -Double(row)])) }
    return chunk
  }

  private func begins(_ chunk: Chunk) -> Bool {
    var player = ChunkPlayer()
    return player.begin(chunk, at: start)
  }

  private func row(_ due: ChunkPlayer.Due?) -> Int? {
    if case .row(let row) = due { row } else { nil }
  }

  private func after(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: start.nanoseconds + Int64(seconds * 1e9)) }

  @Test func aChunkIsTakenOnlyWhenWhatItStatesAgrees() {
    #expect(begins(chunk()))
    #expect(!begins(chunk(rows: 3)) && !begins(chunk(length: 5)))
    #expect(begins(chunk(execute: 1)) && !begins(chunk(execute: 5)) && !begins(chunk(execute: 0)))
    #expect(begins(chunk(step: 3)) && !begins(chunk(step: 4)) && !begins(chunk(step: -1)))
    #expect(!begins(chunk(step: 2, execute: 2)))
    #expect(!begins(chunk(period: 0)) && !begins(chunk(period: -0.1)) && !begins(chunk(period: .nan)))
    #expect(!begins(chunk(period: .infinity)))
    #expect(begins(chunk(period: 0.5)) && begins(chunk(period: 3600)) && !begins(chunk(period: 3600.0.nextUp)))
  }

  @Test func aChunkThatIsRefusedLeavesNone() {
    var player = ChunkPlayer()
    #expect(player.due == nil && player.coming == 0..<0 && player.next == nil && player.take(at: start) == nil)
    _ = player.begin(chunk(), at: start)
    #expect(player.coming == 0..<4)
    _ = player.begin(chunk(rows: 3), at: start)
    #expect(player.due == nil && player.coming.isEmpty && player.coming.lowerBound == 0)
    _ = player.begin(chunk(), at: start)
    player.end()
    #expect(player.next == nil)
  }

  @Test func rowsBecomeDueOneAfterTheOtherAndThenItIsOver() {
    var player = ChunkPlayer()
    _ = player.begin(chunk(step: 1, execute: 3), at: start)
    #expect(player.due == start && player.coming == 1..<3 && player.period == 0.25 && player.gripper?.effort == 5)
    #expect(player.sequence.number == 3)
    #expect(row(player.take(at: start)) == 1)
    #expect(player.place(1) == ChunkRow(chunk: 9, step: 1, length: 4, execute: 3, observation: nil))
    guard case .jointPosition(let target) = player.command(1) else {
      Issue.record("another command")
      return
    }
    #expect(target.count == 2 && target[0] == 1 && target[1] == -1)
    #expect(player.due == after(0.25) && player.coming == 2..<3 && player.take(at: start) == nil)
    #expect(player.take(at: MonoInstant(nanoseconds: after(0.25).nanoseconds - 1)) == nil)
    #expect(row(player.take(at: after(0.25))) == 2)
    #expect(player.due == after(0.5) && player.coming.isEmpty)
    guard case .over? = player.take(at: after(0.5)) else {
      Issue.record("it goes on")
      return
    }
    #expect(player.due == nil && player.take(at: after(9)) == nil)
  }

  @Test func ofSeveralRowsTheNewestThatIsDueIsTaken() {
    for (seconds, newest) in [(0.0, 0), (0.24, 0), (0.25, 1), (0.5, 2), (0.74, 2), (0.75, 3), (9, 3)] {
      var player = ChunkPlayer()
      _ = player.begin(chunk(), at: start)
      #expect(row(player.take(at: after(seconds))) == newest, "\(seconds)")
      #expect(player.next == newest + 1)
    }
    var later = ChunkPlayer()
    _ = later.begin(chunk(step: 1, execute: 3), at: start)
    #expect(row(later.take(at: after(9))) == 2)
    var soon = ChunkPlayer()
    _ = soon.begin(chunk(step: 1), at: start)
    #expect(row(soon.take(at: after(0.25))) == 2)
  }

  @Test func velocitiesEndWithTheirLastRowAndPositionsStay() {
    for (space, stops) in [
      (Chunk.Space.jointVelocity, true), (.jointEffort, true), (.jointPosition, false), (.jointDelta(.measured), false),
    ] {
      var player = ChunkPlayer()
      _ = player.begin(chunk(space: space), at: start)
      if case .stop = player.ends { #expect(stops) } else { #expect(!stops) }
    }
  }
}
