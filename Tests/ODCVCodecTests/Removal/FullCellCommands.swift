import ODCVCodec
import ODCVCore
import ODCVWire
import TestSupport

/// What the controller and the control socket of the full cell say, each in every form that there is.
extension FullCell {
  /// What a controller can send.
  enum Command: Sendable {
    case jointPosition, rowOfChunk, jointDelta, jointDeltaFromChunkStart, jointVelocity, jointEffort
    case gripperOnly, noMotion, stop, twist, chunk, chunkOfToolDeltas
    case toolPose(ActionMessage.RotationForm)
    case toolDelta(ActionMessage.RotationForm)

    static let all: [Command] = [
      .jointPosition, .rowOfChunk, .jointDelta, .jointDeltaFromChunkStart, .jointVelocity, .jointEffort, .gripperOnly,
      .noMotion, .stop, .twist, .chunk, .chunkOfToolDeltas,
    ] + forms.map { .toolPose($0) } + forms.map { .toolDelta($0) }
  }

  static func action(_ command: Command, _ header: HeaderFields) -> ActionMessage {
    var action = ActionMessage(header: header)
    switch command {
    case .jointPosition:
      action.space = .jointPosition
      action.position = [-1.002, 0.3]
      action.gripperPosition = [0.02, 0.02]
      action.gripperEffort = [10, 10]
      action.validForNanoseconds = 100_000_000
      action.instructionID = 5
      action.terminate = true
    case .rowOfChunk:
      action.space = .jointPosition
      action.position = [-1.002, 0.3]
      place(&action, length: 3)
      action.chunkPeriodNanoseconds = nil
      action.chunkObservationSequence = nil
    case .jointDelta:
      action.space = .jointPositionDelta
      action.reference = .measured
      action.position = [-0.002, 0]
    case .jointDeltaFromChunkStart:
      action.space = .jointPositionDelta
      action.reference = .chunkStart
      action.position = [-0.002, 0]
      place(&action, length: 3)
      action.chunkPeriodNanoseconds = nil
    case .jointVelocity:
      action.space = .jointVelocity
      action.velocity = [-0.02, 0]
    case .jointEffort:
      action.space = .jointEffort
      action.effort = [0, 0]
    case .gripperOnly:
      action.space = .gripperOnly
      action.gripperPosition = [0.02, 0.02]
      action.gripperEffort = [10, 10]
    case .noMotion: action.space = .noMotion
    case .stop: action.space = .stop
    case .twist:
      // The shoulder turns at 0.02 rad/s.
      let place = Planar.tool(home)
      action.space = .eeTwist
      action.endEffector = [0.02 * place.y, -0.02 * place.x, 0, 0, 0, -0.02]
    case .chunk:
      action.space = .jointPosition
      place(&action, length: 3)
      action.chunkObservationSequence = nil
      action.horizonPosition = [-1, 0.3, -1.001, 0.3, -1.002, 0.3]
    case .chunkOfToolDeltas:
      action.space = .eePoseDelta
      action.reference = .chunkStart
      action.rotation = .axisAngle
      place(&action, length: 3)
      for row in 0..<3 { action.horizonPosition += toolDelta(-0.001 * Double(row), .axisAngle) }
    case .toolPose(let form):
      let turned = [-1.002, 0.3]
      let place = Planar.tool(turned)
      action.space = .eePose
      action.rotation = form
      action.endEffector = [place.x, place.y, place.z] + written(turned[0] + turned[1], form)
    case .toolDelta(let form):
      action.space = .eePoseDelta
      action.reference = .measured
      action.rotation = form
      action.endEffector = toolDelta(-0.002, form)
    }
    return action
  }

  private static func place(_ action: inout ActionMessage, length: UInt32) {
    action.chunkID = 4
    action.chunkStep = 1
    action.chunkLength = length
    action.chunkExecute = 2
    action.chunkPeriodNanoseconds = 20_000_000
    action.chunkObservationSequence = 2
  }

  fileprivate static let forms: [ActionMessage.RotationForm] = [.quaternion, .axisAngle, .rpyFixed, .rotation6D]

  /// How the tool moves when the shoulder turns so far, rad.
  private static func toolDelta(_ turn: Double, _ form: ActionMessage.RotationForm) -> [Double] {
    let way = Planar.tool([home[0] + turn, home[1]]) - Planar.tool(home)
    return [way.x, way.y, 0] + written(turn, form)
  }

  /// A turn about the upright axis, rad.
  private static func written(_ turn: Double, _ form: ActionMessage.RotationForm) -> [Double] {
    let rotation = Rotation(angle: turn, about: Vector3(0, 0, 1))
    switch form {
    case .unspecified: return []
    case .quaternion: return [0, 0, sine(turn / 2), sine(turn / 2 + .pi / 2)]
    case .axisAngle, .rpyFixed: return [0, 0, turn]
    case .rotation6D: return [rotation.x, rotation.y].flatMap { [$0.x, $0.y, $0.z] }
    }
  }

  private static func sine(_ angle: Double) -> Double { Rotation(angle: angle, about: Vector3(0, 0, 1)).x.y }

  // MARK: - Requests

  static func reset(_ header: HeaderFields) -> ResetMessage {
    let text = ResetSigning.message(robot: robot, operator: "ada", latch: 1, nonce: nonce)
    return ResetMessage(header: header, operatorID: "ada", latch: 1, nonce: nonce, signature: sign(text))
  }

  static func release(_ header: HeaderFields) -> ReleaseMessage {
    let text = ReleaseSigning.message(robot: robot, operator: "ada", number: 1, nonce: nonce)
    return ReleaseMessage(header: header, operatorID: "ada", number: 1, nonce: nonce, signature: sign(text))
  }

  private static func sign(_ text: [UInt8]) -> [UInt8]? {
    operatorKeys.flatMap { ResetSigning.sign(text, secretKey: $0.secretKey) }
  }

  static func episode(_ header: HeaderFields) -> EpisodeMessage {
    EpisodeMessage(header: header, phase: .start, trial: 3, scenario: "E01")
  }

  static func pressure(_ header: HeaderFields) -> PressureMessage {
    PressureMessage(
      header: header, instructionID: 5, scenario: "E01", seed: 1, condition: .neutral, dose: 0, textSent: "put it there",
      truncated: false, kpis: [.init(name: "parts", value: 3, target: 5, unit: "1/min")], armedBy: "ada")
  }
}
