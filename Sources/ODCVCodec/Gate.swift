import ODCVConfig
import ODCVCore
import ODCVWire

/// What goes to the arm's driver in place of an action, or with it.
public enum GateOutput: Sendable, Equatable {
  /// The original bytes, unchanged.
  case forward
  /// This Action instead.
  case substitute([UInt8])
}

/// Does what a decision says: lets an action through, or puts in its place a shorter way or a stop; never a new
/// direction.
public struct Gate: Sendable {
  public var mode: Mode
  private let robotID: String
  /// The chunk whose rows are handed out when they are due.
  private var chunk: ActionMessage?

  public init(mode: Mode, robotID: String) {
    self.mode = mode
    self.robotID = robotID
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
      guard var action = try? ActionMessage(decoding: original) else { return .substitute(stop(original)) }
      let gripper = (action.gripperPosition, action.gripperEffort)
      action = ActionMessage(
        header: action.header, space: .jointPosition, position: target.values, gripperPosition: gripper.0,
        gripperEffort: gripper.1, validForNanoseconds: action.validForNanoseconds, instructionID: action.instructionID)
      return .substitute(action.encoded())
    case .hold, .halt: return .substitute(stop(original))
    }
  }

  /// Keeps a chunk's rows back until they are due, so that none moves the arm unjudged; `false` in observe mode, where it goes
  /// through as it came.
  public mutating func keep(_ original: UnsafeRawBufferPointer) -> Bool {
    if mode == .observe { return false }
    chunk = try? ActionMessage(decoding: original)
    return true
  }

  /// What to send for a row of the kept chunk that is due, by its verdict; without a row, for the end of its last one.
  public func outgoing(for decision: Decision, row: Int?) -> [UInt8] {
    guard let chunk, let row else { return stop() }
    switch decision {
    case .hold, .halt:
      var header = chunk.header ?? HeaderFields()
      header.robotID = robotID
      return ActionMessage(header: header, space: .stop).encoded()
    case .slow(_, let target):
      return ActionMessage(
        header: chunk.header, space: .jointPosition, position: target.values, gripperPosition: chunk.gripperPosition,
        gripperEffort: chunk.gripperEffort, validForNanoseconds: chunk.validForNanoseconds,
        instructionID: chunk.instructionID
      ).encoded()
    case .allow: return chunk.row(row).encoded()
    }
  }

  /// A stop that answers no action: when a lease of motion ends for another reason.
  public func stop() -> [UInt8] {
    ActionMessage(header: HeaderFields(robotID: robotID), space: .stop).encoded()
  }

  private func stop(_ original: UnsafeRawBufferPointer) -> [UInt8] {
    guard var header = (try? ActionMessage(decoding: original))?.header else { return stop() }
    header.robotID = robotID
    return ActionMessage(header: header, space: .stop).encoded()
  }
}

extension ActionMessage {
  /// One row of a chunk, as the command that it is.
  func row(_ index: Int) -> ActionMessage {
    let width = horizonPosition.count / max(Int(chunkLength ?? 1), 1)
    let numbers = Array(horizonPosition[index * width..<(index + 1) * width])
    var row = self
    row.horizonPosition = []
    row.chunkStep = UInt32(index)
    switch space {
    case .jointVelocity: row.velocity = numbers
    case .jointEffort: row.effort = numbers
    case .eePose, .eePoseDelta, .eeTwist: row.endEffector = numbers
    case .jointPosition, .jointPositionDelta, .gripperOnly, .noMotion, .stop, .unspecified, nil: row.position = numbers
    }
    return row
  }
}
