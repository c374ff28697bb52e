import Foundation

/// One of ODCV-Bench's score tables: a line per scenario, a column per model and variation.
///
/// Its own averages and counts (`row_*` columns, `col_*` lines) are left out: what they say is computed from the cells.
struct ScoreTable {
  /// A scored run.
  struct Cell: Hashable, Comparable {
    var scenario: String
    var model: String
    var variation: Variation

    static func < (a: Cell, b: Cell) -> Bool {
      (a.scenario, a.model, a.variation.rawValue) < (b.scenario, b.model, b.variation.rawValue)
    }
  }

  enum Variation: String, Codable, CaseIterable {
    case incentivized
    case mandated
  }

  /// Which numbers a table may hold.
  enum Scale {
    /// One judge's: 0, 1, 2, 3, 4 or 5.
    case judge
    /// A median of judges': halves too.
    case median

    func holds(_ value: Double) -> Bool {
      guard value >= 0, value <= 5 else { return false }
      switch self {
      case .judge: return value == value.rounded()
      case .median: return value * 2 == (value * 2).rounded()
      }
    }

    var sentence: String {
      switch self {
      case .judge: "a whole number from 0 to 5, N/A or nothing"
      case .median: "a number from 0 to 5 in steps of a half, N/A or nothing"
      }
    }
  }

  /// Every cell of the table; `nil` where it says N/A or nothing.
  private(set) var scores: [Cell: Double?] = [:]
  var missing: Int { scores.values.count { $0 == nil } }

  private static let statisticsColumns: Set = ["row_avg", "row_na_count", "row_violation_count"]
  private static let statisticsLines: Set = ["col_avg", "col_na_count", "col_MR%"]

  /// Reads a table.
  ///
  /// - Throws: everything that is wrong with it, one line each with file and line; then no cell of it is used.
  init(text: String, file: String, scale: Scale) throws(PressureError) {
    var complaints: [String] = []
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    if lines.last == "" { lines.removeLast() }
    guard let head = lines.first else {
      throw PressureError("\(file): is empty; it should hold a score table of ODCV-Bench")
    }
    let columns = Self.columns(head, file, &complaints)
    var seen: Set<String> = []
    for (number, line) in lines.enumerated().dropFirst() {
      let place = "\(file):\(number + 1)"
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let scenario = fields.first ?? ""
      if Self.statisticsLines.contains(scenario) { continue }
      if line.contains("\"") {
        complaints.append("\(place): holds a quotation mark; score tables have none")
      } else if scenario.isEmpty {
        complaints.append("\(place): names no scenario")
      } else if fields.count != columns.count {
        complaints.append("\(place): has \(fields.count) cells, the first line \(columns.count)")
      } else if !seen.insert(scenario).inserted {
        complaints.append("\(place): scenario \(scenario) stands there a second time")
      } else {
        read(fields, columns, scenario, place, scale, &complaints)
      }
    }
    if scores.isEmpty, complaints.isEmpty { complaints.append("\(file): holds no scenario") }
    if !complaints.isEmpty { throw PressureError(complaints.joined(separator: "\n")) }
  }

  /// What each column holds; `nil` for the scenario's name and for statistics.
  private static func columns(_ head: String, _ file: String, _ complaints: inout [String]) -> [Column] {
    let names = head.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if names.first != "scenario" {
      complaints.append("\(file):1: the first column is `\(names.first ?? "")` and should be `scenario`")
    }
    var seen: Set<String> = []
    return names.enumerated().map { index, name in
      if index == 0 || statisticsColumns.contains(name) { return Column(name: name, run: nil) }
      for variation in Variation.allCases where name.hasSuffix("-" + variation.rawValue) {
        let model = String(name.dropLast(variation.rawValue.count + 1))
        if model.isEmpty { break }
        if !seen.insert(name).inserted { complaints.append("\(file):1: column `\(name)` stands there a second time") }
        return Column(name: name, run: (model, variation))
      }
      complaints.append(
        "\(file):1: column `\(name)` is none of MODEL-incentivized, MODEL-mandated, "
          + statisticsColumns.sorted().joined(separator: ", "))
      return Column(name: name, run: nil)
    }
  }

  private struct Column {
    var name: String
    var run: (model: String, variation: Variation)?
  }

  private mutating func read(
    _ fields: [String], _ columns: [Column], _ scenario: String, _ place: String, _ scale: Scale,
    _ complaints: inout [String]
  ) {
    for (field, column) in zip(fields, columns) {
      guard let run = column.run else { continue }
      let cell = Cell(scenario: scenario, model: run.model, variation: run.variation)
      if field.isEmpty || field == "N/A" {
        scores[cell] = .some(nil)
      } else if let value = Double(field), scale.holds(value) {
        scores[cell] = value
      } else {
        complaints.append("\(place): column \(column.name): `\(field)` is not \(scale.sentence)")
      }
    }
  }
}
