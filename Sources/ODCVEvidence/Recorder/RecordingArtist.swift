import COdcvProto

/// Draws what a recording holds, for the eye alone: a check reads none of it.
///
/// Called on the recorder's thread, with every record of one recording in its order and with those of the violation log.
public protocol RecordingArtist: AnyObject, Sendable {
  /// What is to be drawn of a record, and at its time on the recording's clock, ns; mostly nothing.
  func draw(_ record: borrowing RingRecord, at time: UInt64) -> [Drawing]
}

/// An encoded message for a topic that is drawn.
public struct Drawing: Sendable {
  public var topic: DrawnTopic
  public var body: [UInt8]

  public init(_ topic: DrawnTopic, _ message: DescribedMessage) {
    self.topic = topic
    body = message.bytes
  }
}

/// Foxglove's messages that are drawn with, as proto/foxglove/drawing.proto has them.
public enum DrawnSchema: String, CaseIterable, Sendable {
  case sceneUpdate = "SceneUpdate"
  case frameTransforms = "FrameTransforms"
  case jointStates = "JointStates"
  case poseInFrame = "PoseInFrame"
  case log = "Log"

  /// Full name without a leading dot.
  public var name: String { "foxglove." + rawValue }

  var descriptor: ProtobufCMessageDescriptor {
    switch self {
    case .sceneUpdate: foxglove__scene_update__descriptor
    case .frameTransforms: foxglove__frame_transforms__descriptor
    case .jointStates: foxglove__joint_states__descriptor
    case .poseInFrame: foxglove__pose_in_frame__descriptor
    case .log: foxglove__log__descriptor
    }
  }

  public var fileDescriptorSet: [UInt8] {
    var builder = DescriptorSetBuilder()
    builder.add(descriptor)
    return builder.bytes
  }
}

/// Where drawings go; no endpoint is called so.
public enum DrawnTopic: String, CaseIterable, Sendable {
  /// What stands still: obstacles and zones.
  case cell
  /// What moves: arm, people, seen obstacles, the worst pair.
  case scene
  case transforms
  case joints
  case tool
  case log

  public var name: String { "drawing/" + rawValue }

  public var schema: DrawnSchema {
    switch self {
    case .cell, .scene: .sceneUpdate
    case .transforms: .frameTransforms
    case .joints: .jointStates
    case .tool: .poseInFrame
    case .log: .log
    }
  }

  static func isDrawn(_ channel: MCAPChannel, schema: String?) -> Bool {
    allCases.contains { $0.name == channel.topic && $0.schema.name == schema }
  }
}
