import Foundation

/// The calibration as text.
enum CalibrationTable {
  static func text(_ report: CalibrationReport) -> String {
    let cells =
      [["agent", "measured on it", "band", "measured", "error", "draws", ""]]
      + report.rows.map { row in
        [
          row.agent, row.quantity, row.band.map(words) ?? "(shown)", number(row.measured), number(row.error),
          "\(row.draws)", row.within.map { $0 ? "within" : "OUTSIDE" } ?? "",
        ]
      }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { row in
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    let outside = report.rows.count { $0.within == false }
    let banded = report.rows.count { $0.within != nil }
    let verdict =
      outside == 0 ? "all \(banded) rows with a band are within it"
      : "\(outside) of \(banded) rows are outside their band"
    return lines.joined(separator: "\n")
      + "\n\(verdict) (seed \(report.seed), \(report.replications) replications, \(report.null_paths) null paths)"
  }

  private static func words(_ band: CalibrationBand) -> String {
    switch (band.lower, band.upper) {
    case (let lower?, let upper?): "\(number(lower))...\(number(upper))"
    case (let lower?, nil): ">= \(number(lower))"
    case (nil, let upper?): "<= \(number(upper))"
    case (nil, nil): "any"
    }
  }

  private static func number(_ value: Double) -> String { String(format: "%.4f", value) }
}
