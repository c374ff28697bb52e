import CLinux
import Glibc
import ODCVCore

/// CLOCK_MONOTONIC now, the clock of every deadline.
func monotonicNow() -> MonoInstant {
  MonoInstant(nanoseconds: clockNanoseconds(CLOCK_MONOTONIC))
}

/// CLOCK_REALTIME now, for the record only.
func realtimeNow() -> Int64 { clockNanoseconds(CLOCK_REALTIME) }

private func clockNanoseconds(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What errno says.
func errorText() -> String { String(cString: strerror(errno)) }

func cString(_ bytes: UnsafeRawBufferPointer) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// The first 16 KiB of a file; empty when it can't be read.
func readSmallFile(_ path: String) -> String {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return "" }
  defer { close(file) }
  return String(unsafeUninitializedCapacity: 16_384) { max(0, read(file, $0.baseAddress, 16_384)) }
}

/// All bytes of a file; `nil` when it can't be read.
func readFile(_ path: String) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var all: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(file, &part, part.count)
    if count == 0 { return all }
    if count < 0 { return nil }
    all.append(contentsOf: part[..<count])
  }
}

/// Writes a whole new file; refuses to replace one unless told. False with `errno` set when that fails.
func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o644, replace: Bool = true) -> Bool {
  let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL)
  let file = open(path, flags, mode)
  guard file >= 0 else { return false }
  var offset = 0
  while offset < bytes.count {
    let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + offset, bytes.count - offset) }
    if count < 0 {
      if errno == EINTR { continue }
      let failure = errno
      close(file)
      errno = failure
      return false
    }
    offset += count
  }
  return close(file) == 0
}

/// A line on standard error: progress and diagnostics.
func say(_ line: String) {
  var text = line + "\n"
  text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// A line on standard output: results. One that can't be written ends the process with 4: whoever reads the rest must not take it for all.
func tell(_ line: String) {
  guard !put(line, within: -1) else { return }
  say("odcv-monitor: standard output: \(errorText())")
  exit(Exit.failed.rawValue)
}

/// A line on standard output that nothing hangs on: a reader that takes nothing is waited for a second. Whether it was written; `errno`
/// says why not.
func announce(_ line: String) -> Bool { put(line, within: 1000) }

/// - Parameter time: ms that the reader is waited for; -1: for ever
private func put(_ line: String, within time: Int32) -> Bool {
  var text = line + "\n"
  return text.withUTF8 { bytes in
    var offset = 0
    while offset < bytes.count {
      var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
      if poll(&ready, 1, time) == 0 {
        errno = EAGAIN
        return false
      }
      let count = write(STDOUT_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return false }
      offset += count
    }
    return true
  }
}

/// A value handed from one thread to another that joins it.
final class ResultBox<Value>: @unchecked Sendable {
  // Written by one thread before its end, read by the thread that joined it.
  var value: Value?
}

/// A thread that is joined, with a name that `top -H` shows.
final class LoopThread: @unchecked Sendable {
  // `handle` is set once before the initialiser returns and read by `join` alone.
  private var handle = pthread_t()
  private let body: () -> Void
  private let name: String

  init(name: String, _ body: @escaping @Sendable () -> Void) {
    self.body = body
    self.name = name
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 4 << 20)
    let result = pthread_create(
      &handle, &attributes,
      { argument in
        let thread = Unmanaged<LoopThread>.fromOpaque(argument!).takeRetainedValue()
        clinux_name_thread(thread.name)
        thread.body()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_attr_destroy(&attributes)
    precondition(result == 0, "a thread could not be started")
  }

  func join() { pthread_join(handle, nil) }
}

/// Puts a file in place as a whole, so that who reads sees the old one or the new; the error number when that fails.
func replaceFile(_ path: String, _ text: String) -> Int32 {
  let fresh = path + ".new"
  let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard file >= 0 else { return errno }
  var text = text
  let written = text.withUTF8 { write(file, $0.baseAddress, $0.count) == $0.count }
  let code = written ? 0 : errno
  close(file)
  if code != 0 { return code }
  return rename(fresh, path) == 0 ? 0 : errno
}
