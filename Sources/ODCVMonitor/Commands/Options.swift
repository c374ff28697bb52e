import ArgumentParser
import Glibc
import ODCVConfig
import ODCVConsole
import ODCVEvidence
import ODCVWire

extension ColorChoice: ExpressibleByArgument {}
extension Mode: ExpressibleByArgument {}
extension RealtimeSettings.Mode: ExpressibleByArgument {}

/// Loads a configuration; what is wrong with it ends the command with status 2.
func loadConfiguration(_ path: String) throws -> LoadedConfiguration {
  do throws(ConfigError) {
    return try LoadedConfiguration.load(path: path)
  } catch {
    throw Stop(.usage, "\(error)")
  }
}

/// Loads a monitor file or a fleet's; what is wrong with it ends the command with status 2.
func loadFleet(_ path: String) throws -> Fleet {
  do throws(ConfigError) {
    return try Fleet.load(path: path)
  } catch {
    throw Stop(.usage, "\(error)")
  }
}

/// Runs a piece of wire or evidence work; what goes wrong ends the command with status 4.
func rig<Result: ~Copyable>(_ body: () throws(WireError) -> Result) throws -> Result {
  do throws(WireError) { return try body() } catch { throw Stop(.failed, "\(error)") }
}

/// A request to a running daemon, and its answer.
enum ControlClient {
  /// Asks; no answer within two seconds ends the command with status 4.
  static func ask(_ endpoint: String, _ request: RequestMessage) throws -> AckMessage {
    try rig { () throws(WireError) in
      let context = try Context()
      var options = SocketOptions()
      options.immediate = false
      let socket = try Socket(context, .req, options: options)
      try socket.connect(endpoint)
      try socket.send([request.encoded()])
      var frames = Frames()
      guard try socket.receive(into: &frames, timeoutMilliseconds: 2000), frames.count == 1 else {
        throw WireError(
          operation: "asking the daemon at \(endpoint)", reason: "no answer within two seconds",
          remedy: "start `odcv-monitor run`, or name its control endpoint (it is on its ready line) with --endpoint")
      }
      return try AckMessage(decoding: frames.bytes(0))
    }
  }
}

/// Where the daemon's control endpoint is: named, or read from a configuration.
struct ControlOptions: ParsableArguments {
  @Option(help: "Control endpoint of the daemon, as on its ready line.")
  var endpoint: String?

  @Option(help: "Configuration of the daemon, for its control endpoint; /etc/odcv/monitor.yaml when not given.")
  var config: String?

  static let installed = "/etc/odcv/monitor.yaml"

  func resolved() throws -> String {
    if let endpoint { return endpoint }
    guard let config = config ?? (access(ControlOptions.installed, F_OK) == 0 ? ControlOptions.installed : nil) else {
      throw Stop(
        .usage,
        "which daemon? There is no \(ControlOptions.installed): name the daemon's configuration with --config, or its "
          + "control endpoint (it is on its ready line) with --endpoint")
    }
    let address = try loadConfiguration(config).endpoints.control
    guard !address.hasSuffix(":0") else {
      throw Stop(
        .usage, "\(config) lets the control endpoint take any port: name it with --endpoint (see the ready line)")
    }
    return address
  }
}
