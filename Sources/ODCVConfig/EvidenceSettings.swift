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
  /// Recordings hold beside what came in what Foxglove and others draw of it.
  public var draws: Bool

  public init(directory: String, compression: Compression = .zstd, draws: Bool = true) {
    self.directory = directory
    self.compression = compression
    self.draws = draws
  }
}

extension EvidenceSettings {
  init(_ map: YAMLMap) throws(ConfigError) {
    self.init(
      directory: try map.string("directory"), compression: try Self.compression(map),
      draws: try map.optionalBool("draw") ?? true)
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
