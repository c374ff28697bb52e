/// Whole arrival indices from the low 32 bits that an MCAP message has room for.
public struct ArrivalIndex: Sendable {
  private var last: UInt64?

  /// - Parameter start: an index near the first one; `nil`: the first one is its own low 32 bits
  public init(near start: UInt64? = nil) { last = start }

  /// The nearest whole index to the one before.
  public mutating func whole(_ sequence: UInt32) -> UInt64 {
    guard let before = last else {
      last = UInt64(sequence)
      return UInt64(sequence)
    }
    let step = Int64(Int32(bitPattern: sequence &- UInt32(truncatingIfNeeded: before)))
    let index = UInt64(bitPattern: Int64(bitPattern: before) &+ step)
    last = index
    return index
  }
}
