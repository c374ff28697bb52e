import ODCVEvidence

/// Finds the topics of a ROS 2 recording that hold states and commands: by their types, or as a person says.
struct ForeignTopics {
  private(set) var summary = ForeignSummary()

  private struct Topic {
    var name: String
    var type: String
    var encoding: String
    var schemaEncoding: String
    /// Its schema, or nobody, says what its numbers are.
    var namesUnits: Bool
  }

  /// - Throws: `Stop` with 2 for what is not there, is ambiguous, or is in no known unit.
  init(path: String, _ options: ForeignOptions) throws {
    var topics: [Topic] = []
    try reading { () throws(EvidenceError) in
      var reader = try MCAPReader(path: path)
      var schemas: [UInt16: MCAPSchema] = [:]
      while let item = try reader.next() {
        switch item {
        case .header(let profile, let library): (summary.profile, summary.library) = (profile, library)
        case .schema(let schema): schemas[schema.id] = schema
        case .channel(let channel):
          guard !topics.contains(where: { $0.name == channel.topic }) else { continue }
          let schema = schemas[channel.schemaID]
          let text = String(decoding: schema?.data ?? [], as: UTF8.self)
          topics.append(
            Topic(
              name: channel.topic, type: schema?.name ?? "", encoding: channel.messageEncoding,
              schemaEncoding: schema?.encoding ?? "", namesUnits: text.contains("rad")))
        case .message, .attachment, .metadata: break
        }
      }
    }
    let state = try ForeignTopics.choose(
      topics, options.stateTopic, types: [ROSJointState.name], besides: options.actionTopic, flag: "--state-topic", path)
    guard let state else {
      throw Stop(
        .usage, "\(path): no topic holds \(ROSJointState.name), so there is no state to judge; it holds "
          + ForeignTopics.list(topics))
    }
    summary.stateTopic = state.name
    let types = options.actionTopic == nil ? [ROSJointTrajectory.name] : [ROSJointTrajectory.name, ROSJointState.name]
    let action = try ForeignTopics.choose(
      topics, options.actionTopic, types: types, besides: state.name, flag: "--action-topic", path)
    summary.actionTopic = action?.name
    summary.actionIsTrajectory = action?.type == ROSJointTrajectory.name
    for topic in [state, action].compactMap({ $0 }) {
      guard topic.encoding == "cdr", topic.schemaEncoding == "ros2msg" else {
        throw Stop(
          .usage,
          "\(path): \(topic.name) is encoded as `\(topic.encoding)` with a `\(topic.schemaEncoding)` schema; only `cdr` with `ros2msg` is read")
      }
      guard topic.namesUnits || options.units == .si else {
        throw Stop(
          .usage,
          "\(path): the schema of \(topic.name) names no unit; if its numbers are radians and metres, say so with --units si")
      }
    }
  }

  private static func choose(
    _ topics: [Topic], _ named: String?, types: [String], besides other: String?, flag: String, _ path: String
  ) throws -> Topic? {
    if let named {
      guard let topic = topics.first(where: { $0.name == named }) else {
        throw Stop(.usage, "\(path): has no topic \(named), which \(flag) names; it holds \(list(topics))")
      }
      guard types.contains(topic.type) else {
        throw Stop(.usage, "\(path): \(named) holds \(topic.type); \(flag) needs \(types.joined(separator: " or "))")
      }
      return topic
    }
    let found = topics.filter { types.contains($0.type) && $0.name != other }
    guard found.count < 2 else {
      throw Stop(.usage, "\(path): \(list(found)) could each be it: name one with \(flag)")
    }
    return found.first
  }

  private static func list(_ topics: [Topic]) -> String {
    topics.isEmpty ? "no topic" : topics.map { "\($0.name) (\($0.type.isEmpty ? "no schema" : $0.type))" }.joined(separator: ", ")
  }
}
