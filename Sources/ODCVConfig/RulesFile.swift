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

/// The layers read so far, merged: a later one may only tighten.
struct RuleLayers {
  enum Layer: String, CaseIterable, Sendable { case site, robot, cell, task }

  private struct Setting {
    var value: Double
    var place: String
    var layer: Layer
    var source: String
  }
  private var settings = [Setting?](repeating: nil, count: Limits.rows.count)
  private var layer: Layer?
  private var clearAfter = PerRule<Double>(repeating: 0)

  mutating func add(_ map: YAMLMap) throws(ConfigError) {
    try Plausibility.check(rules: map)
    let layer: Layer = try map.choice("layer")
    if let before = self.layer, !Self.layers(after: before).contains(layer) {
      throw map.error(
        "layer", "a `\(layer.rawValue)` layer comes after the `\(before.rawValue)` layer",
        "name one file a layer in the monitor file's `rules`, in the order site, robot, cell, task")
    }
    self.layer = layer
    for (name, entry) in try map.named("rules") { try add(name, entry, layer) }
    try map.finish()
  }

  /// What is wrong with each entry of a file that has been read so far as its `layer`; those that are right are taken in.
  mutating func problems(_ map: YAMLMap) -> [ConfigError] {
    var problems = Plausibility.problems(rules: map)
    do throws(ConfigError) {
      let layer: Layer = try map.choice("layer")
      for (name, entry) in try map.named("rules") {
        do throws(ConfigError) { try add(name, entry, layer) } catch { problems.append(error) }
      }
    } catch {
      problems.append(error)
    }
    return problems
  }

  private mutating func add(_ name: String, _ map: YAMLMap, _ layer: Layer) throws(ConfigError) {
    let fields = Limits.rows.enumerated().filter { $0.element.rule.name == name }
    let rule = RuleID.allCases.first { $0.name == name }
    guard let rule, !fields.isEmpty || map.has("clear_after_s") else {
      throw map.error("`\(name)` is no rule with a limit here", Self.remedy(unknown: name))
    }
    let source = try map.string("source")
    if let seconds = try map.optionalDouble("clear_after_s", .notNegative) {
      guard seconds >= clearAfter[rule.place] else {
        throw map.error(
          "clear_after_s", "`\(name)` `clear_after_s` \(seconds) is shorter than \(clearAfter[rule.place]) of a layer before",
          "a later layer may only tighten: write at least \(clearAfter[rule.place])")
      }
      clearAfter[rule.place] = seconds
    }
    for (index, (_, field)) in fields {
      let before = settings[index]
      let given = before == nil ? try map.double(field.key, field.bound.yaml) : try map.optionalDouble(field.key, field.bound.yaml)
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
    try checkOrder(rule, map)
  }

  /// Limits of one rule of which the first may not be above the second: above it, it would never bind.
  private static let ordered: [(RuleID, lesser: String, greater: String)] = [
    (.motionTCPSpeed, "reduced_m_s", "greatest_m_s"), (.motionVelocity, "reduced_fraction", "fraction"),
    (.motionAcceleration, "reduced_fraction", "fraction"), (.contactPermit, "greatest_time_s", "window_s"),
  ]

  /// Refuses an entry that sets a limit above the one that it must stay below. An entry that only lowers the latter passes:
  /// the rules take the smaller of both.
  private func checkOrder(_ rule: RuleID, _ map: YAMLMap) throws(ConfigError) {
    func setting(_ key: String) -> Double? {
      zip(Limits.rows, settings).first { $0.0.rule == rule && $0.0.row.key == key }?.1?.value
    }
    for (_, lesser, greater) in Self.ordered.filter({ $0.0 == rule }) where map.has(lesser) {
      guard let low = setting(lesser), let high = setting(greater), low > high else { continue }
      throw map.error(
        lesser, "`\(rule.name)` `\(lesser)` \(low) is above `\(greater)` \(high), so it would never bind",
        "write at most \(high)")
    }
  }

  /// All limits; `monitor` is the file to blame for a rule that no layer holds.
  func limits(monitor: YAMLMap) throws(ConfigError) -> Limits {
    var limits = Limits()
    for ((rule, row), setting) in zip(Limits.rows, settings) {
      guard let setting else {
        throw monitor.error(
          "rules", "no rules file holds `\(rule.name)`",
          "add `\(rule.name): {\(row.key): <number>, source: <text>}` to the site layer")
      }
      limits[rule, row.key] = setting.value
    }
    for rule in RuleID.allCases { limits.setClearAfter(clearAfter[rule.place], rule) }
    return limits
  }

  /// Rule id to `file:line layer: source`, one for each of its limits that another entry sets.
  var sources: [String: String] {
    var sources: [String: String] = [:]
    for rule in RuleID.allCases where rule.facts.limits.isEmpty && rule.facts.cellLimits == nil {
      sources[rule.name] = "built in: there is no limit to set"
    }
    var named: [String: [String]] = [:]
    for ((rule, row), setting) in zip(Limits.rows, settings) {
      guard let setting else { continue }
      // An entry says once where its limits come from, however many it sets.
      let entry = "\(setting.layer.rawValue): \(setting.source)"
      guard named[rule.name]?.contains(entry) != true else { continue }
      named[rule.name, default: []].append(entry)
      let text = "\(setting.place) \(entry)"
      sources[rule.name] = sources[rule.name].map { "\($0); \(row.key) \(text)" } ?? text
    }
    return sources
  }

  private static func isLooser(_ value: Double, than before: Double, _ tighter: LimitRow.Tighter) -> Bool {
    switch tighter {
    case .greater: value < before
    case .smaller: value > before
    }
  }

  /// In their order, those that may still come.
  private static func layers(after layer: Layer) -> ArraySlice<Layer> { Layer.allCases.drop { $0 != layer }.dropFirst() }

  /// What to do about an entry that no rules file can hold.
  private static func remedy(unknown name: String) -> String {
    if let rule = RuleID.allCases.first(where: { $0.name == name }) {
      return rule.facts.cellLimits?.remedy ?? "remove it: it has no limit to set"
    }
    let names = RuleID.allCases.filter { !$0.facts.limits.isEmpty }.map(\.name)
    return "write one of \(names.joined(separator: ", "))"
  }
}

extension LimitRow.Bound {
  fileprivate var yaml: YAMLMap.Bound {
    switch self {
    case .positive: .positive
    case .notNegative: .notNegative
    case .fraction: .fraction
    }
  }
}
