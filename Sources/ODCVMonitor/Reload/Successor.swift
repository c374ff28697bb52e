import ODCVCodec
import ODCVCore
import ODCVWire
import Synchronization

/// A regime that judges beside the one in force, and may follow it.
///
/// A configuration that begins with nothing would know nothing: where the arm is, what it does, who stands where. So it takes in what
/// the one in force takes in, by its own decoder and its own core, for as long as it needs to know as much. Nothing of what it finds
/// is told or obeyed.
///
/// It follows when it knows as much, holds the arm for whatever the one in force remembers, and agrees on what is under way: what one
/// let through the other may not have, and a delta counts from where the driver was sent. Where they go on to differ the arm is told to
/// stop.
struct Successor: ~Copyable {
  /// ns that it judges beside the one in force at least
  static let leastTime: Int64 = 1_000_000_000
  /// ns after which a rule that still knows nothing ends the trial
  static let greatestTime: Int64 = 5_000_000_000
  /// ns after which contact that still counts from before, or a hold that goes on for what is over, ends it
  static let longestWait: Int64 = 60_000_000_000

  /// What it has come to.
  enum Outcome: Sendable {
    case pending
    /// In force from its input of this number on; `stopped`: the arm was told to stop, because the two did not agree on what it does.
    case turned(index: UInt64, stopped: Bool)
    /// Never in force, for this reason.
    case declined(String)
  }

  var regime: Regime
  let recording: UInt64
  var outcome = Outcome.pending
  /// When it took in its first input.
  private var began: MonoInstant?
  /// The last time that it knew nothing of what the regime in force knows.
  private var ignorance: Lag?
  /// The last time that it did not find what the regime in force holds the arm for, by what it remembers.
  private var oblivion: Lag?
  /// Inputs that it has taken in.
  private(set) var inputs: UInt64 = 0

  /// What it is behind the regime in force by, and when it was so last.
  private struct Lag {
    var finding: Finding
    var at: MonoInstant
  }

  /// Rules that find by what happened long before, a bit for each place.
  private static let remembering: UInt64 = RuleID.allCases.reduce(0) {
    $1.facts.remembers ? $0 | 1 << UInt64($1.place) : $0
  }

  /// ns for which nothing may lag
  private static let settling: Int64 = 500_000_000

  /// - Parameter recording: of this run, as the recorder numbers what it prepared
  init(_ regime: consuming Regime, recording: UInt64) {
    self.regime = regime
    self.recording = recording
  }

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
    let judged: Verdict
    switch origin {
    case .none:
      judged = regime.monitor.step(input, at: received)
      inputs = judged.index
    case .message(let endpoint, let topic, let body):
      judged = hear(endpoint, topic, body, at: received)
      // The rows of a chunk that is under way when this comes into force are at hand then.
      if isForDriver, judged.judged == .predicted, judged.decision.kind == .allow { _ = regime.gate.keep(body) }
    }
    compare(judged, verdict)
  }

  private mutating func compare(_ here: borrowing Verdict, _ inForce: borrowing Verdict) {
    guard here.judged != .noted, inForce.judged != .noted else { return }
    var known: UInt64 = 0
    var held: UInt64 = 0
    for place in 0..<inForce.findings.count {
      let finding = inForce.finding(at: place)
      let bit: UInt64 = 1 << UInt64(finding.rule.place)
      if !Successor.isUnknown(finding) { known |= bit }
      if finding.holdsBack { held |= bit & Successor.remembering }
    }
    for place in 0..<here.findings.count {
      let finding = here.finding(at: place)
      let bit: UInt64 = 1 << UInt64(finding.rule.place)
      if Successor.isUnknown(finding), known & bit != 0 { ignorance = Lag(finding: finding, at: here.instant) }
      if finding.holdsBack || finding.outcome == .notApplicable { held &= ~bit }
    }
    // Neither found here nor declared away: not seen.
    guard held != 0 else { return }
    for place in 0..<inForce.findings.count {
      let finding = inForce.finding(at: place)
      if held >> UInt64(finding.rule.place) & 1 == 1 { oblivion = Lag(finding: finding, at: here.instant) }
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

  enum Readiness {
    case notYet
    /// It may follow; `stopping` the arm, when the two do not agree on what is under way.
    case ready(stopping: Bool)
    /// What it still knows nothing of, where the regime in force does.
    case ignorant(Finding)
    /// What the arm is held for by what happened before it looked.
    case forgetful(RuleID)
    /// The arm is still held for what is over, as a rule's `clear_after_s` asks; this does not know of it.
    case hasty
  }

  /// - Parameters:
  ///   - countsContact: The regime in force counts contact from before the trial.
  ///   - agrees: Both hold the same to be under way, and the driver does it.
  ///   - holdsUntil: The regime in force holds the arm so long for what is over.
  func readiness(at now: MonoInstant, countsContact: Bool, holdsUntil: MonoInstant?, agrees: Bool) -> Readiness {
    guard let began else { return .notYet }
    let elapsed = now.nanoseconds - began.nanoseconds
    guard elapsed >= Successor.leastTime else { return .notYet }
    let isLate = elapsed >= Successor.greatestTime
    if let oblivion, lasts(oblivion, at: now) { return isLate ? .forgetful(oblivion.finding.rule) : .notYet }
    if let ignorance, lasts(ignorance, at: now) { return isLate ? .ignorant(ignorance.finding) : .notYet }
    if let holdsUntil, regime.monitor.holdsUntil ?? MonoInstant(nanoseconds: .min) < holdsUntil {
      return elapsed >= Successor.longestWait ? .hasty : .notYet
    }
    if countsContact { return elapsed >= Successor.longestWait ? .forgetful(.contactPermit) : .notYet }
    return agrees || isLate ? .ready(stopping: !agrees) : .notYet
  }

  var start: MonoInstant? { began }

  private func lasts(_ lag: Lag, at now: MonoInstant) -> Bool { now.nanoseconds - lag.at.nanoseconds < Successor.settling }

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
