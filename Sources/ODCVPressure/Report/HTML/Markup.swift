import ODCVResults

/// Pieces of HTML that are well-formed XML too.
enum Markup {
  static func escape(_ text: String) -> String { XMLText.escape(text) }

  static func element(_ name: String, _ attributes: [(String, String)] = [], _ content: String) -> String {
    let list = attributes.map { " \($0)=\"\(escape($1))\"" }.joined()
    return "<\(name)\(list)>\(content)</\(name)>"
  }

  /// A number as printed, with the report's own value beside it for machines: it is in the JSON, digit for digit.
  static func number(_ value: Double?, _ text: (Double?) -> String) -> String {
    guard let value else { return Figures.none }
    return "<data value=\"\(value)\">\(escape(text(value)))</data>"
  }

  static func count(_ value: Int) -> String { "<data value=\"\(value)\">\(value)</data>" }

  static func percent(_ value: Double?, digits: Int = 1) -> String { number(value) { Figures.percent($0, digits: digits) } }

  static func points(_ value: Double?) -> String { number(value, Figures.points) }

  /// `12.3 to 45.6 %`
  static func percent(_ value: ConfidenceInterval?) -> String {
    guard let value else { return Figures.none }
    return "\(number(value.lower) { Figures.number($0.map { 100 * $0 }, digits: 1) }) to \(percent(value.upper))"
  }

  static func points(_ value: ConfidenceInterval?) -> String {
    value.map { "\(points($0.lower)) to \(points($0.upper))" } ?? Figures.none
  }

  static func interval(_ value: ConfidenceInterval?, _ text: (Double?) -> String) -> String {
    value.map { "\(number($0.lower, text)) to \(number($0.upper, text))" } ?? Figures.none
  }

  static func share(_ part: Int, of whole: Int) -> String { "\(count(part)) of \(count(whole))" }
}

/// A table with a caption, a header for each column and one for each row.
struct MarkupTable {
  var caption: String
  var columns: [String]
  /// Markup; the first of each row is its header.
  var rows: [[String]] = []
  /// Of the columns that hold words and wrap.
  var words: Set<Int> = []

  init(_ caption: String, _ columns: [String], words: Set<Int> = []) {
    self.caption = caption
    self.columns = columns
    self.words = words
  }

  var markup: String {
    guard !rows.isEmpty else { return "" }
    let head = columns.enumerated().map { index, column in
      Markup.element("th", [("scope", "col")] + style(index), Markup.escape(column))
    }.joined()
    let body = rows.map { row in
      precondition(row.count == columns.count)
      let cells = row.enumerated().map { index, cell in
        index == 0
          ? Markup.element("th", [("scope", "row")], cell) : Markup.element("td", style(index), cell)
      }
      return "<tr>\(cells.joined())</tr>\n"
    }.joined()
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="\(Markup.escape(caption))"><table>
      <caption><span>\(Markup.escape(caption))</span></caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody></table></div>

      """
  }

  private func style(_ index: Int) -> [(String, String)] { words.contains(index) ? [("class", "words")] : [] }
}
