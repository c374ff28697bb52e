import CZMQ

/// What went wrong on the wire: what was tried, on what, why, and what a person can do about it.
public struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, on what.
  public var operation: String
  /// Why it failed.
  public var reason: String
  /// What to do; empty when there is nothing to advise.
  public var remedy: String
  /// ZeroMQ's error number; 0 when the failure is not ZeroMQ's.
  public var code: Int32

  public init(operation: String, reason: String, remedy: String = "", code: Int32 = 0) {
    self.operation = operation
    self.reason = reason
    self.remedy = remedy
    self.code = code
  }

  public var description: String {
    remedy.isEmpty ? "\(operation): \(reason)" : "\(operation): \(reason); \(remedy)"
  }

  /// ZeroMQ's last error on this thread.
  static func last(_ operation: String) -> WireError {
    let code = zmq_errno()
    let remedy =
      switch code {
      case EADDRINUSE: "another process has this endpoint: stop it or choose another (port 0 takes any free one)"
      case EADDRNOTAVAIL: "no interface of this machine has that address: use 127.0.0.1 or one that it has"
      case EACCES, EPERM: "this user may not create that endpoint: check the directory's permissions"
      case ENOENT: "the socket's directory does not exist: create it first"
      case EINVAL: "write the endpoint as tcp://127.0.0.1:PORT or ipc:///path/to/socket"
      case EPROTONOSUPPORT, ENOCOMPATPROTO: "use tcp:// or ipc://"
      case EMFILE, ENFILE: "too many open files: raise the limit (ulimit -n)"
      default: ""
      }
    let reason = unsafe String(cString: zmq_strerror(code))
    return WireError(operation: operation, reason: reason, remedy: remedy, code: code)
  }
}
