import CSodium
import ODCVYAML

/// The file that a monitor is started with: which robot, cell and rules, and how it runs.
struct MonitorFile {
  var robotID: String
  var robot: String
  var cell: String
  var rules: [String]
  /// The table of what a human body bears; `nil` where nothing here needs one.
  var bodyLimits: String?
  var endpoints: Endpoints
  var mode: Mode
  var realtime: RealtimeSettings
  var evidence: EvidenceSettings
  var lease: Double
  var metricsFile: String?
  var operators: [String: [UInt8]]

  init(_ map: YAMLMap) throws(ConfigError) {
    robotID = try Self.robotID(map)
    robot = try map.string("robot")
    cell = try map.string("cell")
    rules = try map.strings("rules")
    guard !rules.isEmpty else { throw map.error("rules", "no rules file is named", "write `rules: [rules/site.yaml]`") }
    bodyLimits = try map.optionalString("body_limits")
    endpoints = try Self.endpoints(map.map("endpoints"))
    mode = try map.choice("mode")
    realtime = try RealtimeSettings(map.map("realtime"))
    evidence = try EvidenceSettings(map.map("evidence"))
    lease = try Self.lease(map)
    metricsFile = try map.optionalString("metrics_file")
    if let file = metricsFile, !file.hasSuffix(".prom") {
      throw map.error("metrics_file", "`\(file)` does not end in .prom", "collectors read nothing else: name it \(file).prom")
    }
    operators = try Self.operators(map)
    try map.finish()
  }

  /// The id is part of topics and file names.
  static func robotID(_ map: YAMLMap) throws(ConfigError) -> String {
    let id = try map.string("robot_id")
    let allowed = id.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard allowed, id.utf8.count <= 64 else {
      throw map.error("robot_id", "`\(id)` is no robot id", "use at most 64 letters, digits, `-` and `_`")
    }
    return id
  }

  static func endpoints(_ map: YAMLMap) throws(ConfigError) -> Endpoints {
    var taken: [String: String] = [:]
    func endpoint(_ role: String) throws(ConfigError) -> String {
      let text = try map.string(role)
      try check(text, role, map)
      if !text.hasSuffix(":0"), let other = taken.updateValue(role, forKey: text) {
        throw map.error(role, "`\(role)` and `\(other)` are both `\(text)`", "give each role an endpoint of its own")
      }
      return text
    }
    return Endpoints(
      action: try endpoint("action"), state: try endpoint("state"), scene: try endpoint("scene"),
      gated: try endpoint("gated"), verdict: try endpoint("verdict"), control: try endpoint("control"))
  }

  private static func check(_ endpoint: String, _ role: String, _ map: YAMLMap) throws(ConfigError) {
    let remedy = "write `tcp://127.0.0.1:PORT` (0 = any free port) or `ipc:///run/odcv/\(role)`"
    if endpoint.hasPrefix("ipc://") {
      // sun_path holds 108 bytes with its terminator; libzmq would fail later and say less.
      let path = endpoint.dropFirst(6)
      guard path.hasPrefix("/"), (2...107).contains(path.utf8.count) else {
        throw map.error(role, "`\(endpoint)` is no absolute path of at most 107 bytes", remedy)
      }
      return
    }
    guard endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":"),
      UInt16(endpoint[endpoint.index(after: colon)...]) != nil
    else { throw map.error(role, "`\(endpoint)` is no endpoint", remedy) }
    let host = endpoint[..<colon].dropFirst(6)
    guard ["127.0.0.1", "localhost", "[::1]"].contains(host) else {
      throw map.error(
        role, "`\(endpoint)` can be reached from other machines, and messages are not authenticated", remedy)
    }
  }

  static func lease(_ map: YAMLMap) throws(ConfigError) -> Double {
    guard let lease = try map.optionalDouble("lease_s") else { return 0.04 }
    guard (0.01...1).contains(lease) else {
      throw map.error(
        "lease_s", "`lease_s` is \(lease)",
        "write 0.01 to 1: for so long the arm goes on when the monitor dies, and a pause of the host that is longer holds it")
    }
    return lease
  }

  static func operators(_ map: YAMLMap) throws(ConfigError) -> [String: [UInt8]] {
    var keys: [String: [UInt8]] = [:]
    for (name, value, line) in try map.namedStrings("operators") {
      guard let key = publicKey(value) else {
        throw ConfigError(
          file: map.file, line: line, problem: "the key of operator `\(name)` is not an Ed25519 public key",
          remedy: "write its 32 bytes as 64 hexadecimal digits or in base64")
      }
      keys[name] = key
    }
    return keys
  }

  private static func publicKey(_ text: String) -> [UInt8]? {
    let size = Int(crypto_sign_PUBLICKEYBYTES)
    var key = [UInt8](repeating: 0, count: size)
    var length = 0
    let input = Array(text.utf8CString)
    let isHex = input.count - 1 == 2 * size
    let status =
      isHex
      ? sodium_hex2bin(&key, size, input, input.count - 1, nil, &length, nil)
      : sodium_base642bin(
        &key, size, input, input.count - 1, nil, &length, nil, Int32(sodium_base64_VARIANT_ORIGINAL))
    return status == 0 && length == size ? key : nil
  }
}

extension RealtimeSettings {
  init(_ map: YAMLMap) throws(ConfigError) {
    self.init(
      mode: try map.choice("mode"), core: try map.optionalInt("core"), priority: try map.int("priority"),
      receive: map.has("receive") ? try map.choice("receive") : .blocking)
    guard (1...99).contains(priority) else {
      throw map.error("priority", "`priority` is \(priority)", "write a SCHED_FIFO priority from 1 to 99")
    }
    if let core { try RealtimeSettings.check(core, map) }
    try checkReceive(map)
  }

  func checkReceive(_ map: YAMLMap) throws(ConfigError) {
    guard receive == .blocking || core != nil else {
      throw map.error("receive", "`receive: busy` without a core of its own", "name the core that is reserved for it with `core`")
    }
  }

  static func check(_ core: Int, _ map: YAMLMap) throws(ConfigError) {
    guard (0..<64).contains(core) else {
      throw map.error("core", "`core` is \(core)", "write a core number from 0 to 63, or remove it")
    }
  }
}
