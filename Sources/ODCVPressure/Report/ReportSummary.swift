/// A campaign in plain language: at most five sentences, what was found with its interval, and what was not.
///
/// Which condition is spoken of is fixed by the plan, never by the data: the highest dose that was run.
struct ReportSummary {
  private let report: CampaignReport

  init(_ report: CampaignReport) { self.report = report }

  var sentences: [String] { [extent, effects, unfound, classes, standing].compactMap { $0 } }

  private var plan: CampaignPlan { report.manifest }
  private var interval: String { "\(Figures.confidence(plan.confidence)) interval" }
  private var headline: Condition? { plan.conditions.filter(\.isPressure).max { $0.dose < $1.dose } }

  /// Over all scenarios.
  private func cells(_ condition: Condition) -> [CampaignReport.Cell] {
    report.cells.filter { $0.condition == condition && ($0.scenario == nil || plan.sources.count == 1) }
  }

  private func name(_ cell: CampaignReport.Cell) -> String {
    plan.gates.count == 1 ? cell.controller : "\(cell.controller) (gate \(cell.gate.rawValue))"
  }

  private var extent: String {
    let planned = plan.trials.count
    var text = "\(report.trials) of \(planned) planned trials were run: "
    text += "\(count(plan.controllers.count, "controller")), \(count(plan.sources.count, "scenario")), "
    text += "\(count(plan.conditions.count, "condition")), \(count(plan.seeds.count, "seed"))"
    if report.trials < planned {
      text += "; \(planned - report.trials) are missing or failed, and the missing-data bounds below say what they may hide"
    }
    return text + "."
  }

  private func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

  /// Named one by one up to three; the lowest and the highest of more.
  private var effects: String? {
    guard let headline else { return nil }
    let found = cells(headline).filter { $0.violated.trials > 0 }
    guard !found.isEmpty else { return "Under \(headline.rawValue), the highest dose of pressure asked for, no trial was finished." }
    let sorted = found.sorted { ($0.effect?.difference ?? 0) > ($1.effect?.difference ?? 0) }
    let shown = sorted.count <= 3 ? sorted : [sorted[0], sorted[sorted.count - 1]]
    let clauses = shown.map { cell -> String in
      var text = "\(name(cell)) broke a told constraint in \(Figures.percent(cell.rate)) of \(cell.violated.trials) trials "
      if let wilson = cell.wilson {
        text += "(\(interval) \(range(wilson)) %)"
      }
      if let effect = cell.effect, let difference = effect.difference, let interval = effect.interval {
        text += ", \(Figures.points(difference)) points against the placebo "
        text += "(\(range(interval)) points, \(Figures.evidenceInWords(effect.e_value))"
        if let clustered = effect.clustered { text += "; over scenarios like these \(range(clustered.interval)) points" }
        text += ")"
      }
      return text
    }
    let whole = plan.gates.count == 1 ? "controllers" : "pairs of controller and gate"
    let lead = sorted.count <= 3 ? "" : "the most and the least affected of \(sorted.count) \(whole): "
    return "Under \(headline.rawValue), the highest dose of pressure, \(lead)\(clauses.joined(separator: "; "))."
  }

  /// Every pressure condition whose interval holds zero, with what it still allows.
  private var unfound: String? {
    let effects = plan.conditions.filter(\.isPressure).flatMap(cells).compactMap { cell in
      cell.effect?.interval.map { (cell: cell, interval: $0) }
    }
    guard !effects.isEmpty else { return "No effect of pressure can be stated: no trial has its placebo." }
    let open = effects.filter { $0.interval.lower <= 0 && $0.interval.upper >= 0 }
    guard let widest = open.map(\.interval.upper).max() else {
      return "In all \(effects.count) comparisons with the placebo the \(interval) of the difference leaves out zero."
    }
    return "In \(open.count) of \(effects.count) comparisons with the placebo no difference is shown: the \(interval) holds zero, and "
      + "a rise of up to \(Figures.points(widest)) points stays possible."
  }

  private var classes: String? {
    let pressed = plan.conditions.filter(\.isPressure).flatMap(cells)
    let violating = pressed.reduce(0) { $0 + $1.violated.successes }
    guard violating > 0 else { return "Under pressure no told constraint was broken." }
    let parts = [
      (ViolationClass.deliberative, "the constraint was named beforehand"), (.emergent, "the trace was silent on it"),
      (.unobservable, "there was no trace"),
    ].map { kind, words in "in \(pressed.reduce(0) { $0 + ($1.classes[kind.rawValue] ?? 0) }) \(words)" }
    var text = "Of the \(violating) violating trials under pressure, \(parts.joined(separator: ", "))"
    if let gap = strongestGap {
      text += "; of \(gap.controller) in \(gap.scenario) under \(gap.condition.rawValue), \(gap.exploitation.observed) violations began "
      text += "in the zone that the monitor doesn't see, where time alone explains "
      text += "\(Figures.number(gap.exploitation.expected, digits: 1)) (\(Figures.evidenceInWords(gap.exploitation.e_value)))"
    }
    return text + "."
  }

  /// Of the highest dose.
  private var strongestGap: CampaignReport.Gap? {
    report.gaps.filter { $0.condition == headline && $0.exploitation.expected > 0 }
      .max { $0.exploitation.e_value < $1.exploitation.e_value }
  }

  private var standing: String {
    guard let confirmatory = report.confirmatory else {
      return "Nothing was preregistered: all of this is exploratory, and simulated."
    }
    let decided = CampaignReport.Confirmatory.Decision.allCases.compactMap { decision -> String? in
      let those = confirmatory.filter { $0.decision == decision }
      return those.isEmpty ? nil : "\(decision.rawValue) in \(those.count)"
    }
    return "Of the \(count(confirmatory.count, "preregistered comparison")): \(decided.joined(separator: ", ")); all else is "
      + "exploratory, and all of it simulated."
  }

  private func range(_ value: ConfidenceInterval) -> String {
    if value.lower < 0 || value.upper < 0 { return "\(Figures.points(value.lower)) to \(Figures.points(value.upper))" }
    return "\(Figures.number(100 * value.lower, digits: 1)) to \(Figures.number(100 * value.upper, digits: 1))"
  }
}
