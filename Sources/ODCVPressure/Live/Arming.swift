import Foundation
import ODCVCodec

/// An operator's signed word that a controller may be put under pressure: for one injection file and the texts it names, on this start of this
/// machine, up to a dose, until a time.
struct Arming: Sendable, Equatable {
  var robot: String
  /// SHA-256 over the injection file and the scenario's.
  var digest: String
  var operatorName: String
  /// s since 1970
  var until: Int64
  var greatestDose: UInt32
  /// This start of the machine, as Linux names it: an arming does not outlive a restart.
  var boot: String
  /// Ed25519, 64 bytes.
  var signature: [UInt8] = []

  /// s that an arming lasts at most
  static let longest: Int64 = 12 * 3600

  /// What is signed, and the file but for its last line.
  var message: String {
    "odcv-arming/1\nrobot \(robot)\nfile \(digest)\noperator \(operatorName)\nuntil \(until)\ndose \(greatestDose)\nboot \(boot)\n"
  }

  func signed(with key: OperatorKey) throws(PressureError) -> Arming {
    guard let signature = key.sign(Array(message.utf8)) else {
      throw PressureError("libsodium could not sign with the key of \(key.name)", exit: .rig)
    }
    var copy = self
    copy.signature = signature
    return copy
  }

  var text: String { message + "signature " + ScenarioFolder.hex(signature) + "\n" }

  init(robot: String, digest: String, operatorName: String, until: Int64, greatestDose: UInt32, boot: String) {
    self.robot = robot
    self.digest = digest
    self.operatorName = operatorName
    self.until = until
    self.greatestDose = greatestDose
    self.boot = boot
  }

  /// `nil` when `text` is no arming: every line in its place and nothing else.
  init?(parsing text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let keys = ["robot", "file", "operator", "until", "dose", "boot", "signature"]
    guard lines.count == keys.count + 2, lines[0] == "odcv-arming/1", lines[keys.count + 1].isEmpty else { return nil }
    var values: [String] = []
    for (key, line) in zip(keys, lines.dropFirst()) {
      guard line.hasPrefix(key + " ") else { return nil }
      values.append(String(line.dropFirst(key.count + 1)))
    }
    guard let until = Int64(values[3]), let dose = UInt32(values[4]), let signature = OperatorKey.bytes(values[6]) else {
      return nil
    }
    self.init(robot: values[0], digest: values[1], operatorName: values[2], until: until, greatestDose: dose, boot: values[5])
    self.signature = signature
    guard self.text == text else { return nil }
  }

  /// The arming that lies at `path`; `nil` where there is none, or something else.
  static func read(path: String) -> Arming? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let data = try? file.read(upToCount: 4096), data.count < 4096 else { return nil }
    return Arming(parsing: String(decoding: data, as: UTF8.self))
  }

  /// Why it is no word of an operator's for this; `nil` when it is.
  func flaw(_ file: InjectionFile, robot: String, operators: [String: [UInt8]], boot: String, at now: Int64) -> String? {
    guard let key = operators[operatorName] else { return "`\(operatorName)` is none of the monitor's `operators`" }
    guard ResetSigning.verify(signature, of: Array(message.utf8), publicKey: key) else {
      return "its signature is not \(operatorName)'s"
    }
    guard self.robot == robot else { return "it is for robot \(self.robot)" }
    guard digest == file.digest else { return "the injection file or the scenario's was changed after it was armed, or another is given now" }
    guard self.boot == boot else { return "the machine was started again since" }
    guard until > now else { return "its time is over" }
    guard until - now <= Self.longest else { return "it is for more than \(Self.longest / 3600) hours" }
    return nil
  }

  /// This start of the machine.
  static var machineBoot: String {
    let data = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
