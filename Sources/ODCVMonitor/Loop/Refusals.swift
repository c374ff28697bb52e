import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVWire

/// How many messages of each stream were refused, and why.
struct RefusalBook: Sendable {
  private static let reasons = 16
  private var counts = InlineArray<256, UInt64>(repeating: 0)

  /// Takes a refusal in; true for the first of its stream and reason.
  mutating func take(_ rejection: Rejection) -> Bool {
    let place = RefusalBook.place(rejection.stream, rejection.reason)
    counts[place] += 1
    return counts[place] == 1
  }

  subscript(_ stream: Stream, _ reason: Rejection.Reason) -> UInt64 { counts[RefusalBook.place(stream, reason)] }

  var rows: [StatusMessage.RefusedCount] {
    var rows: [StatusMessage.RefusedCount] = []
    for stream in Stream.allCases {
      for number in 0..<UInt8(RefusalBook.reasons) {
        guard let reason = Rejection.Reason(rawValue: number), self[stream, reason] > 0 else { continue }
        rows.append(
          StatusMessage.RefusedCount(
            stream: stream.words, reason: reason.words, count: self[stream, reason]))
      }
    }
    return rows
  }

  private static func place(_ stream: Stream, _ reason: Rejection.Reason) -> Int {
    Int(stream.rawValue) * reasons + Int(reason.rawValue)
  }
}

extension Rejection.Reason {
  /// What was wrong, in a few words.
  var words: String {
    switch self {
    case .undecodable: "undecodable"
    case .oversized: "too large"
    case .wrongRobot: "for another robot"
    case .wrongEndpoint: "on the wrong endpoint"
    case .missingField: "missing a field"
    case .nonFinite: "a number not finite"
    case .wrongLength: "an array of wrong length"
    case .unknownSensor: "unknown sensor"
    case .unsupported: "unsupported"
    case .badSignature: "bad signature"
    }
  }
}

/// What a sender of refused messages should look at.
struct RefusalAdvice: Sendable {
  let configuration: LoadedConfiguration

  func text(_ stream: Stream, _ reason: Rejection.Reason) -> String {
    switch reason {
    case .undecodable:
      "the message can't be decoded: send an odcv.v1 message of the topic's kind, within the protocol's bounds"
    case .oversized: "the message is larger than the protocol's bounds: 256 KiB, and a limit for every repeated field"
    case .wrongRobot:
      "the message is for another robot: topic and header.robot_id must name `\(configuration.robotID)`"
    case .wrongEndpoint: "this endpoint doesn't carry that message: look at the topic and at where it is sent"
    case .missingField: "a required field is missing: \(needs(stream))"
    case .nonFinite: "a number is not finite: look for NaN and infinity"
    case .wrongLength:
      "an array has the wrong length: one value for each of the \(configuration.core.robot.joints.count) joints, "
        + "6 in an `ee`, 3 or 6 in a `wrench`, 4 in an `orientation`"
    case .unknownSensor: "sensor_id must be one that the cell declares: \(sensors(stream))"
    case .unsupported: "the message is not supported: \(supported(stream))"
    case .badSignature:
      "the signature is not one of a configured operator over this robot, the latch and this run's nonce"
    }
  }

  /// The fields that a message of the stream must have.
  private func needs(_ stream: Stream) -> String {
    switch stream {
    case .action:
      "an Action needs header.robot_id, header.seq and space; JOINT_POSITION needs position; EE_POSE_DELTA needs ee, "
        + "rotation and reference"
    case .state: "a State needs header.seq, position and velocity"
    case .people:
      "a People needs header.seq and sensor_id; each track a part; each part a_m, b_m (with x, y, z) and radius_m"
    case .obstacles:
      "an Obstacles needs header.seq and sensor_id; each obstacle shape, size_m and position_m, and orientation unless "
        + "it is a sphere"
    case .signal: "a Signal needs header.seq, name and value"
    case .control, .episode, .pressure:
      "a Request needs one of status, reset, episode, pressure; a reset operator_id, latch, nonce and signature; an "
        + "episode phase"
    case .layout, .reasoning, .heartbeat: "compare with proto/odcv/v1"
    }
  }

  private func sensors(_ stream: Stream) -> String {
    let cell = configuration.core.cell
    let names: [String] =
      switch stream {
      case .obstacles: cell.obstacleSensors.map { "`\($0.id)`" }
      case .signal: cell.signals.map { "`\($0.name)`" }
      case .people, .action, .state, .layout, .reasoning, .pressure, .episode, .control, .heartbeat:
        cell.peopleSensors.map { "`\($0.id)`" }
      }
    return names.isEmpty ? "it declares none for \(stream.words)" : names.joined(separator: ", ")
  }

  private func supported(_ stream: Stream) -> String {
    switch stream {
    case .people, .obstacles:
      "header.frame_id must be the base frame, a shape a sphere, capsule or box, and no length below zero"
    case .control, .episode, .pressure: "a request has one part, an episode a phase of RESET, START or END"
    case .action, .state, .signal, .layout, .reasoning, .heartbeat: "compare with proto/odcv/v1"
    }
  }
}
