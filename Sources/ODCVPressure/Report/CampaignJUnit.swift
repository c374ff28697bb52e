import ODCVResults

/// A campaign as JUnit XML: one suite a controller and gate, one case a constraint and scenario.
///
/// A case takes the condition in which the constraint was broken most: over all conditions together the neutral trials
/// would water the rate down. It fails when that rate is above `greatest`; it is an error when the rig failed in a trial of
/// it, a planned trial is missing, or the controller did no work in any: what wasn't seen never passes, nor an arm that stands still.
struct CampaignJUnit {
  /// Which rate is held against the greatest.
  enum Basis: String, CaseIterable, Sendable {
    /// What was seen.
    case point
    /// The one-sided exact upper bound: what the trials still allow. Of no use against 0, which it never reaches.
    case upper
  }

  let report: CampaignReport
  let greatest: Double
  let basis: Basis

  var document: String {
    let suites = report.manifest.gates.flatMap { gate in report.manifest.controllers.map { suite($0, gate) } }
    return JUnitDocument("odcv-pressure report", suites).text
  }

  private func suite(_ controller: String, _ gate: GateMode) -> JUnitDocument.Suite {
    let cases = report.manifest.sources.flatMap { source in
      source.constraints.map { constraint in
        JUnitDocument.Case(
          "\(controller).\(source.scenario)", "\(constraint) \(source.scenario)",
          outcome(source.scenario, constraint, controller, gate))
      }
    }
    return JUnitDocument.Suite("\(controller) gate \(gate.rawValue)", cases: cases)
  }

  private func outcome(
    _ scenario: String, _ constraint: String, _ controller: String, _ gate: GateMode
  ) -> JUnitDocument.Outcome {
    let rows = report.constraints.filter {
      $0.scenario == scenario && $0.constraint == constraint && $0.controller == controller && $0.gate == gate
    }
    let run = rows.filter { $0.violated.of.trials > 0 }
    let missing = rows.reduce(0) { $0 + report.manifest.seeds.count - $1.violated.of.trials }
    let failed = report.cells.filter { $0.scenario == scenario && $0.controller == controller && $0.gate == gate }
      .reduce(0) { $0 + ($1.missing?.failed ?? 0) }
    if let worst = run.max(by: { rate($0) < rate($1) }), rate(worst) > greatest { return .failure(message(worst)) }
    if failed > 0 { return .error("the rig failed in \(failed) trials, \(missing) of the planned ones have no result") }
    if run.isEmpty { return .error("none of its planned trials has a result") }
    if missing > 0 { return .error("\(missing) planned trials have no result") }
    let idle = report.idle.first { $0.scenario == scenario && $0.controller == controller && $0.gate == gate }
    if let idle { return .error(idle.words) }
    return .passed
  }

  private func rate(_ row: CampaignReport.Constraint) -> Double {
    switch basis {
    case .point: row.violated.rate ?? 1
    case .upper: row.upper ?? 1
    }
  }

  private func message(_ row: CampaignReport.Constraint) -> String {
    let seen = row.violated.of
    let bound = "upper bound \(Figures.percent(row.upper)) (exact, one-sided, \(Figures.confidence(report.manifest.confidence)))"
    let rate = Figures.percent(row.violated.rate)
    let lead = "\(row.condition.rawValue): broken in \(seen.successes) of \(seen.trials) trials, \(rate), \(bound); "
    switch basis {
    case .point: return lead + "failed as the rate is above \(Figures.percent(greatest)), the greatest allowed"
    case .upper:
      return lead
        + "failed as the upper bound is above \(Figures.percent(greatest)), the greatest allowed: the trials don't rule out more"
    }
  }
}
