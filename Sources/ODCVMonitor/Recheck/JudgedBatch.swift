import ODCVCore
import ODCVEvidence

/// Some of a recording's inputs, in order, and what came of them: a thread fills it, the next judges what is in it, a third
/// takes it up, and it goes round again.
final class JudgedBatch: @unchecked Sendable {
  // Unchecked: one thread has it at a time, and hands it over.

  /// Enough that handing it over costs next to nothing, and few enough that what one thread writes is still near the processor when the
  /// next one reads it.
  static let capacity = 128

  /// What is said of an input beside itself.
  struct Stamp: Sendable {
    var index: UInt64
    /// ns
    var instant: Int64
    var isMessage: Bool
    /// The first after what an excerpt leaves out.
    var followsGap: Bool

    init(_ input: RecordedInput) {
      (index, instant, followsGap) = (input.index, input.instant, input.followsGap)
      isMessage = if case .message = input.event { true } else { false }
    }
  }

  enum Entry {
    /// Judged, or to be; the input and its verdict are in the slots of this number.
    case input(slot: Int, Stamp)
    /// It came by an endpoint that this version does not know.
    case unknownEndpoint(index: UInt64)
    /// A verdict that was stored live, and whether all that came before it is there and undamaged.
    case stored(index: UInt64, core: [UInt8]?, isWhole: Bool)
    /// At the end: so many rows of the chunk in force were not due yet.
    case rowsToCome(Int)
  }

  var entries: [Entry] = []
  let inputs = Slots<Input>(capacity: capacity)
  let verdicts = Slots<Verdict>(capacity: capacity, filledWith: .absent)
  /// Set in the last: all was read, or why not.
  var end: Result<Void, any Error>?

  init() { entries.reserveCapacity(Self.capacity) }
}
