/// ZeroMQ endpoints of the monitor, all of them bound by it: `tcp://127.0.0.1:PORT` (0 = any free port) or `ipc://PATH`.
public struct Endpoints: Sendable, Equatable {
  public var action: String
  public var state: String
  public var scene: String
  public var gated: String
  public var verdict: String
  public var control: String

  /// All of them, in the order of the file.
  var all: [String] { [action, state, scene, gated, verdict, control] }

  public init(action: String, state: String, scene: String, gated: String, verdict: String, control: String) {
    self.action = action
    self.state = state
    self.scene = scene
    self.gated = gated
    self.verdict = verdict
    self.control = control
  }
}

public enum Mode: String, Sendable, CaseIterable {
  /// Verdicts are told; every action is forwarded.
  case observe
  /// What the verdict does not allow is slowed, held or stopped.
  case enforce
}

public struct RealtimeSettings: Sendable, Equatable {
  public enum Mode: String, Sendable, CaseIterable {
    /// What the host grants, and a line about the rest.
    case auto
    case off
    /// No start without it.
    case require
  }

  /// How the loop waits for messages.
  public enum Receive: String, Sendable, CaseIterable {
    /// Sleeps until one comes.
    case blocking
    /// Asks without end: only on a core that is reserved for it.
    case busy
  }
  public var mode: Mode
  /// Core that the loop is pinned to; `nil`: not pinned.
  public var core: Int?
  /// SCHED_FIFO priority, 1...99.
  public var priority: Int
  public var receive: Receive

  public init(mode: Mode, core: Int?, priority: Int, receive: Receive = .blocking) {
    self.mode = mode
    self.core = core
    self.priority = priority
    self.receive = receive
  }
}
