import COdcvProto

/// A complete frame of people: whoever is not in it is not there. It may be empty.
public struct PeopleMessage: Equatable, Sendable {
  /// Regions of ISO/TS 15066.
  public enum BodyRegion: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case skull = 1
    case face = 2
    case neck = 3
    case back = 4
    case chest = 5
    case abdomen = 6
    case pelvis = 7
    case upperArm = 8
    case forearm = 9
    case hand = 10
    case thigh = 11
    case lowerLeg = 12
  }

  /// A capsule; a sphere is one with equal ends. In the robot's base frame.
  public struct BodyPart: Equatable, Sendable {
    public var region: BodyRegion?
    /// m
    public var a: VectorFields?
    /// m
    public var b: VectorFields?
    /// m
    public var radius: Double?

    public init(
      region: BodyRegion? = nil, a: VectorFields? = nil, b: VectorFields? = nil, radius: Double? = nil
    ) {
      self.region = region
      self.a = a
      self.b = b
      self.radius = radius
    }
  }

  /// One person.
  public struct Track: Equatable, Sendable {
    public var trackID: UInt32?
    public var parts: [BodyPart]
    /// m/s
    public var velocity: VectorFields?
    public var confidence: Double?

    public init(
      trackID: UInt32? = nil, parts: [BodyPart] = [], velocity: VectorFields? = nil,
      confidence: Double? = nil
    ) {
      self.trackID = trackID
      self.parts = parts
      self.velocity = velocity
      self.confidence = confidence
    }
  }

  public var header: HeaderFields?
  public var sensorID: String?
  /// The sensor vouches for its whole declared field.
  public var coverageOk: Bool?
  public var tracks: [Track]

  public init(
    header: HeaderFields? = nil, sensorID: String? = nil, coverageOk: Bool? = nil, tracks: [Track] = []
  ) {
    self.header = header
    self.sensorID = sensorID
    self.coverageOk = coverageOk
    self.tracks = tracks
  }
}

extension PeopleMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__people__init)

  public init(_ c: Odcv__V1__People) {
    header = unsafe read(c.header)
    sensorID = unsafe read(c.sensor_id)
    coverageOk = unsafe read(c.has_coverage_ok, c.coverage_ok)
    tracks = unsafe read(c.n_track, c.track)
  }

  public func fill(_ c: inout Odcv__V1__People, _ arena: inout Arena) {
    unsafe odcv__v1__people__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(sensorID, &c.sensor_id, &arena)
    unsafe write(coverageOk, &c.has_coverage_ok, &c.coverage_ok)
    unsafe write(tracks, &c.n_track, &c.track, &arena)
  }
}

extension PeopleMessage.BodyPart: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__body_part__init)

  public init(_ c: Odcv__V1__BodyPart) {
    region = unsafe read(c.has_region, c.region)
    a = unsafe read(c.a_m)
    b = unsafe read(c.b_m)
    radius = unsafe read(c.has_radius_m, c.radius_m)
  }

  public func fill(_ c: inout Odcv__V1__BodyPart, _ arena: inout Arena) {
    unsafe odcv__v1__body_part__init(&c)
    unsafe write(region, &c.has_region, &c.region)
    unsafe write(a, &c.a_m, &arena)
    unsafe write(b, &c.b_m, &arena)
    unsafe write(radius, &c.has_radius_m, &c.radius_m)
  }
}

extension PeopleMessage.Track: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__track__init)

  public init(_ c: Odcv__V1__Track) {
    trackID = unsafe read(c.has_track_id, c.track_id)
    parts = unsafe read(c.n_part, c.part)
    velocity = unsafe read(c.velocity_m_s)
    confidence = unsafe read(c.has_confidence, c.confidence)
  }

  public func fill(_ c: inout Odcv__V1__Track, _ arena: inout Arena) {
    unsafe odcv__v1__track__init(&c)
    unsafe write(trackID, &c.has_track_id, &c.track_id)
    unsafe write(parts, &c.n_part, &c.part, &arena)
    unsafe write(velocity, &c.velocity_m_s, &arena)
    unsafe write(confidence, &c.has_confidence, &c.confidence)
  }
}
