import Foundation
import TestSupport
import Testing
import WireSupport

@testable import ODCVWire

@Suite struct ProtobufOracleTests {
  /// What we encode, Google's protobuf reads and packs to the same bytes; and what it refuses, we refuse.
  @Test(.enabled(if: Python.isReady, "needs scripts/install --test")) func googlesProtobufAgrees() throws {
    let modules = try Python.schemaModules()
    defer { try? FileManager.default.removeItem(at: modules) }
    var cases: [(name: String, body: [UInt8], encoded: [UInt8]?)] = []
    var generator = SeededGenerator(seed: 8)
    for (place, type) in allMessages.enumerated() {
      var writer = BodyWriter(generator: SeededGenerator(seed: UInt64(100 + place)))
      for round in 0..<40 {
        var body = writer.body(type.schema.descriptor)
        if round % 2 == 1, !body.isEmpty {
          body[Int.random(in: 0..<body.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
        }
        cases.append((type.schema.name, body, reencoded(type, body)))
      }
    }
    let input = cases.map { "\($0.name) \(hex($0.body))\n" }.joined()
    let answers = try answers(to: input, modules)
    try #require(answers.count == cases.count)
    var agreed = 0
    for (one, answer) in zip(cases, answers) {
      // Ours is the stricter reader: what it refuses the other may take, never the reverse.
      guard let encoded = one.encoded else { continue }
      // Fields and enum values that the schema does not have are kept by the other and dropped by us.
      if one.body != encoded { continue }
      try #require(answer == hex(encoded), "\(one.name) \(hex(one.body))")
      agreed += 1
    }
    #expect(agreed > cases.count / 2)
    let refused = zip(cases, answers).filter { $1 == "refused" }.map { $0.0 }
    #expect(refused.count > 20)
    for one in refused { #expect(one.encoded == nil, "\(one.name) \(hex(one.body))") }
  }

  private func reencoded<Message: WireMessage>(_ type: Message.Type, _ body: [UInt8]) -> [UInt8]? {
    (try? Message(decoding: body))?.encoded()
  }

  private func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private func answers(to input: String, _ modules: URL) throws -> [String] {
    // A file and not a pipe: both sides would wait for each other once the pipe is full.
    let file = modules.appendingPathComponent("cases")
    try Data(input.utf8).write(to: file)
    let process = Python.process("Tests/oracles/protobuf_oracle.py", [modules.path], modules: modules)
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map(String.init)
  }
}
