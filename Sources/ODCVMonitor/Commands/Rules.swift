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
    }
  }

  private static func json(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> JSON {
    if let loaded { return RuleLimits(rule, loaded).json }
    return .object([
      ("rule", .string(rule.name)), ("unit", .string(rule.unit)), ("requirement", .string(requirement(rule))),
    ])
  }

  private static func line(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> String {
    guard let loaded else { return "\(rule.name) [\(rule.unit)]: \(requirement(rule))" }
    let limits = RuleLimits(rule, loaded)
    return "\(limits.text)\n  \(requirement(rule))" + (limits.source.map { "\n  from \($0)" } ?? "")
  }

  private static func heading(_ hasLimits: Bool) -> String {
    hasLimits
      ? "| rule | unit | requirement | limit | limit from |\n|---|---|---|---|---|"
      : "| rule | unit | requirement |\n|---|---|---|"
  }

  private static func row(_ rule: RuleID, _ loaded: LoadedConfiguration?) -> String {
    let row = "| `\(rule.name)` | \(rule.unit) | \(requirement(rule)) |"
    guard let loaded else { return row }
    let limits = RuleLimits(rule, loaded)
    return "\(row) \(limits.limits) | \(limits.source ?? "") |"
  }

  /// What a rule asks, in one sentence.
  static func requirement(_ rule: RuleID) -> String {
    switch rule {
    case .clearanceStatic:
      "every link keeps its distance to every obstacle during the judged motion and the stop after it"
    case .clearanceSelf: "links keep their distance to each other"
    case .clearanceHuman: "while the arm moves it is farther from every person than the separation distance"
    case .zoneSpeed: "links in a speed zone move no faster than the zone allows"
    case .contactHalt:
      "after unexpected contact the arm stops within its stopping time and stays until an operator's reset"
    case .contactForce: "no contact is harder than its limit"
    case .motionPosition: "every joint stays inside its range"
    case .motionVelocity: "every joint stays below its share of its speed limit"
    case .motionTCPSpeed: "the tool centre point stays below its speed limit"
    case .motionJump: "a commanded joint is not farther from the measured one than allowed"
    case .integritySchema: "every message is one that its endpoint carries, whole and finite"
    case .integritySequence: "no message is lost, repeated or out of order"
    case .integrityStale: "every declared input is there and not too old"
    }
  }
}
