import CProtobufC
import CSodium
import CZMQ
import Glibc

/// Versions of what this process runs on, as it finds them at run time.
enum Versions {
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
