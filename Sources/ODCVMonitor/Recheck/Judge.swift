import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Judges recorded inputs again: the same decoder and the same core as the loop, fed what the loop was fed.
struct Judge: ~Copyable {
  private let configuration: LoadedConfiguration
  private let resetNonce: UInt64?
  private let digest: [UInt8]
  private var decoder: Decoder
  private var monitor: Monitor
  private var bytes = [UInt8](repeating: 0, count: Capacity.verdictBytes)
  /// Room for the last verdict: 10 KB, which would otherwise be copied from hand to hand with every input.
  private let slot = UnsafeMutablePointer<Verdict>.allocate(capacity: 1)
  private var isEmpty = true
  /// Arrival index that comes without a gap.
  private var next: UInt64 = 1

  /// - Parameter resetNonce: The recorded run's.
  init(_ configuration: LoadedConfiguration, resetNonce: UInt64?) {
    self.configuration = configuration
    self.resetNonce = resetNonce
    digest = configuration.core.digest
    decoder = Decoder(configuration, resetNonce: resetNonce)
    monitor = Monitor(configuration.core)
  }

  /// For a recording's own run.
  init(_ configuration: LoadedConfiguration, _ recording: borrowing Recording) {
    self.init(configuration, resetNonce: recording.metadata["reset_nonce"].flatMap { UInt64($0) })
  }

  deinit {
    if !isEmpty { slot.deinitialize(count: 1) }
    slot.deallocate()
  }

  /// The last verdict, once there is one and until the next.
  var verdict: UnsafePointer<Verdict> {
    precondition(!isEmpty, "no input was judged yet")
    return UnsafePointer(slot)
  }

  var coverage: Coverage { monitor.coverage }

  /// What the last verdict was judged from.
  var known: KnownScene { monitor.known }

  /// The verdict on the next input and its canonical bytes. `nil` when the recording names an endpoint that the monitor
  /// does not have.
  mutating func judge(_ recorded: RecordedInput) -> (verdict: Verdict, core: [UInt8])? {
    step(recorded).map { (verdict.pointee, $0) }
  }

  /// The same without a copy of the verdict, of which `verdict` then holds the last.
  mutating func step(_ recorded: RecordedInput) -> [UInt8]? {
    // What it knew from before an excerpt may have been overtaken by what is not in it.
    if recorded.followsGap {
      decoder = Decoder(configuration, resetNonce: resetNonce)
      monitor = Monitor(configuration.core)
    }
    switch recorded.event {
    case .tick: return take(.tick, recorded)
    case .overrun(let nanoseconds): return take(.overrun(EvidenceTap.seconds(nanoseconds)), recorded)
    case .restored(let latch): return take(.restored(latch), recorded)
    case .handover: return take(.handover, recorded)
    case .lost(let name, let count):
      guard let endpoint = Endpoint(rawValue: name) else { return nil }
      return take(.lost(EvidenceTap.stream(endpoint), count: count), recorded)
    case .message(let name, let topic, let body):
      guard let endpoint = Endpoint(rawValue: name) else { return nil }
      return topic.withUnsafeBytes { topic in
        body.withUnsafeBytes { body in
          take(decoder.decode(endpoint: endpoint, topic: topic, body: body), recorded)
        }
      }
    }
  }

  private mutating func take(_ input: Input, _ recorded: RecordedInput) -> [UInt8] {
    // Inputs that are missing keep their numbers: a verdict names the input that it is about.
    if recorded.index != next {
      monitor.resume(after: recorded.index &- 1, at: MonoInstant(nanoseconds: recorded.instant))
    }
    next = recorded.index &+ 1
    let instant = MonoInstant(nanoseconds: recorded.instant)
    if isEmpty {
      slot.initialize(to: monitor.step(input, at: instant))
      isEmpty = false
    } else {
      slot.pointee = monitor.step(input, at: instant)
    }
    let (digest, slot) = (digest, slot)
    let size = bytes.withUnsafeMutableBytes { slot.pointee.encode(into: $0, configuration: digest) }
    return Array(bytes[..<size])
  }

  /// A verdict's length, as 4 little-endian bytes.
  static func prefix(_ core: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(core.count).littleEndian) { Array($0) }
  }
}
