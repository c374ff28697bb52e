import Glibc
import Synchronization

/// The number of the latch in force, in memory that outlives the process: a monitor that is killed between the verdict that
/// latched and the file that `LatchMemory` writes is started again with the latch in force.
///
/// One for each evidence directory, which is one arm's, in a file of `$RUNTIME_DIRECTORY` (systemd keeps it over a restart) or of
/// `/dev/shm`: neither is ever written back to a disk, so that a store costs the loop what a store costs. It speaks for a
/// run whose own directory is still there, and after another configuration for that one's or the one before: whoever moves
/// the evidence away starts afresh. It does not outlive the machine: that is the file's part.
public final class LatchPage: Sendable {
  /// Of the latch that the run before left in force; 0 when it left none, or when nobody knows.
  public let left: UInt64
  /// Why the number is kept in this process's own memory only, and is gone with it.
  public let failure: EvidenceError?

  // Mapped or allocated for good: a daemon has one.
  private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
  private let path: String
  /// Runs that were named after the first.
  private let runs = Atomic<Int>(0)
  private static let size = 8192
  /// Of the paths of two runs, each ended by 0, behind the number and the mark.
  private static let pathOffsets = [16, 4104]
  private static let longestPath = 4087
  private static let mark: UInt64 = 0x6f64_6376_6c61_7463

  public convenience init(_ directory: EvidenceDirectory) {
    let runtime = getenv("RUNTIME_DIRECTORY").map { String(cString: $0) } ?? ""
    let place = runtime.split(separator: ":").first.map(String.init) ?? "/dev/shm"
    self.init(directory, place: place)
  }

  /// - Parameter place: a directory in memory
  init(_ directory: EvidenceDirectory, place: String) {
    let name = Hex.string(SHA256.digest(Array(System.absolute(directory.root).utf8)).prefix(12))
    path = "\(place)/odcv-latch-\(name)"
    do throws(EvidenceError) {
      memory = try System.mapShared(path, bytes: LatchPage.size)
      failure = nil
    } catch {
      memory = .allocate(byteCount: LatchPage.size, alignment: LatchPage.size)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: LatchPage.size)
      failure = error
    }
    left = LatchPage.left(memory)
    // The number first: whatever the page says at any instant is true of the run that it names.
    LatchPage.number(memory).pointee.store(left, ordering: .sequentiallyConsistent)
    write(directory, at: LatchPage.pathOffsets[0])
    (memory + LatchPage.pathOffsets[1]).storeBytes(of: 0, as: UInt8.self)
    (memory + 8).storeBytes(of: LatchPage.mark, as: UInt64.self)
  }

  /// Another run of the same monitor is recorded from now on. The one before is named until the next: whenever this process is killed,
  /// one of the two is whole. Called by one thread.
  public func follow(_ directory: EvidenceDirectory) {
    let older = runs.wrappingAdd(1, ordering: .relaxed).newValue % 2
    write(directory, at: LatchPage.pathOffsets[older])
  }

  private func write(_ directory: EvidenceDirectory, at offset: Int) {
    let run = Array(System.absolute(directory.run).utf8.prefix(LatchPage.longestPath)) + [0]
    run.withUnsafeBytes { (memory + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  /// Number of the latch in force, 0 when none is.
  public var latch: UInt64 {
    get { LatchPage.number(memory).pointee.load(ordering: .acquiring) }
    set { LatchPage.number(memory).pointee.store(newValue, ordering: .releasing) }
  }

  /// For an orderly end, when the file says the same: leaves nothing behind in memory.
  public func remove() { unlink(path) }

  private static func number(_ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Atomic<UInt64>> {
    memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  private static func left(_ memory: UnsafeMutableRawPointer) -> UInt64 {
    guard (memory + 8).load(as: UInt64.self) == mark else { return 0 }
    // A file of our own, in which each path ends before the next begins.
    let isHere = pathOffsets.contains { offset in
      let run = String(cString: (memory + offset).assumingMemoryBound(to: CChar.self))
      return !run.isEmpty && System.isDirectory(run)
    }
    return isHere ? number(memory).pointee.load(ordering: .acquiring) : 0
  }
}
