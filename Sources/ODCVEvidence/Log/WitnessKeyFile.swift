/// A witness's own key: `odcv-witness-key/1 <name> <64 hexadecimal digits>`.
public enum WitnessKeyFile {
  private static let mark = "odcv-witness-key/1"

  /// Makes one; the file must not exist yet.
  public static func make(_ path: String, name: String) throws(EvidenceError) -> NoteKey {
    guard NoteKey.isName(name) else {
      throw EvidenceError("`\(name)` is no name for a witness: use one word without `+`, such as example.com/witness")
    }
    let secret = try SecretBytes()
    var text = Array("\(mark) \(name) ".utf8)
    secret.withSeed { text += Hex.digits(UnsafeBufferPointer(start: $0, count: SecretBytes.seedSize)) }
    text.append(0x0A)
    defer { SecretBytes.erase(&text) }
    try SecretFile.create(path, text, LinuxCalls())
    return NoteSigner(name: name, kind: .cosignature, secret: secret).key
  }

  public static func load(_ path: String) throws(EvidenceError) -> NoteSigner {
    var bytes = try System.readWhole(path)
    defer { SecretBytes.erase(&bytes) }
    guard case (let name, var seed)? = parse(bytes) else {
      throw EvidenceError("\(path): not a witness's key; make one with `odcv-monitor keygen --kind witness`")
    }
    defer { SecretBytes.erase(&seed) }
    return NoteSigner(
      name: name, kind: .cosignature, secret: try SecretBytes { $0.update(from: seed, count: seed.count) })
  }

  private static func parse(_ bytes: [UInt8]) -> (name: String, seed: [UInt8])? {
    let words = bytes.split { $0 == 0x20 || $0 == 0x0A }
    guard words.count == 3, words[0].elementsEqual(mark.utf8), let name = String(validating: words[1], as: UTF8.self),
      NoteKey.isName(name), let seed = Hex.bytes(words[2]), seed.count == SecretBytes.seedSize
    else { return nil }
    return (name, seed)
  }
}
