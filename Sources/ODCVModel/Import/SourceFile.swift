import Glibc

/// The bytes of a description or a mesh.
enum SourceFile {
  /// Largest file that is read, in bytes; a mesh of a few million triangles.
  static let maximumSize = 1 << 28

  /// Throws when the file cannot be read or is larger than `maximumSize`.
  static func bytes(path: String, subject: String? = nil) throws(ImportError) -> [UInt8] {
    func unreadable(_ code: Int32) -> ImportError {
      ImportError(
        file: path, subject: subject, problem: "cannot be read: \(String(cString: strerror(code)))",
        remedy: "check the path and its permissions")
    }
    guard let handle = fopen(path, "rb") else { throw unreadable(errno) }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, handle)
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= maximumSize else {
        throw ImportError(
          file: path, subject: subject, problem: "is larger than \(maximumSize >> 20) MiB",
          remedy: "name a description or a mesh made for collision checks")
      }
      if count < buffer.count {
        guard ferror(handle) == 0 else { throw unreadable(errno) }
        return bytes
      }
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

/// Numbers as descriptions and meshes write them: decimal, with a point and an exponent where needed.
enum Decimal {
  /// `nil` for anything else, also for `nan`, `inf` and hexadecimal, and for what overflows.
  static func value(_ text: Substring) -> Double? {
    var digits = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits = true
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      default: return nil
      }
    }
    guard digits, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The words of a list that white space separates.
  static func words(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isWhitespace)
  }
}
