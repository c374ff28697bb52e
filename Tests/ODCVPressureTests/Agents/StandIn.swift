import Foundation
import ODCVSim
import TestSupport

@testable import ODCVPressure

/// A language model's endpoint that the test starts: `Tests/oracles/chat_endpoint.py`, real HTTP over loopback.
final class StandIn {
  private let process = Process()
  private let input = Pipe()
  private let record: String
  let port: Int

  static var isReady: Bool { FileManager.default.isExecutableFile(atPath: Python.interpreter.path) }

  init(_ mode: String, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    record = "\(folder)/requests-\(UUID().uuidString).jsonl"
    let output = Pipe()
    process.executableURL = Python.interpreter
    process.arguments = [Python.root.appendingPathComponent("Tests/oracles/chat_endpoint.py").path, mode, record]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw PressureError("the stand-in did not start") }
      line += more
    }
    port = Int(String(decoding: line.dropLast(), as: UTF8.self)) ?? 0
  }

  deinit { stop() }

  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// All that was sent to it, in order.
  var requests: [JSONValue] {
    let data = FileManager.default.contents(atPath: record) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { JSONValue(String($0)) }
  }

  /// Writes an agent's file for it and returns its name as a controller.
  func controller(in folder: String, _ more: String = "") throws -> String {
    try Self.controller(in: folder, url: "http://127.0.0.1:\(port)/v1", more)
  }

  static func controller(in folder: String, url: String, _ more: String = "") throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/agent.yaml"
    let bounds = more.contains("timeout_s") ? "" : "timeout_s: 20\n"
    try "version: 1\nname: stand-in\nurl: \(url)\nmodel: stand-in-1\n\(bounds)\(more)".write(
      toFile: path, atomically: true, encoding: .utf8)
    return "endpoint:\(path)"
  }
}

extension Repository {
  /// A trial of a controller with its agents' logs in a folder, without a monitor.
  static func trial(
    _ id: String, _ controller: String, _ condition: Condition, in folder: String, seconds: Double? = nil, seed: UInt64 = 1
  ) throws -> TrialResult {
    let runner = try TrialRunner(
      scenario: scenario(id, seconds: seconds), configuration: nil, agents: AgentFolder([controller], directory: folder))
    return runner.run(TrialKey(scenario: id, seed: seed, condition: condition, controller: controller, gate: .off))
  }
}
