/// One limit of a rule: the key that files set it by, and which way is tighter. The number is data, never here.
public struct LimitRow: Sendable {
  public enum Tighter: Sendable { case greater, smaller }

  /// Which numbers a file may give.
  public enum Bound: Sendable {
    case positive
    case notNegative
    /// Above 0, at most 1.
    case fraction
  }

  /// With its unit, as every number of a configuration: `least_m`.
  public let key: String
  /// How the rule's value is compared with it; `nil`: a term that another limit is computed from.
  public let sense: Sense?
  public let tighter: Tighter
  public let bound: Bound
  /// What is compared, where that is not the rule's own value.
  public let subject: String?
  /// As readers see it.
  public let unit: String

  /// A limit that the rule's value is compared with.
  ///
  /// - Parameter unit: As readers see it; without one, the key's own.
  init(_ key: String, _ sense: Sense, _ bound: Bound, of subject: String? = nil, unit: String? = nil) {
    self.key = key
    self.sense = sense
    switch sense {
    case .atLeast: tighter = .greater
    case .atMost: tighter = .smaller
    }
    self.bound = bound
    self.subject = subject
    self.unit = unit ?? LimitRow.unit(of: key)
  }

  /// A term that a limit is computed from.
  init(term key: String, tighter: Tighter, _ bound: Bound, of subject: String, unit: String? = nil) {
    self.key = key
    sense = nil
    self.tighter = tighter
    self.bound = bound
    self.subject = subject
    self.unit = unit ?? LimitRow.unit(of: key)
  }

  /// The unit at the end of a key; a key without one is a bug of the rule's file.
  private static func unit(of key: String) -> String {
    // Longer endings first: `_m_s` ends with `_s` too.
    let units: [(String, String)] = [
      ("_rad_s3", "rad/s³"), ("_rad_s2", "rad/s²"), ("_rad_s", "rad/s"), ("_m_s3", "m/s³"), ("_m_s2", "m/s²"),
      ("_m_s", "m/s"), ("_n_m2", "N/m²"), ("_n_s", "N s"), ("_rad", "rad"), ("_nm", "Nm"), ("_kg", "kg"), ("_m", "m"), ("_n", "N"),
      ("_j", "J"), ("_s", "s"),
    ]
    guard let (_, unit) = units.first(where: { key.hasSuffix($0.0) }) else { preconditionFailure("no unit in \(key)") }
    return unit
  }
}

/// The limits that rules compare with, one number for each row of the book: data from the configuration's layers, never
/// constants in a rule. What no layer has set is no number, and passes nothing.
public struct Limits: Sendable {
  /// A row and the rule that it belongs to.
  public typealias Row = (rule: RuleID, row: LimitRow)

  /// The table of all limits, in the order of the book.
  public static let rows: [Row] = RuleID.allCases.flatMap { rule in rule.facts.limits.map { (rule, $0) } }

  private var values: [Double]
  /// s, by the rule's place: how long what a rule held back stays held after it passes again. It delays the end of a hold and of an
  /// alarm, never their beginning.
  private var holds = PerRule<Double>(repeating: 0)

  public init() { values = Array(repeating: .nan, count: Limits.rows.count) }

  /// The limit that the rule's row with this key holds. A key that the rule has no row for is a bug of ours.
  public subscript(_ rule: RuleID, _ key: String) -> Double {
    get { values[Limits.place(rule, key)] }
    set { values[Limits.place(rule, key)] = newValue }
  }

  /// How long what the rule held back stays held after it passes again, s.
  public func clearAfter(_ rule: RuleID) -> Double { holds[rule.place] }

  public mutating func setClearAfter(_ seconds: Double, _ rule: RuleID) { holds[rule.place] = seconds }

  /// Every limit is a number.
  var areSet: Bool { values.allSatisfy { !$0.isNaN } }

  private static func place(_ rule: RuleID, _ key: String) -> Int {
    guard let place = rows.firstIndex(where: { $0.rule == rule && $0.row.key == key }) else {
      preconditionFailure("\(rule.name) has no limit \(key)")
    }
    return place
  }
}

/// Everything that a verdict hangs on besides the inputs.
public struct Configuration: Sendable {
  public var robot: RobotModel
  public var cell: Cell
  public var limits: Limits
  /// What a human body bears; `nil` when nothing here may touch one.
  public var bodies: BodyTable?
  /// SHA-256 of the configuration files in canonical form, 32 bytes; part of every verdict.
  public var digest: [UInt8]

  public init(robot: RobotModel, cell: Cell, limits: Limits, digest: [UInt8], bodies: BodyTable? = nil) {
    precondition(digest.count == 32)
    self.robot = robot
    self.cell = cell
    self.limits = limits
    self.digest = digest
    self.bodies = bodies
  }
}
