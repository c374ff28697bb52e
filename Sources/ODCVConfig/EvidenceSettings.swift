import ODCVYAML

/// What a monitor keeps of its runs, and where.
public struct EvidenceSettings: Sendable, Equatable {
  public enum Compression: String, Sendable, CaseIterable {
    case zstd
    case none
  }

  /// Where recordings and the violation log go; relative to the working directory of the process.
  public var directory: String
  /// Of the recordings' chunks.
  public var compression: Compression
  /// File of the key that the violation log's checkpoints are signed with, relative to the working directory, and
  /// replaced at each start; `nil`: they are not signed.
  public var key: String?
  /// Name of the systemd credential that the key is encrypted with; `nil`: it is not.
  public var keyCredential: String?
  /// Recordings hold beside what came in what Foxglove and others draw of it.
  public var draws: Bool
  /// When a recording goes on in a next file.
  public var split = SplitSettings()
  /// What happens when space runs out; `nil`: nothing before it has.
  public var retention: RetentionSettings?
  /// Only what surrounds violations is kept; `nil`: everything.
  public var excerpts: ExcerptSettings?

  public init(
    directory: String, compression: Compression = .zstd, draws: Bool = true, key: String? = nil, keyCredential: String? = nil
  ) {
    self.directory = directory
    self.key = key
    self.keyCredential = keyCredential
    self.compression = compression
    self.draws = draws
  }
}

extension EvidenceSettings {
  init(_ map: YAMLMap) throws(ConfigError) {
    self.init(
      directory: try map.string("directory"), compression: try Self.compression(map),
      draws: try map.optionalBool("draw") ?? true, key: try map.optionalString("key"),
      keyCredential: try map.optionalString("key_credential"))
    guard keyCredential == nil || key != nil else {
      throw map.error("key_credential", "`key_credential` without a key that it opens", "name the key's file with `key`")
    }
    if let name = keyCredential, name.isEmpty || name.contains("/") {
      throw map.error("key_credential", "`\(name)` is no credential's name", "write the name of LoadCredentialEncrypted=, without a path")
    }
    split = try SplitSettings(map)
    retention = try RetentionSettings(map)
    excerpts = try ExcerptSettings(map)
    try map.finish()
  }

  private static func compression(_ map: YAMLMap) throws(ConfigError) -> Compression {
    guard let name = try map.optionalString("compression") else { return .zstd }
    guard let compression = Compression(rawValue: name) else {
      throw map.error(
        "compression", "`compression` is `\(name)`",
        name == "lz4" ? "write zstd, which is smaller and about as fast; lz4 is not written here" : "write zstd or none")
    }
    return compression
  }
}
