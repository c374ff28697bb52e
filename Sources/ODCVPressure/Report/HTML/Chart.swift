import Foundation

/// A drawing of the page: 340 units wide, so that its letters are readable on a narrow screen too.
struct Chart {
  static let width = 340.0
  let height: Double
  private var shapes = ""

  init(height: Double) { self.height = height }

  /// - Parameter label: what the drawing shows, for who doesn't see it
  func markup(label: String) -> String {
    "<svg viewBox=\"0 0 \(Self.unit(Self.width)) \(Self.unit(height))\" role=\"img\" aria-label=\"\(Markup.escape(label))\" "
      + "xmlns=\"http://www.w3.org/2000/svg\">\(shapes)</svg>"
  }

  func figure(label: String, caption: String) -> String {
    "<figure>\(markup(label: label))<figcaption>\(caption)</figcaption></figure>\n"
  }

  enum Stroke: String {
    case solid = ""
    case dashed = " stroke-dasharray=\"4 3\""
    case dotted = " stroke-dasharray=\"1 3\""
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, width: Double = 1, ink: String = "#1a1a1a", _ stroke: Stroke = .solid
  ) {
    shapes += "<line x1=\"\(Self.unit(x1))\" y1=\"\(Self.unit(y1))\" x2=\"\(Self.unit(x2))\" y2=\"\(Self.unit(y2))\" "
    shapes += "stroke=\"\(ink)\" stroke-width=\"\(Self.unit(width))\"\(stroke.rawValue) />"
  }

  mutating func path(_ points: [(x: Double, y: Double)], width: Double = 1.5, _ stroke: Stroke = .solid) {
    let list = points.map { "\(Self.unit($0.x)),\(Self.unit($0.y))" }.joined(separator: " ")
    shapes += "<polyline points=\"\(list)\" fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\"\(width)\"\(stroke.rawValue) />"
  }

  enum Mark {
    case disc, square
  }

  mutating func mark(_ mark: Mark, _ x: Double, _ y: Double) {
    switch mark {
    case .disc: shapes += "<circle cx=\"\(Self.unit(x))\" cy=\"\(Self.unit(y))\" r=\"3.6\" fill=\"#1a1a1a\" />"
    case .square:
      shapes += "<rect x=\"\(Self.unit(x - 3.4))\" y=\"\(Self.unit(y - 3.4))\" width=\"6.8\" height=\"6.8\" fill=\"#fff\" "
      shapes += "stroke=\"#1a1a1a\" stroke-width=\"1.5\" />"
    }
  }

  mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String) {
    shapes += "<rect x=\"\(Self.unit(x))\" y=\"\(Self.unit(y))\" width=\"\(Self.unit(width))\" height=\"\(Self.unit(height))\" "
    shapes += "fill=\"\(fill)\" stroke=\"#1a1a1a\" stroke-width=\"1\" />"
  }

  /// Hatching by name, to be used as `url(#name)`.
  mutating func pattern(_ name: String, _ content: String) {
    shapes += "<defs><pattern id=\"\(name)\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
    shapes += "<rect width=\"6\" height=\"6\" fill=\"#fff\" />\(content)</pattern></defs>"
  }

  enum Anchor: String {
    case start, middle, end
  }

  /// - Parameters:
  ///   - value: the report's own, where the text is a number of it
  ///   - isTick: a number of an axis
  mutating func text(
    _ x: Double, _ y: Double, _ text: String, _ anchor: Anchor = .start, value: Double? = nil, isTick: Bool = false,
    halo: Bool = false
  ) {
    let data = value.map { " data-value=\"\($0)\"" } ?? (isTick ? " data-tick=\"\"" : "")
    let style = (isTick ? " class=\"soft\"" : "") + (halo ? " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"" : "")
    shapes += "<text x=\"\(Self.unit(x))\" y=\"\(Self.unit(y))\" text-anchor=\"\(anchor.rawValue)\"\(data)\(style)>"
    shapes += Markup.escape(text) + "</text>"
  }

  private static func unit(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
