/// A command of the controller.
public struct Action: Sendable {
  /// What a delta is added to.
  public enum Reference: Sendable {
    /// Where the arm is measured when its driver takes the command.
    case measured
    /// The joint target that the driver was given last, and the tool's pose there.
    case lastCommand
    /// The joints in the state message that the chunk names as its observation, and the tool's pose there.
    case chunkStart
  }

  public enum Command: Sendable {
    /// rad, one per joint
    case jointPosition(JointVector)
    /// rad, one per joint
    case jointDelta(JointVector, from: Reference)
    /// rad/s, one per joint, until the next command
    case jointVelocity(JointVector)
    /// Nm beyond what holds the arm, one per joint, until the next command
    case jointEffort(JointVector)
    /// The tool centre point and the orientation of its link, base frame, m.
    case endEffectorPose(Pose)
    /// Translation in m, rotation as axis times angle in rad put before the reference's, both in the base frame.
    case endEffectorDelta(translation: Vector3, rotation: Vector3, from: Reference)
    /// m/s and rad/s in the base frame, until the next command
    case endEffectorTwist(linear: Vector3, angular: Vector3)
    /// Brake along the path, then hold.
    case stop
    /// No motion of the arm is commanded (gripper alone, or none).
    case none
    /// Something that is not judged, so unknown.
    case unsupported
  }
  public var sequence: Sequence
  public var command: Command
  /// The row of a chunk that the controller says this is.
  public var row: ChunkRow?
  /// What the gripper is told; `nil`: nothing.
  public var gripper: GripperCommand?
  /// The controller says that its task is done.
  public var terminates = false

  public init(sequence: Sequence, command: Command, row: ChunkRow? = nil, gripper: GripperCommand? = nil) {
    self.sequence = sequence
    self.command = command
    self.row = row
    self.gripper = gripper
  }
}

/// What a command tells the gripper.
public struct GripperCommand: Sendable, Equatable {
  /// The greatest force that it is to close with, N; `nil` when the command does not state it.
  public var effort: Double?

  public init(effort: Double?) { self.effort = effort }
}

/// A row's place in its chunk, as the controller states it.
public struct ChunkRow: Sendable, Equatable {
  public var chunk: UInt64
  /// From 0.
  public var step: Int
  /// Rows of the chunk, and how many of them are to be executed before the next one.
  public var length: Int
  public var execute: Int
  /// The number of the state message that the chunk was computed from.
  public var observation: UInt64?

  public init(chunk: UInt64, step: Int, length: Int, execute: Int, observation: UInt64?) {
    self.chunk = chunk
    self.step = step
    self.length = length
    self.execute = execute
    self.observation = observation
  }
}

/// A chunk in one message: its rows become due one period after the other, the first at receipt.
public struct Chunk: Sendable {
  /// What a row's numbers are; rotations are in one form already.
  public enum Space: Sendable {
    case jointPosition
    case jointDelta(Action.Reference)
    case jointVelocity
    case jointEffort
    /// Translation and the rotation's three columns, 12 numbers.
    case endEffectorPose
    /// Translation and axis times angle, 6 numbers.
    case endEffectorDelta(Action.Reference)
    case endEffectorTwist
  }

  public var sequence: Sequence
  public var space: Space
  /// Of the first row that is due; rows before it are not executed.
  public var first: ChunkRow
  /// s
  public var period: Double
  public var gripper: GripperCommand?
  public private(set) var count = 0
  private var storage = InlineArray<64, JointVector.Row>(repeating: JointVector.Row(repeating: 0))
  private var width = 0

  public init(sequence: Sequence, space: Space, first: ChunkRow, period: Double, gripper: GripperCommand? = nil) {
    self.sequence = sequence
    self.space = space
    self.first = first
    self.period = period
    self.gripper = gripper
  }

  public var isFull: Bool { count == Capacity.chunkRows }

  public mutating func append(_ row: JointVector) {
    precondition(count == 0 || row.count == width)
    width = row.count
    storage[count] = row.row
    count += 1
  }

  /// What the row with this number commands.
  public func command(_ row: Int) -> Action.Command {
    precondition(row < count)
    return space.command(JointVector(row: storage.span[row], count: width))
  }

  /// Hands out the rows one by one without copying the others.
  func forEach(_ body: (Int, JointVector.Row) -> Void) {
    let rows = storage.span
    for row in 0..<count { body(row, rows[row]) }
  }

  var columns: Int { width }
}

extension Chunk.Space {
  /// A row's numbers as a command.
  func command(_ row: JointVector) -> Action.Command {
    func vector(_ first: Int) -> Vector3 { Vector3(row[first], row[first + 1], row[first + 2]) }
    switch self {
    case .jointPosition: return .jointPosition(row)
    case .jointDelta(let reference): return .jointDelta(row, from: reference)
    case .jointVelocity: return .jointVelocity(row)
    case .jointEffort: return .jointEffort(row)
    case .endEffectorPose:
      guard row.count == 12 else { return .unsupported }
      return .endEffectorPose(
        Pose(rotation: Rotation(x: vector(3), y: vector(6), z: vector(9)), translation: vector(0)))
    case .endEffectorDelta(let reference):
      guard row.count == 6 else { return .unsupported }
      return .endEffectorDelta(translation: vector(0), rotation: vector(3), from: reference)
    case .endEffectorTwist:
      guard row.count == 6 else { return .unsupported }
      return .endEffectorTwist(linear: vector(0), angular: vector(3))
    }
  }
}

/// What a controller may command, to be judged without being taken in.
public enum Command: Sendable {
  case action(Action)
  case chunk(Chunk)
}
