import ODCVConfig
import ODCVCore
import ODCVYAML
import Testing

@Suite struct LayerTests {
  /// The shipped configuration with further rules files after the site's.
  private func load(_ layers: [(name: String, text: String)]) throws -> LoadedConfiguration {
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == "monitor.yaml" })
    let names = (["rules/site.yaml"] + layers.map(\.name)).joined(separator: ", ")
    files[index].bytes = Array(
      String(decoding: files[index].bytes, as: UTF8.self)
        .replacing("rules: [rules/site.yaml]", with: "rules: [\(names)]").utf8)
    files += layers.map { ConfigurationFile(name: $0.name, bytes: Array($0.text.utf8)) }
    return try LoadedConfiguration.load(attachments: files)
  }

  private func layer(_ layer: String, _ rules: String) -> (name: String, text: String) {
    ("rules/\(layer).yaml", "version: 1\nlayer: \(layer)\nrules:\n\(rules)")
  }

  @Test func aLaterLayerTightensAndIsNamedAsTheSource() throws {
    let loaded = try load([
      layer("robot", "  motion.tcp-speed: {greatest_m_s: 1.0, source: worn gearbox}\n"),
      layer("task", "  clearance.static: {least_m: 0.08, source: long parts}\n"),
    ])
    #expect(loaded.core.limits[.motionTCPSpeed, "greatest_m_s"] == 1.0)
    #expect(loaded.core.limits[.clearanceStatic, "least_m"] == 0.08)
    #expect(loaded.core.limits[.clearanceSelf, "least_m"] == 0.01)
    #expect(loaded.limitSources["motion.tcp-speed"]?.hasPrefix("rules/robot.yaml:4 robot: worn gearbox") == true)
    #expect(loaded.limitSources["clearance.static"] == "rules/task.yaml:4 task: long parts")
  }

  @Test func oneLimitOfARuleMayBeTightenedAlone() throws {
    let loaded = try load([layer("cell", "  clearance.human: {human_speed_m_s: 2.0, source: reaching hands}\n")])
    #expect(loaded.core.limits[.clearanceHuman, "human_speed_m_s"] == 2.0)
    #expect(loaded.core.limits[.clearanceHuman, "intrusion_m"] == 0.10)
    let source = try #require(loaded.limitSources["clearance.human"])
    #expect(source.contains("reaching hands") && source.contains("intrusion_m rules/site.yaml"))
  }

  /// A looser value than the site's for every limit that has one.
  static let looser: [String] = Limits.rows.compactMap { rule, row in
    guard let site = try? LoadedConfiguration.load(path: Shipped.path("monitor.yaml")).core.limits[rule, row.key] else {
      return nil
    }
    switch row.tighter {
    case .greater: return site > 0 ? "\(rule.name): {\(row.key): \(site / 2)" : nil
    case .smaller:
      let looser = row.bound == .fraction ? (site + 1) / 2 : site * 2 + 1
      // No file may give a larger fraction than all of it.
      return looser > site ? "\(rule.name): {\(row.key): \(looser)" : nil
    }
  }

  @Test func everyLimitCanBeLoosened() {
    // Those that can't: fractions of all, and distances of none.
    #expect(Self.looser.count == Limits.rows.count - 5)
  }

  @Test(arguments: looser) func aLooserLimitInALaterLayerRefusesToLoad(rule: String) throws {
    let error = #expect(throws: ConfigError.self) { try load([layer("robot", "  \(rule), source: hurry}\n")]) }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("rules/robot.yaml:4: "))
    #expect(text.contains("looser"))
    #expect(text.contains("site layer (rules/site.yaml:"))
    #expect(text.contains("may only tighten"))
  }

  @Test(arguments: Limits.rows.map { "\($0.rule.name) \($0.row.key)" }, ["-1", ".nan", ".inf", "1e999", "true", "''"])
  func aLimitThatIsNoNumberInItsBoundsRefusesToLoad(limit: String, value: String) throws {
    let parts = limit.split(separator: " ")
    let error = #expect(throws: ConfigError.self) {
      try load([layer("robot", "  \(parts[0]): {\(parts[1]): \(value), source: typing}\n")])
    }
    #expect(try #require(error?.description).hasPrefix("rules/robot.yaml:4: "))
  }

  @Test func everyLimitIsInTheManual() throws {
    let manual = String(decoding: try YAMLFile.bytes(path: Shipped.top + "/docs/configuration.md"), as: UTF8.self)
    let lines = manual.split(separator: "\n")
    for (rule, row) in Limits.rows {
      let line = lines.first { $0.hasPrefix("| `\(rule.name)` |") }
      #expect(line?.contains("`\(row.key)`") == true, "\(rule.name) \(row.key)")
    }
    for rule in RuleID.allCases { #expect(manual.contains("`\(rule.name)`"), "\(rule.name)") }
  }

  @Test func aFractionCanBeLoosenedByNoLayer() throws {
    _ = try load([layer("robot", "  motion.velocity: {fraction: 0.5, source: new arm}\n")])
    let error = #expect(throws: ConfigError.self) {
      try load([
        layer("robot", "  motion.velocity: {fraction: 0.5, source: new arm}\n"),
        layer("task", "  motion.velocity: {fraction: 0.6, source: hurry}\n"),
      ])
    }
    #expect(try #require(error?.description).contains("looser than 0.5 of the robot layer (rules/robot.yaml:4)"))
  }

  @Test func layersOutOfOrderRefuseToLoad() throws {
    let error = #expect(throws: ConfigError.self) { try load([layer("task", "  {}\n"), layer("robot", "  {}\n")]) }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("rules/robot.yaml:2: ") && text.contains("order site, robot, cell, task"))
  }

  @Test func everyLayerFollowsTheOneBeforeAndNoneComesTwice() throws {
    let names = ["robot", "cell", "task"]
    _ = try load(names.map { layer($0, "  {}\n") })
    for first in names.indices {
      for second in names.indices {
        let layers = [layer(names[first], "  {}\n"), ("rules/second.yaml", layer(names[second], "  {}\n").text)]
        if first < second {
          _ = try load(layers)
        } else {
          #expect(throws: ConfigError.self) { try load(layers) }
        }
      }
    }
    #expect(throws: ConfigError.self) { try load([layer("site", "  {}\n")]) }
  }

  @Test func aLayerMayRepeatTheLimitOfTheOneBefore() throws {
    let loaded = try load([
      layer("robot", "  motion.tcp-speed: {greatest_m_s: 0.5, source: a}\n  clearance.static: {least_m: 0.0625, source: a}\n"),
      layer("task", "  motion.tcp-speed: {greatest_m_s: 0.5, source: b}\n  clearance.static: {least_m: 0.0625, source: b}\n"),
    ])
    #expect(loaded.core.limits[.motionTCPSpeed, "greatest_m_s"] == 0.5 && loaded.core.limits[.clearanceStatic, "least_m"] == 0.0625)
    #expect(loaded.limitSources["clearance.static"] == "rules/task.yaml:5 task: b")
  }

  @Test func aLooserLimitIsToldWhatToWriteInstead() throws {
    for (rule, advice) in [
      ("clearance.static: {least_m: 0.25", "write at least 0.5"), ("motion.tcp-speed: {greatest_m_s: 0.75", "write at most 0.5"),
    ] {
      let error = #expect(throws: ConfigError.self) {
        try load([
          layer("robot", "  motion.tcp-speed: {greatest_m_s: 0.5, source: a}\n  clearance.static: {least_m: 0.5, source: a}\n"),
          layer("task", "  \(rule), source: hurry}\n"),
        ])
      }
      #expect(try #require(error?.description).contains(advice))
    }
  }

  @Test func aHoldMayLastLongerInALaterLayerAndNotShorter() throws {
    func seconds(_ robot: String, _ task: String) throws -> Double {
      try load([
        layer("robot", "  motion.jump: {clear_after_s: \(robot), source: a}\n"),
        layer("task", "  motion.jump: {clear_after_s: \(task), source: b}\n"),
      ]).core.limits.clearAfter(.motionJump)
    }
    #expect(try seconds("0.5", "0.5") == 0.5)
    #expect(try seconds("0", "0.75") == 0.75)
    #expect(throws: ConfigError.self) { try seconds("0.5", "0.25") }
    #expect(throws: ConfigError.self) { try seconds("-0.5", "0.25") }
  }

  @Test func zeroIsALimitOfADistanceAndNoneOfASpeedOrAFraction() throws {
    for rule in ["motion.tcp-speed: {greatest_m_s", "motion.velocity: {fraction"] {
      #expect(throws: ConfigError.self) { try load([layer("robot", "  \(rule): 0, source: a}\n")]) }
    }
    // More than all of it is no fraction, and no looser one either.
    let error = #expect(throws: ConfigError.self) {
      try load([layer("robot", "  motion.velocity: {fraction: 1.5, source: a}\n")])
    }
    #expect(try #require(error?.description).contains("looser") == false)
  }

  @Test func aRuleWithoutALimitIsToldWhereItsOwnAreOrThatThereAreNone() throws {
    for (rule, advice) in [
      ("zone.speed", "write its limits in the cell file's `zones`"), ("integrity.identity", "remove it: it has no limit to set"),
      ("no.rule", "write one of clearance.static"),
    ] {
      let error = #expect(throws: ConfigError.self) { try load([layer("robot", "  \(rule): {least_m: 1, source: a}\n")]) }
      #expect(try #require(error?.description).contains(advice), "\(rule)")
    }
  }

  @Test func aTighteningWithoutASourceRefusesToLoad() throws {
    let error = #expect(throws: ConfigError.self) { try load([layer("robot", "  clearance.self: {least_m: 0.02}\n")]) }
    #expect(try #require(error?.description).contains("`source` is missing in `rules.clearance.self`"))
  }

  @Test func everyRuleInTheBookHasASource() throws {
    let sources = try load([]).limitSources
    #expect(Set(sources.keys) == Set(RuleID.allCases.map(\.name)))
    for source in sources.values { #expect(!source.isEmpty) }
  }

  @Test func aLimitThatCameWithTheRobotNamesTheRobotsFile() throws {
    let sources = try load([]).limitSources
    #expect(sources["payload.mass"]?.contains("robots/panda-sim.yaml:") == true)
    #expect(sources["grip.force"]?.contains("robots/panda-sim.yaml:") == true)
    // No force zone is in that cell: what is listed stands in the rules file alone.
    #expect(sources["contact.energy"]?.contains("rules/site.yaml:") == true)
    #expect(sources["contact.energy"]?.contains("cells/") == false)
  }
}
