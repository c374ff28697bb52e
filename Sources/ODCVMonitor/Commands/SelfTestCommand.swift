import ArgumentParser
import ODCVCore

/// Fires every rule of a configuration once.
struct SelfTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "self-test", abstract: "Make every rule of a configuration fire once, on a violation made for it, and require that the arm may move at all.",
    discussion: "`run` makes every rule fire before it starts, and says so where the arm could never move. Ends with 4 when a rule stays silent, or when everything is fresh, nobody is near, and standing still or one small move is not allowed.")

  @Option(help: "The monitor's configuration file.")
  var config: String = "/etc/odcv/monitor.yaml"

  func run() throws {
    let loaded = try loadConfiguration(config)
    let test = SelfTest(loaded.core)
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
    let hindrances = Mobility(loaded).hindrances
    for hindrance in hindrances { tell("THE ARM COULD NEVER MOVE: \(hindrance)") }
    if hindrances.isEmpty { tell("the arm may stand still, and may move") }
    if !hindrances.isEmpty, silent == 0 {
      throw Stop(
        .failed,
        "the arm could never move: correct what is named: the limits, the cell, or what the robot file promises; what it marks as ASSUMED is "
          + "careful on purpose, so measure `tracking`, `measurement` and the joints' accelerations, and write what you find")
    }
    if silent > 0 { throw Stop(.failed, "\(silent) rules did not fire on a violation made for them") }
  }
}
