import ODCVConfig
import ODCVCore

/// Fires every rule once through the real core: a detector that cannot fire looks like safety.
///
/// Each rule makes its own violation out of the loaded configuration (`Provocation`), and a monitor made for it is stepped
/// through. The running monitor is not touched.
struct SelfTest {
  enum Result: Equatable {
    case fired
    /// The cell declares that the quantity is not measured, so the rule does not judge here.
    case notApplicable
    case silent
  }

  private let configuration: Configuration

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// Runs every case; a silent rule ends the command with status 4.
  static func requireEveryRuleFires(_ loaded: LoadedConfiguration) throws {
    let test = SelfTest(loaded.core)
    let silent = RuleID.allCases.filter { test.run($0) == .silent }
    guard silent.isEmpty else {
      throw Stop(
        .failed, "self-test: \(silent.map(\.name).joined(separator: ", ")) did not fire on a violation made for it")
    }
  }

  /// Places of the rules that stay silent, a bit each.
  var silentRules: UInt64 {
    RuleID.allCases.reduce(0) { run($1) == .silent ? $0 | 1 << UInt64($1.place) : $0 }
  }

  func run(_ rule: RuleID) -> Result {
    let provocation = Provocation(of: rule, configuration)
    var monitor = Monitor(provocation.configuration)
    var found = Result.silent
    for (input, instant) in provocation.inputs {
      let verdict = monitor.step(input, at: instant)
      for finding in verdict.findings where finding.rule == rule {
        switch finding.outcome {
        case .violationCertain, .violationPossible: return .fired
        case .unknown:
          switch rule.facts.objection {
          case .unknown: found = .fired
          case .violation: break
          }
        case .notApplicable: if found == .silent { found = .notApplicable }
        case .pass: break
        }
      }
    }
    return found
  }
}
