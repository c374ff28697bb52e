import Foundation
import Glibc
import ODCVWire
import Testing

/// A directory that is removed with its owner.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array("/tmp/monitor-test-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

enum Package {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The executable beside this test bundle.
  static func executable(_ name: String) throws -> String {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") && FileManager.default.fileExists(atPath: $0) }
    let directories = [
      bundle.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }, root + "/.build/debug",
    ].compactMap { $0 }
    let found = directories.map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    return try #require(found, "\(name) is not built: run `swift build`")
  }
}

/// A copy of the shipped configuration with free ports, in a directory of its own.
struct TestConfiguration {
  let directory = try! TemporaryDirectory()
  var path: String { directory.path + "/monitor.yaml" }
  var evidence: String { directory.path + "/evidence" }

  init(operators: String = "{}", edit: (String, String) -> String = { _, text in text }) throws {
    for folder in ["cells", "robots", "rules", "tables"] {
      try FileManager.default.createDirectory(atPath: directory.path + "/" + folder, withIntermediateDirectories: true)
    }
    for name in ["monitor.yaml", "cells/e01.yaml", "robots/panda-sim.yaml", "rules/site.yaml", "tables/iso-ts-15066.yaml"] {
      var text = try String(contentsOfFile: Package.root + "/config/" + name, encoding: .utf8)
      if name == "monitor.yaml" {
        for port in 7410...7416 { text = text.replacingOccurrences(of: ":\(port)", with: ":0") }
        text = text.replacingOccurrences(of: "{directory: evidence}", with: "{directory: \(evidence)}")
        text = text.replacingOccurrences(of: "mode: auto, core: 1,", with: "mode: \"off\",")
        text = text.replacingOccurrences(of: "operators: {}", with: "operators: \(operators)")
        // A test machine is shared: its pauses must not end a lease.
        text += "lease_s: 0.1\n"
      }
      // A test machine is shared: a verdict may be late without that being what is tested.
      text = text.replacingOccurrences(of: "verdict_deadline_s: 0.005", with: "verdict_deadline_s: 0.019")
      // The rig's arm has no masses: nothing explains its efforts.
      text = text.replacingOccurrences(
        of: "not_measured:\n", with: "not_measured:\n  effort: {reason: a rig without masses, by: the tests}\n")
      text = edit(name, text)
      // Nor must a pause of a test's own process make the arm one that nobody has seen for too long.
      text = text.replacingOccurrences(of: "state: {max_age_s: 0.1,", with: "state: {max_age_s: 0.5,")
        .replacingOccurrences(of: "cell-camera: {max_age_s: 0.2,", with: "cell-camera: {max_age_s: 0.8,")
      try text.write(toFile: directory.path + "/" + name, atomically: true, encoding: .utf8)
    }
  }
}

struct CommandResult {
  var status: Int32
  var output: String
  var error: String
}

/// Runs odcv-monitor to its end.
///
/// `input` is what it reads on standard input; without, that of the tests.
func odcvMonitor(
  _ arguments: [String], environment: [String: String] = [:], input: String? = nil
) throws -> CommandResult {
  try runTool("odcv-monitor", arguments, environment: environment, input: input)
}

/// Runs one of the package's executables to its end.
func runTool(
  _ name: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil
) throws -> CommandResult {
  let process = Process()
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.executableURL = URL(fileURLWithPath: try Package.executable(name))
  process.arguments = arguments
  let (output, error) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = error
  let standardInput = Pipe()
  if input != nil { process.standardInput = standardInput }
  try process.run()
  if let input {
    // The command may have ended before it has read all of it.
    signal(SIGPIPE, SIG_IGN)
    try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
  }
  let collected = ErrorText()
  let reader = Thread {
    collected.text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
  reader.start()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  while !reader.isFinished { usleep(1000) }
  return CommandResult(status: process.terminationStatus, output: text, error: collected.text)
}

private final class ErrorText: @unchecked Sendable {
  // Written by the reader's thread before it is finished, read after.
  var text = ""
}

/// A running daemon, with its ready line read.
final class DaemonProcess {
  let process = Process()
  let ready: [String: Any]
  private let output = Pipe()
  /// Kept until the daemon has ended.
  private let configuration: TestConfiguration

  init(
    _ configuration: TestConfiguration, file: String? = nil, mode: String? = nil, _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    // As systemd gives one, so that a daemon that is killed leaves nothing outside its own folder.
    let own = ["RUNTIME_DIRECTORY": configuration.directory.path].merging(environment) { $1 }
    process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
    self.configuration = configuration
    process.executableURL = URL(fileURLWithPath: try Package.executable("odcv-monitor"))
    process.arguments = ["run", "--config", file ?? configuration.path] + (mode.map { ["--mode", $0] } ?? []) + arguments
    process.standardOutput = output
    let error = configuration.directory.path + "/stderr"
    _ = FileManager.default.createFile(atPath: error, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != UInt8(ascii: "\n") {
      line.append(byte)
    }
    let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
    ready = try #require(object, "no ready line: \((try? String(contentsOfFile: error, encoding: .utf8)) ?? "")")
  }

  func endpoint(_ endpoint: Endpoint) throws -> String {
    try #require((ready["endpoints"] as? [String: String])?[endpoint.rawValue])
  }

  var recording: String { ready["recording"] as? String ?? "" }

  var isRunning: Bool { process.isRunning }

  /// SIGTERM; the exit status.
  func end() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  deinit { if process.isRunning { kill() } }
}
