import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

/// Every variant of the format's conformance suite, as Tests/oracles/mcap_variants.py writes it: any Python 3 does.
@Suite struct VariantTests {
  private let scratch = Scratch()
  private let expected: [String: [String]]

  init() throws {
    try Self.run([scratch.path])
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/expected.json"))
    expected = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String]])
  }

  private static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let python = ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "python3"
    process.arguments = [python, Python.root.appendingPathComponent("Tests/oracles/mcap_variants.py").path] + arguments
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private static func line(_ item: MCAPItem) -> String {
    func table(_ values: [String: String]) -> String { values.map { "\($0)=\($1)" }.sorted().joined(separator: ",") }
    return switch item {
    case .header: "header"
    case .schema(let schema): "schema \(schema.id) \(schema.name) \(schema.encoding) \(Hex.string(schema.data))"
    case .channel(let channel):
      "channel \(channel.id) \(channel.schemaID) \(channel.topic) \(channel.messageEncoding) \(table(channel.metadata))"
    case .message(let message):
      "message \(message.channelID) \(message.sequence) \(message.logTime) \(message.publishTime) \(Hex.string(message.data))"
    case .attachment(let one):
      "attachment \(one.name) \(one.mediaType) \(one.logTime) \(one.createTime) \(Hex.string(one.data))"
    case .metadata(let record): "metadata \(record.name) \(table(record.values))"
    }
  }

  @Test func theirBytesAreTheSuites() throws { try Self.run(["--check"]) }

  @Test func everyVariantIsReadAsWhatItIs() throws {
    #expect(expected.count == 440)
    for (name, lines) in expected.sorted(by: { $0.key < $1.key }) {
      let path = "\(scratch.path)/\(name).mcap"
      let outcome = try MCAPTests.read(path)
      guard outcome.ending == .closed, outcome.problems == [], outcome.items.map(Self.line) == lines else {
        Issue.record("\(name): \(outcome.items.map(Self.line)), \(String(describing: outcome.ending)), \(outcome.problems)")
        return
      }
    }
  }

  /// Those that have all that a summary can have, with and without bytes of a later version.
  @Test func aWholeSummaryAgreesWithItsFile() throws {
    for name in [
      "NoData-st-sum", "OneMessage-ch-chx-mx-rch-rsh-st-sum", "OneSchemalessMessage-ch-chx-mx-rch-st-sum",
      "TenMessages-ch-chx-mx-rch-rsh-st-sum", "OneAttachment-ax-st-sum", "OneMetadata-mdx-st-sum",
    ] {
      let place = try #require(name.range(of: "-rch") ?? name.range(of: "-st"))
      for variant in [name, name.replacingCharacters(in: place, with: "-pad" + name[place])] {
        let problems = try MCAPIndexCheck.problems(path: "\(scratch.path)/\(variant).mcap")
        #expect(problems == [], "\(variant)")
      }
    }
  }

  /// Of those that have all that our writer always writes, and no messages: it puts schemas and channels outside of chunks.
  @Test func ourWriterWritesTheSame() throws {
    for name in ["NoData-st-sum", "OneAttachment-ax-st-sum", "OneMetadata-mdx-st-sum"] {
      let path = "\(scratch.path)/\(name).own"
      var writer = try MCAPWriter(path: path, profile: "", library: "")
      if name.hasPrefix("OneAttachment") {
        try writer.addAttachment(
          MCAPAttachment(name: "myFile", mediaType: "application/octet-stream", logTime: 2, createTime: 1, data: [1, 2, 3]))
      }
      if name.hasPrefix("OneMetadata") { try writer.addMetadata(name: "myMetadata", ["foo": "bar"]) }
      try writer.finish()
      let files = try [path, "\(scratch.path)/\(name).mcap"].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(files[0] == files[1], "\(name)")
    }
  }
}
