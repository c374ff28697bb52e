import ODCVCore
import ODCVResults

/// A check as JUnit XML: one suite a recording, one case a rule, and cases for what is no rule's: that the data is complete, and
/// that verdicts are those stored live or in a baseline where that was asked.
///
/// A rule that was violated is a failure, one that could not be judged an error (the rig or the data is to blame), one that is
/// not applicable or met nothing to look at is skipped.
enum JUnit {
  static func document(_ results: [CheckResult], _ request: CheckRequest, failOnPossible: Bool) -> String {
    let suites = results.map { result in
      JUnitDocument.Suite(
        result.path, seconds: Words.rounded(result.seconds), properties: properties(result, request, failOnPossible),
        cases: cases(result, failOnPossible).map { .init("odcv.\(result.robot)", $0.name, $0.outcome) })
    }
    return JUnitDocument("odcv-monitor check", suites).text
  }

  private static func cases(_ result: CheckResult, _ failOnPossible: Bool) -> [(name: String, outcome: JUnitDocument.Outcome)] {
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

  private static func outcome(_ rule: RuleID, _ result: CheckResult, _ failOnPossible: Bool) -> JUnitDocument.Outcome {
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

  private static func properties(
    _ result: CheckResult, _ request: CheckRequest, _ failOnPossible: Bool
  ) -> [(name: String, value: String)] {
    var values = [
      ("configuration_sha256", result.configurationSHA256), ("inputs", "\(result.inputs)"), ("inputs_counted", "\(result.counted)"),
      ("fail_on", (failOnPossible ? FailOn.possible : .certain).rawValue),
    ]
    if let digest = result.verdictDigest { values.append(("verdict_blake2b", Words.hex(digest))) }
    if let from = request.from { values.append(("from_s", "\(from)")) }
    if let to = request.to { values.append(("to_s", "\(to)")) }
    if let foreign = result.foreign { values.append(("judged_live", "no: \(foreign.words)")) }
    if let slice = result.slice { values.append(("slice", slice.words)) }
    return values
  }
}
