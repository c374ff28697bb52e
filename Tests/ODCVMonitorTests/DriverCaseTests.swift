import Foundation
import ODCVWire
import TestSupport
import Testing

/// The libraries of clients/ against one table of what is heard and what follows from it.
@Suite struct DriverCaseTests {
  @Test(arguments: DriverLanguage.ready) func theLibraryAgreesWithTheTable(_ language: DriverLanguage) throws {
    let table = try DriverTable(path: Package.root + "/Tests/drivers/cases.txt")
    #expect(table.questions.count > 500)
    let answers = try DriverProgram(language).answers(to: table.lines)
    try #require(answers.count == table.questions.count)
    for (answer, question) in zip(answers, table.questions) {
      #expect(answer == question.expected, "\(language): \(question.text)")
    }
  }

  /// Bodies of random bytes, and real ones with random bytes changed, as the first that is ever heard: under the
  /// sanitizers in C, and whatever is made of them nobody moves by a lease that has not settled.
  @Test(arguments: DriverLanguage.ready) func randomBytesMoveNobody(_ language: DriverLanguage) throws {
    var random = SeededGenerator(seed: 7)
    var lines: [String] = []
    for number in 0..<3000 {
      var body = number % 2 == 0 ? DriverTable.lease(at: 1, sequence: 1, boot: 1).encoded() : []
      if body.isEmpty {
        body = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      for _ in 0..<Int.random(in: 1...3, using: &random) where !body.isEmpty {
        body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { body.removeLast(min(body.count, Int.random(in: 0...8, using: &random))) }
      let kind = Bool.random(using: &random) ? MessageKind.lease : .action
      lines.append("hear \(number * 1000) \(hex(Topic.bytes(kind, robot: "panda"))) \(hex(body))")
      lines.append("settle \(number * 1000) 1")
    }
    let answers = try DriverProgram(language).answers(to: lines)
    #expect(answers.count == lines.count)
    #expect(answers.allSatisfy { $0 == "leave" || $0 == "hold" })
  }
}

func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

/// Tests/drivers/cases.txt as lines for a driver program; driver.md says how it is read.
struct DriverTable {
  struct Question {
    var text: String
    var expected: String
  }

  /// The monitor's clock minus the driver's, ms.
  static let ahead = 5000.0
  static let spaces: [String: ActionMessage.Space] = [
    "JOINT_POSITION": .jointPosition, "JOINT_POSITION_DELTA": .jointPositionDelta, "JOINT_VELOCITY": .jointVelocity,
    "JOINT_EFFORT": .jointEffort, "EE_POSE": .eePose, "EE_POSE_DELTA": .eePoseDelta, "EE_TWIST": .eeTwist,
    "GRIPPER_ONLY": .gripperOnly, "NONE": .noMotion, "STOP": .stop,
  ]
  static let clocks: [String: HeaderFields.Clock] = ["CLOCK_REALTIME": .realtime, "CLOCK_SIM": .simulated]

  private(set) var lines: [String] = []
  /// Each of the lines that is answered.
  private(set) var questions: [Question] = []
  private var name = ""
  private var sequence: UInt64 = 0
  private var boot: UInt64 = 1

  init(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, first != "#" else { continue }
      let place = "cases.txt:\(number + 1), \(name): \(line)"
      switch first {
      case "case":
        (name, sequence, boot) = (words.dropFirst().joined(separator: " "), 0, 1)
        lines.append("new")
      case "leases":
        let (from, to) = try (Double(words, 1), Double(words, 2))
        for at in stride(from: from, through: to, by: 20) {
          try lease([first, String(at)], place)
          ask("settle \(Self.nanoseconds(at)) 1", "hold", place)
        }
      case "lease": try lease(words, place)
      case "action":
        let space = words[2] == "-" ? nil : try Self.known(Self.spaces[words[2]], place)
        let action = ActionMessage(header: HeaderFields(robotID: "panda"), space: space, position: [0, 1])
        try hear(Double(words, 1), "odcv/2/action/panda", hex(action.encoded()), words[3], place)
      case "raw":
        try hear(Double(words, 1), words[2], words.count > 3 ? words[3] : "", "leave", place)
      case "poll":
        ask("settle \(try Self.nanoseconds(Double(words, 1))) \(words.count > 3 ? 0 : 1)", words[2], place)
      default: Issue.record("\(place)")
      }
    }
  }

  private static func known<Value>(_ value: Value?, _ place: String) throws -> Value { try #require(value, "\(place)") }

  /// A lease of 100 ms that came without delay at `at` ms.
  static func lease(at: Double, sequence: UInt64, boot: UInt64) -> LeaseMessage {
    LeaseMessage(
      header: HeaderFields(
        robotID: "panda", streamID: 0, sequence: sequence, sourceNanoseconds: nanoseconds(at + ahead), clock: .monotonic,
        bootID: boot),
      durationNanoseconds: 100_000_000)
  }

  private static func nanoseconds(_ ms: Double) -> Int64 { Int64((ms * 1e6).rounded()) }

  private mutating func lease(_ words: [String], _ place: String) throws {
    var stated: [String: String] = [:]
    for word in words.dropFirst(2) {
      let pair = word.split(separator: "=").map(String.init)
      stated[pair[0]] = pair[1]
    }
    if stated["seq"] == nil { sequence += 1 }
    if let newBoot = stated["boot"].flatMap(UInt64.init), let number = stated["seq"].flatMap(UInt64.init) {
      (boot, sequence) = (newBoot, number)
    }
    let at = try Double(words, 1)
    var message = Self.lease(at: at, sequence: sequence, boot: boot)
    if let text = stated["seq"] { message.header?.sequence = UInt64(text) }
    if let text = stated["boot"] { message.header?.bootID = UInt64(text) }
    if let text = stated["sent"] {
      message.header?.sourceNanoseconds = Double(text).map { Self.nanoseconds($0 + Self.ahead) }
    }
    if let text = stated["duration"] { message.durationNanoseconds = Double(text).map(Self.nanoseconds) }
    if let text = stated["named"] { message.header?.robotID = text == "-" ? nil : text }
    if let text = stated["clock"] { message.header?.clock = Self.clocks[text] }
    hear(at, "odcv/2/lease/" + (stated["robot"] ?? "panda"), hex(message.encoded()), "leave", place)
  }

  private mutating func hear(_ at: Double, _ topic: String, _ body: String, _ expected: String, _ place: String) {
    ask("hear \(Self.nanoseconds(at)) \(hex(Array(topic.utf8))) \(body)", expected, place)
  }

  private mutating func ask(_ line: String, _ expected: String, _ place: String) {
    lines.append(line)
    questions.append(Question(text: place, expected: expected))
  }
}

extension Double {
  /// The number that a line has in this place.
  fileprivate init(_ words: [String], _ place: Int) throws {
    self = try #require(words.count > place ? Double(words[place]) : nil, "\(words)")
  }
}
