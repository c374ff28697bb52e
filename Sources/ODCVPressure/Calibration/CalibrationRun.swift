import Foundation
import Synchronization

/// Runs studies on several threads. Each campaign has a stream of its own and sums are taken in a fixed order, so that
/// the result is the same with any number of jobs.
final class CalibrationRun: Sendable {
  private struct Chunk: Sendable {
    var study: Int
    var draws: Range<Int>
  }

  /// Sums over a chunk, for each target.
  private struct Sums: Sendable {
    var values: [Double]
    var squares: [Double]
  }

  private struct State {
    var next = 0
    var sums: [Sums?]
  }

  /// Campaigns that are summed together: fixed, as sums depend on their order.
  private static let chunk = 250

  let replications: Int
  let nullPaths: Int
  let seed: UInt64
  private let studies: [CalibrationStudy]
  private let chunks: [Chunk]
  private let state: Mutex<State>

  init(studies: [CalibrationStudy], replications: Int, nullPaths: Int, seed: UInt64) {
    self.studies = studies
    self.replications = replications
    self.nullPaths = nullPaths
    self.seed = seed
    var chunks: [Chunk] = []
    for (index, study) in studies.enumerated() {
      let draws = study.size.draws(replications: replications, nullPaths: nullPaths)
      for start in stride(from: 0, to: draws, by: Self.chunk) {
        chunks.append(Chunk(study: index, draws: start..<min(draws, start + Self.chunk)))
      }
    }
    self.chunks = chunks
    state = Mutex(State(sums: Array(repeating: nil, count: chunks.count)))
  }

  /// - Returns: `nil` when interrupted.
  func report(jobs: Int, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) -> CalibrationReport? {
    let group = DispatchGroup()
    for _ in 0..<max(1, min(jobs, chunks.count)) {
      group.enter()
      Thread { [self] in
        work(progress)
        group.leave()
      }.start()
    }
    group.wait()
    let sums = state.withLock { $0.sums }
    guard sums.allSatisfy({ $0 != nil }) else { return nil }
    let rows = studies.indices.flatMap { index in
      self.rows(studies[index], zip(chunks, sums).compactMap { $0.study == index ? $1 : nil })
    }
    return CalibrationReport(seed: seed, replications: replications, null_paths: nullPaths, rows: rows)
  }

  private func work(_ progress: (Int, Int) -> Void) {
    while !Campaign.interrupted.load(ordering: .relaxed) {
      let index = state.withLock { state in
        state.next += 1
        return state.next - 1
      }
      guard index < chunks.count else { return }
      let sums = self.sums(chunks[index])
      state.withLock { $0.sums[index] = sums }
      progress(index + 1, chunks.count)
    }
  }

  private func sums(_ chunk: Chunk) -> Sums {
    let study = studies[chunk.study]
    let stream = study.stream
    let zeros = [Double](repeating: 0, count: study.targets.count)
    var sums = Sums(values: zeros, squares: zeros)
    for draw in chunk.draws {
      var numbers = RandomNumbers(seed: seed ^ stream, stream: UInt64(draw))
      let values = study.measure(&numbers)
      precondition(values.count == zeros.count)
      for (index, value) in values.enumerated() {
        sums.values[index] += value
        sums.squares[index] += value * value
      }
    }
    return sums
  }

  private func rows(_ study: CalibrationStudy, _ sums: [Sums]) -> [CalibrationRow] {
    let draws = study.size.draws(replications: replications, nullPaths: nullPaths)
    let n = Double(draws)
    return study.targets.enumerated().map { index, target in
      let mean = sums.reduce(0) { $0 + $1.values[index] } / n
      let square = sums.reduce(0) { $0 + $1.squares[index] } / n
      return CalibrationRow(
        agent: study.agent, quantity: target.quantity, band: target.band, measured: mean,
        error: (max(0, square - mean * mean) / n).squareRoot(), draws: draws,
        within: target.band?.contains(mean))
    }
  }
}
