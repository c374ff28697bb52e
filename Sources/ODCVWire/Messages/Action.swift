import COdcvProto

/// A command of the controller.
public struct ActionMessage: Equatable, Sendable {
  /// What the numbers of an action are.
  public enum Space: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case jointPosition = 1
    case jointPositionDelta = 2
    case jointVelocity = 3
    case jointEffort = 4
    case eePose = 5
    case eePoseDelta = 6
    case eeTwist = 7
    case gripperOnly = 8
    case noMotion = 9
    /// Brake along the path, then hold.
    case stop = 10
  }

  /// What a delta is added to.
  public enum DeltaReference: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case measured = 1
    case lastCommand = 2
    case chunkStart = 3
  }

  /// How a rotation is written.
  public enum RotationForm: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case quaternion = 1
    case axisAngle = 2
    case rpyFixed = 3
    case rotation6D = 4
  }

  public var header: HeaderFields?
  public var space: Space?
  public var reference: DeltaReference?
  public var rotation: RotationForm?
  /// rad, one per joint in layout order.
  public var position: [Double]
  /// rad/s
  public var velocity: [Double]
  /// Nm
  public var effort: [Double]
  /// m, then the rotation in the form above, base frame.
  public var endEffector: [Double]
  /// Gripper joints, m or rad.
  public var gripperPosition: [Double]
  public var gripperEffort: [Double]
  public var stiffness: [Double]
  public var damping: [Double]
  /// How long the command holds, on the driver's clock.
  public var validForNanoseconds: Int64?
  public var chunkID: UInt64?
  public var chunkStep: UInt32?
  public var chunkLength: UInt32?
  public var chunkExecute: UInt32?
  public var chunkPeriodNanoseconds: Int64?
  public var chunkObservationSequence: UInt64?
  /// Row-major H x D.
  public var horizonPosition: [Double]
  public var instructionID: UInt64?
  public var terminate: Bool?

  public init(
    header: HeaderFields? = nil, space: Space? = nil, reference: DeltaReference? = nil,
    rotation: RotationForm? = nil, position: [Double] = [], velocity: [Double] = [], effort: [Double] = [],
    endEffector: [Double] = [], gripperPosition: [Double] = [], gripperEffort: [Double] = [],
    stiffness: [Double] = [], damping: [Double] = [], validForNanoseconds: Int64? = nil,
    chunkID: UInt64? = nil, chunkStep: UInt32? = nil, chunkLength: UInt32? = nil,
    chunkExecute: UInt32? = nil, chunkPeriodNanoseconds: Int64? = nil,
    chunkObservationSequence: UInt64? = nil, horizonPosition: [Double] = [], instructionID: UInt64? = nil,
    terminate: Bool? = nil
  ) {
    self.header = header
    self.space = space
    self.reference = reference
    self.rotation = rotation
    self.position = position
    self.velocity = velocity
    self.effort = effort
    self.endEffector = endEffector
    self.gripperPosition = gripperPosition
    self.gripperEffort = gripperEffort
    self.stiffness = stiffness
    self.damping = damping
    self.validForNanoseconds = validForNanoseconds
    self.chunkID = chunkID
    self.chunkStep = chunkStep
    self.chunkLength = chunkLength
    self.chunkExecute = chunkExecute
    self.chunkPeriodNanoseconds = chunkPeriodNanoseconds
    self.chunkObservationSequence = chunkObservationSequence
    self.horizonPosition = horizonPosition
    self.instructionID = instructionID
    self.terminate = terminate
  }
}

extension ActionMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__action__init)

  public init(_ c: Odcv__V1__Action) {
    header = unsafe read(c.header)
    space = unsafe read(c.has_space, c.space)
    reference = unsafe read(c.has_reference, c.reference)
    rotation = unsafe read(c.has_rotation, c.rotation)
    position = unsafe read(c.n_position, c.position)
    velocity = unsafe read(c.n_velocity, c.velocity)
    effort = unsafe read(c.n_effort, c.effort)
    endEffector = unsafe read(c.n_ee, c.ee)
    gripperPosition = unsafe read(c.n_gripper_position, c.gripper_position)
    gripperEffort = unsafe read(c.n_gripper_effort, c.gripper_effort)
    stiffness = unsafe read(c.n_stiffness, c.stiffness)
    damping = unsafe read(c.n_damping, c.damping)
    validForNanoseconds = unsafe read(c.has_valid_for_ns, c.valid_for_ns)
    chunkID = unsafe read(c.has_chunk_id, c.chunk_id)
    chunkStep = unsafe read(c.has_chunk_step, c.chunk_step)
    chunkLength = unsafe read(c.has_chunk_len, c.chunk_len)
    chunkExecute = unsafe read(c.has_chunk_execute, c.chunk_execute)
    chunkPeriodNanoseconds = unsafe read(c.has_chunk_dt_ns, c.chunk_dt_ns)
    chunkObservationSequence = unsafe read(c.has_chunk_obs_seq, c.chunk_obs_seq)
    horizonPosition = unsafe read(c.n_horizon_position, c.horizon_position)
    instructionID = unsafe read(c.has_instruction_id, c.instruction_id)
    terminate = unsafe read(c.has_terminate, c.terminate)
  }

  public func fill(_ c: inout Odcv__V1__Action, _ arena: inout Arena) {
    unsafe odcv__v1__action__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(space, &c.has_space, &c.space)
    unsafe write(reference, &c.has_reference, &c.reference)
    unsafe write(rotation, &c.has_rotation, &c.rotation)
    unsafe write(position, &c.n_position, &c.position, &arena)
    unsafe write(velocity, &c.n_velocity, &c.velocity, &arena)
    unsafe write(effort, &c.n_effort, &c.effort, &arena)
    unsafe write(endEffector, &c.n_ee, &c.ee, &arena)
    unsafe write(gripperPosition, &c.n_gripper_position, &c.gripper_position, &arena)
    unsafe write(gripperEffort, &c.n_gripper_effort, &c.gripper_effort, &arena)
    unsafe write(stiffness, &c.n_stiffness, &c.stiffness, &arena)
    unsafe write(damping, &c.n_damping, &c.damping, &arena)
    unsafe write(validForNanoseconds, &c.has_valid_for_ns, &c.valid_for_ns)
    unsafe write(chunkID, &c.has_chunk_id, &c.chunk_id)
    unsafe write(chunkStep, &c.has_chunk_step, &c.chunk_step)
    unsafe write(chunkLength, &c.has_chunk_len, &c.chunk_len)
    unsafe write(chunkExecute, &c.has_chunk_execute, &c.chunk_execute)
    unsafe write(chunkPeriodNanoseconds, &c.has_chunk_dt_ns, &c.chunk_dt_ns)
    unsafe write(chunkObservationSequence, &c.has_chunk_obs_seq, &c.chunk_obs_seq)
    unsafe write(horizonPosition, &c.n_horizon_position, &c.horizon_position, &arena)
    unsafe write(instructionID, &c.has_instruction_id, &c.instruction_id)
    unsafe write(terminate, &c.has_terminate, &c.terminate)
  }
}

extension ActionMessage {
  /// The instruction that an encoded action names; `nil` when it names none or is no action. Allocates nothing.
  public static func instructionID(in body: UnsafeRawBufferPointer) -> UInt64? {
    var found: UInt64?
    var reader = unsafe WireReader(bytes: body)
    do throws(BoundsRefusal) {
      while let (number, type) = try reader.nextField() {
        if number == instructionField, type == .varint { found = try reader.varint() } else { try reader.skip(type) }
      }
    } catch {
      return nil
    }
    return found
  }

  /// Number of `instruction_id` in proto/odcv/v1/robot.proto.
  private static let instructionField = 21
}
