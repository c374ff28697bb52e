/// Puts ring records on the recording's channels, which are made when first used.
///
/// A well-formed message goes raw on a channel of its own type and topic. Everything else, and every topic beyond the
/// table's capacity (someone may send a new one each time), goes as `odcv.v1.Undecoded`, which keeps endpoint, topic
/// and body exactly: nothing is lost, it is only less convenient to read.
struct RecordingChannels: ~Copyable {
  /// Topics named by others; the fixed channels come beside.
  static let capacity = 256

  private struct Key: Hashable {
    var kind: RecordKind
    var endpoint: UInt8
    var topic: [UInt8]
  }

  private let endpoints: [String]
  private var schemas: [MessageSchema: UInt16] = [:]
  private var channels: [Key: UInt16] = [:]
  private var fixed: [MessageSchema: UInt16] = [:]
  private var drawn: [DrawnTopic: UInt16] = [:]
  private var drawnSchemas: [DrawnSchema: UInt16] = [:]
  private var body = ProtoBytes()

  init(endpoints: [String]) { self.endpoints = endpoints }

  /// - Parameters:
  ///   - index: arrival index of the input, in the recording's own run
  ///   - time: the record's instant on the recording's clock, ns
  mutating func write(
    _ record: borrowing RingRecord, index: UInt64, to recording: inout MCAPWriter, time: UInt64
  ) throws(EvidenceError) {
    switch record.kind {
    case .layout: try raw(record, .layout, index, &recording, time)
    case .action: try raw(record, .action, index, &recording, time)
    case .state: try raw(record, .state, index, &recording, time)
    case .people: try raw(record, .people, index, &recording, time)
    case .obstacles: try raw(record, .obstacles, index, &recording, time)
    case .reasoning: try raw(record, .reasoning, index, &recording, time)
    case .heartbeat: try raw(record, .heartbeat, index, &recording, time)
    case .request: try raw(record, .request, index, &recording, time)
    case .instruction: try raw(record, .instruction, index, &recording, time)
    case .signal: try raw(record, .signal, index, &recording, time)
    case .verdict: try raw(record, .verdict, index, &recording, time)
    case .alarm: try raw(record, .alarm, index, &recording, time)
    case .undecoded: try undecoded(record, index, &recording, time)
    case .tick:
      body.removeAll()
      body.add(1, varint: UInt64(bitPattern: record.instant))
      try own("tick", .tick, index, &recording, time)
    case .lost:
      body.removeAll()
      body.add(1, string: "lost")
      body.add(2, string: endpoint(record.channel))
      body.add(3, varint: UInt64(bitPattern: record.detail))
      try own("fault", .fault, index, &recording, time)
    case .overrun:
      body.removeAll()
      body.add(1, string: "overrun")
      body.add(4, varint: UInt64(bitPattern: record.detail))
      try own("fault", .fault, index, &recording, time)
    case .handover:
      body.removeAll()
      body.add(1, string: "handover")
      try own("fault", .fault, index, &recording, time)
    case .restored:
      body.removeAll()
      body.add(1, string: "restored")
      body.add(3, varint: UInt64(bitPattern: record.detail))
      try own("fault", .fault, index, &recording, time)
    case .sent:
      body.removeAll()
      body.add(1, varint: index)
      body.add(2, varint: record.detail == 0 ? 0 : 1)
      if record.detail == 0 { body.add(3, bytes: record.body) }
      try own("sent", .sent, index, &recording, time)
    case .violation, .prepared, .turned, .abandoned: preconditionFailure("no record of the recording's")
    }
  }

  /// Puts what was drawn of a record beside it.
  ///
  /// - Parameters:
  ///   - index: arrival index of the record's input, in the recording's own run
  ///   - time: ns
  mutating func write(
    _ drawing: Drawing, index: UInt64, to recording: inout MCAPWriter, time: UInt64
  ) throws(EvidenceError) {
    let channel = self.channel(for: drawing.topic, &recording)
    let span = drawing.body.span
    try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
      try recording.addMessage(
        channel: channel, sequence: UInt32(truncatingIfNeeded: index), logTime: time, publishTime: time, data: bytes)
    }
  }

  private mutating func channel(for topic: DrawnTopic, _ recording: inout MCAPWriter) -> UInt16 {
    if let known = drawn[topic] { return known }
    let schema = drawnSchemas[topic.schema] ?? recording.addSchema(
      name: topic.schema.name, encoding: "protobuf", data: topic.schema.fileDescriptorSet)
    drawnSchemas[topic.schema] = schema
    let channel = recording.addChannel(topic: topic.name, messageEncoding: "protobuf", schema: schema)
    drawn[topic] = channel
    return channel
  }

  private mutating func raw(
    _ record: borrowing RingRecord, _ schema: MessageSchema, _ index: UInt64, _ recording: inout MCAPWriter,
    _ time: UInt64
  ) throws(EvidenceError) {
    guard let channel = channel(for: record, schema, &recording) else {
      return try undecoded(record, index, &recording, time)
    }
    try recording.addMessage(
      channel: channel, sequence: UInt32(truncatingIfNeeded: index), logTime: time, publishTime: time,
      data: record.body)
  }

  private mutating func undecoded(
    _ record: borrowing RingRecord, _ index: UInt64, _ recording: inout MCAPWriter, _ time: UInt64
  ) throws(EvidenceError) {
    body.removeAll()
    body.add(1, string: endpoint(record.channel))
    body.add(2, bytes: record.topic)
    body.add(3, bytes: record.body)
    try own("undecoded", .undecoded, index, &recording, time)
  }

  /// A message of the recorder's own making, from `body`.
  private mutating func own(
    _ topic: String, _ schema: MessageSchema, _ index: UInt64, _ recording: inout MCAPWriter, _ time: UInt64
  ) throws(EvidenceError) {
    let channel: UInt16
    if let known = fixed[schema] {
      channel = known
    } else {
      channel = recording.addChannel(topic: topic, messageEncoding: "protobuf", schema: id(of: schema, &recording))
      fixed[schema] = channel
    }
    let span = body.bytes.span
    try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
      try recording.addMessage(
        channel: channel, sequence: UInt32(truncatingIfNeeded: index), logTime: time, publishTime: time, data: bytes)
    }
  }

  /// `nil` when the topic is not text or the table is full.
  private mutating func channel(
    for record: borrowing RingRecord, _ schema: MessageSchema, _ recording: inout MCAPWriter
  ) -> UInt16? {
    let key = Key(kind: record.kind, endpoint: record.channel, topic: Array(record.topic))
    if let known = channels[key] { return known }
    let hasSpace = channels.count < Self.capacity && record.topic.count <= 1024
    guard hasSpace || !record.kind.isInput, let topic = String(validating: key.topic, as: UTF8.self) else {
      precondition(record.kind.isInput, "a topic of our own is not UTF-8")
      return nil
    }
    let name = endpoint(record.channel) + (topic.isEmpty ? "" : "/" + topic)
    let channel = recording.addChannel(topic: name, messageEncoding: "protobuf", schema: id(of: schema, &recording))
    channels[key] = channel
    return channel
  }

  private mutating func id(of schema: MessageSchema, _ recording: inout MCAPWriter) -> UInt16 {
    if let known = schemas[schema] { return known }
    let id = recording.addSchema(name: schema.name, encoding: "protobuf", data: schema.fileDescriptorSet)
    schemas[schema] = id
    return id
  }

  private func endpoint(_ channel: UInt8) -> String {
    precondition(Int(channel) < endpoints.count, "a record's channel is not one of the endpoints")
    return endpoints[Int(channel)]
  }
}
