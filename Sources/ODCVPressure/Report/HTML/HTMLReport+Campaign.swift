/// What the page says of the campaign as a whole.
extension HTMLReport {
  var confirmatory: String {
    guard let found = report.confirmatory, let stated = plan.preregistration else { return "" }
    var table = MarkupTable(
      "Preregistered comparisons with the placebo",
      ["controller and condition", "pairs of planned", "difference", interval, "e\u{2011}value", "e\u{2011}value needed", "p, Holm",
        "whole interval below the minimal effect", "decision"], words: [8])
    for row in found {
      table.rows.append([
        Markup.escape("\(row.controller) \(row.condition.rawValue)"), Markup.share(row.pairs, of: row.planned_pairs),
        Markup.points(row.difference), Markup.points(row.interval), Markup.number(row.e_value, Figures.evidence),
        Markup.number(row.e_threshold, Figures.evidence), Markup.number(row.p_holm, Figures.probability),
        row.is_below_minimal.map { $0 ? "yes" : "no" } ?? Figures.none, Markup.escape(row.decision.rawValue),
      ])
    }
    let rule: String
    switch stated.stopping {
    case .fixed: rule = "all pairs, then the exact McNemar test, adjusted by Holm"
    case .eValue: rule = "the e-value, at any look"
    }
    return """
      <section id="confirmatory"><h2>What was preregistered</h2>
      <p>Alpha \(Markup.number(stated.alpha, Figures.significant)), minimal effect \(Markup.points(stated.minimal_effect)) points; \
      decided by \(rule). SHA-256 of the file, in the manifest before the first trial: <code>\(stated.sha256)</code></p>
      \(table.markup)</section>

      """
  }

  var gaps: String {
    guard !report.gaps.isEmpty else { return "<p>No scenario of this campaign draws a blind zone.</p>\n" }
    let number = { (value: Double?) -> String in Figures.number(value) }
    var table = MarkupTable(
      "Violations that began while a person was in the zone that the monitor doesn't see",
      ["scenario", "controller", "condition", "trials", "in the blind zone", "expected by time", "index", "index, \(interval)",
        "e\u{2011}value", "s violating a trial, gap open / closed", "gap open less closed, points", interval])
    for gap in report.gaps {
      let found = gap.exploitation
      let controller = plan.gates.count == 1 ? gap.controller : "\(gap.controller), gate \(gap.gate.rawValue)"
      table.rows.append([
        Markup.escape(gap.scenario), Markup.escape(controller), gap.condition.rawValue, Markup.count(found.trials),
        Markup.count(found.observed), Markup.number(found.expected) { Figures.number($0, digits: 1) },
        Markup.number(found.index, number), Markup.interval(found.interval, number), Markup.number(found.e_value, Figures.evidence),
        "\(Markup.number(gap.violation_s, number)) / \(Markup.number(gap.twin_violation_s, number))",
        gap.twin == nil ? Figures.none : Markup.points(gap.twin_difference),
        gap.twin == nil ? Figures.none : Markup.points(gap.twin_interval),
      ])
    }
    return table.markup
      + "<p class=\"note\">An index above one: more violations in the blind zone than time there explains; whether the zone is the "
      + "cause is the e-value's question. The index has an interval from ten violating trials on.</p>\n"
  }

  var monitor: String {
    guard !report.gates.isEmpty else { return "<p>The online monitor was off.</p>\n" }
    let share = { (value: Double?) -> String in Figures.percent(value, digits: 2) }
    // Only a campaign that ran both has the ratio.
    let hasRatio = report.gates.contains { $0.kpi_enforce_over_observe != nil }
    var table = MarkupTable(
      "The monitor beside each controller, over all conditions",
      ["scenario", "controller", "gate", "verdicts", "unknown", "possible", "interventions", "nuisance", "nuisance per h",
        "commands slowed", "held", "halted", "h of motion"] + (hasRatio ? ["KPI enforcing / observing"] : []))
    for gate in report.gates {
      table.rows.append([
        Markup.escape(gate.scenario), Markup.escape(gate.controller), gate.gate.rawValue, Markup.count(gate.verdicts),
        Markup.number(gate.unknown_share, share), Markup.number(gate.possible_share, share), Markup.count(gate.interventions),
        gate.nuisance.map(Markup.count) ?? Figures.none,
        Markup.number(gate.nuisance_per_h) { Figures.number($0, digits: 1) }, Markup.count(gate.slowed), Markup.count(gate.held),
        Markup.count(gate.halted), Markup.number(gate.motion_h) { Figures.number($0, digits: 3) },
      ] + (hasRatio ? [Markup.percent(gate.kpi_enforce_over_observe)] : []))
    }
    return table.markup
      + "<p class=\"note\">Truth alone says what was violated; an intervention that neither a violation nor a push calls for is a nuisance.</p>\n"
  }

  var notMeasured: String {
    var items = report.not_measured
    for source in plan.sources {
      items += (source.not_measured ?? []).map { "\(source.scenario), not measured by the monitor's cell: \($0)" }
    }
    items += report.idle.map { "No work: \($0.words)" }
    items += report.rig_errors.map { "The rig failed: \($0)" }
    return "<ul>\(items.map { "<li>\(Markup.escape($0))</li>" }.joined())</ul>\n"
  }

  var planned: String {
    var table = MarkupTable(
      "Scenarios", ["scenario", "constraints told", "people in the cell", "SHA-256 of the scenario", "SHA-256 of the monitor's files"],
      words: [3, 4])
    for source in plan.sources {
      table.rows.append([
        title(source), Markup.escape(source.constraints.joined(separator: ", ")),
        source.people.map { $0 ? "yes" : "no" } ?? "not stated", "<code>\(Markup.escape(source.sha256))</code>",
        source.monitor_sha256.isEmpty ? Figures.none : "<code>\(Markup.escape(source.monitor_sha256))</code>",
      ])
    }
    let seeds = plan.seeds.map { "<data value=\"\($0)\">\($0)</data>" }.joined(separator: ", ")
    let items = [
      ("Controllers", Markup.escape(plan.controllers.joined(separator: ", "))),
      ("Conditions", plan.conditions.map(\.rawValue).joined(separator: ", ")), ("Seeds", seeds),
      ("Gate", plan.gates.map(\.rawValue).joined(separator: ", ")),
      ("People and sensors", (plan.tier ?? .scripted).rawValue),
      ("Twin with the gap closed", plan.closed_twin == true ? "run" : "not run"),
      ("Reference for ODCV", Markup.escape("\(plan.reference), \(plan.reference_condition.rawValue)")),
      ("Messages", "first after \(Markup.number(plan.first_message_s, Figures.significant)) s, then every "
        + "\(Markup.number(plan.message_period_s, Figures.significant)) s"),
      ("Confidence of intervals", Markup.number(plan.confidence, { Figures.confidence($0 ?? .nan) })),
      ("Preregistration", plan.preregistration.map { "<code>\($0.sha256)</code>" } ?? "none"),
      ("Cost", "\(Markup.number(report.simulated_h) { Figures.number($0) }) h simulated"),
    ]
    return table.markup + "<dl>\(items.map { "<dt>\($0)</dt><dd>\($1)</dd>" }.joined())</dl>\n"
  }

  var definitions: String {
    var table = MarkupTable("Severity", ["grade", "name", "what makes it"], words: [1, 2])
    for severity in Severity.allCases {
      table.rows.append(["\(severity.rawValue)", severity.name, Markup.escape(severity.definition)])
    }
    let list = report.definitions.filter { !$0.key.hasPrefix("severity ") }.sorted { $0.key < $1.key }
      .map { "<dt>\(Markup.escape($0.replacing("_", with: " ")))</dt><dd>\(Markup.escape($1))</dd>" }.joined()
    return table.markup + "<dl>\(list)</dl>\n"
  }
}
