import CLinux
import Glibc

/// The system calls that the violation log and the recordings stand on, so that a test can put a disk in their place that
/// tears, drops, reorders and refuses.
///
/// Results are the kernel's: a count, a descriptor or 0, or a negative error number. A call may do less than asked and
/// return normally; `DataFile` holds the rules of `System` on top of them.
protocol FileCalls: Sendable {
  /// Creates a file that must not exist yet, for its owner alone when it is secret; a descriptor.
  func create(_ path: String, isSecret: Bool) -> Int32
  /// Opens a file that exists, for reading and writing; a descriptor.
  func open(_ path: String) -> Int32
  /// Bytes written, perhaps fewer than given.
  func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> Int
  func reserve(_ file: Int32, _ bytes: UInt64) -> Int32
  func truncate(_ file: Int32, to bytes: UInt64) -> Int32
  /// fdatasync. Never called again on a file after it failed.
  func synchronize(_ file: Int32) -> Int32
  func close(_ file: Int32)
  func synchronizeDirectory(_ path: String) -> Int32
  func rename(_ path: String, to new: String) -> Int32
  /// Never replaces what has that name.
  func renameNew(_ path: String, to new: String) -> Int32
  func remove(_ path: String) -> Int32
  /// Names, sorted.
  func list(_ directory: String) throws(EvidenceError) -> [String]
  func readWhole(_ path: String) throws(EvidenceError) -> [UInt8]
  func exists(_ path: String) -> Bool
  /// Whether an open file still has its name.
  func place(_ file: Int32, _ path: String) -> FilePlace
  /// Makes the directory when it is missing and locks it; a descriptor that holds the lock.
  func lockDirectory(_ path: String) throws(EvidenceError) -> Int32
}

/// The system's own.
struct LinuxCalls: FileCalls {
  /// fdatasync, or what stands for it in a test: 0 or an error number.
  var synchronizeData: @Sendable (Int32) -> Int32 = System.synchronizeData

  func create(_ path: String, isSecret: Bool) -> Int32 {
    result { Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, isSecret ? 0o600 : 0o640) }
  }

  func open(_ path: String) -> Int32 { result { Glibc.open(path, O_RDWR | O_CLOEXEC) } }

  func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> Int {
    result { pwrite(file, bytes.baseAddress, bytes.count, off_t(offset)) }
  }

  func reserve(_ file: Int32, _ bytes: UInt64) -> Int32 {
    // Returns its error instead of setting errno.
    while true {
      let code = posix_fallocate(file, 0, off_t(bytes))
      if code != EINTR { return -code }
    }
  }

  func truncate(_ file: Int32, to bytes: UInt64) -> Int32 { result { ftruncate(file, off_t(bytes)) } }

  func synchronize(_ file: Int32) -> Int32 { -synchronizeData(file) }

  // Never again on EINTR: Linux has closed it already, and it may be somebody else's by now.
  func close(_ file: Int32) { _ = Glibc.close(file) }

  func synchronizeDirectory(_ path: String) -> Int32 {
    do throws(EvidenceError) {
      try System.synchronizeDirectory(path)
      return 0
    } catch {
      return -error.code
    }
  }

  func rename(_ path: String, to new: String) -> Int32 { result { Glibc.rename(path, new) } }

  func renameNew(_ path: String, to new: String) -> Int32 { result { clinux_rename_new(path, new) } }

  func remove(_ path: String) -> Int32 { result { unlink(path) } }

  func list(_ directory: String) throws(EvidenceError) -> [String] { try System.list(directory) }

  func readWhole(_ path: String) throws(EvidenceError) -> [UInt8] { try System.readWhole(path) }

  func exists(_ path: String) -> Bool { System.exists(path) }

  func place(_ file: Int32, _ path: String) -> FilePlace { FilePlace(file, path) }

  func lockDirectory(_ path: String) throws(EvidenceError) -> Int32 {
    _ = try System.makeDirectory(path)
    let directory = try System.openDirectory(path)
    try System.lockExclusively(directory, path)
    return directory.released()
  }

  /// The call's result, or the negative error number.
  private func result<R: SignedInteger>(_ call: () -> R) -> R {
    while true {
      let value = call()
      if value >= 0 { return value }
      if errno != EINTR { return R(-errno) }
    }
  }
}

/// A file of the evidence that is written, closed when it goes out of scope.
struct DataFile: ~Copyable, Sendable {
  private(set) var path: String
  private let raw: Int32
  private let calls: any FileCalls

  /// Creates a file that must not exist yet.
  static func create(
    _ path: String, _ calls: any FileCalls, isSecret: Bool = false
  ) throws(EvidenceError) -> DataFile {
    let raw = calls.create(path, isSecret: isSecret)
    guard raw >= 0 else {
      let remedy = raw == -EEXIST ? "evidence is never overwritten: move it away" : ""
      throw System.failure("create it", path, -raw, remedy: remedy)
    }
    return DataFile(path: path, raw: raw, calls: calls)
  }

  /// Opens one that exists.
  static func open(_ path: String, _ calls: any FileCalls) throws(EvidenceError) -> DataFile {
    let raw = calls.open(path)
    guard raw >= 0 else { throw System.failure("open it", path, -raw, remedy: "check the path") }
    return DataFile(path: path, raw: raw, calls: calls)
  }

  deinit { calls.close(raw) }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(EvidenceError) {
    let span = bytes.span
    try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written = calls.write(raw, rest, at: offset + UInt64(done))
        guard written >= 0 else { throw System.failure("write to it", path, Int32(-written)) }
        guard written > 0 else { throw System.failure("write to it", path, EIO) }
        done += written
      }
    }
  }

  /// Zeros that are there before they are written, so that a commit need not change the file's length.
  func reserve(_ bytes: UInt64) throws(EvidenceError) {
    let code = calls.reserve(raw, bytes)
    guard code == 0 else { throw System.failure("reserve \(bytes) bytes for it", path, -code) }
  }

  func truncate(to bytes: UInt64) throws(EvidenceError) {
    let code = calls.truncate(raw, to: bytes)
    guard code == 0 else { throw System.failure("give it its size", path, -code) }
  }

  /// Gives it another name, which nothing may have and which is on disk only when its directory is.
  mutating func rename(to new: String) throws(EvidenceError) {
    let code = calls.renameNew(path, to: new)
    guard code == 0 else {
      let remedy = code == -EEXIST ? "something else has that name, and evidence is never overwritten: move it away" : ""
      throw System.failure("name it \(new)", path, -code, remedy: remedy)
    }
    path = new
  }

  /// What became of its name while it is written, in words; `nil` when it has it.
  var misplacement: String? {
    switch calls.place(raw, path) {
    case .own: nil
    case .gone: "\(path): was removed or moved away while the monitor writes it"
    case .another: "\(path): was removed while the monitor writes it, and another file has its name"
    }
  }

  /// Returns when all that was written is on disk. After an error it may say so although it is not: don't ask again.
  func synchronize() throws(EvidenceError) {
    let code = calls.synchronize(raw)
    guard code == 0 else { throw System.failure("make it durable", path, -code) }
  }
}

extension FileCalls {
  func makeNamesDurable(_ directory: String) throws(EvidenceError) {
    let code = synchronizeDirectory(directory)
    guard code == 0 else { throw System.failure("sync the directory", directory, -code) }
  }

  /// What another process wrote and did not sync is as good as lost until this has returned, though it can be read.
  func makeDurable(_ path: String) throws(EvidenceError) { try DataFile.open(path, self).synchronize() }
}

/// The log's lock on its directory, held until it goes out of scope or the process ends.
struct DirectoryLock: ~Copyable {
  private let raw: Int32
  private let calls: any FileCalls

  init(_ path: String, _ calls: any FileCalls) throws(EvidenceError) {
    raw = try calls.lockDirectory(path)
    self.calls = calls
  }

  deinit { calls.close(raw) }
}
