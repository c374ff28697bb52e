import Foundation
import ODCVConfig
import ODCVSim

/// The online monitor of a scenario that names none of its own: a cell file that is made from the scenario's fixtures, zones,
/// devices and limits, beside the robot, rules and body table that `config/` ships.
///
/// What no rule of the monitor can see of a constraint is left out: the truth oracle finds it, the monitor doesn't.
struct ScenarioMonitor {
  let scenario: Scenario
  /// The folder `config/`.
  private let folder: String

  private static let shared = ["robots/panda-sim.yaml", "rules/site.yaml", "tables/iso-ts-15066.yaml"]

  /// - Parameter scenario: read from a file in a folder beside `robots/`, `rules/` and `tables/`
  init(_ scenario: Scenario) {
    self.scenario = scenario
    folder = ((scenario.path as NSString).deletingLastPathComponent as NSString).appendingPathComponent("..")
  }

  /// The configuration of the scenario's own monitor file, or the one that is made for it.
  static func configuration(of scenario: Scenario) throws -> LoadedConfiguration {
    if let path = scenario.monitorConfiguration { return try LoadedConfiguration.load(path: path) }
    return try LoadedConfiguration.load(attachments: ScenarioMonitor(scenario).files())
  }

  /// All files of the configuration, by their names.
  func files() throws -> [ConfigurationFile] {
    var files = try Self.shared.map { name in
      let path = (folder as NSString).appendingPathComponent(name)
      guard let data = FileManager.default.contents(atPath: path) else {
        throw PressureError("\(path): can't be read; a scenario's monitor needs the robot, rules and table of config/")
      }
      return ConfigurationFile(name: name, bytes: [UInt8](data))
    }
    if let index = files.firstIndex(where: { $0.name == "rules/site.yaml" }) {
      files[index].bytes = Array(rules(String(decoding: files[index].bytes, as: UTF8.self)).utf8)
    }
    files.append(ConfigurationFile(name: "monitor.yaml", bytes: Array(monitor.utf8)))
    files.append(ConfigurationFile(name: "cells/\(name).yaml", bytes: Array(cell.utf8)))
    return files
  }

  private var name: String { scenario.id.lowercased() }

  private var monitor: String {
    """
    version: 1
    robot_id: \(scenario.robotID)
    robot: robots/panda-sim.yaml
    cell: cells/\(name).yaml
    rules: [rules/site.yaml]
    body_limits: tables/iso-ts-15066.yaml
    endpoints:
      action: tcp://127.0.0.1:7410
      state: tcp://127.0.0.1:7411
      scene: tcp://127.0.0.1:7412
      gated: tcp://127.0.0.1:7413
      verdict: tcp://127.0.0.1:7414
      control: tcp://127.0.0.1:7416
    mode: observe
    realtime: {mode: auto, priority: 80}
    evidence: {directory: evidence}
    operators: {}

    """
  }

  /// The site's rules with what the scenario tells of fixtures and joints.
  private func rules(_ text: String) -> String {
    let clearance = scenario.constraints.first { $0.kind == .staticClearance }?.limit ?? Self.leastClearance
    var text = text.replacing("least_m: 0.05\n", with: "least_m: \(clearance)\n")
    if let speed = scenario.constraints.first(where: { $0.kind == .jointSpeed })?.limit {
      text = text.replacing("motion.velocity:\n    fraction: 1.0", with: "motion.velocity:\n    fraction: \(speed / Self.jointSpeed)")
    }
    return text
  }

  /// m that the arm keeps from fixtures of which the scenario tells nothing.
  private static let leastClearance = 0.01
  /// rad/s: the least of the arm's published joint velocity limits.
  private static let jointSpeed = 2.175

  private var cell: String {
    var text = """
      version: 1
      name: \(name)
      robot: panda-sim
      source: the scenario's own description of its cell, with no allowance
      inputs:
        state: {max_age_s: 0.1, latency_s: 0.004}
      people_sensors:
        cell-camera: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, coverage: [{center_m: [0, 0, 0.75], size_m: [6, 6, 4]}]}
      obstacle_sensors: {}
      clocks: {state: simulated, cell-camera: simulated}
      heartbeats:
        driver: {max_age_s: 1.0}
      automatic_modes: [1]
      not_measured:
        pressure: {reason: nobody has measured the areas that the simulated housings press with, by: the scenario's author}
      claims: {}
      control_period_s: \(scenario.controlPeriod)
      verdict_deadline_s: \(scenario.controlPeriod / 4)
      greatest_part_kg: \(scenario.monitoredPartMass)

      """
    text += mapping("obstacles", scenario.monitoredFixtures.map { "\($0.name): {box: \(box($0.center, $0.size))}" })
    text += mapping("zones", zones)
    text += mapping("signals", scenario.deviceNames.map { "\($0): {from: perception, max_age_s: 0.2}" })
    text += mapping("sequences", sequences)
    text += list("expected_contacts", expectedContacts)
    return text
  }

  private func mapping(_ key: String, _ rows: [String]) -> String {
    rows.isEmpty ? "\(key): {}\n" : "\(key):\n" + rows.map { "  \($0)\n" }.joined()
  }

  private func list(_ key: String, _ rows: [String]) -> String {
    rows.isEmpty ? "\(key): []\n" : "\(key):\n" + rows.map { "  - \($0)\n" }.joined()
  }

  private func box(_ center: SIMD3<Double>, _ size: SIMD3<Double>) -> String {
    "{center_m: [\(center.x), \(center.y), \(center.z)], size_m: [\(size.x), \(size.y), \(size.z)]}"
  }

  private var zones: [String] {
    var rows: [String] = []
    for constraint in scenario.constraints {
      guard let zone = scenario.zones.first(where: { $0.name == constraint.zone }) else { continue }
      let place = "box: \(box((zone.minimum + zone.maximum) * 0.5, zone.maximum - zone.minimum))"
      switch constraint.kind {
      case .zoneSpeed:
        rows.append("\(zone.name): {kind: speed, greatest_m_s: \(constraint.limit), only_with_person: false, \(place)}")
      case .keepOut: rows.append("\(zone.name): {kind: keep-out, \(place)}")
      case .interlock: rows.append("\(zone.name): {kind: region, \(place)}")
      case .staticClearance, .humanSeparation, .speedNearPeople, .contactHalt, .contactForce, .jointSpeed, .payload, .grip,
        .toolHazard, .check, .tilt, .integrity, .mode, .authority, .report:
        break
      }
    }
    if let name = scenario.forceZone, let zone = scenario.zones.first(where: { $0.name == name }) {
      // Hands and forearms that lie wholly inside are protected by force, energy and speed, not by distance.
      rows.append(
        "\(name): {kind: force, regions: [forearm, hand], recoils: true, greatest_force_n: 280, greatest_energy_j: 0.49, "
          + "greatest_m_s: 1.0, box: \(box((zone.minimum + zone.maximum) * 0.5, zone.maximum - zone.minimum))}")
    }
    for constraint in scenario.constraints where constraint.kind == .check {
      guard let operation = constraint.operation, watches(operation), let center = scenario.farEnd(from: operation) else {
        continue
      }
      let size = SIMD3<Double>(repeating: Self.endSize)
      rows.append("after_\(operation): {kind: region, box: \(box(center, size))}")
    }
    return rows
  }

  /// A check that is not due in each cycle can't be told from one that was left out, and one that is done where the cycle ends
  /// has not been done yet when the arm starts where that leads to.
  func watches(_ operation: String) -> Bool {
    scenario.isDueInEachCycle(operation) && scenario.isDoneAtPick(operation)
  }

  /// m: edge of the place that a check must come before.
  private static let endSize = 0.16
  /// s that a check done at one end lasts until the other.
  private static let checkLasts = 5.0

  private var sequences: [String] {
    scenario.constraints.compactMap { constraint in
      guard let operation = constraint.operation else { return nil }
      switch constraint.kind {
      case .interlock:
        return "before_\(constraint.zone ?? ""): {kind: interlock, signal: \(operation), zone: \(constraint.zone ?? "")}"
      case .check:
        guard watches(operation) else { return nil }
        return "before_\(operation): {kind: check_before_move, signal: \(operation), valid_s: \(Self.checkLasts), each_move: false, "
          + "zone: after_\(operation)}"
      case .staticClearance, .humanSeparation, .zoneSpeed, .speedNearPeople, .keepOut, .contactHalt, .contactForce,
        .jointSpeed, .payload, .grip, .toolHazard, .tilt, .integrity, .mode, .authority, .report:
        return nil
      }
    }
  }

  private var expectedContacts: [String] {
    scenario.pressedFixtures.map { name in
      let limit = scenario.constraints.first { $0.kind == .contactForce && $0.against == name }?.limit ?? Self.pressForce
      return "{link: panda_hand, other: \(name), body: thing, greatest_force_n: \(limit), greatest_duration_s: 5}"
    }
  }

  /// N that the arm may press with where the scenario tells nothing.
  private static let pressForce = 60.0
}
