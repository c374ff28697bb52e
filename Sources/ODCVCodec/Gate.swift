import COdcvProto
import ODCVConfig
import ODCVCore
import ODCVWire

/// What goes to the arm's driver for a command. Bytes are valid until the gate's next call.
public enum GateOutput {
  /// The original bytes, unchanged.
  case forward
  /// A row of a chunk, as the command that it is.
  case row(UnsafeRawBufferPointer)
  /// The same way, shortened.
  case shortened(UnsafeRawBufferPointer)
  case stop(UnsafeRawBufferPointer)

  /// What is sent in place of the original; `nil`: the original itself.
  public var bytes: UnsafeRawBufferPointer? {
    switch self {
    case .forward: nil
    case .row(let bytes), .shortened(let bytes), .stop(let bytes): bytes
    }
  }
}

/// Does what a decision says: lets an action through, or puts in its place a shorter way or a stop; never a new
/// direction. Allocates nothing after it is made. Of what it answers it passes on the fields that it knows, and no others.
public struct Gate: ~Copyable {
  public var mode: Mode
  /// Of the action that is answered.
  private var arena = Arena()
  /// Of the chunk whose rows are handed out when they are due.
  private var chunkArena = Arena()
  private var chunk: UnsafePointer<Odcv__V1__Action>?
  /// Holds the three below, as long as the gate lives.
  private var memory = Arena()
  private let robotID: UnsafeMutablePointer<CChar>
  private let target: UnsafeMutablePointer<Double>
  private let output: UnsafeMutableRawBufferPointer

  public init(mode: Mode, robotID: String) {
    self.mode = mode
    let id = robotID.utf8CString
    self.robotID = memory.allocate(id.count)!.assumingMemoryBound(to: CChar.self)
    for (place, character) in id.enumerated() { self.robotID[place] = character }
    target = memory.allocate(Capacity.joints * MemoryLayout<Double>.stride)!.assumingMemoryBound(to: Double.self)
    output = UnsafeMutableRawBufferPointer(
      start: memory.allocate(MessageBounds.messageBytes), count: MessageBounds.messageBytes)
  }

  /// What the driver is sent for a message of the controller; `nil`: nothing, because its rows are kept until they are due.
  ///
  /// - Parameters:
  ///   - isRefused: It is no action that could be judged.
  ///   - isLate: The verdict took longer than its deadline.
  public mutating func answer(
    _ verdict: borrowing Verdict, isRefused: Bool, isLate: Bool, original: UnsafeRawBufferPointer
  ) -> GateOutput? {
    // However late, it is this chunk whose rows become due; each is judged again then.
    if verdict.judged == .predicted, verdict.decision.kind == .allow, keep(original) { return nil }
    var decision = verdict.decision
    // To watch is to change nothing: in observe mode what came goes on, also what could not be judged.
    if isRefused, decision.kind == .allow { decision = .hold }
    // A verdict that comes too late is about a moment that is over.
    if isLate, decision.kind != .halt { decision = .hold }
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
    case .slow(_, let target): return unpack(original).map { shortened($0, to: target) } ?? .stop(stop())
    case .hold, .halt: return .stop(unpack(original).map { stop(answering: $0) } ?? stop())
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
  public mutating func outgoing(for decision: Decision, row: Int?) -> GateOutput {
    guard let chunk, let row else { return .stop(stop()) }
    switch decision {
    case .hold, .halt: return .stop(stop(answering: chunk))
    case .slow(_, let target): return shortened(chunk, to: target)
    case .allow: return self.row(row, of: chunk)
    }
  }

  /// A stop that answers no action: when a lease of motion ends for another reason.
  public func stop() -> UnsafeRawBufferPointer {
    var header = Odcv__V1__Header()
    odcv__v1__header__init(&header)
    return stop(&header)
  }

  private mutating func unpack(_ original: UnsafeRawBufferPointer) -> UnsafePointer<Odcv__V1__Action>? {
    arena.reset()
    do throws(BoundsRefusal) { return try arena.unpack(ActionMessage.self, original) } catch { return nil }
  }

  private func stop(answering action: UnsafePointer<Odcv__V1__Action>) -> UnsafeRawBufferPointer {
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
      // A header always fits; to a driver, a message of no bytes is a stop as well.
      return pack(&action) ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
  }

  /// The same action with a nearer joint target.
  private func shortened(
    _ original: UnsafePointer<Odcv__V1__Action>, to joints: JointVector
  ) -> GateOutput {
    var action = Odcv__V1__Action()
    odcv__v1__action__init(&action)
    for joint in 0..<joints.count { target[joint] = joints[joint] }
    action.header = original.pointee.header
    action.has_space = 1
    action.space = ODCV__V1__ACTION_SPACE__JOINT_POSITION
    action.n_position = joints.count
    action.position = target
    action.n_gripper_position = original.pointee.n_gripper_position
    action.gripper_position = original.pointee.gripper_position
    action.n_gripper_effort = original.pointee.n_gripper_effort
    action.gripper_effort = original.pointee.gripper_effort
    action.has_valid_for_ns = original.pointee.has_valid_for_ns
    action.valid_for_ns = original.pointee.valid_for_ns
    action.has_instruction_id = original.pointee.has_instruction_id
    action.instruction_id = original.pointee.instruction_id
    return pack(&action).map { .shortened($0) } ?? .stop(stop())
  }

  /// One row of a chunk, as the command that it is.
  private func row(_ index: Int, of chunk: UnsafePointer<Odcv__V1__Action>) -> GateOutput {
    var row = chunk.pointee
    // A length that is not stated is 0.
    let width = row.n_horizon_position / max(Int(row.chunk_len), 1)
    // A row that the chunk does not have moves nothing.
    guard index >= 0, (index + 1) * width <= row.n_horizon_position else { return .stop(stop()) }
    let numbers = row.horizon_position.map { $0.advanced(by: index * width) }
    (row.n_horizon_position, row.horizon_position) = (0, nil)
    (row.has_chunk_step, row.chunk_step) = (1, UInt32(index))
    // One that is not stated is `unspecified`.
    switch ActionMessage.Space(rawValue: row.space.rawValue) {
    case .jointVelocity: (row.n_velocity, row.velocity) = (width, numbers)
    case .jointEffort: (row.n_effort, row.effort) = (width, numbers)
    case .eePose, .eePoseDelta, .eeTwist: (row.n_ee, row.ee) = (width, numbers)
    case .jointPosition, .jointPositionDelta, .gripperOnly, .noMotion, .stop, .unspecified, nil:
      (row.n_position, row.position) = (width, numbers)
    }
    return pack(&row).map { .row($0) } ?? .stop(stop())
  }

  /// `nil` when it is longer than a message may be.
  private func pack(_ action: inout Odcv__V1__Action) -> UnsafeRawBufferPointer? {
    // Whatever this version does not know is not judged, and goes no further.
    (action.base.n_unknown_fields, action.base.unknown_fields) = (0, nil)
    if let header = action.header { (header.pointee.base.n_unknown_fields, header.pointee.base.unknown_fields) = (0, nil) }
    return withUnsafeMutablePointer(to: &action) {
      let size = protobuf_c_message_get_packed_size(Gate.message($0))
      guard size <= output.count else { return nil }
      _ = protobuf_c_message_pack(Gate.message($0), output.baseAddress!.assumingMemoryBound(to: UInt8.self))
      return UnsafeRawBufferPointer(rebasing: output[..<size])
    }
  }

  private static func message(_ action: UnsafeMutablePointer<Odcv__V1__Action>) -> UnsafeMutablePointer<ProtobufCMessage> {
    UnsafeMutableRawPointer(action).assumingMemoryBound(to: ProtobufCMessage.self)
  }
}
