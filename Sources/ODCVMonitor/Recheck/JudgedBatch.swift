import ODCVCore

/// Some of a recording's inputs, in order, and what came of them: a thread fills it, the next judges what is in it, a third
/// takes it up, and it goes round again.
final class JudgedBatch: @unchecked Sendable {
  // Unchecked: one thread has it at a time, and hands it over.

  /// Few enough that what one thread writes is still near the processor when the next one reads it.
  static let capacity = 32

  enum Entry {
    /// Judged, or to be; the input and its verdict are in the slots of this number.
    case input(slot: Int, index: UInt64, instant: Int64, isMessage: Bool)
    /// It came by an endpoint that this version does not know.
    case unknownEndpoint(index: UInt64)
    /// A verdict that was stored live, and how many inputs were missing before it.
    case stored(index: UInt64, core: [UInt8]?, missing: UInt64)
  }

  var entries: [Entry] = []
  let inputs = Slots<Input>(capacity: capacity)
  let verdicts = Slots<Verdict>(capacity: capacity)
  /// Set in the last: all was read, or why not.
  var end: Result<Void, any Error>?

  init() { entries.reserveCapacity(Self.capacity) }
}
