import ODCVYAML

/// A value that its file marks as ASSUMED: nobody has declared or measured it.
public struct Assumption: Sendable, Equatable {
  public var file: String
  /// As the file's head names it, or its key and line.
  public var name: String
}

extension LoadedConfiguration {
  /// What the files mark as ASSUMED, file by file: in their heads, as `model import` writes it, or beside a value.
  public var assumptions: [Assumption] {
    attachments.flatMap { file in
      var names: [String] = []
      for (number, line) in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard line.contains("ASSUMED") else { continue }
        let text = line.drop { $0 == " " || $0 == "-" }
        if text.hasPrefix("#") {
          guard let colon = text.firstIndex(of: ":") else { continue }
          names.append(String(text[text.index(after: colon)...].drop { $0 == " " }))
        } else {
          let key = String(text.prefix { $0 != ":" })
          // What a part's source says of it stands in the head already.
          if key == "source", !names.isEmpty { continue }
          names.append("\(key) (line \(number + 1))")
        }
      }
      return names.map { Assumption(file: file.name, name: $0) }
    }
  }

  /// `file:line` of a key at the top of one of the files; `nil` when none has it.
  public func place(of key: String) -> String? {
    for file in attachments {
      guard let map = try? YAMLFile.map(bytes: file.bytes, name: file.name), map.has(key) else { continue }
      return "\(file.name):\(map.line(of: key))"
    }
    return nil
  }
}
