import ODCVYAML

/// Where the files of one configuration come from: the disk, or the attachments of a recording.
///
/// A file is called by its *name*: its path relative to where the configuration begins, without `.` and `..`.
struct FileSource {
  private enum Origin {
    case directory(String, isConfined: Bool)
    case attachments([ConfigurationFile])
  }
  private let origin: Origin
  /// All files read so far, once each.
  private(set) var read: [ConfigurationFile] = []

  /// Names are relative to `directory`, and files outside it are refused.
  init(directory: String) { origin = .directory(directory, isConfined: true) }

  init(attachments: [ConfigurationFile]) { origin = .attachments(attachments) }

  /// For a file that is read by itself: what it names may lie above it. Its own name is the last part of the path.
  static func alone(_ path: String) -> (files: FileSource, name: String) {
    let (directory, name) = split(path)
    return (FileSource(origin: .directory(directory, isConfined: false)), name)
  }

  private init(origin: Origin) { self.origin = origin }

  /// Directory and last part of a path.
  static func split(_ path: String) -> (directory: String, name: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let directory = parts.dropLast().joined(separator: "/")
    let root = directory.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : directory
    return (root, String(parts.last ?? ""))
  }

  /// The mapping of the file that everything begins with.
  mutating func map(_ name: String) throws(ConfigError) -> YAMLMap {
    try YAMLFile.map(bytes: bytes(name, nil), name: shown(name))
  }

  /// The mapping of a file that lies beside or below the one that names it, for `key` of `map`.
  mutating func map(below name: String, namedBy asked: (map: YAMLMap, key: String)) throws(ConfigError) -> YAMLMap {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw asked.map.error(
        asked.key, "`\(name)` does not lie beside or below this file",
        "write a path like `robots/panda.yaml`, relative to this file and without `..`")
    }
    return try YAMLFile.map(bytes: bytes(name, asked), name: shown(name))
  }

  /// The mapping and the name of the file at `path`, seen from the file called `base` that names it; it may use `..` as
  /// long as it stays where the configuration's own files are.
  mutating func map(_ path: String, from base: String, namedBy asked: (map: YAMLMap, key: String)) throws(ConfigError)
    -> (map: YAMLMap, name: String)
  {
    let name = try resolved(path, from: base, asked)
    return (try YAMLFile.map(bytes: bytes(name, asked), name: shown(name)), name)
  }

  private func resolved(_ path: String, from base: String, _ asked: (map: YAMLMap, key: String)) throws(ConfigError) -> String {
    let isConfined: Bool
    switch origin {
    case .directory(_, let confined): isConfined = confined
    case .attachments: isConfined = true
    }
    let name = Self.normal(base.split(separator: "/").dropLast() + path.split(separator: "/"))
    // A path that leaves the directory would make the digest hang on where the files lie.
    guard !path.hasPrefix("/"), !name.isEmpty, !isConfined || !name.hasPrefix("..") else {
      throw asked.map.error(
        asked.key, "`\(path)` lies outside the directory of the monitor file",
        "write a path relative to this file that stays beside or below the monitor file")
    }
    return name
  }

  /// Parts of a path without `.`, and with `..` only at its beginning.
  private static func normal(_ parts: some Sequence<Substring>) -> String {
    var kept: [Substring] = []
    for part in parts where part != "." {
      if part == "..", let last = kept.last, last != ".." { kept.removeLast() } else { kept.append(part) }
    }
    return kept.joined(separator: "/")
  }

  /// As the user can open it.
  private func shown(_ name: String) -> String {
    switch origin {
    case .directory(let directory, _):
      guard directory != "." else { return name }
      let path = Self.normal("\(directory)/\(name)".split(separator: "/"))
      return directory.hasPrefix("/") ? "/\(path)" : path
    case .attachments: return name
    }
  }

  private mutating func bytes(_ name: String, _ asked: (map: YAMLMap, key: String)?) throws(ConfigError) -> [UInt8] {
    let bytes: [UInt8]
    switch origin {
    case .directory:
      do {
        bytes = try YAMLFile.bytes(path: shown(name))
      } catch {
        guard let asked else { throw error }
        throw asked.map.error(asked.key, "`\(shown(name))` \(error.problem)", error.remedy)
      }
    case .attachments(let files):
      guard let file = files.first(where: { $0.name == name }) else {
        throw ConfigError(
          file: name, line: nil, problem: "is not among the attached configuration files",
          remedy: "give the recording with all its attachments")
      }
      bytes = file.bytes
    }
    if !read.contains(where: { $0.name == name }) { read.append(ConfigurationFile(name: name, bytes: bytes)) }
    return bytes
  }
}
