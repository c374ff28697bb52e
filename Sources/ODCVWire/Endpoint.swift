/// The endpoints of the monitor and of those that drive it, one per role: a controller can't forge state or people.
public enum Endpoint: String, CaseIterable, Sendable {
  /// From the controller. SUB, bound by the monitor.
  case action
  /// From the arm's driver. SUB, bound by the monitor.
  case state
  /// From perception. SUB, bound by the monitor.
  case scene
  /// To the arm's driver: what it may do. PUB, bound by the monitor.
  case gated
  /// To whoever listens: verdicts and alarms. XPUB, bound by the monitor.
  case verdict
  /// To the controller: text and numbers. PUB, bound by `odcv-pressure`.
  case instruction
  /// From an operator, a test rig, `odcv-pressure`. ROUTER, bound by the monitor.
  case control

  /// The TCP port when the configuration says nothing else.
  public var defaultPort: Int {
    switch self {
    case .action: 7410
    case .state: 7411
    case .scene: 7412
    case .gated: 7413
    case .verdict: 7414
    case .instruction: 7415
    case .control: 7416
    }
  }

  /// Whether messages of `kind` belong on this endpoint. Nothing published belongs on `control`: it takes requests.
  public func carries(_ kind: MessageKind) -> Bool {
    switch self {
    case .action:
      switch kind {
      case .layout, .action, .reasoning, .heartbeat: true
      case .state, .people, .obstacles, .signal, .instruction, .verdict, .alarm, .lease: false
      }
    case .state:
      switch kind {
      case .layout, .state, .signal, .heartbeat: true
      case .action, .people, .obstacles, .reasoning, .instruction, .verdict, .alarm, .lease: false
      }
    case .scene:
      switch kind {
      case .people, .obstacles, .signal, .heartbeat: true
      case .layout, .action, .state, .reasoning, .instruction, .verdict, .alarm, .lease: false
      }
    case .gated: kind == .action || kind == .lease
    case .verdict: kind == .verdict || kind == .alarm || kind == .heartbeat
    case .instruction: kind == .instruction
    case .control: false
    }
  }
}
