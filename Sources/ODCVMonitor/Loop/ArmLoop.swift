import ODCVCodec
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// One arm's part of the real-time loop: its sockets, its core, its gate.
///
/// A turn drains a bounded number of messages from each endpoint (what the world is before what the controller wants), judges each
/// one, tells, gates and records it, and then does what is due.
struct ArmLoop: ~Copyable {
  /// Periods in ns, and bounds of one turn.
  enum Pace {
    static let tick: Int64 = 20_000_000
    /// Leases in the life of one, so that four may be lost.
    static let leases: Int64 = 5
    static let heartbeat: Int64 = 200_000_000
    static let snapshot: Int64 = 100_000_000
    /// Between two repeated holds while nothing was forwarded in between.
    static let hold: Int64 = 50_000_000
    /// So often a stop is said again that nothing has followed and nothing calls for any more.
    static let repeatedStops = 2
    /// What it takes to send a command, generously.
    static let sending: Int64 = 100_000
    /// Between two looks at what has reached the disk and which alarms are over.
    static let settle: Int64 = 1_000_000
    /// Between two looks for listeners who have come.
    static let welcome: Int64 = 5_000_000
    static let messagesPerEndpoint = 64
    /// Verdicts on their way that ask nothing of the heap: what a listener has not taken for a second, and no longer than that.
    static let verdicts = 1024
    static let verdictBytes = 8192
    /// Messages that a turn throws away of each endpoint at most: four times what may wait in its queue.
    static let discards = 16_384
    /// After a pause, for what is still on its way from then.
    static let settling: Int64 = 50_000_000
  }

  let link: LoopLink
  /// The link's: to reach it through the link is to retain it.
  let view: SnapshotBoard
  let metrics: LoopMetrics
  let handover: Handover
  let times: LoopTimes
  let topics: LoopTopics

  var regime: Regime
  /// Judges beside the regime; the loop's while it is here.
  var successor: UnsafeMutablePointer<Successor>?
  /// Of controller and driver, as they said it last.
  var layouts: [SaidLayout] = []
  /// The driver does what the regime holds it to do.
  var isObeyed = true
  /// Regimes that were in force before this one.
  var run: UInt32 = 0
  var sockets: LoopSockets
  var frames: Frames
  /// For what the listeners of verdicts are sent.
  var pool = MessagePool(places: Pace.verdicts, longest: Pace.verdictBytes)
  var evidence: EvidenceTap
  var alarms: AlarmBook
  var watch: SelfWatch
  var board = RuleBoard()
  var counters = Snapshot.Counters()
  var pressure: PressureBook
  var joined = InlineArray<16, Bool>(repeating: false)

  let started: MonoInstant
  /// Of the last input that the core was given: its time never steps back.
  var lastInput = MonoInstant(nanoseconds: .min)
  /// Of the last verdict on the arm.
  var last: (outcome: Outcome, decision: Decision)?
  var lastHold: MonoInstant?
  /// Times that the last stop is still to be repeated.
  var stopsOwed = 0
  var latch: UInt64 = 0
  /// What caused the latch in force, and when.
  var latchCause: LatchCause?
  /// A latch that was in force before the regime.
  var restored: RestoredLatch?
  var lastState = LastState()
  /// s, at the last input
  var stateAge: Double?
  var refusals = RefusalBook()
  var verdictSequence: UInt64 = 0
  var alarmSequence: UInt64 = 0
  var leaseSequence: UInt64 = 0
  var heartbeatSequence: UInt64 = 0
  var nextTick: Int64
  var nextLease: Int64
  var nextHeartbeat: Int64
  var nextSnapshot: Int64
  private var nextSettle: Int64 = .min
  private var nextWelcome: Int64 = .min
  var gatedSends: UInt64 = 0
  /// When this turn began, and the last one that left no message behind: none that waits is older than that.
  private var woke: Int64
  var emptied: Int64
  /// The turn before may have left messages behind.
  private var leftSome = false
  private var stage = Stage(capacity: Pace.messagesPerEndpoint)
  /// Messages that a turn takes from each endpoint at most.
  var share = Pace.messagesPerEndpoint
  var discarded = Discarded()
  /// After a pause; and how many messages of the endpoint that is drained were not believed.
  var doubts = SourceDoubts()
  var doubted: UInt64 = 0
  private var distrustUntil: Int64 = 0

  init(
    _ regime: consuming Regime, sockets: consuming LoopSockets, evidence: consuming EvidenceTap, link: LoopLink,
    restored: RestoredLatch? = nil
  ) {
    let now = monotonicNow()
    self.restored = restored
    self.link = link
    view = link.board
    metrics = link.metrics
    handover = link.handover
    times = metrics.times
    topics = LoopTopics(robot: regime.configuration.robotID)
    frames = Frames()
    alarms = AlarmBook(regime.configuration.core.limits)
    watch = SelfWatch(at: now)
    pressure = PressureBook(at: now)
    started = now
    nextTick = now.nanoseconds
    woke = now.nanoseconds
    emptied = now.nanoseconds
    nextLease = now.nanoseconds
    nextHeartbeat = now.nanoseconds
    nextSnapshot = now.nanoseconds
    self.regime = regime
    self.sockets = sockets
    self.evidence = evidence
  }

  /// Takes in what the run before left in force, before the first turn.
  mutating func begin() throws(WireError) {
    if let restored { try judge(.restored(restored.number), at: monotonicNow(), from: .none) }
  }

  /// When the next turn is due, whatever comes; ns of the monotonic clock.
  var due: Int64 {
    let next = min(nextTick, nextLease, nextHeartbeat, nextSnapshot)
    return dueRow.map { min(next, $0.nanoseconds) } ?? next
  }

  /// One turn of bounded work.
  ///
  /// - Parameter first: the arm's first place in the poller
  mutating func turn(_ budget: inout RequestBudget, _ poller: inout Poller, from first: Int) throws(WireError) {
    let pause = monotonicNow().nanoseconds - woke
    woke += pause
    times.turn.add(pause)
    // ZeroMQ's threads were stopped too: what they still bring for a while is as old as what waits already.
    let unheard = max(pause, woke - emptied)
    if unheard > regime.patience {
      distrustUntil = woke + Pace.settling
      doubts.doubtAll(after: unheard, at: woke)
    }
    if woke < distrustUntil { try discardBacklog(&poller, from: first) } else { try drain(&poller, from: first) }
    try answer(&budget, &poller, from: first)
    try doWhatIsDue()
    link.progress.wrappingAdd(1, ordering: .relaxed)
  }

  private mutating func drain(_ poller: inout Poller, from first: Int) throws(WireError) {
    let hasState = try drain(.state, &poller, at: first + LoopSockets.Place.state.rawValue)
    try loseDoubted(.state)
    let hasScene = try drain(.scene, &poller, at: first + LoopSockets.Place.scene.rawValue)
    try loseDoubted(.scene)
    let hasAction = try drain(.action, &poller, at: first + LoopSockets.Place.action.rawValue)
    try loseDoubted(.action)
    leftSome = hasState || hasScene || hasAction
    if !leftSome { emptied = woke }
  }

  /// Takes in what an endpoint has, at most a share of it; whether there may be more that is older than this turn.
  private mutating func drain(_ endpoint: Endpoint, _ poller: inout Poller, at place: Int) throws(WireError) -> Bool {
    guard poller.isReadable(place) else { return false }
    // Who always has a few commands on their way leaves no moment without one between two that are judged: that is no backlog.
    if leftSome { return try drainTogether(endpoint, &poller, at: place) }
    var taken = 0
    while taken < share, isTimely(monotonicNow()) {
      guard try receiveAny(endpoint) else { return false }
      try receive(endpoint)
      taken += 1
    }
    poller.remains(at: place)
    return true
  }

  /// The same, with all taken out of the socket before the first is judged: what comes while they are judged is no older than they.
  private mutating func drainTogether(_ endpoint: Endpoint, _ poller: inout Poller, at place: Int) throws(WireError) -> Bool {
    var count = 0
    while count < share, try receiveAny(endpoint) {
      stage.put(&frames, at: count, taken: monotonicNow())
      count += 1
    }
    var taken = 0
    while taken < count, isTimely(monotonicNow()) {
      let stamp = stage.get(taken, into: &frames)
      try receive(endpoint, taken: stamp)
      taken += 1
    }
    try lose(UInt64(count - taken), endpoint)
    guard count == share else { return false }
    poller.remains(at: place)
    return true
  }

  /// What waits now is no older than it may be: none of it came before the last turn that left nothing behind.
  func isTimely(_ now: MonoInstant) -> Bool { now.nanoseconds - min(woke, emptied) <= regime.patience }

  /// Requests of operators and rigs, and listeners who have come.
  private mutating func answer(_ budget: inout RequestBudget, _ poller: inout Poller, from first: Int) throws(WireError) {
    let control = first + LoopSockets.Place.control.rawValue
    if poller.isReadable(control) {
      var isDrained = false
      while !isDrained, budget.allowsOne(at: monotonicNow()) {
        guard try sockets.control.receive(into: &frames, timeoutMilliseconds: 0) else {
          isDrained = true
          continue
        }
        let begun = monotonicNow()
        try receiveRequest()
        budget.spend(from: begun, to: monotonicNow())
      }
      if !isDrained { poller.remains(at: control) }
    }
    // Also now and then without being told: to send a verdict takes in what came meanwhile.
    guard woke >= nextWelcome || poller.isReadable(first + LoopSockets.Place.verdict.rawValue) else { return }
    nextWelcome = woke + Pace.welcome
    for _ in 0..<Pace.messagesPerEndpoint {
      guard try sockets.verdict.receive(into: &frames, timeoutMilliseconds: 0) else { break }
      try welcome()
    }
  }

  private mutating func doWhatIsDue() throws(WireError) {
    let now = monotonicNow()
    try judgeDueRow(at: now)
    if now.nanoseconds >= nextTick {
      try judge(.tick, at: now, from: .none)
      try attendSuccessor(at: now)
      // A late turn doesn't owe the ticks that it missed: time is judged as it is now.
      nextTick = max(nextTick + Pace.tick, now.nanoseconds)
    }
    if now.nanoseconds >= nextLease {
      try sendLease(at: now)
      nextLease = max(nextLease + regime.leaseDuration / Pace.leases, now.nanoseconds)
    }
    if now.nanoseconds >= nextSettle {
      try settleAlarms(at: now)
      nextSettle = now.nanoseconds + Pace.settle
    }
    if now.nanoseconds >= nextHeartbeat {
      try sendHeartbeat(at: now)
      nextHeartbeat = max(nextHeartbeat + Pace.heartbeat, now.nanoseconds)
    }
    if now.nanoseconds >= nextSnapshot {
      regime.ledger.measureRates(at: now)
      while let endpoint = try sockets.nextDisconnected() { link.notices.push(.disconnected(endpoint)) }
      try watchMyself(at: now)
      publishSnapshot(at: now)
      metrics.publish(counters, regime.monitor.coverage, ring: evidence.ringBytes)
      nextSnapshot = max(nextSnapshot + Pace.snapshot, now.nanoseconds)
    }
  }
}
