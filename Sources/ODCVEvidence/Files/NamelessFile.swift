import CLinux
import Glibc

/// Bytes that are wanted again at the end, in the order in which they came: as soon as they are many, in a file without a name, which is
/// gone when this is. So memory does not grow for as long as something is written.
///
/// Where the file system has no such files, or no space, the bytes stay in memory until it does.
struct NamelessFile: ~Copyable, Sendable {
  private final class Opened: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
  }

  private static let piece = 1 << 20

  private let directory: String
  /// Bytes that stay in memory.
  private let limit: Int
  /// As many bytes in memory are put into the file; more after one failed, so that not each of them tries again.
  private var enough: Int
  private var file: Opened?
  private var written = 0
  private var last: [UInt8] = []

  /// - Parameter path: of the file that it belongs to: it lies on the same disk
  init(beside path: String, limit: Int = 1 << 16) {
    directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    self.limit = limit
    enough = limit
  }

  var count: Int { written + inMemory }

  /// Bytes that are not in the file.
  var inMemory: Int { last.count }

  /// Makes the file now: what runs for months opens nothing more later.
  mutating func open() {
    guard file == nil else { return }
    let raw = clinux_open_nameless(directory)
    if raw >= 0 { file = Opened(FileDescriptor(raw: raw)) }
  }

  mutating func append(_ fill: (inout [UInt8]) -> Void) {
    fill(&last)
    guard last.count >= enough else { return }
    open()
    enough = last.count + limit
    guard let file else { return }
    do throws(EvidenceError) {
      try System.writeAll(file.descriptor, last, at: UInt64(written), directory)
    } catch { return }
    written += last.count
    last.removeAll(keepingCapacity: true)
    enough = limit
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
