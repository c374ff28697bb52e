import ODCVCore
import ODCVResults

/// An SVG drawing as text: the same calls give the same bytes, and nothing outside the file is needed to show it.
struct SVGCanvas {
  private(set) var body = ""

  /// How a shape looks. Kinds differ by pattern, dash and lightness, so that they can be told apart in greyscale.
  struct Style {
    var fill = "none"
    var stroke = "none"
    var width = 1.0
    var dash: String?
  }

  mutating func open(_ element: String) { body += "<\(element)>\n" }

  mutating func close(_ element: String) { body += "</\(element)>\n" }

  mutating func line(_ a: (Double, Double), _ b: (Double, Double), _ style: Style) {
    body += "<line x1=\"\(n(a.0))\" y1=\"\(n(a.1))\" x2=\"\(n(b.0))\" y2=\"\(n(b.1))\"\(attributes(style))/>\n"
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: Style) {
    body += "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"\(attributes(style))/>\n"
  }

  mutating func circle(_ center: (Double, Double), _ radius: Double, _ style: Style) {
    body += "<circle cx=\"\(n(center.0))\" cy=\"\(n(center.1))\" r=\"\(n(radius))\"\(attributes(style))/>\n"
  }

  mutating func polygon(_ points: [(Double, Double)], _ style: Style) {
    let text = points.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ")
    body += "<polygon points=\"\(text)\"\(attributes(style))/>\n"
  }

  /// All points within `radius` of a segment: how a capsule looks from everywhere.
  mutating func stadium(_ a: (Double, Double), _ b: (Double, Double), _ radius: Double, _ style: Style) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0.05 else { return circle(a, radius, style) }
    let (ox, oy) = (-dy / length * radius, dx / length * radius)
    let arc = "A\(n(radius)) \(n(radius)) 0 0 0"
    body += "<path d=\"M\(n(a.0 + ox)) \(n(a.1 + oy))L\(n(b.0 + ox)) \(n(b.1 + oy))\(arc) \(n(b.0 - ox)) \(n(b.1 - oy))"
    body += "L\(n(a.0 - ox)) \(n(a.1 - oy))\(arc) \(n(a.0 + ox)) \(n(a.1 + oy))Z\"\(attributes(style))/>\n"
  }

  /// - Parameter anchor: `start`, `middle` or `end`
  mutating func text(
    _ text: String, _ at: (Double, Double), size: Double = 13, anchor: String = "start", isBold: Bool = false,
    hasHalo: Bool = false
  ) {
    let weight = isBold ? " font-weight=\"bold\"" : ""
    let halo = hasHalo ? " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\" stroke-linejoin=\"round\"" : ""
    body += "<text x=\"\(n(at.0))\" y=\"\(n(at.1))\" font-size=\"\(n(size))\" text-anchor=\"\(anchor)\"\(weight)\(halo)>"
    body += "\(XMLText.escape(text))</text>\n"
  }

  /// The whole file.
  static func document(width: Double, height: Double, title: String, definitions: String, _ body: String) -> String {
    let (w, h) = (ExplanationText.fixed(width, 0), ExplanationText.fixed(height, 0))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" viewBox="0 0 \(w) \(h)" \
      font-family="DejaVu Sans, Verdana, sans-serif" fill="#111" role="img">
      <title>\(XMLText.escape(title))</title>
      <defs>
      \(definitions)</defs>
      <rect width="\(w)" height="\(h)" fill="#fff"/>
      \(body)</svg>

      """
  }

  private func n(_ value: Double) -> String { ExplanationText.fixed(value, 1) }

  private func attributes(_ style: Style) -> String {
    var text = " fill=\"\(style.fill)\""
    guard style.stroke != "none" else { return text }
    text += " stroke=\"\(style.stroke)\" stroke-width=\"\(n(style.width))\""
    if let dash = style.dash { text += " stroke-dasharray=\"\(dash)\"" }
    return text
  }
}
