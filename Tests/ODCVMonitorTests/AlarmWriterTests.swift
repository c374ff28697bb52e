import ODCVCodec
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVWire
import TestSupport
import Testing

@testable import ODCVMonitor

@Suite struct AlarmWriterTests {
  private let now = MonoInstant(nanoseconds: 123_456_789_012)

  /// An alarm says in bytes that lie ready what every other command says of the same finding, as protobuf-c packs it.
  @Test func everyAlarmHasTheWordsOfItsFinding() throws {
    let configuration = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    let names = ConsoleNames(configuration.core, robot: "panda", realtime: "", evidence: "", inputs: [])
    var writer = AlarmWriter(configuration, bootID: 1 << 63)
    var random = SeededGenerator(seed: 41)
    for number in 1...3000 as ClosedRange<UInt64> {
      let finding = Finding.random(RuleID.allCases.randomElement(using: &random)!, &random)
      let (text, words): (AlarmWriter.Text, String) =
        switch UInt8.random(in: 0...9, using: &random) {
        case 0: (.onDisk, "on disk")
        case 1: (.passesAgain, "passes again")
        case 2: (.beforeYouJoined, "raised before you joined")
        default: (.finding(finding), Words.finding(finding, names))
        }
      let state = AlarmMessage.State.allCases.randomElement(using: &random)!
      let record = Bool.random(using: &random) ? UInt64.random(in: 0...(.max), using: &random) : nil
      let bytes = Array(
        writer.alarm(finding.rule, state, text, index: number << 40, logSequence: record, sequence: number, at: now))
      let header = HeaderFields(
        robotID: "panda", streamID: 0, sequence: number, sourceNanoseconds: now.nanoseconds, clock: .monotonic, bootID: 1 << 63)
      let message = AlarmMessage(
        header: header, id: finding.rule.name, state: state, logSequence: record, durable: record != nil, text: words,
        index: number << 40)
      try #require(bytes == message.encoded(), "alarm \(number): \(words)")
    }
  }
}
