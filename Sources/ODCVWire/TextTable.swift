/// Texts as UTF-8 that lies still, so that a message can be written from them without touching a `String`.
///
/// As in every message, U+FFFD stands where a text holds a NUL.
@safe public struct TextTable: ~Copyable {
  /// A text of a table; valid as long as the table is.
  @safe public struct Text: Sendable {
    // The table's memory is written once, before the text is handed out.
    @usableFromInline nonisolated(unsafe) let start: UnsafeRawPointer
    @usableFromInline let count: Int

    fileprivate init(start: UnsafeRawPointer, count: Int) {
      unsafe self.start = unsafe start
      self.count = count
    }

    @inlinable public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: unsafe start, count: count) }
  }

  private var arena = Arena(capacity: 4096, growing: true)
  /// Bytes of all texts, and of the longest.
  public private(set) var byteCount = 0
  public private(set) var longest = 0

  public init() {}

  /// Keeps a copy of `text`.
  public mutating func add(_ text: String) -> Text {
    let utf8 = Array(text.utf8.contains(0) ? text.replacingNULs().utf8 : text.utf8)
    return unsafe utf8.withUnsafeBytes { unsafe add(fields: $0) }
  }

  /// Keeps a copy of fields of a message that are written already, to be appended as they are.
  public mutating func add(fields: UnsafeRawBufferPointer) -> Text {
    let copy = unsafe arena.take(max(fields.count, 1))
    if let start = fields.baseAddress { unsafe copy.copyMemory(from: start, byteCount: fields.count) }
    byteCount += fields.count
    longest = max(longest, fields.count)
    return unsafe Text(start: UnsafeRawPointer(copy), count: fields.count)
  }
}

extension String {
  /// A NUL would end a C string early.
  func replacingNULs() -> String { String(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : Character($0) }) }
}
