import COdcvProto

/// A complete frame of obstacles: whatever is not in it is not there. It may be empty.
public struct ObstaclesMessage: Equatable, Sendable {
  /// Shapes of obstacles.
  public enum Shape: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case sphere = 1
    case capsule = 2
    case box = 3
  }

  /// One obstacle.
  public struct Obstacle: Equatable, Sendable {
    public var id: UInt32?
    public var shape: Shape?
    /// m
    public var position: VectorFields?
    /// x, y, z, w.
    public var orientation: [Double]
    /// Box: full edges; capsule: x radius, z length between ends; sphere: x radius.
    public var size: VectorFields?

    public init(
      id: UInt32? = nil, shape: Shape? = nil, position: VectorFields? = nil, orientation: [Double] = [],
      size: VectorFields? = nil
    ) {
      self.id = id
      self.shape = shape
      self.position = position
      self.orientation = orientation
      self.size = size
    }
  }

  public var header: HeaderFields?
  public var sensorID: String?
  public var coverageOk: Bool?
  public var obstacles: [Obstacle]

  public init(
    header: HeaderFields? = nil, sensorID: String? = nil, coverageOk: Bool? = nil, obstacles: [Obstacle] = []
  ) {
    self.header = header
    self.sensorID = sensorID
    self.coverageOk = coverageOk
    self.obstacles = obstacles
  }
}

extension ObstaclesMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__obstacles__init)

  public init(_ c: Odcv__V1__Obstacles) {
    header = unsafe read(c.header)
    sensorID = unsafe read(c.sensor_id)
    coverageOk = unsafe read(c.has_coverage_ok, c.coverage_ok)
    obstacles = unsafe read(c.n_obstacle, c.obstacle)
  }

  public func fill(_ c: inout Odcv__V1__Obstacles, _ arena: inout Arena) {
    unsafe odcv__v1__obstacles__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(sensorID, &c.sensor_id, &arena)
    unsafe write(coverageOk, &c.has_coverage_ok, &c.coverage_ok)
    unsafe write(obstacles, &c.n_obstacle, &c.obstacle, &arena)
  }
}

extension ObstaclesMessage.Obstacle: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__obstacle__init)

  public init(_ c: Odcv__V1__Obstacle) {
    id = unsafe read(c.has_id, c.id)
    shape = unsafe read(c.has_shape, c.shape)
    position = unsafe read(c.position_m)
    orientation = unsafe read(c.n_orientation, c.orientation)
    size = unsafe read(c.size_m)
  }

  public func fill(_ c: inout Odcv__V1__Obstacle, _ arena: inout Arena) {
    unsafe odcv__v1__obstacle__init(&c)
    unsafe write(id, &c.has_id, &c.id)
    unsafe write(shape, &c.has_shape, &c.shape)
    unsafe write(position, &c.position_m, &arena)
    unsafe write(orientation, &c.n_orientation, &c.orientation, &arena)
    unsafe write(size, &c.size_m, &arena)
  }
}
