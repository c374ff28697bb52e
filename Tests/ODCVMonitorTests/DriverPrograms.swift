import Foundation
import TestSupport
import Testing

/// The libraries of clients/.
enum DriverLanguage: String, CaseIterable {
  case c
  /// The same source and header, compiled as C++.
  case cxx = "c++"
  case python
  case swift

  /// Those for which everything is installed.
  static var ready: [DriverLanguage] {
    allCases.filter { language in
      switch language {
      case .c, .cxx, .swift: true
      case .python: Python.isReady
      }
    }
  }
}

/// A driver without an arm of Tests/drivers, ready to run as long as this is kept.
final class DriverProgram {
  let language: DriverLanguage
  private let directory: TemporaryDirectory
  private let modules: URL?

  init(_ language: DriverLanguage) throws {
    self.language = language
    directory = try TemporaryDirectory()
    modules = language == .python ? try Python.schemaModules() : nil
    let source = Package.root + "/Tests/drivers/driver.c"
    switch language {
    case .c: try compile("/usr/bin/cc", ["-std=c11", "-D_POSIX_C_SOURCE=200809L", source])
    case .cxx: try compile("/usr/bin/c++", ["-std=c++17", "-x", "c++", source, "-x", "none"])
    case .python, .swift: break
    }
  }

  deinit { if let modules { try? FileManager.default.removeItem(at: modules) } }

  private func compile(_ compiler: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    process.arguments =
      ["-Wall", "-Wextra", "-Werror", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
      + ["-I", Package.root + "/clients/c"] + arguments + ["-lzmq", "-o", directory.path + "/driver"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(process.arguments ?? [])")
  }

  /// Not started yet.
  func process(_ arguments: [String] = []) throws -> Process {
    let process = Process()
    process.arguments = arguments
    switch language {
    case .c, .cxx: process.executableURL = URL(fileURLWithPath: directory.path + "/driver")
    case .swift: process.executableURL = URL(fileURLWithPath: try Package.executable("DriverProbe"))
    case .python:
      process.executableURL = Python.interpreter
      process.arguments = [Package.root + "/Tests/drivers/driver.py"] + arguments
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["PYTHONPATH": (modules?.path ?? "") + ":" + Package.root + "/clients/python"]) { $1 }
    }
    return process
  }

  /// What it answers to `lines`, each that has an answer.
  func answers(to lines: [String]) throws -> [String] {
    let process = try process()
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let text = Data((lines.joined(separator: "\n") + "\n").utf8)
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: text)
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(language) ended with \(process.terminationStatus)")
    return said.split(separator: "\n").map(String.init)
  }
}

/// A driver that polls an endpoint, and what it has said so far.
final class RunningDriver {
  struct Line {
    var word: String
    /// ns of its monotonic clock, which is this process's too.
    var instant: Int64
    /// Of the action that it took.
    var body = ""
  }

  private let program: DriverProgram
  private let process: Process
  private let output = Pipe()
  private var rest = Data()
  private(set) var lines: [Line] = []

  init(_ language: DriverLanguage, _ endpoint: String) throws {
    program = try DriverProgram(language)
    process = try program.process([endpoint])
    process.standardOutput = output
    try process.run()
    let descriptor = output.fileHandleForReading.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

  /// Takes in what it has said.
  func listen() {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(output.fileHandleForReading.fileDescriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      rest.append(contentsOf: chunk[..<count])
    }
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let words = String(decoding: rest[rest.startIndex..<end], as: UTF8.self).split(separator: " ")
      rest.removeSubrange(rest.startIndex...end)
      guard let first = words.first, let last = words.last, let instant = Int64(last) else { continue }
      lines.append(Line(word: String(first), instant: instant, body: words.count > 2 ? String(words[1]) : ""))
    }
  }

  /// It moves now.
  var moves: Bool {
    listen()
    return lines.last { $0.word != "take" }?.word == "go"
  }

  /// Whether it moved, or was given an action, after `instant`.
  func wasMoved(after instant: Int64) -> Bool {
    listen()
    return lines.contains { $0.instant > instant && $0.word != "hold" }
  }

  deinit {
    guard process.isRunning else { return }
    // It has the signal mask of a test's thread, which may block all that can be blocked.
    signal(SIGKILL)
    process.waitUntilExit()
  }
}
