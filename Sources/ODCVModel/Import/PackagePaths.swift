import Foundation

/// Where the files that a URDF names are.
public struct PackagePaths: Sendable {
  /// Directories that hold packages, or are one; in the order of search.
  public var directories: [String]
  /// Of the URDF file.
  public var home: String

  /// `urdf` is the path of the URDF file. After `directories`, the directories above it are searched too.
  public init(directories: [String], urdf: String) {
    self.directories = directories
    home = URL(fileURLWithPath: urdf).standardizedFileURL.deletingLastPathComponent().path
  }

  /// The path of `package://NAME/REST`, `file:///PATH`, an absolute path, or one relative to the URDF.
  ///
  /// - Parameters:
  ///   - file, line, subject: who asks, for the error when it is not there.
  public func resolve(_ name: String, file: String, line: Int, subject: String) throws(ImportError) -> String {
    let candidates: [String]
    let remedy: String
    if let rest = Self.after("package://", name) {
      let parts = rest.split(separator: "/", maxSplits: 1)
      guard parts.count == 2 else {
        throw ImportError(
          file: file, line: line, subject: subject, problem: "`\(name)` names no file", remedy: "write package://NAME/PATH")
      }
      candidates = places(package: String(parts[0]), path: String(parts[1]))
      remedy = "name the directory that holds the package `\(parts[0])` with --package-path DIR, or put the mesh there"
    } else if let rest = Self.after("file://", name) {
      candidates = [rest.removingPercentEncoding ?? rest]
      remedy = "correct the path"
    } else if name.contains("://") {
      throw ImportError(
        file: file, line: line, subject: subject, problem: "`\(name)` is not on this machine",
        remedy: "write package://, file:// or a path relative to the URDF")
    } else if name.hasPrefix("/") {
      candidates = [name]
      remedy = "correct the path"
    } else {
      candidates = [home + "/" + name] + directories.map { $0 + "/" + name }
      remedy = "put it beside the URDF, or name its directory with --package-path DIR"
    }
    if let found = candidates.first(where: SourceFile.exists) { return found }
    throw ImportError(
      file: file, line: line, subject: subject, problem: "the mesh `\(name)` is missing", remedy: remedy)
  }

  private func places(package: String, path: String) -> [String] {
    var found: [String] = []
    var above: [String] = []
    var directory = URL(fileURLWithPath: home).standardizedFileURL
    while directory.path != "/" {
      above.append(directory.path)
      directory.deleteLastPathComponent()
    }
    for base in directories.map({ URL(fileURLWithPath: $0).standardizedFileURL.path }) + above {
      found.append("\(base)/\(package)/\(path)")
      if base.split(separator: "/").last.map(String.init) == package { found.append("\(base)/\(path)") }
    }
    return found
  }

  private static func after(_ scheme: String, _ name: String) -> String? {
    name.hasPrefix(scheme) ? String(name.dropFirst(scheme.count)) : nil
  }
}
