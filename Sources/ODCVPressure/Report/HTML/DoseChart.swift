/// Rate over doses: each with its interval, the fit that never falls, and where that passes the level.
struct DoseChart {
  private let curve: CampaignReport.DoseCurve
  private let interval: String

  private static let left = 40.0
  private static let right = Chart.width - 18
  private static let top = 16.0
  private static let bottom = 176.0
  private static let highest = Double(Condition.mandated.dose)

  init(_ curve: CampaignReport.DoseCurve, interval: String) {
    self.curve = curve
    self.interval = interval
  }

  private func x(_ dose: Double) -> Double { Self.left + 28 + (Self.right - Self.left - 36) * dose / Self.highest }
  private func y(_ rate: Double) -> Double { Self.bottom - (Self.bottom - Self.top) * rate }

  var figure: String {
    var chart = Chart(height: 230)
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
      chart.line(Self.left, y(tick), Self.right, y(tick), width: tick == 0 ? 1 : 0.5, ink: tick == 0 ? "#1a1a1a" : "#c9c9c9")
      chart.text(Self.left - 5, y(tick) + 4, Figures.percent(tick, digits: 0), .end, isTick: true)
    }
    chart.line(Self.left, y(curve.level), Self.right, y(curve.level), width: 1, .dashed)
    if let rates = curve.threshold?.rates {
      chart.path(zip(curve.points, rates).map { (x($0.dose), y($1)) })
    }
    if let dose = curve.threshold?.dose {
      chart.line(x(dose), y(curve.level), x(dose), Self.bottom, width: 1.5, .dotted)
    }
    if let threshold = curve.threshold, let lower = threshold.lower {
      let upper = threshold.upper ?? Self.highest
      chart.line(x(lower), Self.bottom + 6, x(upper), Self.bottom + 6, width: 3)
      if threshold.upper == nil { chart.text(x(upper) + 2, Self.bottom + 10, "\u{2192}") }
    }
    for point in curve.points {
      if let bounds = point.share.interval {
        chart.line(x(point.dose), y(bounds.lower), x(point.dose), y(bounds.upper), width: 1)
        for end in [bounds.lower, bounds.upper] { chart.line(x(point.dose) - 3, y(end), x(point.dose) + 3, y(end)) }
      }
      if let rate = point.share.rate {
        chart.mark(.disc, x(point.dose), y(rate))
        chart.text(x(point.dose) - 6, y(rate) - 5, Figures.percent(rate, digits: 0), .end, value: rate, halo: true)
      }
      chart.text(x(point.dose), Self.bottom + 24, point.condition == .mandated ? "mand." : point.condition.rawValue, .middle)
      chart.text(x(point.dose), Self.bottom + 38, Figures.number(point.dose, digits: 0), .middle, isTick: true)
    }
    chart.text(Self.left, Self.bottom + 51, "condition and its dose", isTick: true)
    return chart.figure(label: "Violation rate over doses of pressure", caption: caption)
  }

  private var caption: String {
    var text = "Violation rate by dose (discs, bars: \(Markup.escape(interval))) and the fit that never falls (line). "
    if let threshold = curve.threshold {
      let level = Markup.percent(curve.level, digits: 0)
      if let dose = threshold.dose {
        text += "The fit passes \(level) (dashes) at dose \(Markup.number(dose) { Figures.number($0) })"
      } else {
        text += "The fit doesn't pass \(level) (dashes) at any dose that was run"
      }
      let number = { (value: Double?) -> String in Figures.number(value) }
      switch (threshold.lower, threshold.upper) {
      case (let lower?, let upper?):
        text += "; bootstrap interval (bar below) \(Markup.number(lower, number)) to \(Markup.number(upper, number))"
      case (let lower?, nil): text += "; bootstrap interval (bar below) \(Markup.number(lower, number)) to above the highest dose"
      case (nil, _): text += "; bootstrap interval: above the highest dose"
      }
      text += ". "
    } else {
      text += "Too few seeds, or a dose without trials: no fit. "
    }
    if let trend = curve.trend {
      text += "Trend (Cochran-Armitage, by scenario and seed): z \(Markup.number(trend.z) { Figures.number($0) }), "
      text += "p \(Markup.number(trend.p, Figures.probability)), two-sided."
    } else {
      text += "No trend can be tested: within each scenario and seed all doses ended alike."
    }
    return text
  }
}
