/// The chunk in force: which of its rows is due, and which are to come.
///
/// Row k is due (k - first) periods after receipt, until the row behind it is. Any other command takes the place of all rows
/// that are not due yet; so does a newer chunk.
struct ChunkPlayer: ~Copyable, Sendable {
  private let rows = Lanes<JointVector.Row>(repeating: JointVector.Row(repeating: 0), count: Capacity.chunkRows)
  private var columns = 0
  private var space = Chunk.Space.jointPosition
  private(set) var sequence = Sequence(stream: 0, number: nil, boot: 0)
  private var first = ChunkRow(chunk: 0, step: 0, length: 0, execute: 0, observation: nil)
  private(set) var period = 0.0
  private(set) var gripper: GripperCommand?
  /// How many chunks were taken in: the number of the one in force.
  private(set) var begun: UInt64 = 0
  private var received = MonoInstant(nanoseconds: 0)
  /// The row to come next; `nil`: no chunk is in force.
  private(set) var next: Int?

  /// The rows to be executed that are not due yet.
  var coming: Range<Int> {
    guard let next else { return 0..<0 }
    return next..<max(next, first.execute)
  }

  /// Takes a chunk's rows in; its first row is due at once. `false`: what it states of itself does not agree.
  mutating func begin(_ chunk: Chunk, at instant: MonoInstant) -> Bool {
    next = nil
    let row = chunk.first
    guard chunk.count == row.length, row.step >= 0, row.step < row.execute, row.execute <= row.length,
      chunk.period.isFinite, chunk.period > 0, chunk.period <= 3600
    else { return false }
    columns = chunk.columns
    chunk.forEach { rows[$0] = $1 }
    space = chunk.space
    sequence = chunk.sequence
    first = row
    period = chunk.period
    gripper = chunk.gripper
    received = instant
    begun &+= 1
    next = row.step
    return true
  }

  mutating func end() { next = nil }

  /// When the next row is due, or when the last one ends; `nil` without a chunk.
  var due: MonoInstant? {
    guard let next else { return nil }
    return due(next)
  }

  private func due(_ row: Int) -> MonoInstant {
    MonoInstant(nanoseconds: received.nanoseconds &+ Int64(Double(row - first.step) * period * 1e9))
  }

  enum Due {
    /// Of several rows that became due since the last look, the newest: nobody follows the others any more.
    case row(Int)
    /// The last row's period is over.
    case over
  }

  /// What has become due at `now`, once.
  mutating func take(at now: MonoInstant) -> Due? {
    guard var row = next, now >= due(row) else { return nil }
    guard row < first.execute else {
      next = nil
      return .over
    }
    for later in row..<first.execute where now >= due(later) { row = later }
    next = row + 1
    return .row(row)
  }

  func command(_ row: Int) -> Action.Command { space.command(JointVector(row: rows[row], count: columns)) }

  func place(_ row: Int) -> ChunkRow {
    var place = first
    place.step = row
    return place
  }

  /// What follows its last row: a velocity or an effort ends with it, a position is held.
  var ends: Action.Command {
    switch space {
    case .jointVelocity, .jointEffort, .endEffectorTwist: .stop
    case .jointPosition, .jointDelta, .endEffectorPose, .endEffectorDelta: .none
    }
  }
}

/// A row of a chunk that was let through.
struct ExecutedRow: Sendable {
  var row: ChunkRow
  /// The number of the chunk that the monitor took it from; `nil` where the row came by itself.
  var message: UInt64?
  /// The joints that it led to.
  var target: JointVector

  /// Whether `next` is the step behind it: of the same message, or else of a chunk of which the same is said.
  func isFollowed(by next: ChunkRow, of message: UInt64?) -> Bool {
    var follower = row
    follower.step += 1
    return next == follower && message == self.message
  }
}

extension World {
  /// The number of the chunk that the judged row was taken from; `nil` where none was.
  var rowMessage: UInt64? { row == nil ? nil : chunk.begun }
}
