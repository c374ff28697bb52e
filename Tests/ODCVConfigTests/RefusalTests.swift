import ODCVConfig
import Testing

/// One mistake in the shipped files: what is replaced, by what, and what the error must say besides its place.
struct Mistake: CustomTestStringConvertible, Sendable {
  var file: String
  var old: String
  var new: String
  /// Text that stands on the line that the error must name; `nil`: on the line of `old`.
  var at: String?
  var says: [String]

  init(_ file: String, _ old: String, _ new: String, at: String? = nil, _ says: String...) {
    (self.file, self.old, self.new, self.at, self.says) = (file, old, new, at, says)
  }

  var testDescription: String { "\(file): \(new.isEmpty ? "without \(old)" : new)" }
}

private let robot = "robots/panda-sim.yaml"
private let cell = "cells/e01.yaml"
private let site = "rules/site.yaml"
private let monitor = "monitor.yaml"

private func recording(_ keys: String, _ says: String...) -> Mistake {
  var mistake = Mistake(monitor, "{directory: evidence}", "{directory: evidence, \(keys)}", at: "evidence:")
  mistake.says = says
  return mistake
}

private let mistakes: [Mistake] = [
  // Evidence
  Mistake(monitor, "{directory: evidence}", "{directory: evidence, compression: lz4}", at: "evidence:", "`lz4`", "write zstd"),
  Mistake(monitor, "{directory: evidence}", "{directory: evidence, compression: gzip}", at: "evidence:", "`gzip`", "zstd or none"),
  recording("split_s: 0.5", "`split_s` is 0.5", "at least 1"),
  recording("split_s: 0", "split_s", "greater than 0"),
  recording("split_mb: 0.1", "`split_mb` is 0.1", "at least 1"),
  recording("split_mb: 2000000", "`split_mb`", "at most 1000000"),
  recording("min_free_mb: 8", "`min_free_mb` is 8", "at least 32"),
  recording("policy: oldest", "`policy` without `min_free_mb`"),
  recording("lock_days: 9", "`lock_days` without `min_free_mb`"),
  recording("min_free_mb: 100, policy: newest", "`policy` is `newest`", "stop"),
  recording("min_free_mb: 100, lock_days: 9", "`policy: stop`, which removes nothing"),
  recording("min_free_mb: 100, policy: oldest, lock_days: 0.5", "`lock_days` is 0.5", "at least 1"),
  recording("full: false, before_s: 5", "without `after_s`"),
  recording("full: false, after_s: 5", "without `before_s`"),
  recording("full: false", "without `before_s`", "how much around"),
  recording("before_s: 5, after_s: 5", "`before_s` where everything is recorded", "full: false"),
  recording("full: true, after_s: 5", "`after_s` where everything is recorded"),
  recording("full: false, before_s: 600, after_s: 5", "`before_s` is 600", "at most 60"),
  recording("full: false, before_s: 0.1, after_s: 5", "`before_s` is 0.1", "at least 1"),
  // Robots
  Mistake(robot, "lower_rad: -2.8973, upper_rad: 2.8973", "lower_rad: 2.8973, upper_rad: -2.8973", "panda_joint1", "cross"),
  Mistake(robot, "lower_rad: -2.8973", "lower_rad: 2.8973", "cross", "smaller number"),
  Mistake(robot, "velocity_rad_s: 2.175", "velocity_rad_s: 0", "velocity_rad_s", "greater than 0"),
  Mistake(robot, "velocity_rad_s: 2.175", "velocity_rad_s: -2.175", "velocity_rad_s", "greater than 0"),
  Mistake(robot, "velocity_rad_s: 2.175", "velocity_rad_s: 124.6", "124.6 rad/s", "not in degrees"),
  Mistake(robot, "deceleration_rad_s2: [6,", "deceleration_rad_s2: [600,", "600.0 rad/s²", "not in degrees"),
  Mistake("cells/e01.yaml", "center_m: [0.54, 0, 0.13]", "center_m: [540, 0, 130]", "`post`", "not millimetres"),
  Mistake("cells/e01.yaml", "size_m: [0.050, 0.030, 0.46]", "size_m: [50, 30, 460]", "`post`", "not millimetres"),
  Mistake("cells/e01.yaml", "max_age_s: 0.1", "max_age_s: 100", "`max_age_s` in `inputs.state`", "100.0 s", "not in milliseconds"),
  Mistake(robot, "velocity_rad_s: 2.175", "velocity_deg_s: 124", "velocity_deg_s", "another unit", "rad/s"),
  Mistake(robot, "lower_rad: -2.8973, upper_rad: 2.8973", "lower_rad: -166, upper_rad: 166", "degrees", "rad"),
  Mistake(robot, "acceleration_rad_s2: 15", "acceleration_rad_s2: .inf", "acceleration_rad_s2", "decimal number"),
  Mistake(robot, "acceleration_rad_s2: 15", "acceleration_rad_s2: 1e999", "acceleration_rad_s2", "finite"),
  Mistake(robot, "jerk_rad_s3: 7500", "jerk_rad_s3: .nan", "jerk_rad_s3", "decimal number"),
  Mistake(robot, "effort_nm: 87", "effort_nm: \"87\"", "effort_nm", "without quotes"),
  Mistake(robot, "effort_nm: 87", "effort_nm: 0x57", "effort_nm", "decimal number"),
  Mistake(robot, "effort_nm: 87", "effort: 87", "`effort` has no unit", "write `effort_nm`", "Nm"),
  Mistake(robot, "radius_m: 0.062", "radius: 0.062", "`radius` has no unit", "write `radius_m`"),
  Mistake(robot, "radius_m: 0.062", "radius_mm: 62", "`radius_mm` is in another unit", "write `radius_m`"),
  Mistake(robot, "radius_m: 0.062", "radius_m: 0", "radius_m", "greater than 0"),
  Mistake(robot, "fit_gap_m: 0.0021", "fit_gap_m: -0.001", "fit_gap_m", "0 or a greater"),
  Mistake(robot, "axis: [0, 0, 1]", "axis: [0, 0, 2]", "length 2", "unit vector"),
  Mistake(robot, "axis: [0, 0, 1]", "axis: [0, 1]", "2 entries", "3 numbers"),
  Mistake(robot, "kind: revolute", "kind: rotary", "rotary", "revolute, prismatic"),
  Mistake(robot, "parent: panda_link0", "parent: panda_link5", "panda_link5", "parents before"),
  Mistake(robot, "joint: panda_joint1", "joint: panda_joint9", "panda_joint9", "panda_joint1"),
  Mistake(robot, "joint: panda_joint2", "joint: panda_joint1", "moves `panda_link1` already"),
  Mistake(robot, "joint: panda_joint1", "joint: panda_joint3", "does not follow", "order of the chain"),
  Mistake(robot, "rpy_rad: [-1.5707963267948966, 0, 0]", "rpy_rad: [-90, 0, 0]", "degrees", "rad"),
  Mistake(robot, "    joint: panda_joint7\n", "", at: "joints:", "panda_joint7", "moves no link"),
  Mistake(robot, "[panda_link0, panda_link5]", "[panda_link0, panda_link55]", "panda_link55", "write one of panda_link0, panda_link1"),
  Mistake(robot, "[panda_link0, panda_link5]", "[panda_link1, panda_link2]", "every pose", "remove the pair"),
  Mistake(robot, "[panda_link0, panda_link5]", "[panda_link7, panda_hand]", "every pose", "remove the pair"),
  Mistake(robot, "[panda_link0, panda_link5]", "[panda_link5, panda_link5]", "paired with itself"),
  Mistake(robot, "self_pairs:\n", "self_pairs: []\nother_pairs:\n", "no pair of links is checked"),
  Mistake(robot, "[panda_link0, panda_link6]", "[panda_link5, panda_link0]", "twice"),
  Mistake(robot, "[panda_link0, panda_link5]", "[panda_link0]", "1 names", "pairs"),
  Mistake(robot, "tcp: {link: panda_hand", "tcp: {link: gripper", "gripper", "no link", "panda_link7, panda_hand"),
  Mistake(robot, "error_rad: [0.002, ", "error_rad: [", "6 entries", "7 numbers"),
  Mistake(robot, "path: straight", "path: curved", "curved", "straight, box"),
  Mistake(robot, "deceleration_rad_s2: [6,", "deceleration_rad_s2: [0,", "deceleration_rad_s2", "greater than 0"),
  Mistake(robot, "standstill_rad_s: 0.01", "standstill_rad_s: 0.002", "below the velocity error", "at least 0.0025"),
  Mistake(robot, "version: 1", "version: 2", "version 2", "version: 1"),
  // Cells
  Mistake(cell, "robot: panda-sim", "robot: ur5", "ur5", "panda-sim"),
  Mistake(cell, "size_m: [0.70, 1.20, 0.04]", "size_m: [0.70, 0, 0.04]", "edge of 0"),
  Mistake(cell, "box: {center_m: [0.54", "cube: {center_m: [0.54", "cube", "box, capsule, sphere, half_space, hull"),
  Mistake(
    cell,
    "people_sensors:\n  cell-camera: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, coverage: [{center_m: [0, 0, 0.75], size_m: [6, 6, 4]}]}",
    "people_sensors: {}",
    at: "people_sensors:", "neither sensed nor declared"),
  Mistake(
    cell, "obstacle_sensors: {}", "obstacle_sensors: {bin: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02}}",
    "`greatest_speed_m_s` is missing"),
  Mistake(
    cell, "obstacle_sensors: {}",
    "obstacle_sensors: {bin: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, greatest_speed_m_s: -1}}",
    "greatest_speed_m_s", "0 or a greater number"),
  Mistake(
    cell, "position_error_m: 0.02, coverage:", "position_error_m: 0.02, greatest_speed_m_s: 1, coverage:",
    "greatest_speed_m_s"),
  Mistake(cell, "not_measured:\n", "not_measured:\n  people: {reason: fenced, by: J. Doe}\n", "sensed and declared"),
  Mistake(
    cell, "not_measured:\n", "not_measured:\n  heat: {reason: none, by: J. Doe}\n", at: "  pressure:", "heat",
    "people, contact, force, payload, grip, source_time"),
  Mistake(cell, "state: {max_age_s: 0.1,", "state: {max_age_s: 0.004,", "not above `latency_s`"),
  Mistake(cell, "latency_s: 0.004", "latency_ms: 4", "`latency_ms` is in another unit", "write `latency_s`"),
  Mistake(cell, "verdict_deadline_s: 0.005", "verdict_deadline_s: 0.02", "not below the control period"),
  Mistake(
    cell, "expected_contacts: []",
    "expected_contacts: [{link: gripper, other: part, body: thing, greatest_force_n: 20, greatest_duration_s: 2}]", "gripper", "no link", "panda_link7, panda_hand"),
  Mistake(
    cell, "zones: {}",
    "zones: {slow: {kind: speed, greatest_m_s: 0, only_with_person: true, box: {center_m: [1, 0, 0], size_m: [1, 1, 1]}}}",
    "greatest_m_s", "greater than 0"),
  Mistake(cell, "zones: {}", "zones: {slow: {kind: slow}}", "speed, force"),
  Mistake(cell, "center_m: [0.54, 0, 0.13]", "center_m: [0, 0.1, 0.13]", "`post`", "`panda_link1`", "every pose", "mounted on"),
  Mistake(robot, "lower_rad: -2.8973, upper_rad: 2.8973", "lower_rad: 0, upper_rad: 0.02", "leaves no range", "margin_rad"),
  // Rules
  Mistake(site, "least_m: 0.05", "least: 0.05", "`least` has no unit", "write `least_m`"),
  Mistake(site, "fraction: 1.0", "fraction: 1.1", "at most 1"),
  Mistake(site, "  clearance.self:", "  clearance.elf:", "clearance.elf", "clearance.self"),
  Mistake(site, "  clearance.self:", "  zone.speed:", "zone.speed", "`zones`"),
  Mistake(site, "layer: site", "layer: plant", "plant", "site, robot, cell, task"),
  // The monitor file
  Mistake(monitor, "robot_id: panda", "robot_id: panda/1", "panda/1", "letters"),
  Mistake(monitor, "robot: robots/panda-sim.yaml", "robot: ../robots/panda-sim.yaml", "beside or below"),
  Mistake(monitor, "robot: robots/panda-sim.yaml", "robot: /etc/panda.yaml", "beside or below"),
  Mistake(monitor, "rules: [rules/site.yaml]", "rules: []", "no rules file"),
  Mistake(monitor, "mode: observe", "mode: enforced", "enforced", "observe, enforce"),
  Mistake(monitor, "tcp://127.0.0.1:7411", "tcp://127.0.0.1:7410", "`state` and `action`"),
  Mistake(monitor, "tcp://127.0.0.1:7411", "tcp://0.0.0.0:7411", "other machines", "127.0.0.1"),
  Mistake(monitor, "tcp://127.0.0.1:7411", "tcp://*:7411", "other machines"),
  Mistake(monitor, "tcp://127.0.0.1:7411", "tcp://127.0.0.1:74110", "no endpoint"),
  Mistake(monitor, "tcp://127.0.0.1:7411", "ipc://state", "absolute path"),
  Mistake(monitor, "priority: 80", "priority: 0", "1 to 99"),
  Mistake(monitor, "core: 1, priority: 80", "priority: 80, receive: busy", "without a core", "`core`"),
  Mistake(monitor, "core: 1, priority: 80", "core: 64, priority: 80", "0 to 63"),
  Mistake(monitor, "priority: 80", "priority: 80, receive: spin", "spin", "blocking, busy"),
  Mistake(monitor, "operators: {}", "lease_s: 2\noperators: {}", "`lease_s` is 2", "0.01 to 1"),
  Mistake(monitor, "operators: {}", "lease_s: 0\noperators: {}", "0.01 to 1"),
  Mistake(
    monitor, "evidence: {directory: evidence}", "evidence: {directory: evidence, key_credential: a}", "without a key"),
  Mistake(
    monitor, "evidence: {directory: evidence}", "evidence: {directory: evidence, key: k, key_credential: a/b}",
    "no credential's name"),
  Mistake(
    monitor, "evidence: {directory: evidence}", "evidence: {directory: evidence, keys: k}", "keys"),
  Mistake(monitor, "operators: {}", "metrics_file: panda.txt\noperators: {}", "does not end in .prom"),
  Mistake(monitor, "mode: observe", "loops: []\nmode: observe", "a fleet's"),
  Mistake(monitor, "operators: {}", "operators: {ann: abc}", "ann", "Ed25519"),
  Mistake(monitor, "mode: observe", "mode: observe\nmode: enforce", "`mode` is given twice"),
  Mistake(monitor, "mode: observe", "mode: [observe", "not YAML"),
  Mistake(monitor, "mode: observe", "mood: observe", "mood", "did you mean `mode`"),
]

@Suite struct RefusalTests {
  @Test(arguments: mistakes) func aMistakeStopsTheLoadWithItsLineAndItsRemedy(mistake: Mistake) throws {
    let error = try #require(try Shipped.error(in: mistake.file, replacing: mistake.old, with: mistake.new))
    let text = error.description
    #expect(error.file == mistake.file, "\(text)")
    if mistake.says != ["not YAML"] {
      #expect(try error.line == Shipped.line(of: mistake.at ?? mistake.old, in: mistake.file), "\(text)")
    }
    for part in mistake.says { #expect(text.contains(part), "\(text)") }
    #expect(!text.contains("\n"))
  }

  @Test func aZoneThatBindsOnlyWithAPersonNeedsSomeoneToSeePeople() throws {
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == cell })
    let zone = "{kind: speed, greatest_m_s: 1, only_with_person: true, box: {center_m: [1, 0, 0], size_m: [1, 1, 1]}}"
    let sensor =
      "  cell-camera: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, coverage: [{center_m: [0, 0, 0.75], size_m: [6, 6, 4]}]}\n"
    files[index].bytes = Array(
      String(decoding: files[index].bytes, as: UTF8.self)
        .replacing("zones: {}", with: "zones:\n  slow: \(zone)")
        .replacing("people_sensors:\n\(sensor)", with: "people_sensors: {}\n")
        .replacing("not_measured:\n", with: "not_measured:\n  people: {reason: fenced, by: J. Doe}\n").utf8)
    let error = try #require(Shipped.error(files))
    #expect(error.description.contains("`slow` binds only with a person in it, and no sensor sees people"), "\(error)")
  }
}
