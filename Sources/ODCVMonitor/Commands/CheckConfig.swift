import ArgumentParser
import ODCVConfig
import ODCVCore

extension BodyTableFile {
  /// Which table it is, and how much of it is to be checked.
  var title: String {
    "\(name), edition \(edition), SHA-256 \(Words.hex(sha256)); \(marks[.verify] ?? 0) of its numbers are marked `verify`"
  }
}

extension LoadedConfiguration {
  /// What the files mark as ASSUMED, a line for each file.
  var assumedWords: [String] {
    var files: [(file: String, names: [String])] = []
    for assumption in assumptions {
      if files.last?.file != assumption.file { files.append((assumption.file, [])) }
      files[files.count - 1].names.append(assumption.name)
    }
    return files.map { "\($0.file): \($0.names.count) marked ASSUMED, declared by nobody: \($0.names.joined(separator: ", "))" }
  }

  /// What a source must say of its own accord, or a rule is unknown and enforce mode holds the arm.
  var demands: [String] {
    let isExcused = core.cell.notMeasured.contains { $0.quantity == .payload }
    guard let payload = core.cell.payload, payload.object == nil, payload.tool <= payload.greatest, !isExcused else { return [] }
    return [
      "payload.mass is unknown, and enforce mode holds the arm, while State does not say `grasped: false`: the robot file has a `payload`, and "
        + "the cell neither `greatest_part_kg` nor a `held_object` with its mass; write one of them"
    ]
  }
}

/// Loads a configuration as `run` would and says what it declares.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Check a configuration and say what it declares.",
    discussion: """
      Every error that can be told without another is told, one line each, and with --json in one JSON line too; then it ends with 2. What \
      the arm's files mark as ASSUMED and what would keep the arm from ever moving are warnings.
      """)

  @Argument(help: "The monitor's configuration file, or a fleet's.")
  var file: String?

  @Option(help: "The same, as the other commands take it.")
  var config: String?

  @Flag(help: "One JSON line for each arm.")
  var json = false

  func validate() throws {
    switch (file, config) {
    case (nil, nil): throw ValidationError("name the configuration: odcv-monitor check-config FILE")
    case (.some, .some): throw ValidationError("name the configuration once, as FILE or with --config")
    case (.some, nil), (nil, .some): break
    }
  }

  func run() throws {
    let path = file ?? config ?? ""
    let fleet: Fleet
    do throws(ConfigError) { fleet = try Fleet.load(path: path) } catch { throw refuse(path) }
    for arm in fleet.loops.flatMap(\.arms) { describe(arm) }
  }

  private func refuse(_ path: String) -> Stop {
    let problems = Fleet.problems(path: path)
    for problem in problems { say("odcv-monitor: \(problem)") }
    if json {
      let errors = problems.map { problem in
        JSON.object([
          ("file", .string(problem.file)), ("line", problem.line.map { .integer(Int64($0)) } ?? .null),
          ("problem", .string(problem.problem)), ("remedy", .string(problem.remedy)),
        ])
      }
      tell(JSON.object([("configuration", .string(path)), ("errors", .array(errors))]).line)
    }
    return Stop(.usage, "")
  }

  private func describe(_ loaded: LoadedConfiguration) {
    let cell = loaded.core.cell
    let hindrances = Mobility(loaded).hindrances
    if json {
      tell(
        JSON.object([
          ("robot", .string(loaded.robotID)), ("model", .string(loaded.core.robot.name)),
          ("mode", .string(loaded.mode.rawValue)), ("configuration_sha256", .string(Words.hex(loaded.core.digest))),
          ("files", .array(loaded.attachments.map { .string($0.name) })),
          ("obstacles", .array(cell.obstacles.map { .string($0.name) })),
          ("body_limits_sha256", loaded.bodyTable.map { .string(Words.hex($0.sha256)) } ?? .null),
          ("rules", .array(RuleID.allCases.map { RuleLimits($0, loaded).json })),
          ("zones", .array(cell.zones.map { .string($0.name) })),
          ("people_sensors", .array(cell.peopleSensors.map { .string($0.id) })),
          ("not_measured", .array(cell.notMeasured.map(\.json))),
          ("assumed", .array(loaded.assumptions.map { .object([("file", .string($0.file)), ("value", .string($0.name))]) })),
          ("demands", .array(loaded.demands.map { .string($0) })),
          ("never_moves", .array(hindrances.map { .string($0) })),
        ]).line)
      return
    }
    tell(
      "\(loaded.robotID): \(loaded.core.robot.name), \(loaded.core.robot.joints.count) joints, \(loaded.mode.rawValue)")
    tell("configuration \(Words.hex(loaded.core.digest))")
    for file in loaded.attachments { tell("  file \(file.name)") }
    tell("\(cell.obstacles.count) obstacles, \(cell.zones.count) zones, \(cell.peopleSensors.count) people sensors")
    if let table = loaded.bodyTable { tell("body limits: \(table.title)") }
    for gap in cell.notMeasured { tell("NOT MEASURED: \(gap.words)") }
    for text in loaded.assumedWords + loaded.demands { tell("WARNING: \(text)") }
    for hindrance in hindrances { tell("WARNING: the arm could never move: \(hindrance)") }
    for rule in RuleID.allCases {
      let limits = RuleLimits(rule, loaded)
      tell("  \(limits.text)")
      if let source = limits.source { tell("    from \(source)") }
    }
  }
}
