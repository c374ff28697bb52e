import ArgumentParser
import ODCVConfig
import ODCVCore

/// The rule book, as this binary has it.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The rules that this monitor judges.", subcommands: [List.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the rules, with the limits of a configuration if given.")

    @Flag(help: "A table for a document.")
    var markdown = false

    @Flag(help: "One JSON line.")
    var json = false

    @Option(help: "A configuration whose limits are shown, with their sources.")
    var config: String?

    func run() throws {
      let loaded = try config.map { try loadConfiguration($0) }
      if json {
        tell(JSON.array(RuleID.allCases.map { Rules.json($0, loaded) }).line)
        return
      }
      if markdown { tell(Rules.heading(loaded != nil)) }
      for rule in RuleID.allCases { tell(markdown ? Rules.row(rule, loaded) : Rules.line(rule, loaded)) }
      guard let loaded else { return }
      tell("")
      for gap in loaded.core.cell.notMeasured { tell("not measured here: \(gap.words)") }
      if loaded.core.cell.notMeasured.isEmpty { tell("everything that can be declared as not measured is measured here") }
    }
  }

  private static func json(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> JSON {
    if let loaded { return RuleLimits(rule, loaded).json }
    return .object([
      ("rule", .string(rule.name)), ("unit", .string(rule.unit)), ("requirement", .string(rule.facts.requirement)),
    ])
  }

  private static func line(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> String {
    guard let loaded else { return "\(rule.name) [\(rule.unit)]: \(rule.facts.requirement)" }
    let limits = RuleLimits(rule, loaded)
    return "\(limits.text)\n  \(rule.facts.requirement)" + (limits.source.map { "\n  from \($0)" } ?? "")
  }

  private static func heading(_ hasLimits: Bool) -> String {
    hasLimits
      ? "| rule | unit | requirement | limit | limit from |\n|---|---|---|---|---|"
      : "| rule | unit | requirement |\n|---|---|---|"
  }

  private static func row(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> String {
    let row = "| `\(rule.name)` | \(rule.unit) | \(rule.facts.requirement) |"
    guard let loaded else { return row }
    let limits = RuleLimits(rule, loaded)
    return "\(row) \(limits.limits) | \(limits.source ?? "") |"
  }
}
