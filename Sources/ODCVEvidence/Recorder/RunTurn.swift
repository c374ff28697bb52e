import Synchronization

/// How one run's recording is followed by another's while the loop goes on.
///
/// `Recorder.prepare` makes the recording of the next run. The producer then pushes, each once:
///
/// | kind | `detail` | what the recorder does |
/// |---|---|---|
/// | `prepared` (which one in its body) | the next run's index of an input, less this run's | writes every input that follows into both recordings |
/// | `turned` | | ends this run's recording; the next one's is in force, and what follows goes there alone |
/// | `abandoned` | | removes the next run's recording: it was never in force |
///
/// Inputs in between are numbered as this run's. A message with the detail `RecordKind.onlyNext` is the next run's alone.
struct NextRun: ~Copyable {
  var recording: RunRecording
  /// What is added to an index of this run.
  private let offset: UInt64
  /// What stopped the recording.
  private(set) var failure: EvidenceError?
  /// Inputs that the ring had refused before.
  let refusedInputs: UInt64

  init(_ recording: consuming RunRecording, _ record: borrowing RingRecord) {
    self.recording = recording
    offset = UInt64(bitPattern: record.detail)
    refusedInputs = record.body.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
  }

  /// Which of the prepared recordings a record announces.
  static func number(_ record: borrowing RingRecord) -> UInt64 { record.body.loadUnaligned(as: UInt64.self) }

  consuming func intoRecording() -> RunRecording { recording }

  func index(_ index: UInt64) -> UInt64 { index &+ offset }

  /// Takes an input in beside the run that is in force.
  mutating func write(_ record: borrowing RingRecord) {
    guard failure == nil, record.kind.isInput else { return }
    do throws(EvidenceError) { try recording.write(record, index: index(record.index)) } catch { failure = error }
  }

  mutating func keep(at now: Int64) {
    guard failure == nil else { return }
    do throws(EvidenceError) { try recording.keep(at: now) } catch { failure = error }
  }
}

extension RecordRing {
  /// From the next record on, inputs belong to the next run as well; `false` when the ring is full now.
  ///
  /// - Parameters:
  ///   - recording: as `Recorder.prepare` numbered it
  ///   - index: of the last input
  ///   - next: the next run's index of an input, less this run's
  public func pushPrepared(_ recording: UInt64, index: UInt64, instant: Int64, next: Int64) -> Bool {
    withUnsafeBytes(of: (recording, refusedInputs)) {
      push(kind: .prepared, index: index, instant: instant, detail: next, body: $0)
    }
  }
}

/// The recordings that were prepared and not announced yet, by their numbers.
final class PreparedRuns: Sendable {
  private final class Box: Sendable {
    private let content: Mutex<RunRecording?>
    init(_ recording: consuming sending RunRecording) { content = Mutex(recording) }
    func take() -> sending RunRecording? { content.withLock { $0.take() } }
  }

  private let boxes = Mutex<(next: UInt64, kept: [UInt64: Box])>((1, [:]))

  func keep(_ recording: consuming sending RunRecording) -> UInt64 {
    let box = Box(recording)
    return boxes.withLock {
      let number = $0.next
      $0.next += 1
      $0.kept[number] = box
      return number
    }
  }

  /// `nil`: it was discarded.
  func take(_ number: UInt64) -> RunRecording? { boxes.withLock { $0.kept.removeValue(forKey: number) }?.take() }

  /// Removes what nobody will announce any more.
  func removeAll() {
    for number in boxes.withLock({ Array($0.kept.keys) }) { if let recording = take(number) { try? recording.remove() } }
  }
}
