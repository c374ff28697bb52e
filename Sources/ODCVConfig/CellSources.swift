import ODCVCore
import ODCVYAML

/// What a cell file says of those who speak in it: their clocks, signs of life and modes.
enum CellSources {
  /// `clocks: {action|state|SENSOR: monotonic|realtime|ptp|simulated}`
  static func clocks(_ map: YAMLMap, people: [Sensor], obstacles: [Sensor]) throws(ConfigError) -> [SourceClock] {
    var clocks: [SourceClock] = []
    for (name, value, line) in try map.namedStrings("clocks") {
      guard let (stream, sensor) = stream(name, people, obstacles) else {
        let names = ["action", "state"] + (people + obstacles).map(\.id)
        throw ConfigError(
          file: map.file, line: line, problem: "`\(name)` sends no stamped messages here",
          remedy: "write one of \(names.joined(separator: ", "))")
      }
      guard let clock = ClockName(rawValue: value) else {
        throw ConfigError(
          file: map.file, line: line, problem: "`\(value)` is no clock",
          remedy: "write one of \(ClockName.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      clocks.append(SourceClock(stream: stream, sensor: sensor, clock: clock.core))
    }
    return clocks
  }

  /// `heartbeats: {controller|driver|perception: {max_age_s}}`
  static func heartbeats(_ map: YAMLMap) throws(ConfigError) -> [Heartbeat] {
    var heartbeats: [Heartbeat] = []
    for (name, entry) in try map.named("heartbeats") {
      guard let source = Source.allCases.first(where: { $0.words == name }) else {
        throw entry.error(
          "`\(name)` is no source", "write one of \(Source.allCases.map(\.words).joined(separator: ", "))")
      }
      heartbeats.append(Heartbeat(source: source, maxAge: try entry.double("max_age_s", .positive)))
    }
    return heartbeats
  }

  /// `automatic_modes: [NUMBER, ...]`: as the driver reports them.
  static func automaticModes(_ map: YAMLMap) throws(ConfigError) -> [UInt32] {
    var modes: [UInt32] = []
    for number in try map.doubles("automatic_modes", .notNegative) {
      guard let mode = UInt32(exactly: number) else {
        throw map.error("automatic_modes", "\(number) is no mode", "write whole numbers, as the driver reports them")
      }
      modes.append(mode)
    }
    return modes
  }

  /// Refuses a cell that neither names the sources of a quantity nor declares it as not measured, or does both.
  static func checkWhole(_ cell: Cell, _ map: YAMLMap) throws(ConfigError) {
    let declared: [(NotMeasured.Quantity, key: String, isEmpty: Bool)] = [
      (.sourceTime, "clocks", cell.clocks.isEmpty), (.heartbeat, "heartbeats", cell.heartbeats.isEmpty),
      (.mode, "automatic_modes", cell.automaticModes.isEmpty),
    ]
    for (quantity, key, isEmpty) in declared {
      let isUnmeasured = cell.notMeasured.contains { $0.quantity == quantity }
      if isEmpty, !isUnmeasured {
        throw map.error(
          key, "`\(key)` is empty, and `\(quantity.rawValue)` is not declared as not measured",
          "fill it, or say who vouches for it: `not_measured: {\(quantity.rawValue): {reason: ..., by: ...}}`")
      }
      if !isEmpty, isUnmeasured {
        throw map.error(
          "not_measured", "`\(key)` is filled and `\(quantity.rawValue)` declared as not measured", "remove one of them")
      }
    }
  }

  private enum ClockName: String, CaseIterable {
    case monotonic, realtime, ptp, simulated

    var core: SourceTime.Clock {
      switch self {
      case .monotonic: .monotonic
      case .realtime: .realtime
      case .ptp: .ptp
      case .simulated: .simulated
      }
    }
  }

  private static func stream(
    _ name: String, _ people: [Sensor], _ obstacles: [Sensor]
  ) -> (stream: ODCVCore.Stream, sensor: Int)? {
    if name == "action" { return (.action, 0) }
    if name == "state" { return (.state, 0) }
    if let sensor = people.firstIndex(where: { $0.id == name }) { return (.people, sensor) }
    return obstacles.firstIndex { $0.id == name }.map { (.obstacles, $0) }
  }
}
