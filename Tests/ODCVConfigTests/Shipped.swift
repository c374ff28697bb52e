import ODCVConfig
import ODCVYAML

/// The files in config/, and edits of them.
enum Shipped {
  /// The repository's top, found from this file.
  static let top = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
  static let monitors = ["monitor.yaml", "monitor-e06.yaml", "monitor-e32.yaml"]

  static func path(_ name: String) -> String { "\(top)/config/\(name)" }

  static func text(_ name: String) throws -> String { String(decoding: try YAMLFile.bytes(path: path(name)), as: UTF8.self) }

  /// The files of one shipped configuration, as a recording would carry them.
  static func files(_ monitor: String = "monitor.yaml") throws -> [ConfigurationFile] {
    try LoadedConfiguration.load(path: path(monitor)).attachments
  }

  /// The error of a configuration in which the first `old` of one file is replaced by `new`; `nil` when it loads.
  static func error(in name: String, of monitor: String = "monitor.yaml", replacing old: String, with new: String) throws
    -> ConfigError?
  {
    var files = try files(monitor)
    guard let index = files.firstIndex(where: { $0.name == name }) else { throw Missing(text: name) }
    var text = String(decoding: files[index].bytes, as: UTF8.self)
    guard let range = text.firstRange(of: old) else { throw Missing(text: old) }
    text.replaceSubrange(range, with: new)
    files[index].bytes = Array(text.utf8)
    return error(files)
  }

  static func error(_ files: [ConfigurationFile]) -> ConfigError? {
    do {
      _ = try LoadedConfiguration.load(attachments: files)
      return nil
    } catch {
      return error
    }
  }

  /// The line on which `text` first stands in a shipped file, from 1.
  static func line(of text: String, in name: String) throws -> Int {
    let whole = try Self.text(name)
    guard let range = whole.firstRange(of: text) else { throw Missing(text: text) }
    return whole[..<range.lowerBound].count { $0 == "\n" } + 1
  }

  struct Missing: Error { var text: String }
}
