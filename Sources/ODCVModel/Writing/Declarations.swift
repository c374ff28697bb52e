import ODCVCore
import ODCVYAML

/// What a robot file says and no URDF does: accelerations, and how the arm's driver moves, stops and measures.
///
/// From a file with the keys of a robot file: `version: 1`, `source`, and any of `joints: {NAME: {acceleration_rad_s2,
/// jerk_rad_s3, velocity_rad_s, effort_nm}}`, `tracking`, `stopping`, `measurement`, `tcp`, `inverse_kinematics`, `payload`, `grip`.
/// What is not declared is assumed at its careful end: long stops, a driver that may go anywhere within a joint's range, coarse
/// encoders; a load or a grip is left out, and a cell has to say who vouches for it.
public struct Declarations: Sendable {
  /// Rates of one joint, rad or m; `nil` where they are not declared.
  public struct Rates: Sendable {
    public var velocity: Double?
    public var acceleration: Double?
    public var jerk: Double?
    public var effort: Double?
  }

  /// The load at the flange that the arm is rated for and what of it the arm carries always, kg.
  public struct Payload: Sendable, Equatable {
    public var greatest: Double
    public var mounted: Double
    public var source: String
  }

  /// How hard the arm's own gripper may close, and with what it closes unless a command says, N.
  public struct Grip: Sendable, Equatable {
    public var greatest: Double
    public var standard: Double?
    public var source: String
  }

  /// Where the declared numbers come from; `nil` when nothing is declared.
  public var source: String?
  public var rates: [Rates]
  public var tracking: Tracking
  public var stopping: Stopping
  public var stoppingSource: String
  public var measurement: MeasurementAccuracy
  public var toolCentrePoint: ToolCentrePoint
  public var inverseKinematics: ResolvedRate?
  public var payload: Payload?
  public var grip: Grip?
  /// The keys that nobody declared, in words.
  public private(set) var assumed: [String] = []

  static let assumedStop = "ASSUMED at import, measured by nobody: declare the arm's own with --declarations before you rely on it"

  /// Per joint, rad and m.
  private static func each(_ model: ImportedModel, _ revolute: Double, _ prismatic: Double) -> JointVector {
    JointVector(model.joints.map { $0.kind == .revolute ? revolute : prismatic })
  }

  /// Everything assumed.
  init(assumedFor model: ImportedModel) {
    rates = model.joints.map { _ in Rates() }
    tracking = Tracking(
      path: .box, arrival: .moving, responseTime: 0.01, acceleration: Self.each(model, 50, 20),
      error: Self.each(model, 0.05, 0.02))
    stopping = Stopping(kind: .cut, reactionTime: 0.25, deceleration: Self.each(model, 1, 0.5))
    stoppingSource = Self.assumedStop
    measurement = MeasurementAccuracy(position: 0.005, velocity: 0.05, force: 10, standstill: 0.1)
    toolCentrePoint = ToolCentrePoint(link: model.tip, offset: .zero)
  }

  /// Reads the declarations for `model`; without a file everything is assumed.
  public static func load(path: String?, for model: ImportedModel) throws(YAMLError) -> Declarations {
    var declarations = Declarations(assumedFor: model)
    guard let path else {
      declarations.assumed = ["joints (acceleration, jerk)", "tracking", "stopping", "measurement"]
      return declarations
    }
    try declarations.read(YAMLMap.load(path: path), model)
    return declarations
  }

  /// The same from text.
  public static func parse(text: String, name: String, for model: ImportedModel) throws(YAMLError) -> Declarations {
    var declarations = Declarations(assumedFor: model)
    try declarations.read(YAMLMap.parse(text: text, name: name), model)
    return declarations
  }

  private mutating func read(_ map: YAMLMap, _ model: ImportedModel) throws(YAMLError) {
    source = try map.string("source")
    if map.has("joints") { try readRates(map, model) }
    for (joint, rates) in zip(model.joints, rates) where rates.acceleration == nil || rates.jerk == nil {
      assumed.append("joints.\(joint.name) (\(rates.acceleration == nil ? "acceleration" : "jerk"))")
    }
    let count = model.joints.count
    if let entry = try map.optionalMap("tracking") {
      let path: PathName = try entry.choice("path")
      let arrival: ArrivalName = try entry.choice("arrival")
      tracking = Tracking(
        path: path == .straight ? .straight : .box, arrival: arrival == .atRest ? .atRest : .moving,
        responseTime: try entry.double("response_time_s", .positive),
        acceleration: JointVector(try entry.doubles("acceleration_rad_s2", count: count, .positive)),
        error: JointVector(try entry.doubles("error_rad", count: count, .notNegative)))
    } else {
      assumed.append("tracking")
    }
    if let entry = try map.optionalMap("stopping") {
      let kind: StopName = try entry.choice("kind")
      stopping = Stopping(
        kind: kind.core, reactionTime: try entry.double("reaction_time_s", .notNegative),
        deceleration: JointVector(try entry.doubles("deceleration_rad_s2", count: count, .positive)))
      stoppingSource = try entry.string("source")
    } else {
      assumed.append("stopping")
    }
    if let entry = try map.optionalMap("measurement") {
      measurement = MeasurementAccuracy(
        position: try entry.double("position_rad", .notNegative),
        velocity: try entry.double("velocity_rad_s", .notNegative), force: try entry.double("force_n", .notNegative),
        standstill: try entry.double("standstill_rad_s", .positive))
    } else {
      assumed.append("measurement")
    }
    if let entry = try map.optionalMap("tcp") {
      let name = try entry.string("link")
      guard let link = model.links.firstIndex(where: { $0.name == name }) else {
        throw entry.error("link", "`\(name)` is no link of the arm", "write the name of a link")
      }
      let offset = try entry.vector3("offset_m")
      toolCentrePoint = ToolCentrePoint(link: link, offset: Vector3(offset.x, offset.y, offset.z))
    }
    if let entry = try map.optionalMap("inverse_kinematics") {
      inverseKinematics = ResolvedRate(
        damping: try entry.double("damping", .positive), error: try entry.double("error_rad", .notNegative))
    }
    if let entry = try map.optionalMap("payload") {
      payload = Payload(
        greatest: try entry.double("greatest_kg", .positive), mounted: try entry.double("mounted_kg", .notNegative),
        source: try entry.string("source"))
    }
    if let entry = try map.optionalMap("grip") {
      grip = Grip(
        greatest: try entry.double("greatest_n", .positive), standard: try entry.optionalDouble("standard_n", .notNegative),
        source: try entry.string("source"))
    }
    try map.finish()
  }

  private mutating func readRates(_ map: YAMLMap, _ model: ImportedModel) throws(YAMLError) {
    for (name, entry) in try map.named("joints") {
      guard let index = model.joints.firstIndex(where: { $0.name == name }) else {
        throw entry.error(
          "`\(name)` is no joint of the arm", "write one of \(model.joints.map(\.name).joined(separator: ", "))")
      }
      let keys = JointKeys(model.joints[index].kind)
      rates[index] = Rates(
        velocity: try entry.optionalDouble(keys.velocity, .positive),
        acceleration: try entry.optionalDouble(keys.acceleration, .positive),
        jerk: try entry.optionalDouble(keys.jerk, .positive), effort: try entry.optionalDouble(keys.effort, .positive))
    }
  }

  /// The limits of the model's joints. Refuses a joint of which nobody says how fast or how strong it is.
  public func limits(of model: ImportedModel, urdf: String) throws(ImportError) -> [JointLimits] {
    var all: [JointLimits] = []
    var missing: [String] = []
    for (joint, rates) in zip(model.joints, rates) {
      let keys = JointKeys(joint.kind)
      if (rates.velocity ?? joint.velocity) == nil { missing.append("joints.\(joint.name).\(keys.velocity)") }
      if (rates.effort ?? joint.effort) == nil { missing.append("joints.\(joint.name).\(keys.effort)") }
      let turn = joint.kind == .revolute
      all.append(
        JointLimits(
          lower: joint.isContinuous ? -2 * .pi : joint.lower, upper: joint.isContinuous ? 2 * .pi : joint.upper,
          velocity: rates.velocity ?? joint.velocity ?? 0, acceleration: rates.acceleration ?? (turn ? 1 : 0.5),
          jerk: rates.jerk ?? (turn ? 10 : 5), effort: rates.effort ?? joint.effort ?? 0))
    }
    guard missing.isEmpty else {
      throw ImportError(
        file: urdf, problem: "it gives no velocity or effort limit for some joints: \(missing.joined(separator: ", ")) are missing",
        remedy: "write them into a file and name it with --declarations")
    }
    return all
  }

  enum PathName: String, CaseIterable { case straight, box }
  enum ArrivalName: String, CaseIterable {
    case atRest = "at_rest"
    case moving
  }
  enum StopName: String, CaseIterable {
    case path, joint, cut

    var core: Stopping.Kind {
      switch self {
      case .path: .path
      case .joint: .joint
      case .cut: .cut
      }
    }

    init(_ kind: Stopping.Kind) {
      switch kind {
      case .path: self = .path
      case .joint: self = .joint
      case .cut: self = .cut
      }
    }
  }
}

/// How the keys of a joint's limits are called in a robot file.
struct JointKeys {
  var lower: String
  var upper: String
  var velocity: String
  var acceleration: String
  var jerk: String
  var effort: String
  var mimicOffset: String

  init(_ kind: Joint.Kind) {
    switch kind {
    case .revolute:
      (lower, upper, velocity, acceleration) = ("lower_rad", "upper_rad", "velocity_rad_s", "acceleration_rad_s2")
      (jerk, effort, mimicOffset) = ("jerk_rad_s3", "effort_nm", "offset_rad")
    case .prismatic:
      (lower, upper, velocity, acceleration) = ("lower_m", "upper_m", "velocity_m_s", "acceleration_m_s2")
      (jerk, effort, mimicOffset) = ("jerk_m_s3", "effort_n", "offset_m")
    }
  }
}
