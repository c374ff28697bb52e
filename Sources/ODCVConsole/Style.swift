/// When the view uses colour.
public enum ColorChoice: String, CaseIterable, Sendable {
  case auto
  case always
  case never
}

/// How a piece of text stands out. Every style is also said in words or signs, so none is needed to read the view.
enum Style {
  case plain
  case title
  case good
  case warning
  case bad
  case faint

  private var code: String {
    switch self {
    case .plain: ""
    case .title: "1"
    case .good: "32"
    case .warning: "33"
    case .bad: "1;31"
    case .faint: "2"
    }
  }

  func apply(_ text: String, color: Bool) -> String {
    color && self != .plain ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

/// One line of the view, in pieces, cut to a width that counts visible characters only.
struct StyledLine {
  private var pieces: [(text: String, style: Style)] = []

  init() {}

  init(_ text: String, _ style: Style = .plain) { add(text, style) }

  mutating func add(_ text: String, _ style: Style = .plain) { pieces.append((text, style)) }

  func render(width: Int, color: Bool) -> String {
    var left = width
    var line = ""
    for piece in pieces where left > 0 {
      // Text from outside could carry control characters; a terminal would obey them.
      let safe = String(piece.text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : Character($0) })
      let cut = String(safe.prefix(left))
      left -= cut.count
      line += piece.style.apply(cut, color: color)
    }
    return line
  }
}

/// A number with a fixed count of decimals, without the platform's locale.
func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "?" }
  guard abs(value) < 1e9 else { return value < 0 ? "<-1e9" : ">1e9" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let whole = Int64((abs(value) * scale).rounded())
  let digits = String(whole)
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = value < 0 && whole != 0 ? "-" : ""
  guard decimals > 0 else { return sign + padded }
  return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

extension String {
  func padded(_ width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  func leftPadded(_ width: Int) -> String {
    count >= width ? self : String(repeating: " ", count: width - count) + self
  }
}
