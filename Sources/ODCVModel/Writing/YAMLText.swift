import ODCVCore

/// Values as a file of this project writes them, so that reading them back gives the same bits.
enum YAMLText {
  /// The shortest decimal that reads back as `value`.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    return "\(value)"
  }

  static func vector(_ v: Vector3) -> String { list([v.x, v.y, v.z]) }

  static func list(_ values: [Double]) -> String {
    "[" + values.map(number).joined(separator: ", ") + "]"
  }

  /// Bare where no reader could take it for anything else, else in double quotes.
  static func name(_ text: String) -> String {
    let bare = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"):
        true
      case _: false
      }
    }
    let first = text.utf8.first ?? 0
    let letter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) || first == UInt8(ascii: "_")
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    return bare && letter && !words.contains(text.lowercased()) ? text : quoted(text)
  }

  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n", "\r", "\t": out += " "
      case _ where scalar.value < 0x20 || scalar.value == 0x7f: out += "?"
      case _: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// A line of a comment.
  static func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
