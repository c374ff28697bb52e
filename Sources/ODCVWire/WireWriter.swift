/// Writes the fields of a protobuf body one after another into memory that is there already: nothing is allocated.
///
/// Fields are written in the order of their numbers, as protobuf-c packs them, so the same message has the same bytes
/// from either. What does not fit is left out and `overflowed` says so; such a body must not be sent.
@safe public struct WireWriter: ~Copyable {
  @usableFromInline let memory: UnsafeMutableRawPointer
  public let capacity: Int
  @usableFromInline var used = 0
  /// Bytes that may be used: all, or none more once something did not fit.
  @usableFromInline var end: Int

  public init(capacity: Int = MessageBounds.messageBytes) {
    self.capacity = capacity
    end = capacity
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    // Touched now, so that the first message takes no page fault.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
  }

  deinit { unsafe memory.deallocate() }

  /// Bytes written since `clear`.
  @inlinable public var count: Int { used }
  @inlinable public var overflowed: Bool { end < 0 }

  /// The body so far; ends with the next `clear`.
  @inlinable public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: memory, count: used) }

  @inlinable public mutating func clear() {
    used = 0
    end = capacity
  }

  @inlinable public mutating func varint(_ field: Int, _ value: UInt64) {
    // What most are: a key and a value of one byte each.
    guard field < 16, value < 0x80, end - used >= 2 else { return longVarint(field, value) }
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: field << 3), toByteOffset: used, as: UInt8.self)
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: used + 1, as: UInt8.self)
    used += 2
  }

  @usableFromInline mutating func longVarint(_ field: Int, _ value: UInt64) {
    key(field, 0)
    rawVarint(value)
  }

  /// An `int64`: what is negative takes ten bytes.
  @inlinable public mutating func varint(_ field: Int, _ value: Int64) { varint(field, UInt64(bitPattern: value)) }

  @inlinable public mutating func flag(_ field: Int, _ value: Bool) { varint(field, value ? 1 : UInt64(0)) }

  @inlinable public mutating func double(_ field: Int, _ value: Double) { fixed64(field, value.bitPattern) }

  @inlinable public mutating func fixed64(_ field: Int, _ value: UInt64) {
    guard field < 16, end - used >= 9 else { return longFixed64(field, value) }
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: field << 3 | 1), toByteOffset: used, as: UInt8.self)
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: used + 1, as: UInt64.self)
    used += 9
  }

  @usableFromInline mutating func longFixed64(_ field: Int, _ value: UInt64) {
    key(field, 1)
    guard hasRoom(8) else { return }
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: used, as: UInt64.self)
    used += 8
  }

  @inlinable public mutating func text(_ field: Int, _ text: TextTable.Text) { unsafe bytes(field, text.bytes) }

  @inlinable public mutating func bytes(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    guard field < 16, bytes.count < 0x80, end - used >= 2 + bytes.count, let start = bytes.baseAddress else {
      return unsafe longBytes(field, bytes)
    }
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: field << 3 | 2), toByteOffset: used, as: UInt8.self)
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: bytes.count), toByteOffset: used + 1, as: UInt8.self)
    unsafe (memory + used + 2).copyMemory(from: start, byteCount: bytes.count)
    used += 2 + bytes.count
  }

  @usableFromInline mutating func longBytes(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    key(field, 2)
    rawVarint(UInt64(bytes.count))
    unsafe append(bytes)
  }

  /// Into a field that has begun: where as many bytes as are wanted may be written, none when there is no room for them.
  public mutating func room(_ wanted: Int) -> UnsafeMutableRawBufferPointer {
    guard hasRoom(wanted) else { return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeMutableRawBufferPointer(start: memory + used, count: wanted)
  }

  /// So many of them were written.
  public mutating func take(_ written: Int) {
    precondition(written >= 0 && written <= end - used, "more was written than there was room for")
    used += written
  }

  /// Where a message, or a text in pieces, that stands in a field begins.
  public struct Mark: Sendable {
    @usableFromInline var start: Int

    @usableFromInline init(start: Int) { self.start = start }
  }

  /// Begins a field whose length is known when it ends.
  @inlinable public mutating func begin(_ field: Int) -> Mark {
    // One byte of length is enough for most; `end` makes room where it is not.
    unsafe bytes(field, UnsafeRawBufferPointer(start: UnsafeRawPointer(memory), count: 0))
    return Mark(start: used)
  }

  @inlinable public mutating func end(_ mark: Mark) {
    let length = used - mark.start
    guard !overflowed, length < 0x80 else { return longEnd(mark) }
    unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: mark.start - 1, as: UInt8.self)
  }

  @usableFromInline mutating func longEnd(_ mark: Mark) {
    guard !overflowed else { return }
    let length = used - mark.start
    var more = 0
    while length >> (7 * (more + 1)) > 0 { more += 1 }
    guard hasRoom(more) else { return }
    unsafe (memory + mark.start + more).copyMemory(from: memory + mark.start, byteCount: length)
    used = mark.start - 1
    rawVarint(UInt64(length))
    used += length
  }

  /// Into a field that has begun.
  @inlinable public mutating func append(_ text: TextTable.Text) { unsafe append(text.bytes) }

  /// Into a field that has begun: a number in decimal digits.
  public mutating func append(decimal value: Int) {
    if value < 0 { byte(UInt8(ascii: "-")) }
    var left = value.magnitude
    var divisor: UInt = 1
    while left / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      byte(UInt8(ascii: "0") + UInt8(left / divisor))
      left %= divisor
      divisor /= 10
    }
  }

  /// Into a field that has begun: a number with at most three decimals, and at least one.
  public mutating func append(rounded value: Double) {
    guard abs(value) < 1e12 else { return append(immense: value) }
    let thousandths = Int((value * 1000).rounded())
    if thousandths < 0 { byte(UInt8(ascii: "-")) }
    append(decimal: Int(thousandths.magnitude / 1000))
    byte(UInt8(ascii: "."))
    var left = thousandths.magnitude % 1000
    repeat {
      byte(UInt8(ascii: "0") + UInt8(left / 100))
      left = left % 100 * 10
    } while left > 0
  }

  /// What is no finite number, or so large that its digits say nothing.
  private mutating func append(immense value: Double) {
    let word: StaticString =
      if value.isNaN { "nan" } else if value.isInfinite { value < 0 ? "-inf" : "inf" } else { value < 0 ? "below -1e12" : "above 1e12" }
    unsafe append(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// Fields that are written already, as they are.
  @inlinable public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0, hasRoom(bytes.count) else { return }
    unsafe (memory + used).copyMemory(from: start, byteCount: bytes.count)
    used += bytes.count
  }

  private mutating func key(_ field: Int, _ type: Int) { rawVarint(UInt64(field << 3 | type)) }

  private mutating func rawVarint(_ value: UInt64) {
    var left = value
    while left >= 0x80 {
      byte(UInt8(truncatingIfNeeded: left) | 0x80)
      left >>= 7
    }
    byte(UInt8(truncatingIfNeeded: left))
  }

  private mutating func byte(_ value: UInt8) {
    guard hasRoom(1) else { return }
    unsafe memory.storeBytes(of: value, toByteOffset: used, as: UInt8.self)
    used += 1
  }

  @inlinable mutating func hasRoom(_ bytes: Int) -> Bool {
    if bytes > end - used { end = -1 }
    return !overflowed
  }
}
