import ODCVConsole
import ODCVCore
import ODCVEvidence
import Synchronization

/// What the loop measures of itself for one arm with every input; ns.
struct LoopTimes: Sendable {
  /// From an input to its verdict, in the core.
  let check = Histogram()
  /// From a command's receipt to its verdict, with what went to the driver.
  let command = Histogram()
  /// Of any other input, the same.
  let other = Histogram()
  /// Of the state that a command was judged on.
  let stateAge = Histogram()
  /// From one turn's begin to the next: the loop's own beat.
  let turn = Histogram()

  fileprivate func deallocate() {
    for histogram in [check, command, other, stateAge, turn] { histogram.deallocate() }
  }
}

/// What the loop measures of itself for one arm: it fills, anybody reads, and neither touches the other.
final class LoopMetrics: Sendable {
  let times = LoopTimes()
  let inputs = Atomic<UInt64>(0)
  let forwarded = Atomic<UInt64>(0)
  let slowed = Atomic<UInt64>(0)
  let held = Atomic<UInt64>(0)
  let overruns = Atomic<UInt64>(0)
  let lost = Atomic<UInt64>(0)
  let rejected = Atomic<UInt64>(0)
  /// Of the recorder's ring in use.
  let ringBytes = Atomic<UInt64>(0)
  private nonisolated(unsafe) let rules: UnsafeMutablePointer<Atomic<UInt64>>

  /// What is counted of each rule.
  enum RuleCount: Int, CaseIterable {
    case evaluated
    case unknown
    case violated

    static let count = 3
  }

  private static let ruleCounts = Capacity.rules * RuleCount.count

  init() {
    rules = .allocate(capacity: LoopMetrics.ruleCounts)
    for place in 0..<LoopMetrics.ruleCounts { (rules + place).initialize(to: Atomic(0)) }
  }

  deinit {
    times.deallocate()
    rules.deinitialize(count: LoopMetrics.ruleCounts)
    rules.deallocate()
  }

  /// By the loop, ten times a second.
  func publish(_ counters: Snapshot.Counters, _ coverage: Coverage, ring: Int) {
    inputs.store(counters.inputs, ordering: .relaxed)
    forwarded.store(counters.forwarded, ordering: .relaxed)
    slowed.store(counters.slowed, ordering: .relaxed)
    held.store(counters.held, ordering: .relaxed)
    overruns.store(counters.overruns, ordering: .relaxed)
    lost.store(counters.lost, ordering: .relaxed)
    rejected.store(counters.rejected, ordering: .relaxed)
    ringBytes.store(UInt64(ring), ordering: .relaxed)
    for place in 0..<RuleID.count {
      let count = coverage[RuleID(place: place)]
      set(place, .evaluated, count.evaluated)
      set(place, .unknown, count.unknown)
      set(place, .violated, count.violated)
    }
  }

  private func set(_ place: Int, _ count: RuleCount, _ value: UInt64) {
    rules[place * RuleCount.count + count.rawValue].store(value, ordering: .relaxed)
  }

  private func value(_ place: Int, _ count: RuleCount) -> UInt64 {
    rules[place * RuleCount.count + count.rawValue].load(ordering: .relaxed)
  }

  /// In the text exposition format, with how the recorder is.
  func text(robot: String, latch: UInt64, recorder: RecorderState) -> String {
    var text = MetricsText(robot: robot)
    text.histogram("odcv_check_seconds", "From an input to its verdict, in the core.", times.check)
    text.histogram("odcv_command_seconds", "From the receipt of a command to its verdict and what went to the driver.", times.command)
    text.histogram("odcv_input_seconds", "From the receipt of any other input to its verdict.", times.other)
    text.histogram("odcv_state_age_seconds", "Age of the state that a command was judged on.", times.stateAge)
    text.histogram("odcv_turn_seconds", "From one turn of the loop to the next.", times.turn)
    text.counter("odcv_inputs_total", "Inputs judged.", inputs.load(ordering: .relaxed))
    text.metric("odcv_commands_total", "counter", "What went to the driver: forwarded as it came, slowed, or held back.")
    for (name, count) in [("forwarded", forwarded.load(ordering: .relaxed)), ("slowed", slowed.load(ordering: .relaxed)),
      ("held", held.load(ordering: .relaxed))]
    {
      text.sample("odcv_commands_total", "\(count)", also: ("outcome", name))
    }
    text.counter("odcv_overruns_total", "Verdicts later than their deadline.", overruns.load(ordering: .relaxed))
    text.counter("odcv_lost_total", "Messages known to be missing or thrown away.", lost.load(ordering: .relaxed))
    text.counter("odcv_rejected_total", "Messages refused before they could be judged.", rejected.load(ordering: .relaxed))
    text.gauge("odcv_ring_bytes", "Of the ring to the recorder in use.", Double(ringBytes.load(ordering: .relaxed)))
    text.counter("odcv_records_refused_total", "Records that the ring had no room for.", recorder.refusedRecords)
    text.gauge("odcv_recording_part", "File of the run's recording that is written, from 1.", Double(recorder.part))
    text.gauge(
      "odcv_recording_ended", "1: the recording has ended, so that space is left, and the run goes on.", recorder.recordingEnded ? 1 : 0)
    if let free = recorder.freeBytes {
      text.gauge("odcv_evidence_free_bytes", "That the file system of the evidence has left.", Double(free))
    }
    text.gauge("odcv_latch", "Number of the latch in force; 0: none.", Double(latch))
    for count in RuleCount.allCases {
      text.metric("odcv_rule_\(count)_total", "counter", "Inputs for which a rule was \(count).")
      for rule in RuleID.allCases {
        text.sample("odcv_rule_\(count)_total", "\(value(rule.place, count))", also: ("rule", rule.name))
      }
    }
    return text.text
  }
}
