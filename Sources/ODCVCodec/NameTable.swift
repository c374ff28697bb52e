/// Names by their place, looked up from C strings without allocation.
struct NameTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  init(_ names: [String]) {
    for name in names {
      bytes += name.utf8
      ends.append(bytes.count)
    }
  }

  var count: Int { ends.count }

  /// The place of `name`; `nil` when it is absent or not in the table.
  func place(of name: UnsafePointer<CChar>?) -> Int? {
    guard name != nil else { return nil }
    return (0..<count).first { isName($0, name) }
  }

  /// Whether `name` is the one at `place`.
  func isName(_ place: Int, _ name: UnsafePointer<CChar>?) -> Bool {
    guard let name else { return false }
    var read = name
    for index in (place == 0 ? 0 : ends[place - 1])..<ends[place] {
      // A shorter name ends with a NUL, which no name holds.
      guard UInt8(bitPattern: read.pointee) == bytes[index] else { return false }
      read += 1
    }
    return read.pointee == 0
  }

  func isName(_ place: Int, _ name: UnsafeRawBufferPointer) -> Bool {
    bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]].elementsEqual(name)
  }
}
