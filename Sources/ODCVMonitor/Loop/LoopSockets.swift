import ODCVConfig
import ODCVWire

/// The monitor's side of its endpoints, bound and owned by the loop's thread.
struct LoopSockets: ~Copyable {
  var action: Socket
  var state: Socket
  var scene: Socket
  var gated: Socket
  var verdict: Socket
  var control: Socket
  /// Where each is really bound, port 0 resolved.
  let bound: [(endpoint: Endpoint, address: String)]

  /// Above the protocol's bound on a message, so that one that is too large arrives, is counted and is recorded as
  /// rejected; libzmq cuts the connection of a sender that goes beyond this.
  static let socketMessageLimit: Int64 = 1 << 20
  /// Bytes of a request: a chunk to be checked is a quarter of it.
  static let requestLimit: Int64 = 1 << 16

  init(_ context: Context, _ endpoints: Endpoints) throws(WireError) {
    var incoming = SocketOptions()
    // A burst waits here rather than being dropped by the sender's queue; `discardBacklog` bounds how long.
    incoming.receiveHighWaterMark = 4096
    incoming.maxMessageSize = LoopSockets.socketMessageLimit
    var outgoing = SocketOptions()
    outgoing.sendHighWaterMark = 4096
    // A driver that falls behind must not find a long queue of old commands and leases: as many as its client takes in one poll, so that
    // what ZeroMQ's threads are kept from for a while at 1 kHz is late and not lost.
    var driven = SocketOptions()
    driven.sendHighWaterMark = 256
    // A request is short, and who asks waits for the answer: what many ask, or one who never listens, must not fill memory.
    var asked = SocketOptions()
    asked.receiveHighWaterMark = 16
    asked.sendHighWaterMark = 16
    asked.maxMessageSize = LoopSockets.requestLimit
    var action = try Socket(context, .sub, options: incoming)
    var state = try Socket(context, .sub, options: incoming)
    var scene = try Socket(context, .sub, options: incoming)
    let gated = try Socket(context, .pub, options: driven)
    let verdict = try Socket(context, .xpub, options: outgoing)
    let control = try Socket(context, .router, options: asked)
    try action.watchConnections()
    try state.watchConnections()
    try scene.watchConnections()
    // Everything, so that garbled topics are seen and counted too.
    try action.subscribe("")
    try state.subscribe("")
    try scene.subscribe("")
    // What the monitor says before what it hears: a driver that hears a lease finds its verdicts there too.
    var bound: [(Endpoint, String)] = []
    bound.append((.verdict, try verdict.bind(endpoints.verdict)))
    bound.append((.gated, try gated.bind(endpoints.gated)))
    bound.append((.control, try control.bind(endpoints.control)))
    bound.append((.state, try state.bind(endpoints.state)))
    bound.append((.scene, try scene.bind(endpoints.scene)))
    bound.append((.action, try action.bind(endpoints.action)))
    self.bound = bound
    self.action = action
    self.state = state
    self.scene = scene
    self.gated = gated
    self.verdict = verdict
    self.control = control
  }

  /// Those that may be read, in the order in which `add(to:)` adds them: what the world is before what the controller wants.
  enum Place: Int, CaseIterable {
    case state, scene, control, action, verdict

    static let count = allCases.count
  }

  func add(to poller: inout Poller) throws(WireError) {
    for place in Place.allCases {
      switch place {
      case .state: try poller.add(state)
      case .scene: try poller.add(scene)
      case .control: try poller.add(control)
      case .action: try poller.add(action)
      case .verdict: try poller.add(verdict)
      }
    }
  }

  /// An endpoint that lost a connection since the last call: a source that ended, or one that libzmq cut off.
  mutating func nextDisconnected() throws(WireError) -> Endpoint? {
    while let event = try action.nextEvent() { if event == .disconnected { return .action } }
    while let event = try state.nextEvent() { if event == .disconnected { return .state } }
    while let event = try scene.nextEvent() { if event == .disconnected { return .scene } }
    return nil
  }
}
