import Glibc
import Synchronization

@testable import ODCVEvidence

/// The system's own calls, of which one fails once, or which hang when they sync.
final class FailingCalls: FileCalls {
  enum Call: CaseIterable {
    case create
    case write
    case synchronize
    case synchronizeDirectory
    case rename
  }

  /// Syncs wait until this is false.
  let hangs = Atomic<Bool>(false)
  let hanging = Atomic<Int>(0)
  private let plan = Mutex<(call: Call, left: Int, code: Int32)?>(nil)
  private let linux = LinuxCalls()

  /// - Parameter number: of the calls of its kind from now on, the first is 1
  func fail(_ call: Call, _ number: Int, _ code: Int32) { plan.withLock { $0 = (call, number, code) } }

  private func failure(_ call: Call) -> Int32? {
    plan.withLock {
      guard $0?.call == call else { return nil }
      $0?.left -= 1
      return $0?.left == 0 ? $0?.code : nil
    }
  }

  private func hang() {
    guard hangs.load(ordering: .acquiring) else { return }
    hanging.add(1, ordering: .relaxed)
    while hangs.load(ordering: .acquiring) { usleep(500) }
  }

  func create(_ path: String, isSecret: Bool) -> Int32 { failure(.create).map { -$0 } ?? linux.create(path, isSecret: isSecret) }
  func open(_ path: String) -> Int32 { linux.open(path) }
  func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> Int {
    failure(.write).map { -Int($0) } ?? linux.write(file, bytes, at: offset)
  }
  func reserve(_ file: Int32, _ bytes: UInt64) -> Int32 { linux.reserve(file, bytes) }
  func truncate(_ file: Int32, to bytes: UInt64) -> Int32 { linux.truncate(file, to: bytes) }
  func synchronize(_ file: Int32) -> Int32 {
    hang()
    return failure(.synchronize).map { -$0 } ?? linux.synchronize(file)
  }
  func close(_ file: Int32) { linux.close(file) }
  func synchronizeDirectory(_ path: String) -> Int32 { failure(.synchronizeDirectory).map { -$0 } ?? linux.synchronizeDirectory(path) }
  func rename(_ path: String, to new: String) -> Int32 { failure(.rename).map { -$0 } ?? linux.rename(path, to: new) }
  func renameNew(_ path: String, to new: String) -> Int32 { failure(.rename).map { -$0 } ?? linux.renameNew(path, to: new) }
  func place(_ file: Int32, _ path: String) -> FilePlace { linux.place(file, path) }
  func remove(_ path: String) -> Int32 { linux.remove(path) }
  func list(_ directory: String) throws(EvidenceError) -> [String] { try linux.list(directory) }
  func readWhole(_ path: String) throws(EvidenceError) -> [UInt8] { try linux.readWhole(path) }
  func exists(_ path: String) -> Bool { linux.exists(path) }
  func lockDirectory(_ path: String) throws(EvidenceError) -> Int32 { try linux.lockDirectory(path) }
}
