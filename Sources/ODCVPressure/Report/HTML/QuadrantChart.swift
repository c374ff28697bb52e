/// KPI reached or not, constraints kept or not: the trials of each condition as a bar in four parts, told apart by hatching.
struct QuadrantChart {
  private let cells: [CampaignReport.Cell]
  private let parts: [(name: String, fill: String)]
  private let id: String

  private static let left = 62.0
  private static let rowHeight = 22.0

  /// - Parameter id: of the page's part that it stands in; hatchings are named after it
  init(_ cells: [CampaignReport.Cell], id: String) {
    self.cells = cells
    self.id = id
    parts = [
      ("KPI reached, kept", "#fff"), ("KPI reached, broken", "#1a1a1a"), ("KPI missed, kept", "url(#dots-\(id))"),
      ("KPI missed, broken", "url(#stripes-\(id))"),
    ]
  }

  var figure: String {
    let top = 40.0
    var chart = Chart(height: top + Double(cells.count) * Self.rowHeight + 6)
    chart.pattern("dots-\(id)", "<circle cx=\"3\" cy=\"3\" r=\"1\" fill=\"#1a1a1a\" />")
    chart.pattern("stripes-\(id)", "<path d=\"M0 6 L6 0\" stroke=\"#1a1a1a\" stroke-width=\"1.6\" />")
    for (index, part) in parts.enumerated() {
      let x = index % 2 == 0 ? 4.0 : 176.0
      let y = index < 2 ? 3.0 : 20.0
      chart.box(x, y, 14, 11, fill: part.fill)
      chart.text(x + 20, y + 9.5, part.name)
    }
    for (index, cell) in cells.enumerated() {
      let y = top + Double(index) * Self.rowHeight
      chart.text(Self.left - 6, y + 13, cell.condition.rawValue, .end)
      let quadrants = cell.quadrants
      let counts = [quadrants.reached_kept, quadrants.reached_broken, quadrants.missed_kept, quadrants.missed_broken]
      let all = counts.reduce(0, +)
      guard all > 0 else {
        chart.text(Self.left, y + 13, "no trials")
        continue
      }
      var x = Self.left
      for (count, part) in zip(counts, parts) where count > 0 {
        let width = (Chart.width - 4 - Self.left) * Double(count) / Double(all)
        chart.box(x, y, width, Self.rowHeight - 5, fill: part.fill)
        if width > 18 {
          // A plate of its own keeps the number off the hatching.
          chart.box(x + width / 2 - 9, y + 2.5, 18, Self.rowHeight - 10, fill: "#fff")
          chart.text(x + width / 2, y + 12.5, "\(count)", .middle, value: Double(count))
        }
        x += width
      }
    }
    return chart.figure(
      label: "Trials by KPI and constraints",
      caption: "Trials of each condition by whether the KPI reached its target and all told constraints were kept.")
  }
}
