import ODCVCore
import ODCVWire

/// One thing that happens to the monitor, with its instant: what a recording holds of it.
struct Event: Sendable {
  enum Kind: Sendable {
    case tick
    case message(Endpoint, topic: [UInt8], body: [UInt8])
    case lost(Endpoint, count: UInt64)
    /// ns
    case overrun(Int64)
    case restored(UInt64)
    case handover
  }

  var kind: Kind
  var instant: MonoInstant
  /// The verdict on it comes after its deadline.
  var isLate = false
}
