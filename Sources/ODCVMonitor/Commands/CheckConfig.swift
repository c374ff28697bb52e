import ArgumentParser
import ODCVConfig
import ODCVCore

extension BodyTableFile {
  /// Which table it is, and how much of it is to be checked.
  var title: String {
    "\(name), edition \(edition), SHA-256 \(Words.hex(sha256)); \(marks[.verify] ?? 0) of its numbers are marked `verify`"
  }
}

/// Loads a configuration as `run` would and says what it declares.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Check a configuration and say what it declares.")

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
    for arm in try loadFleet(file ?? config ?? "").loops.flatMap(\.arms) { describe(arm) }
  }

  private func describe(_ loaded: LoadedConfiguration) {
    let cell = loaded.core.cell
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
    for rule in RuleID.allCases {
      let limits = RuleLimits(rule, loaded)
      tell("  \(limits.text)")
      if let source = limits.source { tell("    from \(source)") }
    }
  }
}
