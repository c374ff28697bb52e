import Foundation
import ODCVCore
import ODCVEvidence
import TestSupport
import Testing

@testable import ODCVMonitor

/// What is judged on three threads is what is judged on one, for whole recordings and for those that are cut or changed anywhere.
@Suite(.serialized) struct JudgingLineTests {
  private let run: RecordedRun
  private let directory: TemporaryDirectory

  init() throws {
    run = try RecordedRun.shared.get()
    directory = try TemporaryDirectory()
  }

  /// All that a check takes from a recording, in order, and how that ended.
  private struct Course: Equatable {
    var steps: [String] = []
    var failure: String?
    var missing: UInt64 = 0
    var foreign: UInt64 = 0
    var problems: [MCAPProblem] = []
    var ending: MCAPEnding?

    mutating func input(_ index: UInt64, _ instant: Int64, isMessage: Bool, _ core: [UInt8]) {
      steps.append("input \(index) at \(instant) \(isMessage) \(core.hashValue)")
    }
    mutating func unknown(_ index: UInt64) { steps.append("unknown \(index)") }
    mutating func stored(_ index: UInt64, _ core: [UInt8]?, isWhole: Bool) {
      steps.append("stored \(index) \(core.hashValue) \(isWhole)")
    }
    mutating func end(_ recording: borrowing Recording) {
      (missing, foreign) = (recording.missingInputs, recording.foreignMessages)
      (problems, ending) = (recording.problems, recording.ending)
    }
  }

  /// One after the other on this thread.
  private func plain(_ path: String, withVerdicts: Bool) throws -> Course {
    var recording = try Recording(path: path, withVerdicts: withVerdicts)
    var judge = Judge(try RecordingCheck.attached(run.recording), recording)
    var course = Course()
    do {
      while let item = try recording.next() {
        switch item {
        case .input(let input):
          if let core = judge.step(input) {
            course.input(input.index, input.instant, isMessage: JudgedBatch.Stamp(input).isMessage, core)
          } else {
            course.unknown(input.index)
          }
        case .verdict(let index, let core, _): course.stored(index, core, isWhole: recording.isWholeSoFar)
        case .alarm, .sent: break
        }
      }
      course.end(recording)
    } catch {
      course.failure = "\(error)"
    }
    return course
  }

  private func threaded(_ path: String, withVerdicts: Bool) throws -> Course {
    let recording = try Recording(path: path, withVerdicts: withVerdicts)
    let loaded = try RecordingCheck.attached(run.recording)
    let decoder = RecordedDecoder(loaded, resetNonce: recording.resetNonce)
    var course = Course()
    var bytes = [UInt8](repeating: 0, count: Capacity.verdictBytes)
    do {
      let end = try JudgingLine.run(recording, decoder, RecordedMonitor(loaded)) { entry, verdict in
        switch entry {
        case .input(_, let stamp):
          let verdict = try #require(verdict)
          let size = bytes.withUnsafeMutableBytes { verdict.pointee.encode(into: $0, configuration: loaded.core.digest) }
          course.input(stamp.index, stamp.instant, isMessage: stamp.isMessage, Array(bytes[..<size]))
        case .unknownEndpoint(let index): course.unknown(index)
        case .stored(let index, let core, let isWhole): course.stored(index, core, isWhole: isWhole)
        case .rowsToCome: break
        }
      }
      course.end(end)
    } catch {
      course.failure = "\(error)"
    }
    return course
  }

  @Test func aWholeRecordingIsJudgedTheSame() throws {
    for withVerdicts in [true, false] {
      let course = try plain(run.recording, withVerdicts: withVerdicts)
      #expect(course.ending == .closed && course.problems.isEmpty && course.steps.count > 500)
      #expect(try threaded(run.recording, withVerdicts: withVerdicts) == course)
    }
  }

  /// With stored verdicts left out, inputs and what is wrong with the file are the same.
  @Test func storedVerdictsThatNobodyWantsChangeNothingElse() throws {
    for path in [run.recording] + (try damaged(seed: 31, count: 4)) {
      guard let with = try? plain(path, withVerdicts: true), var without = try? plain(path, withVerdicts: false) else { continue }
      without.steps.removeAll { $0.hasPrefix("stored") }
      var inputs = with
      inputs.steps.removeAll { $0.hasPrefix("stored") }
      #expect(without == inputs, "\(path)")
    }
  }

  @Test func aDamagedRecordingGivesTheSameRecordsProblemsAndErrors() throws {
    var endings: Set<String> = []
    for path in try damaged(seed: 30, count: 12) {
      let isReadable = (try? Recording(path: path)) != nil
      guard isReadable else {
        #expect(throws: EvidenceError.self) { _ = try threaded(path, withVerdicts: true) }
        continue
      }
      let course = try plain(path, withVerdicts: true)
      endings.insert("\(course.ending == .closed) \(course.problems.isEmpty) \(course.failure == nil)")
      guard try threaded(path, withVerdicts: true) == course else {
        Issue.record("\(path): judged otherwise on three threads")
        return
      }
    }
    // Cut, changed and both were among them.
    #expect(endings.count > 1, "\(endings)")
  }

  /// Whoever takes the verdicts may have enough of them at any time: nothing hangs, and what it threw comes out.
  @Test func whoTakesTheVerdictsMayEndIt() throws {
    struct Enough: Error {}
    let loaded = try RecordingCheck.attached(run.recording)
    for wanted in [0, 1, 31, 32, 33, 500] {
      var taken = 0
      #expect(throws: Enough.self) {
        _ = try JudgingLine.run(
          try Recording(path: run.recording), RecordedDecoder(loaded, resetNonce: nil), RecordedMonitor(loaded)
        ) { _, _ in
          if taken == wanted { throw Enough() }
          taken += 1
        }
      }
      #expect(taken == wanted)
    }
  }

  /// Copies that are cut somewhere, or have some bytes changed, or pieces exchanged.
  private func damaged(seed: UInt64, count: Int) throws -> [String] {
    var random = SeededGenerator(seed: seed)
    let whole = try Data(contentsOf: URL(fileURLWithPath: run.recording))
    return try (0..<count).map { number in
      var data = whole
      func place() -> Int { Int(random.next() % UInt64(data.count)) }
      switch number % 4 {
      case 0: data.removeLast(place())
      case 1: for _ in 0..<3 { data[place()] ^= 1 << (random.next() % 8) }
      case 2:
        let (from, to, size) = (place(), place(), Int(random.next() % 4096))
        let piece = data[from..<min(from + size, data.count)]
        data.replaceSubrange(to..<min(to + piece.count, data.count), with: piece)
      default:
        data.removeLast(place() / 2)
        data[place()] = UInt8(truncatingIfNeeded: random.next())
      }
      let path = directory.path + "/damaged-\(seed)-\(number).mcap"
      try data.write(to: URL(fileURLWithPath: path))
      return path
    }
  }
}
