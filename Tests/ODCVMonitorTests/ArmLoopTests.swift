import Foundation
import Glibc
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVWire
import Synchronization
import Testing

@testable import ODCVEvidence
@testable import ODCVMonitor

/// One arm's part of the loop on real sockets, run by the test itself.
@Suite(.serialized) struct ArmLoopTests {
  @Test func aMessageThatTheLoopHadInItsHandWhileItWasStoppedIsOld() throws {
    var arm = try LoopedArm()
    var commands = try Commands(arm.context, arm.endpoints)
    try arm.join(&commands)
    try arm.take(&commands)
    #expect(arm.loop.counters.lost == 0 && arm.loop.counters.forwarded == 1, "out of its socket and judged at once")
    try arm.turn()
    try commands.send()
    #expect(try arm.loop.receiveAny(.action))
    usleep(UInt32(arm.patience / 1000) + 10_000)
    try arm.loop.receive(.action)
    #expect(arm.loop.counters.lost == 1 && arm.loop.counters.forwarded == 1, "stopped when it was out of its socket")
  }

  @Test func whatIsNotBelievedAfterAPauseIsLostOnce() throws {
    var arm = try LoopedArm()
    var commands = try Commands(arm.context, arm.endpoints)
    try arm.join(&commands)
    try arm.take(&commands)
    arm.loop.doubts.doubtAll(after: 0, at: monotonicNow().nanoseconds)
    try arm.take(&commands)
    #expect(arm.loop.counters.forwarded == 1 && arm.loop.doubted == 1)
    // More than one where this host pauses meanwhile.
    var doubted: UInt64 = 0
    try waitUntil("who keeps pace is believed") {
      doubted += 1
      usleep(30_000)
      try arm.take(&commands)
      return arm.loop.counters.forwarded == 2
    }
    // Their numbers are missing before the next one: that is the same loss.
    #expect(arm.loop.counters.lost == doubted && arm.loop.doubted == 0, "\(arm.loop.counters)")
  }

  /// Taken out of their socket together, all are as old as they are, also those that wait for the first ones' verdicts.
  @Test func whatIsTakenTogetherIsStampedWhenItIsTaken() throws {
    var arm = try LoopedArm()
    var commands = try Commands(arm.context, arm.endpoints)
    try arm.join(&commands)
    let listener = try Socket(arm.context, .sub)
    try listener.subscribe(Topic.subscription(.verdict))
    try listener.connect(arm.endpoints.verdict)
    var frames = Frames()
    try waitUntil("the listener hears a verdict") {
      try commands.send()
      try arm.turn()
      return try listener.receive(into: &frames, timeoutMilliseconds: 0)
    }
    while try listener.receive(into: &frames, timeoutMilliseconds: 0) {}
    arm.loop.share = 8
    for _ in 0..<16 { try commands.send() }
    // One by one, and as some are left behind, the rest together.
    try arm.turn()
    try arm.turn()
    var verdicts: [(told: Int64, latency: Int64)] = []
    while try listener.receive(into: &frames, timeoutMilliseconds: 0) {
      let verdict = try VerdictMessage(decoding: frames.bytes(1))
      guard verdict.judged == .commanded else { continue }
      verdicts.append((try #require(verdict.header?.sourceNanoseconds), try #require(verdict.latencyNanoseconds)))
    }
    try #require(verdicts.count == 16 && arm.loop.counters.lost == 0, "\(verdicts.count) \(arm.loop.counters)")
    let alone = (1..<8).filter { verdicts[$0].told - verdicts[$0].latency < verdicts[0].told }
    let together = (9..<16).filter { verdicts[$0].told - verdicts[$0].latency < verdicts[8].told }
    // Each was there before the first of them was judged; not seen where this host pauses between two readings of its clock.
    #expect(alone.isEmpty && together.count > 3, "\(alone) \(together)")
  }

  /// With commands on their way at any time there is no moment at which none waits. That is no backlog.
  @Test func whoAlwaysHasCommandsOnTheirWayLosesNone() throws {
    let arm = try LoopedArm()
    let (board, patience) = (arm.loop.view, arm.patience)
    let controller = Controller(arm.context, arm.endpoints)
    let thread = Thread { controller.run(outstanding: 16) }
    thread.start()
    var loop = RealtimeLoop(capacity: 1, isBusy: false, sharesCore: false)
    try loop.add(arm.intoLoop())
    let never = Atomic<Bool>(false)
    try loop.run(until: MonoInstant(nanoseconds: monotonicNow().nanoseconds + 4 * patience), never)
    controller.isDone.store(true, ordering: .relaxed)
    while !thread.isFinished { usleep(1000) }
    #expect(controller.failure == nil)
    let counters = try #require(board.take()).counters
    #expect(counters.forwarded > 1000 && counters.lost == 0, "\(counters)")
  }
}

/// An arm in the cell of the tests, in observe mode, with its sockets inside this process and nothing recorded.
private struct LoopedArm: ~Copyable {
  let context: Context
  let endpoints: Endpoints
  /// ns
  let patience: Int64
  var loop: ArmLoop
  private var budget = RequestBudget()
  private var poller: Poller

  init() throws {
    let files = try TestConfiguration()
    var loaded = try LoadedConfiguration.load(path: files.path)
    loaded.mode = .observe
    // A test machine is shared: how long a pause may be is for the cell to say.
    loaded.lease = 1
    let endpoints = Endpoints(
      action: "inproc://action", state: "inproc://state", scene: "inproc://scene", gated: "inproc://gated", verdict: "inproc://verdict",
      control: "inproc://control")
    let context = try Context()
    let directory = try EvidenceDirectory.create(root: files.evidence)
    let link = LoopLink(latch: LatchPage(directory, place: files.directory.path))
    let names = ConsoleNames(loaded.core, robot: loaded.robotID, realtime: "", evidence: "", inputs: [])
    let loop = ArmLoop(
      Regime(loaded, names: names, resetNonce: 0, bootID: link.bootID, at: monotonicNow()),
      sockets: try LoopSockets(context, endpoints), evidence: EvidenceTap(ring: nil, confirmations: nil) { .writing }, link: link)
    var poller = Poller(capacity: LoopSockets.Place.count)
    try loop.sockets.add(to: &poller)
    self.context = context
    self.endpoints = endpoints
    self.patience = Regime.patience(loaded)
    self.loop = loop
    self.poller = poller
  }

  mutating func turn() throws {
    _ = try poller.wait(timeoutMilliseconds: 0)
    try loop.turn(&budget, &poller, from: 0)
  }

  /// Sends until the loop's socket is subscribed to. What has come by then is thrown away.
  mutating func join(_ commands: inout Commands) throws {
    try waitUntil("the arm's loop hears the controller") {
      try commands.send()
      return try loop.receiveAny(.action)
    }
    try turn()
  }

  /// Sends one command, which the loop takes at once.
  mutating func take(_ commands: inout Commands) throws {
    try commands.send()
    let came = try loop.receiveAny(.action)
    #expect(came)
    try loop.receive(.action)
  }

  consuming func intoLoop() -> ArmLoop { loop }
}

/// Commands of one controller to where the arm of the tests stands.
private struct Commands: ~Copyable {
  private let socket: Socket
  private let topic = Topic.bytes(.action, robot: Rig.robot)
  private var sequence: UInt64 = 0

  init(_ context: Context, _ endpoints: Endpoints) throws {
    let socket = try Socket(context, .pub)
    try socket.connect(endpoints.action)
    self.socket = socket
  }

  mutating func send() throws {
    sequence += 1
    let header = HeaderFields(
      robotID: Rig.robot, streamID: 1, sequence: sequence, sourceNanoseconds: monotonicNow().nanoseconds, clock: .monotonic,
      bootID: 7)
    try socket.send([topic, ActionMessage(header: header, space: .jointPosition, position: Rig.home).encoded()])
  }
}

/// Sends the next command when one of those before it has come to the driver.
private final class Controller: Sendable {
  let isDone = Atomic<Bool>(false)
  private let context: Context
  private let endpoints: Endpoints
  private let fault = Mutex<String?>(nil)
  var failure: String? { fault.withLock { $0 } }

  init(_ context: Context, _ endpoints: Endpoints) {
    self.context = context
    self.endpoints = endpoints
  }

  func run(outstanding most: Int) {
    do { try send(outstanding: most) } catch { fault.withLock { $0 = "\(error)" } }
  }

  private func send(outstanding most: Int) throws {
    var commands = try Commands(context, endpoints)
    let driver = try Socket(context, .sub)
    try driver.subscribe(Topic.subscription(.action))
    try driver.connect(endpoints.gated)
    var frames = Frames()
    // Publishers drop until their peer is there.
    while try !isDone.load(ordering: .relaxed) && !driver.receive(into: &frames, timeoutMilliseconds: 2) { try commands.send() }
    while try driver.receive(into: &frames, timeoutMilliseconds: 20) {}
    var outstanding = 0
    while !isDone.load(ordering: .relaxed) {
      while outstanding < most {
        try commands.send()
        outstanding += 1
      }
      while try outstanding > 0 && driver.receive(into: &frames, timeoutMilliseconds: 0) { outstanding -= 1 }
    }
  }
}
