import ODCVConfig
import ODCVCore
import ODCVYAML

/// A small configuration with shapes, a mimic joint, a certificate, a tool and a held object; and edits of it.
struct TwoJointArm {
  private(set) var texts: [String: String] = [
    "monitor.yaml": """
    version: 1
    robot_id: arm1
    robot: robots/arm.yaml
    cell: cells/cell.yaml
    rules: [rules.yaml]
    endpoints: {action: tcp://127.0.0.1:1, state: tcp://127.0.0.1:2, scene: tcp://127.0.0.1:3, gated: tcp://127.0.0.1:4, verdict: tcp://127.0.0.1:5, control: tcp://127.0.0.1:6}
    mode: observe
    realtime: {mode: auto, priority: 80}
    evidence: {directory: evidence}
    operators: {}

    """,
    "robots/arm.yaml": """
    version: 1
    name: two-joint
    source: made up
    shapes: arm.shapes.yaml
    joints:
      shoulder: {kind: revolute, axis: [0, 0, 1], lower_rad: -2.9, upper_rad: 2.9, velocity_rad_s: 2, acceleration_rad_s2: 10, jerk_rad_s3: 1000, effort_nm: 50}
      slide: {kind: prismatic, axis: [1, 0, 0], lower_m: 0, upper_m: 0.4, velocity_m_s: 1, acceleration_m_s2: 10, jerk_m_s3: 1000, effort_n: 50}
    links:
      base:
        capsules: [{from_m: [0, 0, 0], to_m: [0, 0, 0.20], radius_m: 0.08, fit_gap_m: 0.02}]
      upper:
        parent: base
        joint: shoulder
        origin: {xyz_m: [0, 0, 0.30], rpy_rad: [0, 0, 0]}
        capsules:
          - {from_m: [-0.1, 0, 0], to_m: [0.1, 0, 0], radius_m: 0.18, fit_gap_m: 0.1, hull: slab}
      cover:
        parent: base
        joint: shoulder
        mimic: {ratio: -0.5, offset_rad: 0.1}
        origin: {xyz_m: [0, 0, 0.50], rpy_rad: [0, 0, 0]}
        capsules: [{from_m: [0, 0, 0], to_m: [0, 0, 0.05], radius_m: 0.05, fit_gap_m: 0.02}]
      ram:
        parent: upper
        joint: slide
        origin: {xyz_m: [0.4, 0, 0], rpy_rad: [0, 0, 0]}
        capsules: [{from_m: [0, 0, 0], to_m: [0.20, 0, 0], radius_m: 0.05, fit_gap_m: 0.02}]
      trail:
        parent: upper
        joint: slide
        mimic: {ratio: 0.5, offset_m: 0.05}
        origin: {xyz_m: [0.4, 0.2, 0], rpy_rad: [0, 0, 0]}
        capsules: []
        no_shape: a frame
    certificate:
      upper:
        - {mesh: meshes/upper.stl, scale: [0.001, 0.001, 0.001], xyz_m: [0, 0, 0], rpy_rad: [0, 0, 1.5], sha256: 9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21, direction: [0, 0, 1], offsets_m: []}
    tool:
      file: ../tools/gripper.yaml
      on: ram
      xyz_m: [0.2, 0, 0]
      rpy_rad: [0, 1.5707963267948966, 0]
      keep_clear_of: [base, cover]
    self_pairs:
      - [base, ram]
    tcp: {link: ram, offset_m: [0.2, 0, 0]}
    tracking:
      path: box
      arrival: moving
      response_time_s: 0.05
      acceleration_rad_s2: [10, 10]
      error_rad: [0.01, 0.01]
    stopping:
      kind: joint
      reaction_time_s: 0.05
      deceleration_rad_s2: [4, 4]
      source: made up
    measurement: {position_rad: 0.002, velocity_rad_s: 0.01, force_n: 5, standstill_rad_s: 0.02}

    """,
    "robots/arm.shapes.yaml": """
    version: 1
    source: made up
    licence: none
    hulls:
      slab:
        link: upper
        padding_m: 0.000002
        gap_m: 0.000004
        vertices_m:
          - [-0.1, -0.1, -0.1]
          - [-0.1, 0.1, -0.1]
          - [-0.1, 0.1, 0.1]
          - [0.2, 0, 0]

    """,
    "tools/gripper.yaml": """
    version: 1
    name: gripper
    source: made up
    shapes: gripper.shapes.yaml
    links:
      palm:
        capsules: [{from_m: [0, 0, 0], to_m: [0, 0, 0.05], radius_m: 0.04, fit_gap_m: 0.01, hull: palm}]
      fingers:
        parent: palm
        origin: {xyz_m: [0, 0, 0.05], rpy_rad: [0, 0, 0]}
        capsules: [{from_m: [0, -0.04, 0.03], to_m: [0, 0.04, 0.03], radius_m: 0.03, fit_gap_m: 0.03}]
    tcp: {link: fingers, offset_m: [0, 0, 0.05]}

    """,
    "tools/gripper.shapes.yaml": """
    version: 1
    source: made up
    licence: none
    hulls:
      palm:
        link: palm
        padding_m: 0
        gap_m: 0
        vertices_m: [[0.03, 0, 0], [-0.03, 0, 0], [0, 0.03, 0], [0, 0, 0.08]]

    """,
    "cells/cell.yaml": """
    version: 1
    name: bench
    source: made up
    robot: two-joint
    held_object:
      name: tray
      source: made up
      on: fingers
      box: {center_m: [0, 0, 0.10], size_m: [0.40, 0.20, 0.05]}
      keep_clear_of: [base]
    obstacles:
      wall: {box: {center_m: [0, 3, 0], size_m: [4, 0.1, 4]}}
    zones: {}
    inputs:
      state: {max_age_s: 0.1, latency_s: 0.01}
    people_sensors: {}
    obstacle_sensors: {}
    not_measured:
      people: {reason: fenced, by: J. Doe}
      payload: {reason: light, by: J. Doe}
      grip: {reason: soft, by: J. Doe}
      pressure: {reason: fenced, by: J. Doe}
      source_time: {reason: none sent, by: J. Doe}
      heartbeat: {reason: none sent, by: J. Doe}
      mode: {reason: none sent, by: J. Doe}
      tool_pose: {reason: none sent, by: J. Doe}
    clocks: {}
    heartbeats: {}
    automatic_modes: []
    signals: {}
    sequences: {}
    claims: {}
    expected_contacts:
      - {link: tray, other: shelf, body: thing, greatest_force_n: 20, greatest_duration_s: 2}
    control_period_s: 0.05
    verdict_deadline_s: 0.01

    """,
    "rules.yaml": Self.rules,
  ]

  /// Every limit of the book.
  private static let rules: String = {
    let chosen = [
      "clearance.static least_m": 0.03, "clearance.self least_m": 0.01, "clearance.human human_speed_m_s": 1.6,
      "motion.position margin_rad": 0.05, "motion.velocity fraction": 0.8, "integrity.sequence missing_messages": 0,
    ]
    var text = "version: 1\nlayer: site\nrules:\n"
    for rule in RuleID.allCases where !rule.facts.limits.isEmpty {
      let limits = rule.facts.limits.map { "\($0.key): \(chosen["\(rule.name) \($0.key)"] ?? 0.5)" }
      text += "  \(rule.name): {\(limits.joined(separator: ", ")), source: made up}\n"
    }
    return text
  }()

  var files: [ConfigurationFile] {
    texts.keys.sorted().map { ConfigurationFile(name: $0, bytes: Array(texts[$0, default: ""].utf8)) }
  }

  func load() throws(ConfigError) -> LoadedConfiguration { try LoadedConfiguration.load(attachments: files) }

  /// The same with the first `old` of one file replaced by `new`.
  func replacing(_ old: String, with new: String, in name: String) throws -> TwoJointArm {
    guard let range = texts[name]?.firstRange(of: old) else { throw Shipped.Missing(text: old) }
    var copy = self
    copy.texts[name]?.replaceSubrange(range, with: new)
    return copy
  }

  func adding(_ text: String, as name: String) -> TwoJointArm {
    var copy = self
    copy.texts[name] = text
    return copy
  }

  func without(_ name: String) -> TwoJointArm {
    var copy = self
    copy.texts[name] = nil
    return copy
  }

  func line(of text: String, in name: String) throws -> Int {
    guard let whole = texts[name], let range = whole.firstRange(of: text) else { throw Shipped.Missing(text: text) }
    return whole[..<range.lowerBound].count { $0 == "\n" } + 1
  }
}
