import Foundation

/// Files that a command writes results to. What is there already stays, unless it is an earlier result of the same kind: a mistyped name
/// must not cost a campaign or a configuration.
enum ResultFiles {
  struct File {
    var option: String
    var path: String?
    /// What each of its kind begins with.
    var start: String
  }

  /// Whether all may be written, before anything is.
  static func require(_ files: [File]) throws {
    var taken: [String: String] = [:]
    for file in files {
      guard let path = file.path else { continue }
      guard path != "-" else { throw PressureError("\(file.option): - is no file here; name one, or redirect what `report` prints") }
      let full = URL(filePath: path).resolvingSymlinksInPath().path
      if let other = taken.updateValue(file.option, forKey: full) {
        throw PressureError("\(file.option): \(path) is also the file of \(other): give each its own")
      }
      let kind = try? FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
      guard kind == .typeRegular, let there = FileManager.default.contents(atPath: full), !there.isEmpty,
        !there.starts(with: file.start.utf8)
      else { continue }
      throw PressureError(
        "\(file.option): \(path) is there and no earlier result of \(file.option): choose another file, or remove it yourself")
    }
  }
}
