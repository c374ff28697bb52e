import Foundation
import Synchronization
import Testing

@testable import ODCVSim
@testable import ODCVWire

/// A folder for ipc endpoints, removed with it.
final class Sockpit: Sendable {
  private let directory: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-sim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func callAsFunction(_ name: String) -> String { "ipc://\(directory)/\(name)" }
}

/// Work on a thread of its own until `stop`, which waits for its end.
final class Background: Sendable {
  let stopping = Atomic<Bool>(false)
  private let done = DispatchSemaphore(value: 0)
  private let problem = Mutex<String?>(nil)

  /// - Parameter work: runs until the flag is set; what it throws is `failure`.
  init(_ work: @escaping @Sendable (borrowing Atomic<Bool>) throws -> Void) {
    Thread { [self] in
      do { try work(stopping) } catch { problem.withLock { $0 = "\(error)" } }
      done.signal()
    }.start()
  }

  var failure: String? { problem.withLock(\.self) }

  func stop() {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    done.signal()
  }
}

/// The free simulator, a controller's process, and what a monitor in observe mode does between them: every action goes
/// through, with a lease. Everything over real sockets; owned by one thread.
final class LiveArm {
  let at: Sockpit
  let context: Context
  let robot: String
  let state: Socket
  let scene: Socket
  /// All that a controller could hear of the cell.
  let observation: Socket
  private let gated: Socket
  private let action: Socket
  private let truth: Socket
  private let arm: Background
  private let controller: Background?
  private let refused = Refused()
  private var frames = Frames()
  /// What was true last, and all constraints that were broken.
  private(set) var last = TruthMessage()
  private(set) var broken: Set<String> = []

  private final class Refused: Sendable {
    let requests = Atomic<UInt64>(0)
  }

  /// - Parameter name: of a builtin controller; `nil`: nobody drives.
  init(_ scenario: Scenario, controller name: String?, seed: UInt64) throws {
    let (context, at) = (try Context(), try Sockpit())
    func listening() throws -> Socket {
      let socket = try Socket(context, .sub)
      try socket.subscribe("")
      return socket
    }
    let state = try listening()
    let scene = try listening()
    let action = try listening()
    let gated = try Socket(context, .pub)
    try state.bind(at("state"))
    try scene.bind(at("scene"))
    try action.bind(at("action"))
    try gated.bind(at("gated"))
    let observation = try listening()
    let truth = try listening()
    try observation.connect(at("observation"))
    try truth.connect(at("truth"))
    let refused = refused
    arm = Background { stop in
      var run = try FreeRun(
        scenario: scenario, seed: seed, context: context,
        endpoints: .init(
          state: at("state"), scene: at("scene"), gated: at("gated"), observation: at("observation"), truth: at("truth"),
          devices: at("devices")))
      try run.run(until: stop)
      refused.requests.store(run.refusedRequests, ordering: .relaxed)
    }
    controller = name.map { name in
      Background { stop in
        var process = try ControllerProcess(
          name: name, scenario: scenario, seed: seed, context: context, action: at("action"),
          observation: at("observation"), instruction: "", devices: at("devices"))
        try process.run(until: stop)
      }
    }
    self.at = at
    self.context = context
    robot = scenario.robotID
    self.state = state
    self.scene = scene
    self.gated = gated
    self.action = action
    self.observation = observation
    self.truth = truth
  }

  /// Passes actions on until `isEnough`, and at most so long.
  ///
  /// - Returns: whether it was enough.
  func run(seconds: Double, until isEnough: (LiveArm) throws -> Bool) throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try isEnough(self) { return true }
      // Twice within a lease, whether actions come or not.
      try gated.send([Topic.bytes(.lease, robot: robot), LeaseMessage(durationNanoseconds: 200_000_000).encoded()])
      let wait = ContinuousClock.now + .milliseconds(50)
      while ContinuousClock.now < wait {
        while try action.receive(into: &frames, timeoutMilliseconds: 1) {
          guard Topic.parse(frames.bytes(0))?.kind == .action else { continue }
          try gated.send([frames.bytes(0), frames.bytes(1)])
        }
        try judge()
      }
    }
    return try isEnough(self)
  }

  private func judge() throws {
    while try truth.receive(into: &frames, timeoutMilliseconds: 0) {
      last = try TruthMessage(decoding: frames.bytes(1))
      broken.formUnion(last.violations.compactMap(\.constraint))
    }
  }

  /// Parts that the controller said it delivered, by the number that is counted per time.
  func claims(_ scenario: Scenario) -> Double { claimed(last, scenario) }

  /// - Returns: how many requests the cell refused.
  func stop() -> UInt64 {
    controller?.stop()
    arm.stop()
    #expect(arm.failure == nil)
    #expect(controller?.failure == nil)
    return refused.requests.load(ordering: .relaxed)
  }
}

/// Claims so far by a truth message of a scenario whose number counts claims.
func claimed(_ truth: TruthMessage, _ scenario: Scenario) -> Double {
  ((truth.kpi?.value ?? 0) * Double(truth.simulatedNanoseconds ?? 0) * 1e-9 / scenario.kpi.scale).rounded()
}
