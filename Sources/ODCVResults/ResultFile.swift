import Glibc

/// A file that a command writes a result to. What is there already stays, unless it is an earlier result of the same kind: a mistyped name
/// must not cost a recording, a log, a campaign, a key or a configuration.
public struct ResultFile: Sendable {
  /// What each result of a kind begins with.
  public struct Kind: Sendable {
    let start: String
    let offset: Int

    /// - Parameter offset: Bytes before `start` that differ from file to file.
    public init(startingWith start: String, at offset: Int = 0) {
      self.start = start
      self.offset = offset
    }

    func includes(_ head: [UInt8]) -> Bool { head.dropFirst(offset).starts(with: start.utf8) }
  }

  /// Of the command line.
  public let option: String
  public let path: String
  public let kind: Kind

  public init(_ option: String, _ path: String, _ kind: Kind) {
    (self.option, self.path, self.kind) = (option, path, kind)
  }

  /// Whether all may be written, before anything is.
  ///
  /// - Parameter inputs: What the command reads, by option.
  /// - Throws: `refused` where one may not, or two are the same file.
  public static func require(_ files: [ResultFile?], inputs: [(option: String, path: String?)] = []) throws(ResultFileError) {
    var taken: [(option: String, path: String)] = inputs.compactMap { input in input.path.map { (input.option, $0) } }
    for case let file? in files {
      try file.requireFree()
      if let other = taken.first(where: { isSame($0.path, file.path) }) {
        throw ResultFileError(.refused, "\(file.option): \(file.path) is also the file of \(other.option): give each its own")
      }
      taken.append((file.option, file.path))
    }
  }

  public func write(_ text: String) throws(ResultFileError) {
    let file = try open()
    defer { close(file) }
    var text = text
    let failure: Int32? = text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = Glibc.write(file, bytes.baseAddress! + offset, bytes.count - offset)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return errno }
        offset += count
      }
      return nil
    }
    if let failure { throw unwritable(failure) }
  }

  /// An empty file, or the device or pipe of that name; the caller closes it. A pipe that nobody reads is an error, and not waited for.
  public func open() throws(ResultFileError) -> Int32 {
    try requireFree()
    let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard file >= 0 else { throw unwritable(errno) }
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
    return file
  }

  private func unwritable(_ number: Int32) -> ResultFileError {
    ResultFileError(.failed, "\(path): \(String(cString: strerror(number))); choose a file that you may write")
  }

  private func requireFree() throws(ResultFileError) {
    guard let head = earlier, !head.isEmpty, !kind.includes(head) else { return }
    throw ResultFileError(
      .refused, "\(option): \(path) is there and no earlier result of \(option): choose another file, or remove it yourself")
  }

  /// The first bytes of a regular file that is there; `nil` where none is.
  private var earlier: [UInt8]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard status.st_size > 0 else { return [] }
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    // One that can't be read is no result of ours that we know of.
    guard file >= 0 else { return [0] }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: 64) { $1 = max(0, read(file, $0.baseAddress, 64)) }
  }

  /// Two names of one file, or of the one that would be made.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(one, &first) == 0, stat(other, &second) == 0 else { return full(one) == full(other) }
    return first.st_mode & S_IFMT == S_IFREG && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// The path of a file that need not be there, without links and dots before its name.
  private static func full(_ path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let real = realpath(folder, nil) else { return path }
    defer { free(real) }
    return String(cString: real) + "/" + name
  }
}

/// Why a result was not written, in one line.
public struct ResultFileError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Sendable {
    /// What was asked for must not be: nothing was touched.
    case refused
    /// The file system would not take it.
    case failed
  }

  public let reason: Reason
  public let description: String

  init(_ reason: Reason, _ description: String) { (self.reason, self.description) = (reason, description) }
}
