import CProtobufC
import CSodium
import CZMQ
import Glibc
import ODCVCore
import ODCVEvidence

/// Versions of this program, and of what this process runs on, as it finds them at run time.
enum Versions {
  static let odcv = "0.1.0"

  /// SHA-256 of the program's file, hex digits; `unknown` where the system does not show it.
  static let program = readFile("/proc/self/exe").map { Words.hex(SHA256.digest($0)) } ?? "unknown"

  /// For the metadata of a recording: whoever judges it again may ask what judged it live.
  static var metadata: [String: String] {
    [
      "odcv_version": odcv, "program_sha256": program, "zeromq_version": zeroMQ, "protobuf_c_version": protobufC,
      "libsodium_version": sodium, "linux_release": kernel, "clearance_kernel": Kernel.best?.name ?? "none",
    ]
  }

  static var zeroMQ: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  static var protobufC: String { String(cString: protobuf_c_version()) }

  static var sodium: String { String(cString: sodium_version_string()) }

  static var kernel: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown" }
    return withUnsafeBytes(of: &name.release) { cString($0) }
  }
}
