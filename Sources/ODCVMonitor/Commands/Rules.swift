import ArgumentParser
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

    @Option(help: "A configuration whose sources of limits are shown.")
    var config: String?

    func run() throws {
      let sources = try config.map { try loadConfiguration($0).limitSources } ?? [:]
      if markdown { tell("| rule | unit | requirement | limit from |\n|---|---|---|---|") }
      for rule in RuleID.allCases {
        let source = sources[rule.name] ?? (config == nil ? "" : "no limit of its own")
        if markdown {
          tell("| `\(rule.name)` | \(rule.unit) | \(Rules.requirement(rule)) | \(source) |")
        } else {
          tell("\(rule.name) [\(rule.unit)]: \(Rules.requirement(rule))\(source.isEmpty ? "" : " (\(source))")")
        }
      }
    }
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
