import ArgumentParser
import Glibc
import ODCVConfig
import ODCVCore
import ODCVWire

/// Who binds what, what the host grants, and which versions are here.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say who binds what, what the host grants, and which versions are here.")

  @Option(help: "The monitor's configuration file.")
  var config: String = "/etc/odcv/monitor.yaml"

  func run() throws {
    tell(
      "odcv \(Versions.odcv), ZeroMQ \(Versions.zeroMQ), protobuf-c \(Versions.protobufC), libsodium \(Versions.sodium), kernel \(Versions.kernel)"
    )
    tell("clearance kernel: \(Kernel.best?.name ?? "none")")
    let loaded = try loadConfiguration(config)
    let grant = Realtime.probe(priority: loaded.realtime.priority)
    tell("real time (asked: \(loaded.realtime.mode.rawValue)): \(grant.summary)")
    let roles: [(Endpoint, String, String)] = [
      (.action, loaded.endpoints.action, "the controller connects a PUB: Layout, Action, Reasoning, Heartbeat"),
      (.state, loaded.endpoints.state, "the arm's driver connects a PUB: Layout, State, Heartbeat"),
      (.scene, loaded.endpoints.scene, "perception connects a PUB: People, Obstacles, Heartbeat"),
      (.gated, loaded.endpoints.gated, "the arm's driver connects a SUB: Action, Lease; it holds when its lease ends"),
      (.verdict, loaded.endpoints.verdict, "anyone connects a SUB: Verdict, Alarm, Heartbeat"),
      (.control, loaded.endpoints.control, "operators and rigs connect a REQ: status, reset, episode, pressure"),
    ]
    var refused = 0
    for (endpoint, address, peers) in roles {
      let state = Doctor.state(of: address)
      if state.isProblem { refused += 1 }
      tell("\(endpoint.rawValue): the monitor binds \(address) (\(state.text)); \(peers)")
    }
    let directory = loaded.evidence.directory
    if access(directory, W_OK) == 0 {
      tell("evidence: \(directory) (writable)")
    } else if errno == ENOENT {
      tell("evidence: \(directory) (not there yet: `run` makes it; what it is to be in must be there)")
    } else {
      refused += 1
      tell("evidence: \(directory) (\(errorText()): give this user the right to write there, or name another directory)")
    }
    if refused > 0 { throw ExitCode(Exit.failed.rawValue) }
  }

  /// Whether the monitor could bind an endpoint now.
  private static func state(of address: String) -> (text: String, isProblem: Bool) {
    do throws(WireError) {
      if address.hasPrefix("ipc://") {
        let path = String(address.dropFirst(6))
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        guard access("/" + directory, W_OK) == 0 else { return ("/\(directory): \(errorText())", true) }
        // To bind an ipc path takes it away from whoever has it, so it is only looked at.
        return (access(path, F_OK) == 0 ? "taken or left over" : "free", false)
      }
      let socket = try Socket(Context(), .sub)
      try socket.bind(address)
      return ("free", false)
    } catch {
      return ("in use: a running monitor, or another process", false)
    }
  }
}
