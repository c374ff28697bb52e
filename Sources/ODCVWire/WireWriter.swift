/// Writes the fields of a protobuf body one after another into memory that is there already: nothing is allocated.
///
/// Fields are written in the order of their numbers, as protobuf-c packs them, so the same message has the same bytes
/// from either. What does not fit is left out and `overflowed` says so; such a body must not be sent.
@safe public struct WireWriter: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  public let capacity: Int
  /// Bytes written since `clear`.
  public private(set) var count = 0
  public private(set) var overflowed = false

  public init(capacity: Int = MessageBounds.messageBytes) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    // Touched now, so that the first message takes no page fault.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
  }

  deinit { unsafe memory.deallocate() }

  /// The body so far; ends with the next `clear`.
  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: memory, count: count) }

  public mutating func clear() {
    count = 0
    overflowed = false
  }

  public mutating func varint(_ field: Int, _ value: UInt64) {
    key(field, 0)
    rawVarint(value)
  }

  /// An `int64`: what is negative takes ten bytes.
  public mutating func varint(_ field: Int, _ value: Int64) { varint(field, UInt64(bitPattern: value)) }

  public mutating func flag(_ field: Int, _ value: Bool) { varint(field, value ? 1 : UInt64(0)) }

  public mutating func double(_ field: Int, _ value: Double) { fixed64(field, value.bitPattern) }

  public mutating func fixed64(_ field: Int, _ value: UInt64) {
    key(field, 1)
    guard hasRoom(8) else { return }
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
    count += 8
  }

  public mutating func text(_ field: Int, _ text: TextTable.Text) { unsafe bytes(field, text.bytes) }

  public mutating func bytes(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    key(field, 2)
    rawVarint(UInt64(bytes.count))
    unsafe append(bytes)
  }

  /// Where a message, or a text in pieces, that stands in a field begins.
  public struct Mark: Sendable {
    fileprivate var start: Int
  }

  /// Begins a field whose length is known when it ends.
  public mutating func begin(_ field: Int) -> Mark {
    key(field, 2)
    // One byte is enough for most; `end` makes room where it is not.
    rawVarint(0)
    return Mark(start: count)
  }

  public mutating func end(_ mark: Mark) {
    guard !overflowed else { return }
    let length = count - mark.start
    var more = 0
    while length >> (7 * (more + 1)) > 0 { more += 1 }
    if more > 0 {
      guard hasRoom(more) else { return }
      unsafe (memory + mark.start + more).copyMemory(from: memory + mark.start, byteCount: length)
    }
    count = mark.start - 1
    rawVarint(UInt64(length))
    count += length
  }

  /// Into a field that has begun.
  public mutating func append(_ text: TextTable.Text) { unsafe append(text.bytes) }

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
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0, hasRoom(bytes.count) else { return }
    unsafe (memory + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
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
    unsafe memory.storeBytes(of: value, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  private mutating func hasRoom(_ bytes: Int) -> Bool {
    if bytes > capacity - count { overflowed = true }
    return !overflowed
  }
}
