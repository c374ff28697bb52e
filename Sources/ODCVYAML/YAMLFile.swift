import Glibc
import Yams

/// Bytes of a file, and bytes as a checked YAML mapping.
public enum YAMLFile {
  /// Largest file that is read, in bytes: configuration is written by hand.
  public static let maximumSize = 1 << 20

  /// Throws when the file cannot be read or is larger than `maximumSize`.
  public static func bytes(path: String) throws(YAMLError) -> [UInt8] {
    // Never waits: a pipe that nobody writes to would keep a reload from ever ending.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw unreadable(path, errno) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let handle = fdopen(file, "rb") else {
      close(file)
      throw YAMLError(
        file: path, line: nil, problem: "is not a regular file", remedy: "name a configuration file, not a directory, pipe or device")
    }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, handle)
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= maximumSize else {
        throw YAMLError(
          file: path, line: nil, problem: "is larger than \(maximumSize) bytes",
          remedy: "name a configuration file written by hand")
      }
      if count < buffer.count {
        guard ferror(handle) == 0 else { throw unreadable(path, errno) }
        return bytes
      }
    }
  }

  /// The mapping at the top of a file; it must state `version: 1`.
  public static func map(bytes: [UInt8], name: String) throws(YAMLError) -> YAMLMap {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw YAMLError(file: name, line: nil, problem: "is not UTF-8 text", remedy: "save it as UTF-8")
    }
    let map = YAMLMap(mapping: try mapping(text, name), file: name, path: "")
    let version = try map.int("version")
    guard version == 1 else {
      throw map.error("version", "version \(version) is not known", "write `version: 1`")
    }
    return map
  }

  private static func mapping(_ text: String, _ name: String) throws(YAMLError) -> Node.Mapping {
    let root: Node?
    do {
      // What a text means is asked of the key that it stands under, so nothing is resolved: `1` and "1" are one key.
      root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw explained(error, name)
    } catch {
      throw YAMLError(file: name, line: nil, problem: "\(error)", remedy: "correct the YAML")
    }
    guard let root else {
      throw YAMLError(file: name, line: 1, problem: "the file is empty", remedy: "begin it with `version: 1`")
    }
    guard case .mapping(let mapping) = root else {
      throw YAMLError(
        file: name, line: root.mark?.line ?? 1, problem: "the file is not a mapping",
        remedy: "write `key: value` lines, beginning with `version: 1`")
    }
    return mapping
  }

  private static func unreadable(_ path: String, _ code: Int32) -> YAMLError {
    YAMLError(
      file: path, line: nil, problem: "cannot be read: \(String(cString: strerror(code)))",
      remedy: "check the path and its permissions")
  }

  private static func explained(_ error: YamlError, _ file: String) -> YAMLError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let cause = context.map { "\($0.text), " } ?? ""
      return YAMLError(file: file, line: mark.line, problem: "not YAML: \(cause)\(problem)", remedy: "correct the line")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")
      return YAMLError(
        file: file, line: context.mark.line, problem: "\(keys) is given twice in one mapping, first here",
        remedy: "keep one of them")
    case .reader(let problem, _, _, _):
      return YAMLError(file: file, line: nil, problem: "not YAML: \(problem)", remedy: "remove the character")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return YAMLError(file: file, line: nil, problem: "not YAML: \(error)", remedy: "correct the file")
    }
  }
}
