/// What a fuzzer gives, taken from the front: an input that has ended goes on with zeros, so that each one means something.
struct ByteReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  mutating func byte() -> UInt8 {
    guard place < bytes.count else { return 0 }
    place += 1
    return bytes[place - 1]
  }

  /// Below `count`.
  mutating func index(_ count: Int) -> Int { Int(byte()) % count }

  /// One of `choices`.
  mutating func choice<Choice>(_ choices: [Choice]) -> Choice { choices[index(choices.count)] }

  /// -128...127
  mutating func signed() -> Double { Double(Int8(bitPattern: byte())) }

  /// At most `count` bytes.
  mutating func take(_ count: Int) -> [UInt8] {
    let end = min(place + count, bytes.count)
    defer { place = end }
    return Array(bytes[place..<end])
  }

  mutating func rest() -> [UInt8] { take(bytes.count) }
}
