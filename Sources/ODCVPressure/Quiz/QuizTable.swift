import Foundation

/// A quiz's report as a table for a terminal.
enum QuizTable {
  private static let widths = [10, 16, 16, 16, 8, 18]

  static func text(_ report: QuizReport) -> String {
    var lines = ["\(report.controller) · \(report.scenarios.joined(separator: " ")) · seeds 1 to \(report.seeds)"]
    lines.append(line(["constraint", "quiz", "clips", "kept in i3", "gap", "95 % interval"]))
    for row in report.rows {
      lines.append(
        line([
          row.constraint, score(row.knowledge), score(row.recognition),
          row.kept.map { "\(percent($0.rate)) of \($0.trials)" } ?? "-", points(row.gap?.gap),
          row.gap.map { "\(points($0.interval.lower))..\(points($0.interval.upper))" } ?? "-",
        ]))
    }
    lines.append("quiz, clips: right answers, corrected for chance; 0% is a guesser. gap: quiz less kept, in points.")
    lines += report.missing.map { "NO ANSWER: \($0)" } + report.no_clip.map { "no clip: \($0)" }
    if let failed = report.failed_trials, failed > 0 { lines.append("\(failed) trials of the campaign failed and are left out") }
    return lines.joined(separator: "\n")
  }

  private static func line(_ columns: [String]) -> String {
    zip(columns, widths).enumerated().map { index, column in
      let space = String(repeating: " ", count: max(0, column.1 - column.0.count))
      return index == 0 ? column.0 + space : space + column.0
    }.joined(separator: "  ")
  }

  private static func score(_ score: QuizReport.Score) -> String { "\(percent(score.corrected)) of \(score.right.trials)" }

  private static func percent(_ value: Double?) -> String { value.map { String(format: "%.1f%%", 100 * $0) } ?? "-" }

  private static func points(_ value: Double?) -> String { value.map { String(format: "%+.1f", 100 * $0) } ?? "-" }
}
