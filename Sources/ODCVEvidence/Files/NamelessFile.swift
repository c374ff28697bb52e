import CLinux
import Glibc

/// Bytes that are wanted again at the end, in the order in which they came: as soon as they are many, in a file without a name, which is
/// gone when this is. So memory does not grow for as long as something is written.
///
/// Where the file system has no such files, or no space, the bytes stay in memory.
struct NamelessFile: ~Copyable, Sendable {
  private final class Opened: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
  }

  private static let piece = 1 << 20

  private let directory: String
  /// Bytes that stay in memory.
  private let limit: Int
  private var file: Opened?
  private var isUsable = true
  private var written = 0
  private var last: [UInt8] = []

  /// - Parameter path: of the file that it belongs to: it lies on the same disk
  init(beside path: String, limit: Int = 1 << 16) {
    directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    self.limit = limit
  }

  var count: Int { written + last.count }

  /// Makes the file now: what runs for months opens nothing more later.
  mutating func open() {
    guard file == nil, isUsable else { return }
    let raw = clinux_open_nameless(directory)
    isUsable = raw >= 0
    if isUsable { file = Opened(FileDescriptor(raw: raw)) }
  }

  mutating func append(_ fill: (inout [UInt8]) -> Void) {
    fill(&last)
    guard last.count >= limit else { return }
    open()
    guard let file, isUsable else { return }
    do throws(EvidenceError) {
      try System.writeAll(file.descriptor, last, at: UInt64(written), directory)
      written += last.count
      last.removeAll(keepingCapacity: true)
    } catch {
      isUsable = false
    }
  }

  /// Appends all of it, a piece at a time.
  func append(to output: inout [UInt8]) throws(EvidenceError) {
    output.reserveCapacity(output.count + count)
    var done = 0
    while let file, done < written {
      let piece = try System.read(file.descriptor, count: min(written - done, Self.piece), at: UInt64(done), directory)
      guard !piece.isEmpty else {
        throw EvidenceError("\(directory): of \(written) bytes that were put aside in it \(done) are left: check the disk")
      }
      output += piece
      done += piece.count
    }
    output += last
  }
}
