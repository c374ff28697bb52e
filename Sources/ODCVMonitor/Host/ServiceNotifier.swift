import Glibc

/// Tells systemd how the daemon is, by datagrams to the socket that it names (sd_notify(3)); does nothing elsewhere.
struct ServiceNotifier: Sendable {
  /// How long the unit allows between two signs of progress, ns. `nil` without a watchdog.
  let watchdogTime: Int64?
  private let socketPath: String?

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  init() {
    socketPath = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
    let watched = getenv("WATCHDOG_PID").map { pid_t(String(cString: $0)) == getpid() } ?? true
    let period = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
    watchdogTime = watched ? period.map { $0 * 1000 } : nil
  }

  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)\nMAINPID=\(getpid())") }
  func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(monotonicNow().nanoseconds / 1000)") }
  func progress() { send("WATCHDOG=1") }
  func status(_ text: String) { send("STATUS=\(text)") }
  func stopping() { send("STOPPING=1") }

  private func send(_ message: String) {
    guard let socketPath, !socketPath.isEmpty else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(socketPath.utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    // A leading @ names an abstract socket.
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(message.utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}
