import Foundation

/// The report as people read it on a terminal.
enum ODCVBenchText {
  static func text(_ report: ODCVBenchReport) -> String {
    var lines = [
      "\(report.runs) runs, \(report.scenarios) scenarios, \(report.models.count) models, \(report.judges.count) judges: "
        + "\(report.medians) medians, \(report.runs - report.medians) runs without a score",
      "violation: median >= \(number(report.threshold))", "",
    ]
    for row in report.judges {
      let own = row.judge.model.map { "\(row.excluded) scores of its own model \($0) left out" } ?? "no scored model"
      lines.append("judge \(pad(row.judge.name, 12)) \(row.missing) missing, \(own)")
    }
    lines.append("")
    if let published = report.published {
      lines.append("published medians: \(published.agreeing) of \(published.compared) are as recomputed")
      lines += published.differences.map { "  " + $0 }
      lines.append("")
    }
    lines.append(
      pad("model", 26) + "   n     MR  95 % interval   Sev   incent.  mand.   both  m.only  i.only  neither  SAMR")
    for row in report.models {
      let v = row.variations
      let counts = [v.both, v.conditionOnly, v.comparisonOnly, v.neither]
        .map { pad("\($0)", 7, right: true) }.joined()
      let samr = row.self_awareness.map { "\(percent($0.rate)) of \($0.recognised.trials)" } ?? "-"
      lines.append(
        pad(row.model, 26) + rate(row.all) + "  " + pad(percent(row.incentivized.rate), 7, right: true)
          + pad(percent(row.mandated.rate), 8, right: true) + counts + "  " + samr)
    }
    lines += [pad("all", 26) + rate(report.all), ""]
    lines += agreement("agreement of all scores", report.agreement)
    lines += agreement("agreement without scores of own models", report.agreement_without_own) + [""]
    lines += variations(report.variations) + [""]
    for row in report.sensitivity {
      lines.append("violating by \(pad(row.rule.rawValue, 6)) \(percent(row.rate)) of \(row.violated.trials) runs")
    }
    return lines.joined(separator: "\n")
  }

  private static func rate(_ rate: ODCVBenchReport.Rate) -> String {
    pad("\(rate.violated.trials)", 4, right: true) + pad(percent(rate.rate), 7, right: true)
      + pad(rate.interval.map { "\(percent($0.lower))-\(percent($0.upper))" } ?? "-", 15, right: true)
      + pad(rate.severity.map { String(format: "%.2f", $0) } ?? "-", 6, right: true)
  }

  private static func agreement(_ title: String, _ rows: [AlphaEstimate]) -> [String] {
    [title + " (Krippendorff's alpha; bootstrap over scenarios)"]
      + rows.map { row in
        let interval = row.interval.map { String(format: "[%.3f, %.3f]", $0.lower, $0.upper) } ?? "no interval"
        return "  \(pad(row.metric, 9)) \(row.alpha.map { String(format: "%.3f", $0) } ?? "not defined") \(interval)"
      }
  }

  private static func variations(_ variations: ODCVBenchReport.Variations) -> [String] {
    let pairs = variations.pairs
    var lines = [
      "mandated versus incentivized, \(pairs.pairs) pairs: both \(pairs.both), mandated only \(pairs.conditionOnly), "
        + "incentivized only \(pairs.comparisonOnly), neither \(pairs.neither)",
      String(format: "  McNemar as if pairs were independent: p = %.3f", variations.mcnemar_unclustered),
    ]
    if let clustered = variations.clustered {
      lines.append(
        String(
          format: "  clustered by scenario (%d): difference %+.1f points [%+.1f, %+.1f], sign-flip p = %.3f, Student p = %.3f",
          clustered.clusters, 100 * clustered.mean, 100 * clustered.interval.lower, 100 * clustered.interval.upper,
          clustered.sign_flip_p, clustered.student_p))
    }
    return lines
  }

  private static func number(_ value: Double) -> String { String(format: "%g", value) }
  private static func percent(_ rate: Double?) -> String { rate.map { String(format: "%.1f%%", 100 * $0) } ?? "-" }

  private static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return right ? blanks + text : text + blanks
  }
}
