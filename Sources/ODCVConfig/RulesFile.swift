import ODCVCore
import ODCVYAML

/// The limits of the rules, one file a layer: `layer: site|robot|cell|task`, `rules: {id: {limits with units, source}}`.
public enum RulesFile {
  /// Reads rules files in the order of their layers; together they must hold every limit.
  public static func load(paths: [String]) throws(ConfigError) -> Limits {
    var layers = RuleLayers()
    for path in paths { try layers.add(YAMLMap.load(path: path)) }
    guard let last = paths.last else {
      throw ConfigError(file: "rules", line: nil, problem: "no rules file is named", remedy: "name at least one")
    }
    return try layers.limits(monitor: YAMLMap.load(path: last))
  }
}

/// One limit of a rule: where it stands in a file and in the core, and which way is tighter.
struct LimitField {
  enum Tighter { case greater, smaller }
  let rule: RuleID
  let key: String
  let tighter: Tighter
  let bound: YAMLMap.Bound
  let path: WritableKeyPath<Limits, Double> & Sendable

  static let all: [LimitField] = [
    LimitField(
      rule: .clearanceStatic, key: "least_m", tighter: .greater, bound: .notNegative, path: \.staticClearance),
    LimitField(rule: .clearanceSelf, key: "least_m", tighter: .greater, bound: .notNegative, path: \.selfClearance),
    LimitField(
      rule: .clearanceHuman, key: "human_speed_m_s", tighter: .greater, bound: .positive, path: \.separation.humanSpeed),
    LimitField(
      rule: .clearanceHuman, key: "intrusion_m", tighter: .greater, bound: .notNegative, path: \.separation.intrusion),
    LimitField(
      rule: .clearanceHuman, key: "robot_uncertainty_m", tighter: .greater, bound: .notNegative,
      path: \.separation.robotUncertainty),
    LimitField(
      rule: .contactHalt, key: "force_threshold_n", tighter: .smaller, bound: .positive, path: \.contactForceThreshold),
    LimitField(
      rule: .contactHalt, key: "torque_threshold_nm", tighter: .smaller, bound: .positive,
      path: \.contactTorqueThreshold),
    LimitField(rule: .contactForce, key: "greatest_n", tighter: .smaller, bound: .positive, path: \.contactForce),
    LimitField(rule: .motionPosition, key: "margin_rad", tighter: .greater, bound: .notNegative, path: \.positionMargin),
    LimitField(rule: .motionVelocity, key: "fraction", tighter: .smaller, bound: .fraction, path: \.velocityFraction),
    LimitField(rule: .motionTCPSpeed, key: "greatest_m_s", tighter: .smaller, bound: .positive, path: \.tcpSpeed),
    LimitField(rule: .motionJump, key: "greatest_rad", tighter: .smaller, bound: .positive, path: \.jump),
    LimitField(
      rule: .integritySequence, key: "missing_messages", tighter: .smaller, bound: .notNegative, path: \.sequenceGap),
  ]
}

/// The layers read so far, merged: a later one may only tighten.
struct RuleLayers {
  enum Layer: String, CaseIterable, Sendable { case site, robot, cell, task }

  private struct Setting {
    var value: Double
    var place: String
    var layer: Layer
    var source: String
  }
  private var settings = [Setting?](repeating: nil, count: LimitField.all.count)
  private var layer: Layer?

  mutating func add(_ map: YAMLMap) throws(ConfigError) {
    let layer: Layer = try map.choice("layer")
    if let before = self.layer, Self.rank(layer) <= Self.rank(before) {
      throw map.error(
        "layer", "a `\(layer.rawValue)` layer comes after the `\(before.rawValue)` layer",
        "name one file a layer in the monitor file's `rules`, in the order site, robot, cell, task")
    }
    self.layer = layer
    for (name, entry) in try map.named("rules") { try add(name, entry, layer) }
    try map.finish()
  }

  private mutating func add(_ name: String, _ map: YAMLMap, _ layer: Layer) throws(ConfigError) {
    let fields = LimitField.all.enumerated().filter { $0.element.rule.name == name }
    guard !fields.isEmpty else {
      throw map.error("`\(name)` is no rule with a limit here", Self.remedy(unknown: name))
    }
    let source = try map.string("source")
    for (index, field) in fields {
      let before = settings[index]
      let given = before == nil ? try map.double(field.key, field.bound) : try map.optionalDouble(field.key, field.bound)
      guard let given else { continue }
      if let before, Self.isLooser(given, than: before.value, field.tighter) {
        let direction = field.tighter == .greater ? "at least" : "at most"
        throw map.error(
          field.key,
          "`\(name)` `\(field.key)` \(given) is looser than \(before.value) of the \(before.layer.rawValue) layer"
            + " (\(before.place))",
          "a later layer may only tighten: write \(direction) \(before.value)")
      }
      settings[index] = Setting(
        value: given, place: "\(map.file):\(map.line(of: field.key))", layer: layer, source: source)
    }
  }

  /// All limits; `monitor` is the file to blame for a rule that no layer holds.
  func limits(monitor: YAMLMap) throws(ConfigError) -> Limits {
    var limits = Limits(
      staticClearance: 0, selfClearance: 0,
      separation: SeparationTerms(humanSpeed: 0, intrusion: 0, robotUncertainty: 0), contactForceThreshold: 0,
      contactTorqueThreshold: 0, contactForce: 0, positionMargin: 0, velocityFraction: 0, tcpSpeed: 0, jump: 0,
      sequenceGap: 0)
    for (field, setting) in zip(LimitField.all, settings) {
      guard let setting else {
        throw monitor.error(
          "rules", "no rules file holds `\(field.rule.name)`",
          "add `\(field.rule.name): {\(field.key): <number>, source: <text>}` to the site layer")
      }
      limits[keyPath: field.path] = setting.value
    }
    return limits
  }

  /// Rule id to `file:line layer: source`, one for each of its limits that another entry sets.
  var sources: [String: String] {
    var sources: [String: String] = [
      RuleID.integritySchema.name: "built in: every message must decode; there is no limit to set"
    ]
    var named: [String: [String]] = [:]
    for (field, setting) in zip(LimitField.all, settings) {
      guard let setting else { continue }
      // An entry says once where its limits come from, however many it sets.
      let entry = "\(setting.layer.rawValue): \(setting.source)"
      guard named[field.rule.name]?.contains(entry) != true else { continue }
      named[field.rule.name, default: []].append(entry)
      let text = "\(setting.place) \(entry)"
      sources[field.rule.name] = sources[field.rule.name].map { "\($0); \(field.key) \(text)" } ?? text
    }
    return sources
  }

  private static func isLooser(_ value: Double, than before: Double, _ tighter: LimitField.Tighter) -> Bool {
    switch tighter {
    case .greater: value < before
    case .smaller: value > before
    }
  }

  private static func rank(_ layer: Layer) -> Int {
    switch layer {
    case .site: 0
    case .robot: 1
    case .cell: 2
    case .task: 3
    }
  }

  /// Some rules take their limits from elsewhere.
  private static func remedy(unknown name: String) -> String {
    switch RuleID.allCases.first(where: { $0.name == name }) {
    case .zoneSpeed: return "write its limits in the cell file's `zones`"
    case .integrityStale: return "write the ages in the cell file's `inputs` and sensors"
    case .integritySchema: return "remove it: every message must decode"
    case .clearanceStatic, .clearanceSelf, .clearanceHuman, .contactHalt, .contactForce, .motionPosition,
      .motionVelocity, .motionTCPSpeed, .motionJump, .integritySequence, nil:
      var names: [String] = []
      for field in LimitField.all where !names.contains(field.rule.name) { names.append(field.rule.name) }
      return "write one of \(names.joined(separator: ", "))"
    }
  }
}
