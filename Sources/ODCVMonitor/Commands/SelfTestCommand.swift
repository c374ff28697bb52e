import ArgumentParser
import ODCVCore

/// Fires every rule of a configuration once.
struct SelfTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "self-test", abstract: "Make every rule of a configuration fire once, on a violation made for it.",
    discussion: "`run` does the same before it starts.")

  @Option(help: "The monitor's configuration file.")
  var config: String = "/etc/odcv/monitor.yaml"

  func run() throws {
    let test = SelfTest(try loadConfiguration(config).core)
    var silent = 0
    for rule in RuleID.allCases {
      switch test.run(rule) {
      case .fired: tell("\(rule.name): fires")
      case .notApplicable: tell("\(rule.name): not measured or not present in this cell")
      case .silent:
        silent += 1
        tell("\(rule.name): SILENT")
      }
    }
    if silent > 0 { throw Stop(.failed, "\(silent) rules did not fire on a violation made for them") }
  }
}
