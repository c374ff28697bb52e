import ODCVCore
import ODCVModel
import ODCVYAML

/// A robot file: kinematics, limits, shapes, and how the arm moves, stops and measures.
public enum RobotFile {
  /// A robot file and the files that it names: shapes, tool.
  public struct Contents: Sendable {
    /// With its tool mounted: the tool's links follow the robot's own.
    public var model: RobotModel
    /// How many of the model's links are the robot file's own.
    public var ownLinkCount: Int
    /// Where the shapes come from; `nil` when they were not imported. Says nothing of the tool's links.
    public var certificate: Certificate?
  }

  /// Reads and checks a robot file by itself, with the tool that it mounts.
  public static func load(path: String) throws(ConfigError) -> RobotModel { try contents(path: path).model }

  /// Reads and checks a robot file by itself.
  public static func contents(path: String) throws(ConfigError) -> Contents {
    var (files, name) = FileSource.alone(path)
    let (assembly, contents) = try read(files.map(name), called: name, from: &files)
    try assembly.checkSelfPairs(limit: 0)
    return contents
  }

  static func assembly(_ map: YAMLMap, called name: String, from files: inout FileSource) throws(ConfigError) -> Assembly {
    try read(map, called: name, from: &files).assembly
  }

  private static func read(_ map: YAMLMap, called name: String, from files: inout FileSource) throws(ConfigError)
    -> (assembly: Assembly, contents: Contents)
  {
    let title = try map.string("name")
    _ = try map.string("source")
    _ = try map.optionalString("licence")
    let joints = try joints(map)
    var reader = LinkReader(joints: joints, shapes: try ShapesFile.named(by: map, called: name, in: &files))
    for (name, entry) in try map.named("links") { try reader.add(name, entry) }
    try reader.checkComplete(map)
    let (links, count) = (reader.links, joints.count)
    let measurement = try measurement(map.map("measurement"))
    let (pairs, places) = try SelfPairs.read(map, links: links)
    let robot = RobotModel(
      name: title, joints: joints, links: links, capsules: reader.capsules, selfPairs: pairs,
      toolCentrePoint: try toolCentrePoint(map.map("tcp"), links: links),
      tracking: try tracking(map.map("tracking"), count), stopping: try stopping(map.map("stopping"), count),
      measurement: measurement, inverseKinematics: try inverseKinematics(map), hulls: reader.shapes.hulls,
      velocityControl: try velocityControl(map), effortControl: try effortControl(map, count),
      reducedModes: try reducedModes(map),
      dynamics: try DynamicsReader.dynamics(
        map, joints: joints, links: links, shaped: Set(reader.capsules.map(\.link))))
    let certificate = try CertificateReader.read(map, links: links, capsules: reader.capsules)
    var assembly = Assembly(robot, pairPlaces: places)
    try assembly.rate(map)
    try assembly.mountTool(map, called: name, from: &files)
    try map.finish()
    try Plausibility.check(robot: map)
    assembly.hand()
    return (assembly, Contents(model: assembly.robot, ownLinkCount: links.count, certificate: certificate))
  }

  // MARK: - Joints

  static func joints(_ map: YAMLMap) throws(ConfigError) -> [Joint] {
    let entries = try map.named("joints")
    guard (1...Capacity.joints).contains(entries.count) else {
      throw map.error("joints", "\(entries.count) joints", "declare 1 to \(Capacity.joints) joints")
    }
    var joints: [Joint] = []
    for (name, entry) in entries { joints.append(try joint(name, entry)) }
    return joints
  }

  private static func joint(_ name: String, _ map: YAMLMap) throws(ConfigError) -> Joint {
    let kind: JointKind = try map.choice("kind")
    let axis = try map.vector3("axis").core
    guard abs(axis.length - 1) < 1e-6 else {
      throw map.error("axis", "the axis of `\(name)` has length \(axis.length)", "write a unit vector such as [0, 0, 1]")
    }
    let (p, v, a, j, e) = kind.units
    let limits = JointLimits(
      lower: try map.double("lower\(p)"), upper: try map.double("upper\(p)"),
      velocity: try map.double("velocity\(v)", .positive),
      acceleration: try map.double("acceleration\(a)", .positive), jerk: try map.double("jerk\(j)", .positive),
      effort: try map.double("effort\(e)", .positive))
    guard limits.lower < limits.upper else {
      throw map.error(
        "lower\(p)", "the limits of `\(name)` cross: lower \(limits.lower), upper \(limits.upper)",
        "write the smaller number as `lower\(p)`")
    }
    switch kind {
    case .revolute:
      for (key, value) in [("lower_rad", limits.lower), ("upper_rad", limits.upper)] where abs(value) > 7 {
        throw map.error(key, "`\(key)` of `\(name)` is \(value), which looks like degrees", "write it in rad")
      }
      return Joint(name: name, kind: .revolute, axis: axis, limits: limits)
    case .prismatic:
      return Joint(name: name, kind: .prismatic, axis: axis, limits: limits)
    }
  }

  /// Refuses a range of which the margin at both ends leaves nothing.
  static func checkRanges(_ robot: RobotModel, margin: Double, _ map: YAMLMap) throws(ConfigError) {
    for joint in robot.joints where joint.limits.upper - joint.limits.lower <= 2 * margin {
      throw try map.map("joints").error(
        joint.name, "`motion.position` keeps \(margin) from both limits of `\(joint.name)`, which leaves no range",
        "correct the joint's limits or the rule's `margin_rad`")
    }
  }

  private enum JointKind: String, CaseIterable {
    case revolute, prismatic

    /// How the keys of position, velocity, acceleration, jerk and effort end.
    var units: (String, String, String, String, String) {
      switch self {
      case .revolute: ("_rad", "_rad_s", "_rad_s2", "_rad_s3", "_nm")
      case .prismatic: ("_m", "_m_s", "_m_s2", "_m_s3", "_n")
      }
    }
  }

  // MARK: - Behaviour

  static func toolCentrePoint(_ map: YAMLMap, links: [Link]) throws(ConfigError) -> ToolCentrePoint {
    let name = try map.string("link")
    guard let link = links.firstIndex(where: { $0.name == name }) else {
      throw map.error("link", "`\(name)` is no link of this robot", "write one of \(links.map(\.name).joined(separator: ", "))")
    }
    return ToolCentrePoint(link: link, offset: try map.vector3("offset_m").core)
  }

  static func tracking(_ map: YAMLMap, _ count: Int) throws(ConfigError) -> Tracking {
    let path: TrackingPath = try map.choice("path")
    let arrival: TrackingArrival = try map.choice("arrival")
    return Tracking(
      path: path.core, arrival: arrival.core, responseTime: try map.double("response_time_s", .positive),
      acceleration: JointVector(try map.doubles("acceleration_rad_s2", count: count, .positive)),
      error: JointVector(try map.doubles("error_rad", count: count, .notNegative)))
  }

  private enum TrackingPath: String, CaseIterable {
    case straight, box
    var core: Tracking.Path {
      switch self {
      case .straight: .straight
      case .box: .box
      }
    }
  }

  private enum TrackingArrival: String, CaseIterable {
    case atRest = "at_rest"
    case moving
    var core: Tracking.Arrival {
      switch self {
      case .atRest: .atRest
      case .moving: .moving
      }
    }
  }

  static func stopping(_ map: YAMLMap, _ count: Int) throws(ConfigError) -> Stopping {
    _ = try map.string("source")
    let kind: StoppingKind = try map.choice("kind")
    return Stopping(
      kind: kind.core, reactionTime: try map.double("reaction_time_s", .notNegative),
      deceleration: JointVector(try map.doubles("deceleration_rad_s2", count: count, .positive)))
  }

  private enum StoppingKind: String, CaseIterable {
    case path, joint, cut
    var core: Stopping.Kind {
      switch self {
      case .path: .path
      case .joint: .joint
      case .cut: .cut
      }
    }
  }

  static func measurement(_ map: YAMLMap) throws(ConfigError) -> MeasurementAccuracy {
    let accuracy = MeasurementAccuracy(
      position: try map.double("position_rad", .notNegative), velocity: try map.double("velocity_rad_s", .notNegative),
      force: try map.double("force_n", .notNegative), standstill: try map.double("standstill_rad_s", .positive))
    guard accuracy.standstill >= accuracy.velocity else {
      throw map.error(
        "standstill_rad_s",
        "the standstill threshold \(accuracy.standstill) lies below the velocity error \(accuracy.velocity)",
        "write at least \(accuracy.velocity): a resting arm must be able to read as resting")
    }
    return accuracy
  }

  static func inverseKinematics(_ map: YAMLMap) throws(ConfigError) -> ResolvedRate? {
    guard let map = try map.optionalMap("inverse_kinematics") else { return nil }
    return ResolvedRate(
      damping: try map.double("damping", .positive), error: try map.double("error_rad", .notNegative))
  }
}

extension RobotFile {
  static func velocityControl(_ map: YAMLMap) throws(ConfigError) -> VelocityControl? {
    guard let map = try map.optionalMap("velocity_control") else { return nil }
    return VelocityControl(error: try map.double("error_rad_s", .notNegative))
  }

  static func effortControl(_ map: YAMLMap, _ count: Int) throws(ConfigError) -> EffortControl? {
    guard let map = try map.optionalMap("effort_control") else { return nil }
    _ = try map.string("source")
    return EffortControl(
      acceleration: JointVector(try map.doubles("acceleration_rad_s2", count: count, .positive)))
  }

  static func reducedModes(_ map: YAMLMap) throws(ConfigError) -> [UInt32] {
    guard map.has("reduced_modes") else { return [] }
    var modes: [UInt32] = []
    for value in try map.doubles("reduced_modes", .notNegative) {
      guard let mode = UInt32(exactly: value) else {
        throw map.error("reduced_modes", "\(value) is no mode", "write whole numbers, as the driver's `mode` reports them")
      }
      modes.append(mode)
    }
    return modes
  }
}

extension SIMD3<Double> {
  var core: Vector3 { Vector3(x, y, z) }
}
