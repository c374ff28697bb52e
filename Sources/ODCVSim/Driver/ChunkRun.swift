import ODCVWire

/// A chunk that the driver executes row by row: row k a period after row k - 1, the first at once.
struct ChunkRun: Sendable {
  private let rows: [ActionMessage]
  private var next: Int
  private let last: Int
  /// ms
  private let period: Double
  private let began: Int64
  private let first: Int

  /// - Throws nothing; `nil` with no rows, or with numbers that do not divide into them.
  init?(_ chunk: ActionMessage, at tick: Int64) {
    let count = Int(chunk.chunkLength ?? 0)
    guard count > 0, let period = chunk.chunkPeriodNanoseconds, period > 0, chunk.horizonPosition.count % count == 0 else {
      return nil
    }
    let width = chunk.horizonPosition.count / count
    rows = (0..<count).map { index in
      let numbers = Array(chunk.horizonPosition[index * width..<(index + 1) * width])
      var row = chunk
      row.horizonPosition = []
      row.chunkStep = UInt32(index)
      switch chunk.space {
      case .jointVelocity: row.velocity = numbers
      case .jointEffort: row.effort = numbers
      case .eePose, .eePoseDelta, .eeTwist: row.endEffector = numbers
      case .jointPosition, .jointPositionDelta, .gripperOnly, .noMotion, .stop, .unspecified, nil: row.position = numbers
      }
      return row
    }
    first = Int(chunk.chunkStep ?? 0)
    next = first
    last = min(Int(chunk.chunkExecute ?? UInt32(count)), count)
    self.period = Double(period) * 1e-6
    began = tick
    guard first < last else { return nil }
  }

  /// The row that becomes due at this tick; a stop when the last row's time is over and it has no end of its own.
  mutating func due(at tick: Int64) -> ActionMessage? {
    guard next <= last, Double(tick - began) >= Double(next - first) * period - 1e-9 else { return nil }
    defer { next += 1 }
    if next < last { return rows[next] }
    switch rows[0].space {
    case .jointVelocity, .jointEffort, .eeTwist: return ActionMessage(space: .stop)
    case .jointPosition, .jointPositionDelta, .eePose, .eePoseDelta, .gripperOnly, .noMotion, .stop, .unspecified, nil:
      return nil
    }
  }
}
