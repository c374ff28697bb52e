import COdcvProto
import ODCVConfig
import ODCVCore
import ODCVWire

/// What goes to the arm's driver in place of an action, or with it.
public enum GateOutput {
  /// The original bytes, unchanged.
  case forward
  /// This Action instead; its bytes are valid until the gate's next call.
  case substitute(UnsafeRawBufferPointer)
}

/// Does what a decision says: lets an action through, or puts in its place a shorter way or a stop; never a new
/// direction. Allocates nothing after it is made.
public struct Gate: ~Copyable {
  public var mode: Mode
  private let robotID: UnsafeMutablePointer<CChar>
  /// Of the action that is answered.
  private var arena = Arena()
  /// Of the chunk whose rows are handed out when they are due.
  private var chunkArena = Arena()
  private var chunk: UnsafePointer<Odcv__V1__Action>?
  private let target: UnsafeMutableBufferPointer<Double>
  private let output: UnsafeMutableRawBufferPointer

  public init(mode: Mode, robotID: String) {
    self.mode = mode
    let id = robotID.utf8CString
    self.robotID = .allocate(capacity: id.count)
    for (place, character) in id.enumerated() { self.robotID[place] = character }
    target = .allocate(capacity: Capacity.joints)
    target.initialize(repeating: 0)
    // What is substituted is shorter than what it answers, but for a robot's id where that had none.
    output = .allocate(byteCount: MessageBounds.messageBytes + id.count + 64, alignment: 16)
  }

  deinit {
    robotID.deallocate()
    target.deallocate()
    output.deallocate()
  }

  /// What the driver is sent for a message of the controller; `nil`: nothing, because its rows are kept until they are due.
  ///
  /// - Parameter isLate: The verdict took longer than its deadline.
  public mutating func answer(
    to input: Input, _ verdict: Verdict, isLate: Bool, original: UnsafeRawBufferPointer
  ) -> GateOutput? {
    // However late, it is this chunk whose rows become due; each is judged again then.
    if verdict.judged == .predicted, verdict.decision == .allow, keep(original) { return nil }
    var decision = verdict.decision
    // To watch is to change nothing: in observe mode what came goes on, also what could not be judged.
    if case .rejected = input, decision == .allow { decision = .hold }
    // A verdict that comes too late is about a moment that is over.
    if isLate, decision != .halt { decision = .hold }
    return outgoing(for: decision, original: original)
  }

  /// What to send for an action whose verdict holds `decision`.
  ///
  /// In observe mode every action goes through as it came. What is substituted carries the header of the original, so
  /// that the driver's reports name the action that was answered.
  public mutating func outgoing(for decision: Decision, original: UnsafeRawBufferPointer) -> GateOutput {
    if mode == .observe { return .forward }
    switch decision {
    case .allow: return .forward
    case .slow(_, let target):
      guard let action = unpack(original) else { return .substitute(stop()) }
      return .substitute(shortened(action, to: target))
    case .hold, .halt:
      guard let action = unpack(original) else { return .substitute(stop()) }
      return .substitute(stop(answering: action))
    }
  }

  /// Keeps a chunk's rows back until they are due, so that none moves the arm unjudged; `false` in observe mode, where it goes
  /// through as it came.
  public mutating func keep(_ original: UnsafeRawBufferPointer) -> Bool {
    if mode == .observe { return false }
    chunkArena.reset()
    do throws(BoundsRefusal) {
      chunk = try chunkArena.unpack(ActionMessage.self, original)
    } catch {
      chunk = nil
    }
    return true
  }

  /// What to send for a row of the kept chunk that is due, by its verdict; without a row, for the end of its last one.
  public mutating func outgoing(for decision: Decision, row: Int?) -> UnsafeRawBufferPointer {
    guard let chunk, let row else { return stop() }
    switch decision {
    case .hold, .halt: return stop(answering: chunk)
    case .slow(_, let target): return shortened(chunk, to: target)
    case .allow: return self.row(row, of: chunk)
    }
  }

  /// A stop that answers no action: when a lease of motion ends for another reason.
  public mutating func stop() -> UnsafeRawBufferPointer {
    var header = Odcv__V1__Header()
    odcv__v1__header__init(&header)
    return stop(&header)
  }

  private mutating func unpack(_ original: UnsafeRawBufferPointer) -> UnsafePointer<Odcv__V1__Action>? {
    arena.reset()
    do throws(BoundsRefusal) { return try arena.unpack(ActionMessage.self, original) } catch { return nil }
  }

  private mutating func stop(answering action: UnsafePointer<Odcv__V1__Action>) -> UnsafeRawBufferPointer {
    guard let original = action.pointee.header else { return stop() }
    var header = original.pointee
    return stop(&header)
  }

  private func stop(_ header: inout Odcv__V1__Header) -> UnsafeRawBufferPointer {
    header.robot_id = robotID
    var action = Odcv__V1__Action()
    odcv__v1__action__init(&action)
    action.has_space = 1
    action.space = ODCV__V1__ACTION_SPACE__STOP
    return withUnsafeMutablePointer(to: &header) {
      action.header = $0
      return pack(&action)
    }
  }

  /// The same action with a nearer joint target.
  private func shortened(
    _ original: UnsafePointer<Odcv__V1__Action>, to joints: JointVector
  ) -> UnsafeRawBufferPointer {
    var action = Odcv__V1__Action()
    odcv__v1__action__init(&action)
    for joint in 0..<joints.count { target[joint] = joints[joint] }
    action.header = original.pointee.header
    action.has_space = 1
    action.space = ODCV__V1__ACTION_SPACE__JOINT_POSITION
    action.n_position = joints.count
    action.position = target.baseAddress
    action.n_gripper_position = original.pointee.n_gripper_position
    action.gripper_position = original.pointee.gripper_position
    action.n_gripper_effort = original.pointee.n_gripper_effort
    action.gripper_effort = original.pointee.gripper_effort
    action.has_valid_for_ns = original.pointee.has_valid_for_ns
    action.valid_for_ns = original.pointee.valid_for_ns
    action.has_instruction_id = original.pointee.has_instruction_id
    action.instruction_id = original.pointee.instruction_id
    return pack(&action)
  }

  /// One row of a chunk, as the command that it is.
  private mutating func row(_ index: Int, of chunk: UnsafePointer<Odcv__V1__Action>) -> UnsafeRawBufferPointer {
    var row = chunk.pointee
    let length = row.has_chunk_len != 0 ? Int(row.chunk_len) : 1
    let width = row.n_horizon_position / max(length, 1)
    // A row that the chunk does not have moves nothing.
    guard index >= 0, (index + 1) * width <= row.n_horizon_position else { return stop() }
    let numbers = row.horizon_position.map { $0 + index * width }
    (row.n_horizon_position, row.horizon_position) = (0, nil)
    (row.has_chunk_step, row.chunk_step) = (1, UInt32(index))
    let space: ActionMessage.Space? = row.has_space != 0 ? ActionMessage.Space(rawValue: row.space.rawValue) : nil
    switch space {
    case .jointVelocity: (row.n_velocity, row.velocity) = (width, numbers)
    case .jointEffort: (row.n_effort, row.effort) = (width, numbers)
    case .eePose, .eePoseDelta, .eeTwist: (row.n_ee, row.ee) = (width, numbers)
    case .jointPosition, .jointPositionDelta, .gripperOnly, .noMotion, .stop, .unspecified, nil:
      (row.n_position, row.position) = (width, numbers)
    }
    return pack(&row)
  }

  private func pack(_ action: inout Odcv__V1__Action) -> UnsafeRawBufferPointer {
    withUnsafeMutablePointer(to: &action) { action in
      let message = UnsafeMutableRawPointer(action).assumingMemoryBound(to: ProtobufCMessage.self)
      let size = protobuf_c_message_get_packed_size(message)
      precondition(size <= output.count, "what is substituted is no longer than what it answers")
      _ = protobuf_c_message_pack(message, output.baseAddress!.assumingMemoryBound(to: UInt8.self))
      return UnsafeRawBufferPointer(rebasing: output[..<size])
    }
  }
}
