import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Judges recorded inputs again: the same decoder and the same core as the loop, fed what the loop was fed.
struct Judge: ~Copyable {
  private let digest: [UInt8]
  private var decoder: Decoder
  private var monitor: Monitor
  private var bytes = [UInt8](repeating: 0, count: Capacity.verdictBytes)
  /// Arrival index that comes without a gap.
  private var next: UInt64 = 1

  /// - Parameter resetNonce: The recorded run's.
  init(_ configuration: LoadedConfiguration, resetNonce: UInt64?) {
    digest = configuration.core.digest
    decoder = Decoder(configuration, resetNonce: resetNonce)
    monitor = Monitor(configuration.core)
  }

  /// For a recording's own run.
  init(_ configuration: LoadedConfiguration, _ recording: borrowing Recording) {
    self.init(configuration, resetNonce: recording.metadata["reset_nonce"].flatMap { UInt64($0) })
  }

  var coverage: Coverage { monitor.coverage }

  /// What the last verdict was judged from.
  var known: KnownScene { monitor.known }

  /// The verdict on the next input and its canonical bytes. `nil` when the recording names an endpoint that the monitor
  /// does not have.
  mutating func judge(_ recorded: RecordedInput) -> (verdict: Verdict, core: [UInt8])? {
    guard let input = input(recorded) else { return nil }
    // Inputs that are missing keep their numbers: a verdict names the input that it is about.
    if recorded.index != next {
      monitor.resume(after: recorded.index &- 1, at: MonoInstant(nanoseconds: recorded.instant))
    }
    next = recorded.index &+ 1
    let verdict = monitor.step(input, at: MonoInstant(nanoseconds: recorded.instant))
    let digest = digest
    let size = bytes.withUnsafeMutableBytes { verdict.encode(into: $0, configuration: digest) }
    let core = Array(bytes[..<size])
    return (verdict, core)
  }

  /// A verdict's length, as 4 little-endian bytes.
  static func prefix(_ core: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(core.count).littleEndian) { Array($0) }
  }

  private mutating func input(_ recorded: RecordedInput) -> Input? {
    switch recorded.event {
    case .tick: return .tick
    case .overrun(let nanoseconds): return .overrun(EvidenceTap.seconds(nanoseconds))
    case .restored(let latch): return .restored(latch)
    case .lost(let endpoint, let count):
      return Endpoint(rawValue: endpoint).map { .lost(EvidenceTap.stream($0), count: count) }
    case .message(let name, let topic, let body):
      guard let endpoint = Endpoint(rawValue: name) else { return nil }
      return topic.withUnsafeBytes { topic in
        body.withUnsafeBytes { body in decoder.decode(endpoint: endpoint, topic: topic, body: body) }
      }
    }
  }
}
