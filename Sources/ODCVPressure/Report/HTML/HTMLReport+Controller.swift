/// What the page says of one controller.
extension HTMLReport {
  func section(_ subject: Subject) -> String {
    let cells = report.cells.filter { $0.controller == subject.controller && $0.gate == subject.gate }
    let overall = cells.filter { $0.scenario == nil || plan.sources.count == 1 }
    let place = plan.sources.count == 1 ? plan.sources[0].scenario : "all scenarios"
    return """
      <section id="\(subject.id)"><h2>\(Markup.escape(subject.title))</h2>
      <h3>By condition, \(Markup.escape(place))</h3>
      \(rates(overall))\(variations(subject))\(classes(overall))
      <h3>Effect of pressure</h3>
      \(effects(overall))<div class="figures">
      \(figures(subject, cells))</div>
      <h3>KPI and constraints together</h3>
      <div class="figures">\(QuadrantChart(overall, id: subject.id).figure)</div>
      \(quadrants(overall))
      <h3>By scenario</h3>
      \(scenarios(cells))\(constraints(subject))\(kpis(cells))
      <h3>Missing trials</h3>
      \(missing(overall))</section>

      """
  }

  private func rates(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable(
      "Violations and severity by condition",
      ["condition", "trials", "violated", interval, "ODCV", "ODCV \(interval)", "severity mean", "severity \(interval)",
        "trials of severity 0 / 1 / 2 / 3 / 4 / 5", "restrained"])
    for cell in cells {
      table.rows.append([
        cell.condition.rawValue, Markup.count(cell.violated.trials), Markup.percent(cell.rate), Markup.percent(cell.wilson),
        Markup.percent(cell.odcv_rate), Markup.percent(cell.odcv_wilson), Markup.number(cell.severity.mean) { Figures.number($0) },
        Markup.interval(cell.severity.interval) { Figures.number($0) },
        cell.severity.counts.map(Markup.count).joined(separator: " / "), Markup.count(cell.restrained),
      ])
    }
    return table.markup
  }

  private func variations(_ subject: Subject) -> String {
    guard
      let found = report.variations.first(where: {
        $0.controller == subject.controller && $0.gate == subject.gate
          && ($0.scenario == nil || plan.sources.count == 1)
      })
    else { return "" }
    var table = MarkupTable(
      "Both variations of ODCV-Bench", ["variation", "trials", "violated", interval, "severity mean", "severity 3 or more"])
    for (name, row) in [("incentivized (i1 to i4)", found.incentivized), ("mandated", found.mandated)] {
      guard let row else { continue }
      table.rows.append([
        name, Markup.count(row.violated.trials), Markup.percent(row.rate), Markup.percent(row.interval),
        Markup.number(row.severity.mean) { Figures.number($0) }, Markup.percent(row.severity.misaligned.rate),
      ])
    }
    return table.markup
  }

  private func classes(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable(
      "Violating trials by what the trace said first, and self-awareness (SAMR)",
      ["condition", "violating", "deliberative", "of these contradicted", "emergent", "unobservable", "with a trace",
        "named before", "named afterwards", "SAMR", "SAMR \(interval)"])
    for cell in cells {
      func share(_ kind: ViolationClass) -> String {
        let count = Markup.count(cell.classes[kind.rawValue] ?? 0)
        return cell.class_shares[kind.rawValue].map { "\(count) (\(Markup.percent($0, digits: 0)))" } ?? count
      }
      let aware = cell.self_aware
      table.rows.append([
        cell.condition.rawValue, Markup.count(cell.violated.successes), share(.deliberative), share(.contradicted),
        share(.emergent), share(.unobservable), Markup.count(aware.aware.of.trials), Markup.count(aware.before),
        Markup.count(aware.afterwards), Markup.percent(aware.aware.rate), Markup.percent(aware.aware.interval),
      ])
    }
    return table.markup
  }

  private func effects(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable(
      "Difference from the placebo, in points, paired by scenario and seed",
      ["condition", "pairs", "violating here / in placebo only", "difference", interval, "e\u{2011}value", "p exact", "p Holm",
        "mean over scenarios", "clustered \(interval)", "sign-flip p", "status"])
    for cell in cells {
      guard let effect = cell.effect else { continue }
      let clustered = effect.clustered
      table.rows.append([
        cell.condition.rawValue, Markup.count(effect.pair_count),
        "\(Markup.count(effect.pairs.conditionOnly)) / \(Markup.count(effect.pairs.comparisonOnly))",
        Markup.points(effect.difference), Markup.points(effect.interval), Markup.number(effect.e_value, Figures.evidence),
        Markup.number(effect.mcnemar_exact, Figures.probability), Markup.number(effect.mcnemar_holm, Figures.probability),
        Markup.points(clustered?.mean), Markup.points(clustered?.interval),
        Markup.number(clustered?.permutation, Figures.probability), Self.tag(effect.status),
      ])
    }
    if table.rows.isEmpty { return "<p>No trial under pressure has its placebo: no effect can be stated.</p>\n" }
    return table.markup
  }

  private func figures(_ subject: Subject, _ cells: [CampaignReport.Cell]) -> String {
    let curve = report.doses.first {
      $0.controller == subject.controller && $0.gate == subject.gate && ($0.scenario == nil || plan.sources.count == 1)
    }
    let dose = curve.map { DoseChart($0, interval: interval).figure } ?? ""
    return dose + (EffectPlot(cells, plan, interval: interval)?.figure ?? "")
  }

  private func quadrants(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable(
      "Trials by KPI and constraints",
      ["condition", "KPI reached, kept", "KPI reached, broken", "KPI missed, kept", "KPI missed, broken", "unsafe success", interval])
    for cell in cells {
      let found = cell.quadrants
      table.rows.append([
        cell.condition.rawValue, Markup.count(found.reached_kept), Markup.count(found.reached_broken),
        Markup.count(found.missed_kept), Markup.count(found.missed_broken), Markup.percent(found.unsafe_success.rate),
        Markup.percent(found.unsafe_success.interval),
      ])
    }
    return table.markup
  }

  /// Scenario and its name.
  func title(_ source: CampaignPlan.Source) -> String {
    Markup.escape(source.name.map { "\(source.scenario) \($0)" } ?? source.scenario)
  }

  private func scenarios(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable("Violating trials of all, by scenario and condition", ["scenario"] + plan.conditions.map(\.rawValue))
    for source in plan.sources {
      let row = plan.conditions.map { condition -> String in
        guard let cell = cells.first(where: { $0.scenario == source.scenario && $0.condition == condition }) else {
          return Figures.none
        }
        return Markup.share(cell.violated.successes, of: cell.violated.trials)
      }
      table.rows.append([title(source)] + row)
    }
    return table.markup
  }

  private func constraints(_ subject: Subject) -> String {
    let found = report.constraints.filter { $0.controller == subject.controller && $0.gate == subject.gate }
    var table = MarkupTable(
      "Rate by told constraint, over all conditions the highest, with its one-sided upper bound",
      ["scenario and constraint", "highest under", "violated", "rate", "upper bound"])
    for source in plan.sources {
      for constraint in source.constraints {
        let those = found.filter { $0.scenario == source.scenario && $0.constraint == constraint && $0.violated.of.trials > 0 }
        guard let worst = those.max(by: { ($0.violated.rate ?? 0) < ($1.violated.rate ?? 0) }) else {
          table.rows.append(["\(title(source)) \(constraint)"] + Array(repeating: Figures.none, count: 4))
          continue
        }
        table.rows.append([
          "\(title(source)) \(constraint)", worst.violated.of.successes == 0 ? "none" : worst.condition.rawValue,
          Markup.share(worst.violated.of.successes, of: worst.violated.of.trials), Markup.percent(worst.violated.rate),
          Markup.percent(worst.upper),
        ])
      }
    }
    return table.markup
  }

  private func kpis(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable("KPI: mean of trials", ["scenario", "unit", "target"] + plan.conditions.map(\.rawValue))
    for source in plan.sources {
      let row = plan.conditions.map { condition in
        Markup.number(
          cells.first { $0.scenario == source.scenario && $0.condition == condition }?.kpi_mean, Figures.significant)
      }
      table.rows.append([
        title(source), Markup.escape(source.unit), Markup.number(source.target, Figures.significant),
      ] + row)
    }
    return table.markup
  }

  private func missing(_ cells: [CampaignReport.Cell]) -> String {
    var table = MarkupTable(
      "Rates and effects if all missing trials were clean, or all violating",
      ["condition", "planned, not there", "of these failed", "rate, best case", "rate, worst case", "exact interval beyond",
        "effect, least to most", "interval beyond"])
    for cell in cells {
      guard let missing = cell.missing else { continue }
      table.rows.append([
        cell.condition.rawValue, Markup.count(missing.bounds.missing), Markup.count(missing.failed),
        Markup.percent(missing.bounds.lowest), Markup.percent(missing.bounds.highest), Markup.percent(missing.bounds.interval),
        Markup.points(missing.effect), Markup.points(missing.effect_interval),
      ])
    }
    return table.rows.isEmpty ? "<p>No trial of this controller is missing or failed: there is nothing to bound.</p>\n" : table.markup
  }
}
