import ODCVCore

/// A check as JUnit XML: one suite a recording, one case a rule, and cases for what is no rule's: that the data is complete, and
/// that verdicts are those stored live or in a baseline where that was asked.
///
/// A rule that was violated is a failure, one that could not be judged an error (the rig or the data is to blame), one that is
/// not applicable or met nothing to look at is skipped.
enum JUnit {
  /// What a case came to; the text says more than the one line of the message.
  private enum Outcome {
    case passed
    case failure(String)
    case error(String)
    case skipped(String)
  }

  static func document(_ results: [CheckResult], _ request: CheckRequest, failOnPossible: Bool) -> String {
    var suites = ""
    var total = Counts()
    for result in results {
      let cases = self.cases(result, failOnPossible)
      let counts = Counts(cases.map(\.outcome))
      total.add(counts)
      suites += "  <testsuite name=\"\(escape(result.path))\" \(counts.attributes) time=\"\(Words.rounded(result.seconds))\">\n"
      suites += properties(result, request, failOnPossible)
      for (name, outcome) in cases { suites += element(name, outcome, robot: result.robot) }
      suites += "  </testsuite>\n"
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"odcv-monitor check\" \(total.attributes)>\n"
      + suites + "</testsuites>\n"
  }

  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    init(_ outcomes: [Outcome] = []) {
      tests = outcomes.count
      for outcome in outcomes {
        switch outcome {
        case .passed: break
        case .failure: failures += 1
        case .error: errors += 1
        case .skipped: skipped += 1
        }
      }
    }

    mutating func add(_ other: Counts) {
      tests += other.tests
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
    }

    var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\"" }
  }

  private static func cases(_ result: CheckResult, _ failOnPossible: Bool) -> [(name: String, outcome: Outcome)] {
    var cases = RuleID.allCases.map { ($0.name, outcome($0, result, failOnPossible)) }
    if let emptiness = result.emptiness {
      cases.append(("recording.complete", .error(emptiness)))
    } else {
      let start = result.tally.isStarting ? ["something was unknown in every verdict from the start to the end"] : []
      let flaws = result.gaps + start
      cases.append(("recording.complete", flaws.isEmpty ? .passed : .error(flaws.joined(separator: "; "))))
    }
    if result.compared > 0 {
      let text = "\(result.differing) of \(result.compared) stored verdicts differ, the first is of input \(result.firstDifference ?? 0)"
      cases.append(("recording.stored-verdicts", result.differing > 0 ? .failure(text) : .passed))
    }
    if let deviations = result.deviations {
      let text = deviations.lines.joined(separator: "; ")
      cases.append(("recording.baseline", deviations.isDeviating ? .failure(text) : .passed))
    }
    return cases
  }

  private static func outcome(_ rule: RuleID, _ result: CheckResult, _ failOnPossible: Bool) -> Outcome {
    let line = result.tally[rule]
    if line.certain > 0 || (failOnPossible && line.possible > 0) {
      let worst = line.worst.map { "worst margin \(Words.measure($0.finding.margin.lower, rule.unit)) at input \($0.index)" }
      return .failure("\(line.certain) certain, \(line.possible) possible; \(worst ?? "no number")")
    }
    if line.unknown > 0 { return .error("\(line.unknown) times unknown") }
    if line.evaluated > 0 { return .passed }
    if line.isBlind { return .error("unknown from the start to the end") }
    return .skipped(line.notApplicable > 0 ? result.absences[rule.place] : "never evaluated")
  }

  private static func properties(_ result: CheckResult, _ request: CheckRequest, _ failOnPossible: Bool) -> String {
    var values = [
      ("configuration_sha256", result.configurationSHA256), ("verdict_blake2b", Words.hex(result.verdictDigest)),
      ("inputs", "\(result.inputs)"), ("inputs_counted", "\(result.counted)"),
      ("fail_on", (failOnPossible ? FailOn.possible : .certain).rawValue),
    ]
    if let from = request.from { values.append(("from_s", "\(from)")) }
    if let to = request.to { values.append(("to_s", "\(to)")) }
    if let foreign = result.foreign { values.append(("judged_live", "no: \(foreign.words)")) }
    if let slice = result.slice { values.append(("slice", slice.words)) }
    let lines = values.map { "      <property name=\"\($0.0)\" value=\"\(escape($0.1))\"/>\n" }
    return "    <properties>\n\(lines.joined())    </properties>\n"
  }

  private static func element(_ name: String, _ outcome: Outcome, robot: String) -> String {
    let body =
      switch outcome {
      case .passed: ""
      case .failure(let text): "<failure type=\"violation\" message=\"\(escape(text))\"/>"
      case .error(let text): "<error type=\"data\" message=\"\(escape(text))\"/>"
      case .skipped(let text): "<skipped message=\"\(escape(text))\"/>"
      }
    return "    <testcase classname=\"odcv.\(escape(robot))\" name=\"\(name)\">\(body)</testcase>\n"
  }

  /// As an attribute's value; XML 1.0 has no way to write control characters, so they are shown as what they are not.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "; "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
