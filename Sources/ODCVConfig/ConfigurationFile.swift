import CSodium
import ODCVYAML

/// What is wrong with a configuration file, where, and what to do about it: `file:line: problem; remedy`.
public typealias ConfigError = YAMLError

/// One file of a configuration, with its bytes as they were read.
public struct ConfigurationFile: Sendable, Equatable {
  /// Path relative to the monitor file's directory, with `/` between its parts.
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// SHA-256 over the files in the order of their names: name and content of each, both preceded by their length as 8
  /// little-endian bytes. 32 bytes; the same on every machine, wherever the files lie.
  public static func digest(of files: [ConfigurationFile]) -> [UInt8] {
    var state = crypto_hash_sha256_state()
    crypto_hash_sha256_init(&state)
    for file in files.sorted(by: { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }) {
      for part in [Array(file.name.utf8), file.bytes] {
        let length = withUnsafeBytes(of: UInt64(part.count).littleEndian) { Array($0) }
        crypto_hash_sha256_update(&state, length, UInt64(length.count))
        crypto_hash_sha256_update(&state, part, UInt64(part.count))
      }
    }
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }
}

/// Where the files of one configuration come from: the disk, or the attachments of a recording.
struct FileSource {
  private enum Origin {
    case directory(String)
    case attachments([ConfigurationFile])
  }
  private let origin: Origin
  /// All files read so far, once each.
  private(set) var read: [ConfigurationFile] = []

  /// Names are relative to `directory`.
  init(directory: String) { origin = .directory(directory) }

  init(attachments: [ConfigurationFile]) { origin = .attachments(attachments) }

  /// The file's mapping; `asked` says who names it, for the error when it is not there.
  mutating func map(_ name: String, namedBy asked: (YAMLMap, key: String)? = nil) throws(ConfigError) -> YAMLMap {
    if let (map, key) = asked { try check(name, map, key) }
    let bytes: [UInt8]
    let shown: String
    switch origin {
    case .directory(let directory):
      shown = directory == "." ? name : "\(directory)/\(name)"
      do {
        bytes = try YAMLFile.bytes(path: shown)
      } catch {
        guard let (map, key) = asked else { throw error }
        throw map.error(key, "`\(shown)` \(error.problem)", error.remedy)
      }
    case .attachments(let files):
      shown = name
      guard let file = files.first(where: { $0.name == name }) else {
        throw ConfigError(
          file: name, line: nil, problem: "is not among the attached configuration files",
          remedy: "give the recording with all its attachments")
      }
      bytes = file.bytes
    }
    if !read.contains(where: { $0.name == name }) { read.append(ConfigurationFile(name: name, bytes: bytes)) }
    return try YAMLFile.map(bytes: bytes, name: shown)
  }

  /// A path that leaves the directory would make the digest hang on where the files lie.
  private func check(_ name: String, _ map: YAMLMap, _ key: String) throws(ConfigError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw map.error(
        key, "`\(name)` does not lie beside or below this file",
        "write a path like `robots/panda.yaml`, relative to this file and without `..`")
    }
  }
}
