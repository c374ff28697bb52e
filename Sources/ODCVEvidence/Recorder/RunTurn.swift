/// How one run's recording is followed by another's while the loop goes on.
///
/// `Recorder.prepare` makes the recording of the next run. The producer then pushes, each once:
///
/// | kind | `detail` | what the recorder does |
/// |---|---|---|
/// | `prepared` | the next run's index of an input, less this run's | writes every input that follows into both recordings |
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
    refusedInputs = record.body.count == 8 ? record.body.loadUnaligned(as: UInt64.self) : 0
  }

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
  ///   - index: of the last input
  ///   - next: the next run's index of an input, less this run's
  public func pushPrepared(index: UInt64, instant: Int64, next: Int64) -> Bool {
    withUnsafeBytes(of: refusedInputs) {
      push(kind: .prepared, index: index, instant: instant, detail: next, body: $0)
    }
  }
}
