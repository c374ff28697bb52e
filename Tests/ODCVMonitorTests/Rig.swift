import Foundation
import Glibc
import ODCVConfig
import ODCVCore
import ODCVWire
import Synchronization
import Testing

/// A controller, an arm and a camera on the daemon's real sockets, and the ears of a driver and of an onlooker.
final class Rig {
  static let robot = "panda"
  static let home: [Double] = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]

  private let context: Context
  private var action: Socket
  private var state: Socket
  private var scene: Socket
  private var gated: Socket
  private var verdicts: Socket
  private var control: Socket
  private var frames = Frames()
  private var sequences: [String: UInt64] = [:]
  private let arm: RobotModel
  private var posture: Posture

  var joints = Rig.home
  var velocity = [Double](repeating: 0, count: 7)
  var contacts: [StateMessage.Contact] = []
  /// How many people the camera shows.
  var people = 0

  /// Bodies of actions that the driver was sent, and how many leases.
  private(set) var driven: [[UInt8]] = []
  private(set) var leases = 0
  private(set) var seen: [VerdictMessage] = []
  private(set) var alarms: [AlarmMessage] = []
  private(set) var heartbeats = 0

  init(_ daemon: DaemonProcess) throws {
    arm = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml").core.robot
    posture = Posture(for: arm)
    context = try Context()
    action = try Socket(context, .pub)
    state = try Socket(context, .pub)
    scene = try Socket(context, .pub)
    gated = try Socket(context, .sub)
    verdicts = try Socket(context, .sub)
    control = try Socket(context, .dealer)
    try action.connect(daemon.endpoint(.action))
    try state.connect(daemon.endpoint(.state))
    try scene.connect(daemon.endpoint(.scene))
    try gated.subscribe("")
    try gated.connect(daemon.endpoint(.gated))
    try verdicts.subscribe("")
    try verdicts.connect(daemon.endpoint(.verdict))
    try control.connect(daemon.endpoint(.control))
    // Publishers drop until their peer is there; every stream begins with 1 only once.
    try waitUntil("the daemon hears the arm and the camera") {
      sequences = [:]
      try sendState()
      try sendPeople()
      try listen()
      return seen.contains { $0.stateAgeNanoseconds != nil } && seen.contains { $0.peopleAgeNanoseconds != nil }
        && leases > 0
    }
    try waitUntil("the daemon hears the controller") {
      try send(action: "odcv/2/heartbeat/panda", HeartbeatMessage(header: HeaderFields(robotID: Rig.robot)).encoded())
      let before = seen.count
      usleep(5000)
      try listen()
      return seen[before...].contains { $0.judged == .noted }
    }
    try request(RequestMessage(episode: EpisodeMessage(phase: .reset)))
  }

  func header(_ stream: String) -> HeaderFields {
    sequences[stream, default: 0] += 1
    return HeaderFields(
      robotID: Rig.robot, streamID: 1, sequence: sequences[stream], sourceNanoseconds: Int64(sequences[stream] ?? 0),
      clock: .simulated, bootID: 7)
  }

  func sendState() throws {
    let message = StateMessage(
      header: header("state"), position: joints, velocity: velocity, externalEffort: [Double](repeating: 0, count: 7),
      endEffectorPosition: tool(),
      wrench: [0, 0, 0, 0, 0, 0], wrenchFrame: "base", wrenchSign: .onRobot, contacts: contacts, contactComplete: true,
      mode: 1)
    try state.send([Topic.bytes(.state, robot: Rig.robot), message.encoded()])
  }

  /// Where forward kinematics puts the tool.
  private func tool() -> [Double] {
    posture.place(arm, at: JointVector(joints))
    let p = posture.toolCentrePoint
    return [p.x, p.y, p.z]
  }

  func sendPeople() throws {
    // Far from the arm, at the edge of what the camera covers.
    var tracks: [PeopleMessage.Track] = []
    for place in 0..<people {
      let y = 2.8 - Double(place)
      let part = PeopleMessage.BodyPart(
        region: .chest, a: VectorFields(x: 2.8, y: y, z: 0.2), b: VectorFields(x: 2.8, y: y, z: 0.5), radius: 0.1)
      tracks.append(PeopleMessage.Track(trackID: UInt32(place), parts: [part], confidence: 1))
    }
    let message = PeopleMessage(header: header("people"), sensorID: "cell-camera", coverageOk: true, tracks: tracks)
    try scene.send([Topic.bytes(.people, robot: Rig.robot), message.encoded()])
  }

  func action(_ target: [Double]) -> ActionMessage {
    ActionMessage(header: header("action"), space: .jointPosition, position: target)
  }

  func send(_ message: ActionMessage) throws { try send(action: "odcv/2/action/panda", message.encoded()) }

  /// Any bytes on the action endpoint.
  func send(action topic: String, _ body: [UInt8]) throws { try action.send([Array(topic.utf8), body]) }

  /// Any bytes on the driver's endpoint.
  func sendRaw(state topic: String, _ body: [UInt8]) throws { try state.send([Array(topic.utf8), body]) }

  /// Any bytes on perception's endpoint.
  func sendRaw(scene topic: String, _ body: [UInt8]) throws { try scene.send([Array(topic.utf8), body]) }

  func send(parts: [[UInt8]]) throws { try action.send(parts) }

  /// Keeps arm and camera alive, for at least this many states.
  func breathe(_ states: Int = 4) throws {
    for place in 0..<states {
      try sendState()
      if place % 4 == 0 { try sendPeople() }
      usleep(4000)
      try listen()
    }
  }

  /// Asks on the control endpoint.
  @discardableResult
  func request(_ message: RequestMessage) throws -> AckMessage {
    try control.send([[], message.encoded()], wait: true)
    guard try control.receive(into: &frames, timeoutMilliseconds: 5000) else {
      throw WireError(operation: "asking the daemon", reason: "no answer")
    }
    return try AckMessage(decoding: frames.bytes(frames.count - 1))
  }

  func status() throws -> StatusMessage {
    try #require(try request(RequestMessage(status: StatusRequestMessage())).status)
  }

  /// Takes in what driver and onlooker were sent.
  func listen() throws {
    while try gated.receive(into: &frames, timeoutMilliseconds: 0) {
      let kind = Topic.parse(frames.bytes(0))?.kind
      #expect(kind == .action || kind == .lease, "the driver was sent something else")
      if kind == .action { driven.append(frames.bytes(1)) } else { leases += 1 }
    }
    while try verdicts.receive(into: &frames, timeoutMilliseconds: 0) {
      let kind = Topic.parse(frames.bytes(0))?.kind
      #expect(kind == .verdict || kind == .alarm || kind == .heartbeat, "the onlooker was sent something else")
      if kind == .verdict { seen.append(try VerdictMessage(decoding: frames.bytes(1))) }
      if kind == .alarm { alarms.append(try AlarmMessage(decoding: frames.bytes(1))) }
      if kind == .heartbeat { heartbeats += 1 }
    }
  }

  /// Lets arm and camera go on until something holds.
  func breathe(until what: String, _ condition: () throws -> Bool) throws {
    try waitUntil(what) {
      try breathe()
      return try condition()
    }
  }

  /// The rule was in alarm and no longer is.
  func isQuiet(_ rule: String) throws -> Bool {
    try listen()
    return alarms.last { $0.id == rule }?.state == .cleared
  }

  func forget() throws {
    try listen()
    driven = []
    seen = []
    alarms = []
  }
}

/// Runs odcv-monitor to its end while arm and camera go on.
func odcvMonitor(_ arguments: [String], beside rig: Rig) throws -> CommandResult {
  try tool("odcv-monitor", arguments, beside: rig)
}

/// Runs one of the package's executables to its end while arm and camera go on.
func tool(_ name: String, _ arguments: [String], beside rig: Rig) throws -> CommandResult {
  let done = Finished()
  Thread { done.set(Result { try runTool(name, arguments) }) }.start()
  while done.result == nil { try rig.breathe(1) }
  return try #require(done.result).get()
}

/// What another thread came to.
private final class Finished: Sendable {
  private let content = Mutex<Result<CommandResult, any Error>?>(nil)

  func set(_ result: Result<CommandResult, any Error>) { content.withLock { $0 = result } }
  var result: Result<CommandResult, any Error>? { content.withLock { $0 } }
}

struct TimedOut: Error, CustomStringConvertible {
  var description: String
}

/// Tries until it holds; a machine that is busy may take its time, one that never gets there fails.
func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
  let started = time(nil)
  while try !condition() {
    if time(nil) - started > 30 { throw TimedOut(description: "waited in vain: \(what)") }
    usleep(2000)
  }
}
