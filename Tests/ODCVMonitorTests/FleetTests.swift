import Foundation
import ODCVWire
import Testing

/// Several arms in one daemon: each with endpoints, verdicts, evidence and latch of its own.
@Suite struct FleetTests {
  private let configuration: TestConfiguration
  private let fleet: String

  /// Two arms in one loop and one in another.
  init() throws {
    configuration = try TestConfiguration()
    let one = try String(contentsOfFile: configuration.path, encoding: .utf8)
    for arm in ["left", "right", "press"] {
      let text = one.replacingOccurrences(of: "robot_id: panda", with: "robot_id: \(arm)")
        .replacingOccurrences(of: configuration.evidence, with: "\(configuration.directory.path)/\(arm)")
      try text.write(toFile: "\(configuration.directory.path)/\(arm).yaml", atomically: true, encoding: .utf8)
    }
    fleet = configuration.directory.path + "/fleet.yaml"
    try """
      version: 1
      realtime: {mode: "off", priority: 80}
      loops:
        - {monitors: [left.yaml, right.yaml]}
        - {monitors: [press.yaml]}

      """.write(toFile: fleet, atomically: true, encoding: .utf8)
  }

  @Test func eachArmHasVerdictsOfItsOwnAndOnesFloodDoesNotStarveTheOthers() throws {
    let daemon = try DaemonProcess(configuration, file: fleet)
    let arms = try #require(daemon.ready["arms"] as? [[String: Any]])
    #expect(arms.compactMap { $0["robot"] as? String } == ["left", "right", "press"])
    let context = try Context()
    let listeners = try arms.map { try Listener($0, context) }
    let flood = try Socket(context, .pub)
    let endpoints = try #require(arms[0]["endpoints"] as? [String: String])
    try flood.connect(try #require(endpoints["action"]))
    // The others' ticks are judged fifty times a second, whatever the first one is told.
    let end = Date().addingTimeInterval(3)
    let garbage = [UInt8](repeating: 0xFF, count: 40)
    while Date() < end {
      for _ in 0..<200 { try flood.send([Topic.bytes(.action, robot: "left"), garbage]) }
      for listener in listeners { try listener.listen() }
    }
    #expect(listeners[0].inputs > 1000, "the flood is judged: \(listeners[0].inputs)")
    for listener in listeners[1...] {
      #expect(listener.strangers == 0 && listener.inputs > 75, "\(listener.robot): \(listener.inputs) verdicts in 3 s")
    }
    #expect(daemon.end() == 0)
    for arm in ["left", "right", "press"] {
      let runs = try FileManager.default.contentsOfDirectory(atPath: "\(configuration.directory.path)/\(arm)")
      #expect(runs.contains { $0.hasPrefix("run-") }, "\(arm): \(runs)")
    }
  }

  @Test func everyArmIsCheckedAndOneAloneIsToBeNamed() throws {
    let checked = try odcvMonitor(["check-config", fleet, "--json"])
    let names = try checked.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["robot"] as? String
    }
    #expect(checked.status == 0 && names == ["left", "right", "press"], "\(checked.output) \(checked.error)")
    let tested = try odcvMonitor(["self-test", "--config", fleet])
    #expect(tested.status == 2 && tested.error.contains("name the monitor file of one of them"), "\(tested.error)")
  }

  @Test func whatTwoArmsMayNotShareIsRefused() throws {
    func run(_ old: String, _ new: String, in file: String) throws -> CommandResult {
      let path = "\(configuration.directory.path)/\(file)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      defer { try? text.write(toFile: path, atomically: true, encoding: .utf8) }
      return try odcvMonitor(["run", "--config", fleet, "--headless", "--seconds", "0.1"])
    }
    let cases = [
      ("robot_id: right", "robot_id: left", "right.yaml", "both have the robot id `left`"),
      ("/right}", "/left}", "right.yaml", "both have the evidence directory"),
      ("monitors: [press.yaml]", "monitors: [../press.yaml]", "fleet.yaml", "does not lie beside or below"),
      ("monitors: [press.yaml]", "monitors: []", "fleet.yaml", "a loop of 0 arms"),
      ("monitors: [press.yaml]", "monitors: [nowhere.yaml]", "fleet.yaml", "nowhere.yaml"),
      ("monitors: [press.yaml]", "monitor: [press.yaml]", "fleet.yaml", "monitors"),
      ("realtime: {mode", "real_time: {mode", "fleet.yaml", "realtime"),
      ("{monitors: [press.yaml]}", "{receive: busy, monitors: [press.yaml]}", "fleet.yaml", "without a core"),
    ]
    for (old, new, file, words) in cases {
      let result = try run(old, new, in: file)
      #expect(result.status == 2 && result.error.contains(words), "\(new): \(result.status) \(result.error)")
    }
  }
}

/// Hears the verdicts of one arm.
private final class Listener {
  let robot: String
  private var socket: Socket
  private var frames = Frames()
  private(set) var inputs = 0
  /// Verdicts of another arm.
  private(set) var strangers = 0

  init(_ arm: [String: Any], _ context: Context) throws {
    robot = try #require(arm["robot"] as? String)
    let endpoints = try #require(arm["endpoints"] as? [String: String])
    socket = try Socket(context, .sub)
    try socket.subscribe("odcv/2/verdict/")
    try socket.connect(try #require(endpoints["verdict"]))
  }

  func listen() throws {
    while try socket.receive(into: &frames, timeoutMilliseconds: 0) {
      if frames.bytes(0) == Topic.bytes(.verdict, robot: robot) { inputs += 1 } else { strangers += 1 }
    }
  }
}
