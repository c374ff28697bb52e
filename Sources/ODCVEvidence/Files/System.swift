import Glibc

/// Every system call of this module, in one place, because each has a way to lose evidence:
///
/// - `write` and `pwrite` may write less than asked and return normally: all callers loop. After an error the file's
///   length is unknown, so nothing is appended to it again.
/// - `fdatasync` that failed once may succeed the next time although the data is gone: the kernel drops the dirty
///   pages and reports the error a single time. It is never retried; the caller stops confirming.
/// - `fdatasync` makes a file's bytes durable, not its name: a new file's directory is synced too.
/// - Preallocated bytes read as zero until written, so an unfinished record never shows somebody's old data, and a
///   commit need not change the file's length.
/// - `close` is never retried on EINTR: Linux has closed the descriptor already, and it may be somebody else's by now.
/// - `posix_fallocate` returns its error instead of setting `errno`.
enum System {
  static func failure(_ doing: String, _ path: String, _ code: Int32, remedy: String = "") -> EvidenceError {
    let reason = String(cString: strerror(code))
    let advice: String
    switch code {
    case ENOSPC, EDQUOT: advice = "free some space or point evidence at another disk"
    case EACCES, EPERM, EROFS: advice = "give this user the right to write there"
    case EIO: advice = "the disk is failing: copy what is there and replace it"
    default: advice = remedy
    }
    return EvidenceError("\(path): cannot \(doing): \(reason)" + (advice.isEmpty ? "" : "; \(advice)"), code: code)
  }

  /// Creates a file that must not exist yet.
  static func create(_ path: String) throws(EvidenceError) -> FileDescriptor {
    let raw = retryingInterrupted { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640) }
    guard raw >= 0 else {
      let remedy = errno == EEXIST ? "evidence is never overwritten: move it away" : ""
      throw failure("create it", path, errno, remedy: remedy)
    }
    return FileDescriptor(raw: raw)
  }

  /// Never waits: a pipe that nobody writes to is opened like any file, and refused by `size`.
  static func openForReading(_ path: String) throws(EvidenceError) -> FileDescriptor {
    let raw = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard raw >= 0 else { throw failure("open it", path, errno, remedy: "check the path") }
    return FileDescriptor(raw: raw)
  }

  static func size(_ file: borrowing FileDescriptor, _ path: String) throws(EvidenceError) -> UInt64 {
    var status = stat()
    guard fstat(file.raw, &status) == 0 else { throw failure("read its size", path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw EvidenceError("\(path): not a regular file; name a file") }
    return UInt64(status.st_size)
  }

  static func size(_ path: String) throws(EvidenceError) -> UInt64 { try size(try openForReading(path), path) }

  static func writeAll(
    _ file: borrowing FileDescriptor, _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws(EvidenceError) {
    var done = 0
    while done < bytes.count {
      let written = write(file.raw, bytes.baseAddress! + done, bytes.count - done)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("write to it", path, errno)
      }
      done += written
    }
  }

  static func writeAll(
    _ file: borrowing FileDescriptor, _ bytes: UnsafeRawBufferPointer, at offset: UInt64, _ path: String
  ) throws(EvidenceError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(file.raw, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("write to it", path, errno)
      }
      done += written
    }
  }

  static func writeAll(
    _ file: borrowing FileDescriptor, _ bytes: [UInt8], _ path: String
  ) throws(EvidenceError) {
    // An array's own accessor would widen the typed error; a span's keeps it.
    let span = bytes.span
    try span.withUnsafeBytes { (buffer) throws(EvidenceError) in try writeAll(file, buffer, path) }
  }

  static func writeAll(
    _ file: borrowing FileDescriptor, _ bytes: [UInt8], at offset: UInt64, _ path: String
  ) throws(EvidenceError) {
    let span = bytes.span
    try span.withUnsafeBytes { (buffer) throws(EvidenceError) in try writeAll(file, buffer, at: offset, path) }
  }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  static func read(
    _ file: borrowing FileDescriptor, count: Int, at offset: UInt64, _ path: String
  ) throws(EvidenceError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(file.raw, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if got < 0 {
          if errno == EINTR { continue }
          code = errno
          return
        }
        if got == 0 { return }
        filled += got
      }
    }
    guard code == 0 else { throw failure("read it", path, code) }
    return bytes
  }

  static func readWhole(_ path: String) throws(EvidenceError) -> [UInt8] {
    let file = try openForReading(path)
    let count = Int(try size(file, path))
    return count == 0 ? [] : try read(file, count: count, at: 0, path)
  }

  /// The raw call, so that a test can put a failing or stalling disk in its place. 0 or an error number.
  static func synchronizeData(_ descriptor: Int32) -> Int32 {
    retryingInterrupted { fdatasync(descriptor) } == 0 ? 0 : errno
  }

  static func synchronizeDirectory(_ path: String) throws(EvidenceError) {
    let directory = try openDirectory(path)
    guard retryingInterrupted({ fsync(directory.raw) }) == 0 else { throw failure("sync the directory", path, errno) }
  }

  static func preallocate(
    _ file: borrowing FileDescriptor, bytes: UInt64, _ path: String
  ) throws(EvidenceError) {
    var code: Int32
    repeat { code = posix_fallocate(file.raw, 0, off_t(bytes)) } while code == EINTR
    guard code == 0 else { throw failure("reserve \(bytes) bytes for it", path, code) }
  }

  static func truncate(
    _ file: borrowing FileDescriptor, to bytes: UInt64, _ path: String
  ) throws(EvidenceError) {
    guard retryingInterrupted({ ftruncate(file.raw, off_t(bytes)) }) == 0 else {
      throw failure("give it its size", path, errno)
    }
  }

  static func openDirectory(_ path: String) throws(EvidenceError) -> FileDescriptor {
    let raw = retryingInterrupted { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard raw >= 0 else { throw failure("open the directory", path, errno, remedy: "check the path") }
    return FileDescriptor(raw: raw)
  }

  /// Held until the descriptor closes, so also given back when the process is killed.
  static func lockExclusively(_ directory: borrowing FileDescriptor, _ path: String) throws(EvidenceError) {
    guard retryingInterrupted({ flock(directory.raw, LOCK_EX | LOCK_NB) }) == 0 else {
      throw failure(
        "lock the directory", path, errno,
        remedy: "another monitor writes there: stop it or give this one its own evidence directory")
    }
  }

  /// `false` when something of that name exists.
  static func makeDirectory(_ path: String) throws(EvidenceError) -> Bool {
    if mkdir(path, 0o750) == 0 { return true }
    guard errno == EEXIST else { throw failure("create the directory", path, errno, remedy: "create its parent first") }
    return false
  }

  /// Names in a directory, sorted; without `.` and `..`.
  static func list(_ path: String) throws(EvidenceError) -> [String] {
    guard let stream = opendir(path) else { throw failure("list the directory", path, errno, remedy: "check the path") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Bytes that the file system of a directory has left for this user; `nil` when it does not say.
  static func freeBytes(_ path: String) -> UInt64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return UInt64(status.f_bavail) &* UInt64(status.f_frsize)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Gives a small file of one directory a new content: at every instant the name holds all of the old or all of the new.
  static func replace(_ path: String, with bytes: [UInt8], in directory: String) throws(EvidenceError) {
    let new = path + ".new"
    if exists(new) { try remove(new, in: directory) }
    do {
      let file = try create(new)
      try writeAll(file, bytes, new)
      let code = synchronizeData(file.raw)
      guard code == 0 else { throw failure("sync it", new, code) }
    }
    guard rename(new, path) == 0 else { throw failure("replace it", path, errno) }
    try synchronizeDirectory(directory)
  }

  static func remove(_ path: String, in directory: String) throws(EvidenceError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove it", path, errno) }
    try synchronizeDirectory(directory)
  }

  /// Removes an empty directory.
  static func removeDirectory(_ path: String) throws(EvidenceError) {
    guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove it", path, errno) }
  }

  /// Without symbolic links and dots; as it is when there is no such thing.
  static func absolute(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
  }

  /// A file's first bytes as memory that others who map it share, of zeros where there was none. Never unmapped.
  ///
  /// Only a file of this user's own will do: in a directory that all may write to, another's would be another's word.
  static func mapShared(_ path: String, bytes: Int) throws(EvidenceError) -> UnsafeMutableRawPointer {
    let raw = retryingInterrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard raw >= 0 else { throw failure("open it", path, errno) }
    let file = FileDescriptor(raw: raw)
    var status = stat()
    guard fstat(file.raw, &status) == 0 else { throw failure("read its owner", path, errno) }
    guard status.st_uid == geteuid(), status.st_mode & S_IFMT == S_IFREG else {
      throw EvidenceError("\(path): belongs to somebody else; remove it")
    }
    try truncate(file, to: UInt64(bytes), path)
    let flags = MAP_SHARED | MAP_POPULATE
    guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, file.raw, 0), memory != MAP_FAILED else {
      throw failure("map it", path, errno)
    }
    return memory
  }

  /// ns of CLOCK_MONOTONIC
  static func monotonicNow() -> Int64 { now(CLOCK_MONOTONIC) }

  /// ns since 1970 of CLOCK_REALTIME
  static func wallNow() -> Int64 { now(CLOCK_REALTIME) }

  private static func now(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  static func sleep(nanoseconds: Int64) {
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    nanosleep(&time, nil)
  }

  /// For `top` and `ps`; at most 15 characters. Best effort: a thread without its name works as well.
  static func nameThread(_ name: String) {
    let raw = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard raw >= 0 else { return }
    let file = FileDescriptor(raw: raw)
    try? writeAll(file, Array(name.utf8), "/proc/thread-self/comm")
  }

  private static func retryingInterrupted<R: SignedInteger>(_ call: () -> R) -> R {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }
}

/// An open file, closed when it goes out of scope.
struct FileDescriptor: ~Copyable {
  let raw: Int32

  deinit { close(raw) }

  /// Hands the descriptor on; whoever takes it closes it.
  consuming func released() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}
