import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Turns recorded inputs into the core's, with the loop's own decoder.
struct RecordedDecoder: ~Copyable {
  private let configuration: LoadedConfiguration
  private let resetNonce: UInt64?
  private var decoder: Decoder

  /// - Parameter resetNonce: The recorded run's.
  init(_ configuration: LoadedConfiguration, resetNonce: UInt64?) {
    self.configuration = configuration
    self.resetNonce = resetNonce
    decoder = Decoder(configuration, resetNonce: resetNonce)
  }

  /// Puts the input into the slot; `false` when the recording names an endpoint that the monitor does not have, and the slot is as it was.
  mutating func decode(_ recorded: RecordedInput, into slots: Slots<Input>, _ slot: Int) -> Bool {
    if recorded.followsGap { decoder = Decoder(configuration, resetNonce: resetNonce) }
    switch recorded.event {
    case .tick: slots.empty(slot).initialize(to: .tick)
    case .overrun(let nanoseconds): slots.empty(slot).initialize(to: .overrun(EvidenceTap.seconds(nanoseconds)))
    case .restored(let latch): slots.empty(slot).initialize(to: .restored(latch))
    case .handover: slots.empty(slot).initialize(to: .handover)
    case .lost(let name, let count):
      guard let endpoint = Endpoint(rawValue: name) else { return false }
      slots.empty(slot).initialize(to: .lost(EvidenceTap.stream(endpoint), count: count))
    case .message(let name, let topic, let body):
      guard let endpoint = Endpoint(rawValue: name) else { return false }
      topic.withUnsafeBytes { topic in
        body.withUnsafeBytes { body in
          slots.empty(slot).initialize(to: decoder.decode(endpoint: endpoint, topic: topic, body: body))
        }
      }
    }
    return true
  }
}

/// The core, fed a recording's inputs by their own numbers.
struct RecordedMonitor: ~Copyable {
  private let configuration: LoadedConfiguration
  private var monitor: Monitor
  /// Arrival index that comes without a gap.
  private var next: UInt64 = 1

  init(_ configuration: LoadedConfiguration) {
    self.configuration = configuration
    monitor = Monitor(configuration.core)
  }

  /// What the last verdict was judged from.
  var known: KnownScene { monitor.known }

  /// What latched last; `nil` when nothing has.
  var contactRecord: ContactRecord? { monitor.contactRecord }

  /// Of the chunk in force, not due yet.
  var rowsToCome: Int { monitor.rowsToCome }

  /// Judges the input in the slot, and puts the verdict into the other one of its number, which holds one.
  mutating func judge(_ inputs: Slots<Input>, _ stamp: JudgedBatch.Stamp, into verdicts: Slots<Verdict>, _ slot: Int) {
    // What it knew from before an excerpt may have been overtaken by what is not in it.
    if stamp.followsGap { monitor = Monitor(configuration.core) }
    let (index, instant) = (stamp.index, MonoInstant(nanoseconds: stamp.instant))
    // Inputs that are missing keep their numbers: a verdict names the input that it is about.
    if index != next { monitor.resume(after: index &- 1, at: instant) }
    next = index &+ 1
    monitor.step(inputs.base[slot], at: instant, into: &verdicts.base[slot])
  }
}

/// Judges recorded inputs again, one by one: the same decoder and the same core as the loop, fed what the loop was fed.
struct Judge: ~Copyable {
  private let digest: [UInt8]
  private var decoder: RecordedDecoder
  private var monitor: RecordedMonitor
  private let inputs = Slots<Input>(capacity: 1)
  private let verdicts = Slots<Verdict>(capacity: 1, filledWith: .absent)
  private var bytes = [UInt8](repeating: 0, count: Capacity.verdictBytes)

  /// - Parameter resetNonce: The recorded run's.
  init(_ configuration: LoadedConfiguration, resetNonce: UInt64?) {
    digest = configuration.core.digest
    decoder = RecordedDecoder(configuration, resetNonce: resetNonce)
    monitor = RecordedMonitor(configuration)
  }

  /// For a recording's own run.
  init(_ configuration: LoadedConfiguration, _ recording: borrowing Recording) {
    self.init(configuration, resetNonce: recording.resetNonce)
  }

  /// What the last verdict was judged from.
  var known: KnownScene { monitor.known }

  /// What latched last; `nil` when nothing has.
  var contactRecord: ContactRecord? { monitor.contactRecord }

  /// The verdict on the next input and its canonical bytes. `nil` when the recording names an endpoint that the monitor
  /// does not have.
  mutating func judge(_ recorded: RecordedInput) -> (verdict: Verdict, core: [UInt8])? {
    step(recorded).map { (verdicts.base.pointee, $0) }
  }

  /// The same without the verdict, which is large.
  mutating func step(_ recorded: RecordedInput) -> [UInt8]? {
    guard decoder.decode(recorded, into: inputs, 0) else { return nil }
    monitor.judge(inputs, JudgedBatch.Stamp(recorded), into: verdicts, 0)
    let (digest, verdict) = (digest, verdicts.base)
    let size = bytes.withUnsafeMutableBytes { verdict.pointee.encode(into: $0, configuration: digest) }
    return Array(bytes[..<size])
  }
}

extension Recording {
  /// What resets in it were signed over; `nil`: none was taken.
  var resetNonce: UInt64? { metadata["reset_nonce"].flatMap { UInt64($0) } }
}
