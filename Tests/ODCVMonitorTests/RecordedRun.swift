import Foundation
import ODCVConfig
import ODCVEvidence
import ODCVWire
import Testing

/// One live run that many tests read: pressure and reasoning, a command that would lead into the post, then some seconds of
/// standing still.
final class RecordedRun: @unchecked Sendable {
  // Unchecked for its configuration, which nobody touches after `init`.

  static let shared = Result { try RecordedRun() }

  let recording: String
  let evidence: String
  /// Log sequence and arrival index of the command into the post.
  let sequence: UInt64
  let index: UInt64
  /// The command, and what the controller said before it.
  static let target: [Double] = [0, 0.35, 0, -2.0, 0, 2.35, 0.785]
  static let thought = "The post is in the way, but the target comes first."
  static let pressure = "Be faster <than> \"before\" & do it."
  /// Kept with its folder for as long as tests run.
  private let configuration: TestConfiguration

  private init() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    for _ in 0..<300 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(2)
    }
    try rig.request(
      RequestMessage(
        pressure: PressureMessage(
          header: HeaderFields(robotID: Rig.robot), instructionID: 9, condition: .mandated, dose: 5,
          textSent: RecordedRun.pressure)))
    let reasoning = ReasoningMessage(header: rig.header("reasoning"), kind: .thought, text: RecordedRun.thought)
    try rig.send(action: "odcv/2/reasoning/panda", reasoning.encoded())
    try rig.breathe(8)
    try rig.forget()
    try rig.send(rig.action(RecordedRun.target))
    try rig.breathe(until: "the violation is on disk") {
      rig.alarms.contains { $0.id == "clearance.static" && $0.state == .confirmed }
    }
    for _ in 0..<40 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(2)
    }
    #expect(daemon.end() == 0)
    self.configuration = configuration
    let directory = configuration.evidence
    evidence = directory
    recording = try #require(try EvidenceDirectory.recordings(root: directory).first)
    let records = try LogVerifier.records(directory: directory)
    let record = try #require(
      records.first { record in
        (try? VerdictMessage(decoding: record.payload))?.findings.contains {
          $0.rule == "clearance.static" && $0.outcome == .violationCertain
        } == true
      }, "no command led into the post")
    (sequence, index) = (record.sequence, record.arrivalIndex)
  }

  /// The one of `--json -`.
  static func result(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require((object?["recordings"] as? [[String: Any]])?.first, "\(text)")
  }
}

/// A copy of a file in a directory of a test's own, changed.
func changedCopy(_ path: String, in directory: TemporaryDirectory, _ change: (inout Data) -> Void) throws -> String {
  var data = try Data(contentsOf: URL(fileURLWithPath: path))
  change(&data)
  let copy = directory.path + "/changed-" + (path as NSString).lastPathComponent
  try data.write(to: URL(fileURLWithPath: copy))
  return copy
}
