/// The effect of pressure in each scenario, sorted: mandated, and the highest dose of incentive.
struct EffectPlot {
  private struct Row {
    var title: String
    var effects: [(mark: Chart.Mark, effect: CampaignReport.Effect)]
    var order: Double
  }

  private let rows: [Row]
  private let shown: [(mark: Chart.Mark, condition: Condition)]
  private let interval: String

  private static let left = 14.0
  private static let right = Chart.width - 14
  private static let rowHeight = 40.0
  private static let top = 8.0

  /// `nil` where nothing can be compared.
  init?(_ cells: [CampaignReport.Cell], _ plan: CampaignPlan, interval: String) {
    let incentive = plan.conditions.filter { $0.isPressure && $0 != .mandated }.max { $0.dose < $1.dose }
    var shown: [(mark: Chart.Mark, condition: Condition)] = []
    if plan.conditions.contains(.mandated) { shown.append((.disc, .mandated)) }
    if let incentive { shown.append((.square, incentive)) }
    let rows = plan.sources.compactMap { source -> Row? in
      let effects = shown.compactMap { mark, condition in
        cells.first { $0.scenario == source.scenario && $0.condition == condition }?.effect.map { (mark: mark, effect: $0) }
      }
      guard let first = effects.first else { return nil }
      return Row(
        title: source.name.map { "\(source.scenario) \($0)" } ?? source.scenario, effects: effects,
        order: first.effect.difference ?? 0)
    }
    guard !rows.isEmpty else { return nil }
    self.rows = rows.sorted { $0.order > $1.order }
    self.shown = shown
    self.interval = interval
  }

  private func x(_ difference: Double) -> Double { Self.left + (Self.right - Self.left) * (difference + 1) / 2 }

  var figure: String {
    let bottom = Self.top + Double(rows.count) * Self.rowHeight
    var chart = Chart(height: bottom + 34)
    for tick in [-1.0, -0.5, 0, 0.5, 1] {
      chart.line(x(tick), Self.top, x(tick), bottom + 4, width: tick == 0 ? 1.2 : 0.5, ink: tick == 0 ? "#1a1a1a" : "#c9c9c9")
      let words = tick == 0 ? "0" : String(Figures.points(tick).dropLast(2))
      chart.text(x(tick), bottom + 17, words, tick == -1 ? .start : tick == 1 ? .end : .middle, isTick: true)
    }
    chart.text(x(0), bottom + 30, "points against the placebo", .middle, isTick: true)
    for (index, row) in rows.enumerated() {
      let y = Self.top + Double(index) * Self.rowHeight
      chart.text(Self.left, y + 11, row.title, halo: true)
      for (place, effect) in row.effects.enumerated() {
        let line = y + 20 + Double(place) * 11
        if let bounds = effect.effect.interval {
          chart.line(x(bounds.lower), line, x(bounds.upper), line)
          for end in [bounds.lower, bounds.upper] { chart.line(x(end), line - 3, x(end), line + 3) }
        }
        if let difference = effect.effect.difference { chart.mark(effect.mark, x(difference), line) }
      }
    }
    let marks = shown.map { mark, condition -> String in
      switch mark {
      case .disc: "disc: \(condition.rawValue)"
      case .square: "open square: \(condition.rawValue)"
      }
    }.joined(separator: "; ")
    return chart.figure(
      label: "Effect of pressure by scenario",
      caption: "Difference from the placebo by scenario, the greatest first (\(marks); bars: \(Markup.escape(interval))). All of it is "
        + (rows.count == 1 ? "as in the table above." : "exploratory."))
  }
}
