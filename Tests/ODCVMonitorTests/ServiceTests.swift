import Foundation
import Glibc
import Testing

/// What systemd is told, and what the unit asks of it.
@Suite(.serialized) struct ServiceTests {
  @Test func systemdHearsReadyProgressAndStopping() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/notify"
    let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    let environment = ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"]
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe", environment: environment)
    let heard = { () -> String in
      var bytes = [UInt8](repeating: 0, count: 1024)
      let count = recv(listener, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }
    var messages: [String] = []
    try waitUntil("ready and progress") {
      messages.append(heard())
      return messages.contains { $0.hasPrefix("READY=1\n") } && messages.count { $0 == "WATCHDOG=1" } >= 3
    }
    #expect(daemon.end() == 0)
    try waitUntil("stopping") {
      messages.append(heard())
      return messages.contains("STOPPING=1")
    }
  }

  @Test func theUnitIsOneThatSystemdAccepts() throws {
    let analyze = "/usr/bin/systemd-analyze"
    guard FileManager.default.isExecutableFile(atPath: analyze) else { return }
    let directory = try TemporaryDirectory()
    // The command of the unit is not installed on a test machine.
    let unit = try String(contentsOfFile: Package.root + "/systemd/odcv-monitor.service", encoding: .utf8)
      .replacingOccurrences(of: "/usr/bin/odcv-monitor", with: "/bin/true")
    try unit.write(toFile: directory.path + "/odcv-monitor.service", atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: analyze)
    process.arguments = ["verify", "--man=no", directory.path + "/odcv-monitor.service"]
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(!text.contains("odcv-monitor.service"), "\(text)")
  }
}
