import Foundation
import Glibc
import ODCVWire
import Testing

/// The libraries of clients/ as drivers of the real daemon in enforce mode.
@Suite(.serialized) struct DriverTests {
  /// How late a driver that polls every 2 ms may wake on a test machine, ns.
  static let wakeUp: Int64 = 30_000_000
  static let lease: Int64 = 100_000_000

  /// A daemon on an ipc endpoint that another may take over, its rig, and a driver that moves.
  private final class Cell {
    private let place: TemporaryDirectory
    let configuration: TestConfiguration
    let daemon: DaemonProcess
    let rig: Rig
    let driver: RunningDriver
    /// When which action was sent.
    var sent: [String: Int64] = [:]

    init(_ language: DriverLanguage) throws {
      let place = try TemporaryDirectory()
      self.place = place
      configuration = try TestConfiguration { name, text in
        name == "monitor.yaml"
          ? text.replacingOccurrences(of: "gated: tcp://127.0.0.1:0", with: "gated: ipc://\(place.path)/gated") : text
      }
      daemon = try DaemonProcess(configuration, mode: "enforce")
      rig = try Rig(daemon)
      driver = try RunningDriver(language, try daemon.endpoint(.gated))
      try work(until: "the driver moves") { driver.moves }
    }

    /// Arm, camera and controller go on.
    func work(_ rig: Rig? = nil, until what: String, _ condition: () throws -> Bool) throws {
      let rig = rig ?? self.rig
      try rig.breathe(until: what) {
        let action = rig.action(Rig.home)
        sent[hex(action.encoded())] = now()
        try rig.send(action)
        return try condition()
      }
    }

    func work(_ rig: Rig? = nil, seconds: Double) throws {
      let end = now() + Int64(seconds * 1e9)
      try work(rig, until: "time passes") { now() > end }
    }
  }

  @Test(arguments: DriverLanguage.ready) func aMonitorThatIsKilledStopsTheArmWithinALease(_ language: DriverLanguage) throws {
    let cell = try Cell(language)
    try cell.work(seconds: 0.5)
    try cell.work(until: "the driver moves") { cell.driver.moves }
    let killed = now()
    cell.daemon.kill()
    try waitUntil("the driver holds") { !cell.driver.moves }
    let held = try #require(cell.driver.lines.last { $0.word == "hold" }).instant
    #expect(held - killed < Self.lease + Self.wakeUp, "held after \(Double(held - killed) / 1e6) ms")
    usleep(200_000)
    #expect(!cell.driver.wasMoved(after: held))
  }

  @Test(arguments: DriverLanguage.ready) func aDriverThatStoodStillObeysNothingThatWaited(_ language: DriverLanguage) throws {
    let cell = try Cell(language)
    for seconds in [0.25, 1.2] {
      cell.driver.signal(SIGSTOP)
      let stopped = now()
      cell.driver.listen()
      let known = cell.driver.lines.count
      try cell.work(seconds: seconds)
      let continued = now()
      cell.driver.signal(SIGCONT)
      try cell.work(until: "the driver moves again") {
        cell.driver.listen()
        return cell.driver.lines.last { $0.word != "take" }?.word == "go" && cell.driver.lines.last!.instant > continued
          && cell.driver.lines[known...].contains { $0.word == "hold" }
      }
      let taken = cell.driver.lines[known...].filter { $0.word == "take" && $0.instant >= continued }
      #expect(!taken.isEmpty)
      for line in taken {
        // The daemon forwards what passes as it came; all else is its own stop.
        guard let sent = cell.sent[line.body], sent > stopped else { continue }
        #expect(line.instant - sent < Self.lease, "an action of \(Double(line.instant - sent) / 1e6) ms ago")
        #expect(seconds < 1 || sent > continued)
      }
    }
    #expect(cell.daemon.end() == 0)
  }

  @Test(arguments: DriverLanguage.ready) func aMonitorThatStartsAgainMovesTheArmAgain(_ language: DriverLanguage) throws {
    let cell = try Cell(language)
    cell.daemon.kill()
    try waitUntil("the driver holds") { !cell.driver.moves }
    let before = cell.sent
    let known = cell.driver.lines.count
    let second = try DaemonProcess(cell.configuration, mode: "enforce")
    let rig = try Rig(second)
    try cell.work(rig, until: "the driver moves again") { cell.driver.moves }
    #expect(cell.driver.lines[known...].allSatisfy { before[$0.body] == nil || cell.sent[$0.body] != before[$0.body] })
    #expect(second.end() == 0)
  }

  /// Over a real publisher: messages of too few and too many parts, of no protocol, of a robot whose id only begins like
  /// this one's; in between the right ones.
  @Test(arguments: DriverLanguage.ready) func whatIsNotForThisRobotMovesNobody(_ language: DriverLanguage) throws {
    let context = try Context()
    let gated = try Socket(context, .pub)
    let endpoint = try gated.bind("tcp://127.0.0.1:0")
    let driver = try RunningDriver(language, endpoint)
    let boot = UInt64(now())
    var sequence: UInt64 = 0
    func publish(_ robot: String, _ parts: (LeaseMessage, ActionMessage) -> [[[UInt8]]]) throws {
      sequence += 1
      let header = HeaderFields(
        robotID: robot, sequence: sequence, sourceNanoseconds: now(), clock: .monotonic, bootID: boot)
      let lease = LeaseMessage(header: header, durationNanoseconds: 100_000_000)
      for message in parts(lease, ActionMessage(header: header, space: .jointPosition, position: [0])) {
        try gated.send(message)
      }
      usleep(10_000)
    }
    func topic(_ kind: MessageKind, _ robot: String = "panda") -> [UInt8] { Topic.bytes(kind, robot: robot) }
    try waitUntil("the driver polls") {
      driver.listen()
      return !driver.lines.isEmpty
    }
    let start = now()
    for _ in 0..<60 {
      try publish("panda2") { [[topic(.lease, "panda2"), $0.encoded()], [topic(.action, "panda2"), $1.encoded()]] }
      try publish("panda") { lease, action in
        [
          [topic(.lease)], [topic(.lease), lease.encoded(), []], [topic(.lease), [1, 2, 3]], [topic(.lease), []],
          [topic(.lease)] + [[UInt8]](repeating: lease.encoded(), count: 9), [topic(.verdict), lease.encoded()],
          [topic(.action), action.encoded(), []], [topic(.action)], [topic(.action), [255]],
        ]
      }
    }
    #expect(!driver.moves && !driver.wasMoved(after: start))
    try waitUntil("the right messages move it") {
      try publish("panda") { [[topic(.lease), $0.encoded()], [topic(.action), $1.encoded()]] }
      return driver.moves
    }
    // None of its own from now on: others' don't prolong what it had.
    let last = now()
    try waitUntil("it holds") {
      try publish("panda2") { [[topic(.lease, "panda2"), $0.encoded()], [topic(.action, "panda2"), $1.encoded()]] }
      return !driver.moves
    }
    let held = try #require(driver.lines.last { $0.word == "hold" }).instant
    #expect(held - last < Self.lease + Self.wakeUp, "held after \(Double(held - last) / 1e6) ms")
  }
}

/// ns of CLOCK_MONOTONIC
private func now() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
