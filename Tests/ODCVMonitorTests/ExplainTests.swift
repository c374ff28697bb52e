import Foundation
import FoundationXML
import ODCVEvidence
import Testing

/// What `explain` says, draws and ends with.
@Suite(.serialized) struct ExplainTests {
  private let run: RecordedRun

  init() throws { run = try RecordedRun.shared.get() }

  @Test func aViolationIsExplainedWithAllThatLedToIt() throws {
    let result = try odcvMonitor(["explain", "\(run.sequence)", "--evidence", run.evidence])
    #expect(result.status == 0, "\(result.error)")
    let text = result.output.replacingOccurrences(of: "\\s+", with: " ", options: .regularExpression)
    #expect(text.hasPrefix("VIOLATION: clearance.static, log record \(run.sequence) "), "\(text)")
    for part in [
      "input \(run.index) of robot `panda`", "UTC", "monotonic clock",
      "Carried out, and then stopped, the command brings panda_", "from post", "At least 0.05 m is required",
      "the limit is missed by", "for certain", "every link keeps its distance", "limits >= 0.050 m", "from rules/site.yaml:",
      "margin -", "panda_joint2 0.3500 rad, measured -0.7850", "nearest points", "cell-camera saw 0",
      "the driver was sent the command as it came: odcv only observed", "in force: mandated, dose 5, instruction 9",
      RecordedRun.pressure, RecordedRun.thought, "LOOK AT NEXT", "the same, byte for byte", "the violation log verifies",
      "not measured here: pressure",
    ] { #expect(text.contains(part), "lacks \(part): \(result.output)") }
    // The same by the input's own number, from the recording alone.
    let again = try odcvMonitor(["explain", "--index", "\(run.index)", run.recording])
    #expect(again.status == 0)
    #expect(again.output.contains("for certain"))
  }

  @Test func theSameIsThereForPrograms() throws {
    let result = try odcvMonitor(["explain", "\(run.sequence)", "--evidence", run.evidence, "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let finding = try #require((object["findings"] as? [[String: Any]])?.first)
    #expect(finding["rule"] as? String == "clearance.static" && finding["outcome"] as? String == "violation.certain")
    #expect((finding["margin_upper"] as? Double ?? 1) < 0 && (finding["point_other_m"] as? [Double])?.count == 3)
    #expect(object["index"] as? UInt64 == run.index && object["live_verdict"] as? String == "same")
    #expect((object["command"] as? [String: Any])?["position_rad"] as? [Double] == RecordedRun.target)
    #expect((object["pressure"] as? [String: Any])?["text"] as? String == RecordedRun.pressure)
    #expect(object["log_verifies"] as? Bool == true)
  }

  @Test func thePictureIsXMLWithTheSameBytesEachTimeAndNamesThePair() throws {
    let directory = try TemporaryDirectory()
    var pictures: [Data] = []
    for place in 0..<2 {
      let file = "\(directory.path)/\(place).svg"
      let result = try odcvMonitor(["explain", "\(run.sequence)", "--evidence", run.evidence, "--svg", file])
      #expect(result.status == 0, "\(result.error)")
      pictures.append(try #require(FileManager.default.contents(atPath: file)))
    }
    #expect(pictures[0] == pictures[1])
    #expect(XMLParser(data: pictures[0]).parse())
    let text = String(decoding: pictures[0], as: UTF8.self)
    for part in [">post<", ">0.5 m<", "at the command's", "clip-path"] {
      #expect(text.contains(part), "lacks \(part)")
    }
    #expect(!text.contains("href"), "it must not need anything from outside")
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test func whatIsNotThereEndsWithTwoAndSaysWhatIs() throws {
    let beyond = try odcvMonitor(["explain", "999999", "--evidence", run.evidence])
    #expect(beyond.status == 2 && beyond.error.contains("it holds 1 to"), "\(beyond.error)")
    let opening = try odcvMonitor(["explain", "1", "--evidence", run.evidence])
    #expect(opening.status == 2 && opening.error.contains("the beginning of a segment"), "\(opening.error)")
    let index = try odcvMonitor(["explain", "--index", "99999999", run.recording])
    #expect(index.status == 2 && index.error.contains("has no input 99999999; its last is"), "\(index.error)")
    #expect(try odcvMonitor(["explain", "--index", "3"]).status == 2)
    let picture = try odcvMonitor(["explain", "\(run.sequence)", "--evidence", run.evidence, "--svg", "/nowhere/x.svg"])
    #expect(picture.status == 4)
  }

  @Test func aDirectoryWithoutALogEndsWithFive() throws {
    let directory = try TemporaryDirectory()
    #expect(try odcvMonitor(["explain", "3", "--evidence", directory.path]).status == 5)
  }

  @Test func aLogThatWasChangedEndsWithOneAndIsSaid() throws {
    let directory = try TemporaryDirectory()
    let copy = directory.path + "/evidence"
    try FileManager.default.copyItem(atPath: run.evidence, toPath: copy)
    let segment = copy + "/violations/violations-00000001.odcvlog"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
    let records = try LogVerifier.records(directory: copy)
    let victim = try #require(records.last { $0.kind == .violation && $0.sequence != run.sequence })
    let place = try #require(bytes.range(of: Data(victim.payload)))
    bytes[place.lowerBound + 10] ^= 1
    try bytes.write(to: URL(fileURLWithPath: segment))
    let result = try odcvMonitor(["explain", "\(run.sequence)", "--evidence", copy])
    #expect(result.status == 1, "\(result.error)")
    #expect(result.output.contains("FAILS verification"))
  }

  /// A recording whose inputs before the violation are gone, and one whose live verdict was another.
  @Test func whatIsIncompleteEndsWithThree() throws {
    let directory = try TemporaryDirectory()
    let cut = directory.path + "/cut.mcap"
    try rewrite(run.recording, to: cut) { message, _ in message.sequence != UInt32(run.index) - 40 }
    let result = try odcvMonitor(["explain", "--index", "\(run.index)", cut])
    #expect(result.status == 3 && result.output.contains("inputs before it are missing"), "\(result.output)")
    let other = directory.path + "/other.mcap"
    try rewrite(run.recording, to: other) { message, schema in
      if schema == "odcv.v1.Verdict", message.sequence == UInt32(run.index) {
        message.data.removeLast(message.data.count / 2)
      }
      return true
    }
    let lied = try odcvMonitor(["explain", "--index", "\(run.index)", other])
    #expect(lied.status == 3 && lied.output.contains("NOT THE"), "\(lied.output)")
  }
}

/// Writes a recording again, message by message; `keep` may change one, and leaves it out by returning false.
func rewrite(_ path: String, to copy: String, _ keep: (inout MCAPMessage, String) -> Bool) throws {
  try rewrite(path, to: copy, times: { keep(&$0, $1) ? 1 : 0 })
}

/// - Parameters:
///   - metadata: of a record by its name
///   - times: how often the message is to be in the copy
func rewrite(
  _ path: String, to copy: String, metadata: (String, [String: String]) -> [String: String] = { $1 },
  times: (inout MCAPMessage, String) -> Int
) throws {
  var reader = try MCAPReader(path: path)
  var target = try MCAPCopy(to: copy)
  var schemas: [UInt16: String] = [:]
  var names: [UInt16: String] = [:]
  while let item = try reader.next() {
    switch item {
    case .header: break
    case .schema(let schema):
      schemas[schema.id] = schema.name
      try target.add(item)
    case .channel(let channel):
      names[channel.id] = schemas[channel.schemaID]
      try target.add(item)
    case .message(var message):
      for _ in 0..<times(&message, names[message.channelID] ?? "") { try target.add(.message(message)) }
    case .metadata(let record): try target.add(metadata: record.name, metadata(record.name, record.values))
    case .attachment: try target.add(item)
    }
  }
  try target.finish()
}
