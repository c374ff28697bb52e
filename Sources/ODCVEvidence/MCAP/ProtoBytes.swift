/// The few shapes of protobuf's wire format that this module writes itself.
struct ProtoBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: UInt32, varint value: UInt64) {
    append(varint: UInt64(field) << 3)
    append(varint: value)
  }

  mutating func add(_ field: UInt32, bytes value: some Collection<UInt8>) {
    append(varint: UInt64(field) << 3 | 2)
    append(varint: UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func add(_ field: UInt32, double value: Double) {
    append(varint: UInt64(field) << 3 | 1)
    bytes.append(little: value.bitPattern)
  }

  mutating func add(_ field: UInt32, string value: String) { add(field, bytes: Array(value.utf8)) }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func append(varint value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}
