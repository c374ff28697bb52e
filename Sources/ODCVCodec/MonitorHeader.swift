import ODCVCore
import ODCVWire

/// The header of what the monitor itself says, in memory that is there from the start.
struct MonitorHeader {
  let robotID: TextTable.Text
  /// Of the monitor's streams: this start of it.
  let bootID: UInt64

  func write(_ sequence: UInt64, _ now: MonoInstant, to writer: inout WireWriter) {
    let mark = writer.begin(1)
    writer.text(1, robotID)
    writer.varint(2, UInt64(0))
    writer.varint(3, sequence)
    writer.varint(4, now.nanoseconds)
    writer.varint(5, UInt64(HeaderFields.Clock.monotonic.rawValue))
    writer.fixed64(6, bootID)
    writer.end(mark)
  }
}
