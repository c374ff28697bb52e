import COdcvProto

/// Who speaks and in which order. Times of the source are for diagnosis: deadlines use the receiver's clock.
public struct HeaderFields: Equatable, Sendable {
  /// The clock that a source's time was read from.
  public enum Clock: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case monotonic = 1
    case realtime = 2
    case ptpTAI = 3
    case simulated = 4
  }

  public var robotID: String?
  public var streamID: UInt32?
  /// +1 per message of this stream, from 1.
  public var sequence: UInt64?
  public var sourceNanoseconds: Int64?
  public var clock: Clock?
  /// Changes when the source restarts.
  public var bootID: UInt64?
  public var layoutID: UInt32?
  public var frameID: String?

  public init(
    robotID: String? = nil, streamID: UInt32? = nil, sequence: UInt64? = nil,
    sourceNanoseconds: Int64? = nil, clock: Clock? = nil, bootID: UInt64? = nil, layoutID: UInt32? = nil,
    frameID: String? = nil
  ) {
    self.robotID = robotID
    self.streamID = streamID
    self.sequence = sequence
    self.sourceNanoseconds = sourceNanoseconds
    self.clock = clock
    self.bootID = bootID
    self.layoutID = layoutID
    self.frameID = frameID
  }
}

/// A point in m, or a velocity in m/s.
public struct VectorFields: Equatable, Sendable {
  public var x: Double?
  public var y: Double?
  public var z: Double?

  public init(x: Double? = nil, y: Double? = nil, z: Double? = nil) {
    self.x = x
    self.y = y
    self.z = z
  }
}

extension HeaderFields: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__header__init)

  public init(_ c: Odcv__V1__Header) {
    robotID = unsafe read(c.robot_id)
    streamID = unsafe read(c.has_stream_id, c.stream_id)
    sequence = unsafe read(c.has_seq, c.seq)
    sourceNanoseconds = unsafe read(c.has_t_source_ns, c.t_source_ns)
    clock = unsafe read(c.has_clock, c.clock)
    bootID = unsafe read(c.has_boot_id, c.boot_id)
    layoutID = unsafe read(c.has_layout_id, c.layout_id)
    frameID = unsafe read(c.frame_id)
  }

  public func fill(_ c: inout Odcv__V1__Header, _ arena: inout Arena) {
    unsafe odcv__v1__header__init(&c)
    unsafe write(robotID, &c.robot_id, &arena)
    unsafe write(streamID, &c.has_stream_id, &c.stream_id)
    unsafe write(sequence, &c.has_seq, &c.seq)
    unsafe write(sourceNanoseconds, &c.has_t_source_ns, &c.t_source_ns)
    unsafe write(clock, &c.has_clock, &c.clock)
    unsafe write(bootID, &c.has_boot_id, &c.boot_id)
    unsafe write(layoutID, &c.has_layout_id, &c.layout_id)
    unsafe write(frameID, &c.frame_id, &arena)
  }
}

extension VectorFields: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__vector3__init)

  public init(_ c: Odcv__V1__Vector3) {
    x = unsafe read(c.has_x, c.x)
    y = unsafe read(c.has_y, c.y)
    z = unsafe read(c.has_z, c.z)
  }

  public func fill(_ c: inout Odcv__V1__Vector3, _ arena: inout Arena) {
    unsafe odcv__v1__vector3__init(&c)
    unsafe write(x, &c.has_x, &c.x)
    unsafe write(y, &c.has_y, &c.y)
    unsafe write(z, &c.has_z, &c.z)
  }
}
