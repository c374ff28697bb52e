import ODCVCore
import ODCVWire

extension ArmLoop {
  /// Throws away what waited while the loop did not run, and judges the loss.
  ///
  /// A message is stamped when it is taken from its socket. After a pause (a stopped or starved process), or when messages
  /// come faster than they can be judged, what is taken next may be long out of date and would count as new: a command of
  /// seconds ago would move the arm, and nobody would be where they were last seen. None of it is used.
  mutating func discardBacklog(_ poller: inout Poller, from first: Int) throws(WireError) {
    let hasState = try discard(.state, &poller, at: first + LoopSockets.Place.state.rawValue)
    let hasScene = try discard(.scene, &poller, at: first + LoopSockets.Place.scene.rawValue)
    let hasAction = try discard(.action, &poller, at: first + LoopSockets.Place.action.rawValue)
    if !hasState, !hasScene, !hasAction { emptied = monotonicNow().nanoseconds }
  }

  /// Whether there may be more.
  private mutating func discard(_ endpoint: Endpoint, _ poller: inout Poller, at place: Int) throws(WireError) -> Bool {
    var count = 0
    while count < Pace.discards, try receiveAny(endpoint) { count += 1 }
    try lose(UInt64(count), endpoint)
    guard count == Pace.discards else { return false }
    poller.remains(at: place)
    return true
  }

  /// Messages were taken out and are not used.
  mutating func lose(_ count: UInt64, _ endpoint: Endpoint) throws(WireError) {
    guard count > 0 else { return }
    counters.lost &+= count
    discarded.add(count, endpoint, at: monotonicNow())
    try judge(.lost(EvidenceTap.stream(endpoint), count: count), at: monotonicNow(), from: .none)
  }

  /// What was taken in of an endpoint and not believed.
  mutating func loseDoubted(_ endpoint: Endpoint) throws(WireError) {
    let count = doubted
    doubted = 0
    try lose(count, endpoint)
  }

  mutating func receiveAny(_ endpoint: Endpoint) throws(WireError) -> Bool {
    switch endpoint {
    case .state: try sockets.state.receive(into: &frames, timeoutMilliseconds: 0)
    case .scene: try sockets.scene.receive(into: &frames, timeoutMilliseconds: 0)
    case .action: try sockets.action.receive(into: &frames, timeoutMilliseconds: 0)
    case .gated, .verdict, .instruction, .control: false
    }
  }
}

/// Messages that were thrown away and counted, by the endpoint that they came to: the gap that they leave in their source's numbers is
/// not counted again. For a while only: a later gap is one of its own.
struct Discarded: Sendable {
  /// ns
  private static let memory: Int64 = 1_000_000_000
  private var counts = InlineArray<16, UInt64>(repeating: 0)
  private var last = MonoInstant(nanoseconds: .min / 2)

  mutating func add(_ count: UInt64, _ endpoint: Endpoint, at now: MonoInstant) {
    counts[place(endpoint)] += count
    last = now
  }

  /// Of a gap, what nobody has counted yet.
  mutating func uncounted(_ gap: UInt64, _ endpoint: Endpoint, at now: MonoInstant) -> UInt64 {
    if now.nanoseconds - last.nanoseconds > Discarded.memory { counts = InlineArray(repeating: 0) }
    let known = min(gap, counts[place(endpoint)])
    counts[place(endpoint)] -= known
    return gap - known
  }

  private func place(_ endpoint: Endpoint) -> Int { Int(EvidenceTap.channel(endpoint)) }
}
