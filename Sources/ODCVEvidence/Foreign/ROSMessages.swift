/// `std_msgs/msg/Header`: the sender's stamp, ns since 1970 on the sender's clock, and the frame's name.
public struct ROSHeader: Sendable, Equatable {
  public var stamp: Int64
  public var frame: String

  init(_ reader: inout CDRReader) throws(CDRError) {
    stamp = try reader.time("header.stamp")
    frame = try reader.string("header.frame_id")
  }
}

/// `sensor_msgs/msg/JointState`: by the package's own definition rad, rad/s, Nm for revolute joints and m, m/s, N for prismatic
/// ones; an empty array says nothing. Lengths are as they came.
public struct ROSJointState: Sendable, Equatable {
  public static let name = "sensor_msgs/msg/JointState"

  public var header: ROSHeader
  public var names: [String]
  public var position: [Double]
  public var velocity: [Double]
  public var effort: [Double]

  /// - Parameter message: a message's bytes as a bag holds them
  public init(cdr message: [UInt8]) throws(CDRError) {
    var reader = try CDRReader(message)
    header = try ROSHeader(&reader)
    names = try reader.strings("name")
    position = try reader.doubles("position")
    velocity = try reader.doubles("velocity")
    effort = try reader.doubles("effort")
    try reader.finish()
  }
}

/// `trajectory_msgs/msg/JointTrajectory`: where named joints are to be, and when. Lengths and times are as they came.
public struct ROSJointTrajectory: Sendable, Equatable {
  public static let name = "trajectory_msgs/msg/JointTrajectory"

  public struct Point: Sendable, Equatable {
    /// rad, rad/s, rad/s², Nm, one per name; empty: not stated
    public var positions: [Double]
    public var velocities: [Double]
    public var accelerations: [Double]
    public var effort: [Double]
    /// ns from the trajectory's beginning
    public var time: Int64
  }

  public var header: ROSHeader
  public var names: [String]
  public var points: [Point]

  /// - Parameter message: a message's bytes as a bag holds them
  public init(cdr message: [UInt8]) throws(CDRError) {
    var reader = try CDRReader(message)
    header = try ROSHeader(&reader)
    names = try reader.strings("joint_names")
    // Four counts and a time are the least that a point has.
    let count = try reader.count("points", of: 24)
    points = []
    for place in 0..<count {
      let point = "points[\(place)]"
      points.append(
        Point(
          positions: try reader.doubles("\(point).positions"), velocities: try reader.doubles("\(point).velocities"),
          accelerations: try reader.doubles("\(point).accelerations"), effort: try reader.doubles("\(point).effort"),
          time: try reader.time("\(point).time_from_start")))
    }
    try reader.finish()
  }
}

extension CDRReader {
  /// Seconds and nanoseconds as ns; the second field is below a second.
  mutating func time(_ field: String) throws(CDRError) -> Int64 {
    let seconds = try integer(Int32.self, field)
    let rest = try integer(UInt32.self, field)
    guard rest < 1_000_000_000 else { throw CDRError("`\(field)` has \(rest) nanoseconds, which is a second or more") }
    return Int64(seconds) * 1_000_000_000 + Int64(rest)
  }
}
