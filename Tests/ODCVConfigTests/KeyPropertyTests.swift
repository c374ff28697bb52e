import ODCVConfig
import Testing

/// Every key of every shipped file, taken away and misspelt one at a time.
@Suite struct KeyPropertyTests {
  /// A key where it stands in a text, and the extent of its whole entry.
  private struct Key {
    var name: String
    var start: Int
    var end: Int
  }

  /// Keys that may be left out, and keys whose text is a name of the user's own.
  private static let optional: Set<String> = [
    "core", "inverse_kinematics", "dynamics", "body_limits", "velocity_control", "effort_control", "standard_n",
    "greatest_part_kg",
  ]
  private static let own: Set<String> = [
    "table", "post", "bin", "fixture", "cell-camera", "handover", "reach", "panda_hand",
  ]
  private static let ownPrefixes = ["panda_joint", "panda_link", "rules/"]

  static let files: [(monitor: String, file: String)] = [
    ("monitor.yaml", "robots/panda-sim.yaml"), ("monitor.yaml", "rules/site.yaml"), ("monitor.yaml", "cells/e01.yaml"),
    ("monitor.yaml", "monitor.yaml"), ("monitor-e06.yaml", "cells/e06.yaml"), ("monitor-e06.yaml", "monitor-e06.yaml"),
    ("monitor-e32.yaml", "cells/e32.yaml"), ("monitor-e32.yaml", "monitor-e32.yaml"), ("monitor-e32.yaml", "tables/iso-ts-15066.yaml"),
  ]

  /// The structural keys in `text`, found by a reader of its own that knows only how the shipped files are laid out.
  private func keys(_ text: [UInt8]) -> [Key] {
    var keys: [Key] = []
    var lineStart = 0
    while lineStart < text.count {
      let lineEnd = text[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      if let first = text[lineStart..<lineEnd].first(where: { $0 != UInt8(ascii: " ") }), first != UInt8(ascii: "#") {
        keys += keysOfLine(text, lineStart, lineEnd)
      }
      lineStart = lineEnd + 1
    }
    return keys
  }

  private func keysOfLine(_ text: [UInt8], _ start: Int, _ end: Int) -> [Key] {
    var keys: [Key] = []
    var index = start
    var word = start
    while index < end {
      let byte = text[index]
      let isColon = byte == UInt8(ascii: ":") && (index + 1 == end || text[index + 1] == UInt8(ascii: " "))
      let isInFlow = text[start..<word].contains(UInt8(ascii: "{"))
      let isFirst = text[start..<word].allSatisfy { $0 == UInt8(ascii: " ") }
      if isColon, word < index, isInFlow || isFirst {
        let name = String(decoding: text[word..<index], as: UTF8.self)
        keys.append(
          Key(
            name: name, start: word, end: isInFlow ? flowEnd(text, index) : blockEnd(text, start, end, word - start)))
        index += 1
      }
      let isPartOfAWord = ![UInt8(ascii: " "), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: "[")].contains(byte)
      if !isPartOfAWord || isColon { word = index + 1 }
      index += 1
    }
    return keys
  }

  /// The end of a flow entry: after its comma, or before the bracket that closes the mapping.
  private func flowEnd(_ text: [UInt8], _ colon: Int) -> Int {
    var depth = 0
    for index in colon..<text.count {
      switch text[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return index }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return index + 1 }
      default: break
      }
    }
    return text.count
  }

  /// The end of a block entry: the next line that is not indented deeper.
  private func blockEnd(_ text: [UInt8], _ start: Int, _ end: Int, _ indent: Int) -> Int {
    var next = min(end + 1, text.count)
    while next < text.count {
      let lineEnd = text[next...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      let depth = text[next..<lineEnd].prefix { $0 == UInt8(ascii: " ") }.count
      if depth < lineEnd - next, depth <= indent { break }
      next = min(lineEnd + 1, text.count)
    }
    return next
  }

  private func isOwn(_ name: String) -> Bool {
    Self.own.contains(name) || Self.ownPrefixes.contains { name.hasPrefix($0) }
  }

  /// An entry of `clocks`: a cell names the sources that stamp, and may leave out any.
  private func isClock(_ entry: ArraySlice<UInt8>) -> Bool {
    String(decoding: entry, as: UTF8.self).contains(": simulated")
      && !String(decoding: entry, as: UTF8.self).hasPrefix("clocks")
  }

  private func refusal(_ files: [ConfigurationFile], _ name: String, _ bytes: [UInt8]) -> ConfigError? {
    Shipped.error(files.map { $0.name == name ? ConfigurationFile(name: name, bytes: bytes) : $0 })
  }

  @Test(arguments: files) func withoutAnyOneOfItsKeysAFileRefusesToLoad(monitor: String, file: String) throws {
    let files = try Shipped.files(monitor)
    let bytes = try #require(files.first { $0.name == file }).bytes
    let all = keys(bytes)
    #expect(all.count >= 15)
    for key in all where !Self.optional.contains(key.name) && !isOwn(key.name) && !isClock(bytes[key.start..<key.end]) {
      var without = bytes
      without.removeSubrange(key.start..<key.end)
      let error = refusal(files, file, without)
      #expect(error != nil, "\(file) loads without \(key.name) at byte \(key.start)")
      if let error { #expect(error.line != nil || key.name == "robot_id", "\(error)") }
    }
  }

  @Test(arguments: files) func aMisspeltKeyIsRefusedByName(monitor: String, file: String) throws {
    let files = try Shipped.files(monitor)
    let bytes = try #require(files.first { $0.name == file }).bytes
    for key in keys(bytes) where !isOwn(key.name) && key.name != "robot_id" {
      var wrong = bytes
      // The key's second letter is doubled.
      wrong.insert(bytes[key.start + 1], at: key.start + 1)
      let name = String(decoding: wrong[key.start..<(key.start + key.name.utf8.count + 1)], as: UTF8.self)
      let error = try #require(refusal(files, file, wrong), "\(file) loads with \(name)")
      #expect(error.description.contains("`\(name)`"), "\(error)")
      #expect(error.description.contains(key.name), "\(error)")
    }
  }
}
