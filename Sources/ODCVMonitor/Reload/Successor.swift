import ODCVCodec
import ODCVCore
import ODCVWire
import Synchronization

/// A regime that judges beside the one in force, and may follow it.
///
/// A configuration that begins with nothing would know nothing: where the arm is, what it does, who stands where. So it takes in what
/// the one in force takes in, by its own decoder and its own core, for as long as it needs to know as much. Nothing of what it finds
/// is told or obeyed.
struct Successor: ~Copyable {
  /// ns that it judges beside the one in force at least
  static let leastTime: Int64 = 1_000_000_000
  /// ns after which a rule that still knows nothing ends the trial
  static let greatestTime: Int64 = 5_000_000_000

  /// What it has come to.
  enum Outcome: Sendable {
    case pending
    /// In force from its input of this number on.
    case turned(index: UInt64)
    /// Never in force, for this reason.
    case declined(String)
  }

  var regime: Regime
  var outcome = Outcome.pending
  /// When it took in its first input.
  private var began: MonoInstant?
  /// What was found when time was judged last: here, and in the regime in force.
  private var last: (here: Verdict, inForce: Verdict)?
  /// Inputs that it has taken in.
  private(set) var inputs: UInt64 = 0

  init(_ regime: consuming Regime) { self.regime = regime }

  var hasBegun: Bool { began != nil }

  mutating func begin(at now: MonoInstant) { began = now }

  /// Takes in what the regime in force has taken in.
  ///
  /// - Parameters:
  ///   - input: what it was there; one that came in a message is decoded anew.
  ///   - verdict: the one in force
  ///   - isForDriver: the message is an action
  mutating func take(_ input: Input, at received: MonoInstant, from origin: Origin, isForDriver: Bool, beside verdict: Verdict) {
    guard hasBegun else { return }
    switch origin {
    case .none: step(input, at: received, beside: verdict)
    case .message(let endpoint, let topic, let body):
      let judged = hear(endpoint, topic, body, at: received)
      // The rows of a chunk that is under way when this comes into force are at hand then.
      if isForDriver, judged.judged == .predicted, judged.decision == .allow { _ = regime.gate.keep(body) }
    }
  }

  @discardableResult
  mutating func hear(
    _ endpoint: Endpoint, _ topic: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, at received: MonoInstant
  ) -> Verdict {
    let input = regime.decoder.decode(endpoint: endpoint, topic: topic, body: body)
    _ = regime.ledger.take(input.outline, at: received)
    let judged = regime.monitor.step(input, at: received)
    inputs = judged.index
    return judged
  }

  private mutating func step(_ input: Input, at received: MonoInstant, beside verdict: Verdict) {
    let judged = regime.monitor.step(input, at: received)
    inputs = judged.index
    if case .tick = input { last = (judged, verdict) }
  }

  enum Readiness {
    case notYet
    case ready
    /// What it still knows nothing of, where the regime in force does.
    case ignorant(Finding)
  }

  func readiness(at now: MonoInstant) -> Readiness {
    guard let began, let last else { return .notYet }
    let elapsed = now.nanoseconds - began.nanoseconds
    guard elapsed >= Successor.leastTime else { return .notYet }
    guard let missing = Successor.missing(last.here, last.inForce) else { return .ready }
    return elapsed >= Successor.greatestTime ? .ignorant(missing) : .notYet
  }

  private static func missing(_ here: Verdict, _ inForce: Verdict) -> Finding? {
    var known: UInt64 = 0
    for finding in inForce.findings where !isUnknown(finding) { known |= 1 << UInt64(finding.rule.place) }
    for finding in here.findings where isUnknown(finding) && known >> UInt64(finding.rule.place) & 1 == 1 { return finding }
    return nil
  }

  private static func isUnknown(_ finding: Finding) -> Bool {
    if case .unknown = finding.outcome { true } else { false }
  }
}

/// Where a successor is handed to a loop, and what is left of it given back: the regime that was in force, or the one that never was.
/// One at a time.
final class Handover: @unchecked Sendable {
  // Two atomics; whose a successor is follows from where its address is.
  private let offered = Atomic<UnsafeMutableRawPointer?>(nil)
  private let returned = Atomic<UnsafeMutableRawPointer?>(nil)

  /// By whoever prepared it.
  func offer(_ successor: consuming Successor) {
    let pointer = UnsafeMutablePointer<Successor>.allocate(capacity: 1)
    pointer.initialize(to: successor)
    offered.store(UnsafeMutableRawPointer(pointer), ordering: .releasing)
  }

  /// By the loop: it is the loop's until it gives it back.
  func take() -> UnsafeMutablePointer<Successor>? {
    guard offered.load(ordering: .relaxed) != nil else { return nil }
    return offered.exchange(nil, ordering: .acquiring)?.assumingMemoryBound(to: Successor.self)
  }

  /// By the loop.
  func giveBack(_ successor: UnsafeMutablePointer<Successor>) {
    returned.store(UnsafeMutableRawPointer(successor), ordering: .releasing)
  }

  /// By the main thread: what became of it; `nil` while it is not decided.
  func outcome() -> Successor.Outcome? {
    guard let pointer = returned.exchange(nil, ordering: .acquiring) else { return nil }
    let successor = pointer.assumingMemoryBound(to: Successor.self)
    defer {
      successor.deinitialize(count: 1)
      successor.deallocate()
    }
    return successor.pointee.outcome
  }
}
