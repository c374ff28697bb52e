/// Tells one start of the machine from another, so that monotonic instants of different starts are not compared.
public enum BootIdentity {
  /// 16 bytes of the kernel's random boot id (random(4), `/proc/sys/kernel/random/boot_id`).
  public static func current() throws(EvidenceError) -> [UInt8] {
    let path = "/proc/sys/kernel/random/boot_id"
    // Files under /proc report size 0.
    let text = try System.read(try System.openForReading(path), count: 64, at: 0, path)
    let digits = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
    guard digits.count == 32 else { throw EvidenceError("\(path): not a boot id; is /proc mounted?") }
    return (0..<16).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
  }
}
