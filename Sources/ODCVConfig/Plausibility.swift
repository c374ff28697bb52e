import ODCVCore
import ODCVYAML

/// Refuses numbers that no arm, cell or rule has, because they are in another unit than their key says.
///
/// The bounds are wide: well beyond what arms that work near people have, and well below what degrees, millimetres, grams
/// or milliseconds make of ordinary values.
enum Plausibility {
  /// What the end of a key says, and what people write instead.
  private struct Unit {
    var ending: String
    var symbol: String
    var advice: String

    init(_ ending: String, _ symbol: String, _ advice: String) {
      (self.ending, self.symbol, self.advice) = (ending, symbol, advice)
    }

    static let angularJerk = Unit("_rad_s3", "rad/s³", "write it in rad/s³, not in degrees")
    static let angularAcceleration = Unit("_rad_s2", "rad/s²", "write it in rad/s², not in degrees")
    static let angularSpeed = Unit("_rad_s", "rad/s", "write it in rad/s, not in degrees")
    static let angle = Unit("_rad", "rad", "write it in rad, not in degrees")
    static let jerk = Unit("_m_s3", "m/s³", "write it in m/s³, not in millimetres")
    static let acceleration = Unit("_m_s2", "m/s²", "write it in m/s², not in millimetres")
    static let speed = Unit("_m_s", "m/s", "write it in m/s, not in mm/s")
    static let length = Unit("_m", "m", "write metres, not millimetres")
    static let impulse = Unit("_n_s", "N s", "write it in N s, not in mN s")
    static let torque = Unit("_nm", "Nm", "write it in Nm, not in N mm")
    static let force = Unit("_n", "N", "write it in N, not in mN")
    static let energy = Unit("_j", "J", "write it in J, not in mJ")
    static let inertia = Unit("_kg_m2", "kg m²", "write it in kg m², not in g or mm")
    static let mass = Unit("_kg", "kg", "write it in kg, not in grams")
    static let time = Unit("_s", "s", "write it in seconds, not in milliseconds")
    static let messages = Unit("_messages", "messages", "write a whole number of messages")
  }

  /// The greatest amount of what a key gives.
  private struct Bound {
    var greatest: Double
    var unit: Unit
    /// The key, or its end, where the bound is not that of every key in this unit.
    var key: String?
    /// The part of the file that it holds in; `nil`: everywhere.
    var part: String?
    var isWhole = false

    init(_ greatest: Double, _ unit: Unit, _ key: String? = nil, in part: String? = nil, isWhole: Bool = false) {
      (self.greatest, self.unit, self.key, self.part, self.isWhole) = (greatest, unit, key, part, isWhole)
    }

    func holds(for number: YAMLMap.Number) -> Bool {
      guard number.key.hasSuffix(key ?? unit.ending) else { return false }
      return part.map { number.path == $0 || number.path.hasPrefix("\($0).") } ?? true
    }
  }

  // In each table the first row that holds counts: single keys before units, longer endings before shorter ones.

  private static let rules: [Bound] = [
    Bound(1000, .messages, isWhole: true), Bound(10, .speed), Bound(2 * .pi, .angle), Bound(10, .length),
    Bound(10_000, .impulse), Bound(5000, .torque), Bound(10_000, .force), Bound(1000, .energy), Bound(3600, .time),
  ]

  private static let robot: [Bound] = [
    // What the arm is told by: its errors, and below which it stands still.
    Bound(0.2, .angularSpeed, "standstill_rad_s"), Bound(0.1, .angle, "position_rad"), Bound(1, .angularSpeed, "error_rad_s"),
    Bound(0.5, .angle, "error_rad"), Bound(500, .torque, "error_nm"), Bound(500, .torque, "friction_nm"),
    Bound(500, .force, "force_n"),
    // No load but a link's own inertia at full torque.
    Bound(10_000, .angularAcceleration, in: "effort_control"),
    // A rail is longer than any arm.
    Bound(100, .length, "lower_m"), Bound(100, .length, "upper_m"),
    Bound(100_000, .angularJerk), Bound(300, .angularAcceleration), Bound(30, .angularSpeed), Bound(7, .angle),
    Bound(100_000, .jerk), Bound(100, .acceleration), Bound(10, .speed), Bound(10, .length), Bound(10_000, .torque),
    Bound(10_000, .force), Bound(1000, .inertia), Bound(1000, .mass), Bound(5, .time),
  ]

  private static let cell: [Bound] = [
    Bound(60, .time, "max_age_s", in: "heartbeats"), Bound(3600, .time, "max_age_s", in: "signals"),
    Bound(5, .time, "max_age_s"), Bound(1, .time, "control_period_s"),
    // A check may hold for a shift.
    Bound(86_400, .time, "valid_s"), Bound(1, .length, "position_error_m"), Bound(10, .length, "least_m"),
    Bound(10, .length, "greatest_m"), Bound(10, .speed), Bound(2 * .pi, .angle), Bound(100, .length), Bound(10_000, .impulse),
    Bound(10_000, .force), Bound(1000, .energy), Bound(1000, .inertia), Bound(100, .mass), Bound(3600, .time),
  ]

  /// A rules file.
  static func check(rules map: YAMLMap) throws(ConfigError) { try check(map, rules) }

  /// A robot file, or that of a tool.
  static func check(robot map: YAMLMap) throws(ConfigError) { try check(map, robot) }

  private static func check(_ map: YAMLMap, _ bounds: [Bound]) throws(ConfigError) {
    if let first = problems(map, bounds).first { throw first }
  }

  /// Every number of a cell file, a robot's or a rules file that is in another unit than its key says.
  static func problems(cell map: YAMLMap) -> [ConfigError] { problems(map, cell) }
  static func problems(robot map: YAMLMap) -> [ConfigError] { problems(map, robot) }
  static func problems(rules map: YAMLMap) -> [ConfigError] { problems(map, rules) }

  private static func problems(_ map: YAMLMap, _ bounds: [Bound]) -> [ConfigError] {
    map.numbers.compactMap { number in
      guard let bound = bounds.first(where: { $0.holds(for: number) }) else { return nil }
      let what = "`\(number.key)` in \(number.path.isEmpty ? "the file" : "`\(number.path)`") is \(number.value)"
      if abs(number.value) > bound.greatest {
        return ConfigError(
          file: map.file, line: number.line, problem: "\(what) \(bound.unit.symbol), more than \(bound.greatest)",
          remedy: "\(bound.unit.advice), at most \(bound.greatest)")
      }
      if bound.isWhole, number.value.rounded() != number.value {
        return ConfigError(
          file: map.file, line: number.line, problem: "\(what), which is no whole number", remedy: bound.unit.advice)
      }
      return nil
    }
  }

  // MARK: - Cells

  /// m: half the side of the largest cell.
  private static let reach = 20.0

  static func check(_ cell: Cell, _ map: YAMLMap) throws(ConfigError) {
    for obstacle in cell.obstacles where !isNear(obstacle.solid) { throw far("obstacles", obstacle.name, map) }
    for zone in cell.zones where !isNear(.box(zone.box)) { throw far("zones", zone.name, map) }
    try check(map, Self.cell)
  }

  /// Where the first number stands that is too great by itself; where none is, the entry.
  private static func far(_ list: String, _ name: String, _ map: YAMLMap) -> ConfigError {
    let path = "\(list).\(name)"
    let number = map.numbers.first { number in
      guard number.path == path || number.path.hasPrefix("\(path)."), number.key.hasSuffix("_m") else { return false }
      return abs(number.value) > (number.key == "size_m" ? 2 * reach : reach)
    }
    let entry = (try? map.map(list))?.line(of: name) ?? map.line(of: list)
    return ConfigError(
      file: map.file, line: number?.line ?? entry,
      problem: "`\(name)` lies or reaches more than \(reach) m from the arm's base",
      remedy: "write metres, not millimetres, in the base frame")
  }

  private static func isNear(_ solid: Solid) -> Bool {
    switch solid {
    case .box(let box): near(box.pose.translation) && near(box.halfExtents)
    case .capsule(let capsule): near(capsule.a) && near(capsule.b) && capsule.radius <= reach
    case .halfSpace(let half): abs(half.offset) <= reach
    case .hull(let hull): hull.vertices.allSatisfy(near) && hull.padding <= reach
    }
  }

  private static func near(_ p: Vector3) -> Bool { abs(p.x) <= reach && abs(p.y) <= reach && abs(p.z) <= reach }
}
