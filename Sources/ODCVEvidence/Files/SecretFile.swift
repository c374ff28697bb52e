/// Files with a secret in them: only their owner reads them, and what they held is overwritten before it is given back.
///
/// On a file system that writes in place that leaves nothing behind. Flash keeps old blocks behind its mapping, and
/// copy-on-write file systems keep them by design: there only an encrypted disk, or a credential, keeps old secrets.
enum SecretFile {
  static func create(_ path: String, _ bytes: [UInt8], _ calls: any FileCalls) throws(EvidenceError) {
    let file = try DataFile.create(path, calls, isSecret: true)
    try file.write(bytes, at: 0)
    try file.synchronize()
    try calls.makeNamesDurable(directory(of: path))
  }

  /// At every instant the name holds all of the old or all of the new.
  static func replace(_ path: String, with bytes: [UInt8], _ calls: any FileCalls) throws(EvidenceError) {
    let new = path + ".new"
    if calls.exists(new) {
      try erase(try DataFile.open(new, calls), try size(new, calls))
      let code = calls.remove(new)
      guard code == 0 else { throw System.failure("remove it", new, -code) }
    }
    let old = try DataFile.open(path, calls)
    let size = try size(path, calls)
    try create(new, bytes, calls)
    let code = calls.rename(new, to: path)
    guard code == 0 else { throw System.failure("replace it", path, -code) }
    try calls.makeNamesDurable(directory(of: path))
    try erase(old, size)
  }

  private static func size(_ path: String, _ calls: any FileCalls) throws(EvidenceError) -> Int {
    var bytes = try calls.readWhole(path)
    defer { SecretBytes.erase(&bytes) }
    return bytes.count
  }

  private static func erase(_ file: borrowing DataFile, _ size: Int) throws(EvidenceError) {
    try file.write([UInt8](repeating: 0, count: size), at: 0)
    try file.synchronize()
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
