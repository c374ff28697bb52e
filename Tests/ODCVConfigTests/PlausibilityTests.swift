import Foundation
import ODCVConfig
import ODCVCore
import Testing

/// A number of the shipped files that has a greatest plausible value, and what to replace to give it another.
struct Greatest: CustomTestStringConvertible, Sendable {
  var file: String
  var old: String
  /// What takes the place of `old`, up to the number and from it on.
  var before: String
  var after: String
  var greatest: Double
  var says: [String]

  init(_ file: String, _ old: String, _ before: String, _ after: String, _ greatest: Double, _ says: String...) {
    (self.file, self.old, self.before, self.after, self.greatest, self.says) = (file, old, before, after, greatest, says)
  }

  var testDescription: String { "\(file): \(before)\(greatest)" }
}

private let robot = "robots/panda-sim.yaml"
private let cell = "cells/e01.yaml"
private let contact = "expected_contacts: [{link: panda_hand, other: part, body: thing, "
private let zone = ", box: {center_m: [1, 0, 0], size_m: [1, 1, 1]}}}"

private let numbers: [Greatest] = [
  Greatest(robot, "velocity_rad_s: 2.175", "velocity_rad_s: ", "", 30, "`velocity_rad_s` in `joints.panda_joint1`", "not in degrees"),
  Greatest(robot, "acceleration_rad_s2: 15", "acceleration_rad_s2: ", "", 300, "`acceleration_rad_s2`", "rad/s²"),
  Greatest(robot, "jerk_rad_s3: 7500", "jerk_rad_s3: ", "", 100_000, "`jerk_rad_s3`", "rad/s³"),
  Greatest(robot, "effort_nm: 87", "effort_nm: ", "", 10_000, "`effort_nm`", "in Nm"),
  Greatest(robot, "mass_kg: 4.970684", "mass_kg: ", "", 1000, "`mass_kg`", "not in grams"),
  Greatest(robot, "deceleration_rad_s2: [6,", "deceleration_rad_s2: [", ",", 300, "`deceleration_rad_s2` in `stopping`"),
  Greatest(robot, "reaction_time_s: 0.02", "reaction_time_s: ", "", 5, "`reaction_time_s`", "not in milliseconds"),
  Greatest(robot, "response_time_s: 0.05", "response_time_s: ", "", 5, "`response_time_s` in `tracking`"),
  Greatest(robot, "position_rad: 0.0002", "position_rad: ", "", 0.1, "`position_rad` in `measurement`", "not in degrees"),
  Greatest(robot, "standstill_rad_s: 0.01", "standstill_rad_s: ", "", 0.2, "`standstill_rad_s`", "not in degrees"),
  Greatest(robot, " force_n: 1\n", " force_n: ", "\n", 500, "`force_n` in `measurement`"),
  Greatest(robot, "error_nm: [1,", "error_nm: [", ",", 500, "`error_nm` in `dynamics`"),
  Greatest(robot, "friction_nm: [0,", "friction_nm: [", ",", 500, "`friction_nm` in `dynamics`"),
  Greatest(robot, "error_rad_s: 0.005", "error_rad_s: ", "", 1, "`error_rad_s` in `velocity_control`"),
  Greatest(robot, "error_rad: [0.002,", "error_rad: [", ",", 0.5, "`error_rad` in `tracking`"),
  Greatest(robot, "greatest_n: 70", "greatest_n: ", "", 10_000, "`greatest_n` in `grip`"),
  Greatest(robot, "greatest_kg: 3", "greatest_kg: ", "", 1000, "`greatest_kg` in `payload`", "not in grams"),
  Greatest(cell, "size_m: [6, 6,", "size_m: [", ", 6,", 100, "`size_m` in `people_sensors.cell-camera.coverage[1]`", "not millimetres"),
  Greatest(cell, "position_error_m: 0.02", "position_error_m: ", "", 1, "`position_error_m`", "not millimetres"),
  Greatest(cell, "max_age_s: 0.1", "max_age_s: ", "", 5, "`max_age_s` in `inputs.state`", "not in milliseconds"),
  Greatest(cell, "max_age_s: 1.0", "max_age_s: ", "", 60, "`max_age_s` in `heartbeats.driver`", "not in milliseconds"),
  Greatest(cell, "signals: {}", "signals: {door: {from: driver, max_age_s: ", "}}", 3600, "`max_age_s` in `signals.door`"),
  Greatest(cell, "control_period_s: 0.02", "control_period_s: ", "", 1, "`control_period_s` in the file", "not in milliseconds"),
  Greatest(
    cell, "zones: {}", "zones: {slow: {kind: speed, only_with_person: true, greatest_m_s: ", zone, 10,
    "`greatest_m_s` in `zones.slow`", "not in mm/s"),
  Greatest(
    cell, "expected_contacts: []", "\(contact)greatest_duration_s: 2, greatest_force_n: ", "}]", 10_000,
    "`greatest_force_n` in `expected_contacts[1]`", "in N"),
  Greatest(
    cell, "expected_contacts: []", "\(contact)greatest_force_n: 20, greatest_duration_s: ", "}]", 3600,
    "`greatest_duration_s` in `expected_contacts[1]`", "not in milliseconds"),
  Greatest(
    cell, "obstacle_sensors: {}",
    "obstacle_sensors: {lidar: {max_age_s: 0.2, latency_s: 0, position_error_m: 0, greatest_speed_m_s: ", "}}", 10,
    "`greatest_speed_m_s` in `obstacle_sensors.lidar`", "not in mm/s"),
]

@Suite struct PlausibilityTests {
  @Test(arguments: numbers) func theGreatestPlausibleNumberLoadsAndNoneAbove(number: Greatest) throws {
    func error(_ value: Double) throws -> ConfigError? {
      try Shipped.error(in: number.file, replacing: number.old, with: "\(number.before)\(value)\(number.after)")
    }
    #expect(try error(number.greatest) == nil)
    let refused = try #require(try error(number.greatest.nextUp))
    let text = refused.description
    #expect(try refused.line == Shipped.line(of: number.old, in: number.file) && refused.file == number.file, "\(text)")
    for part in number.says + ["more than \(number.greatest)", "at most \(number.greatest)"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  /// What every limit of a rules file may be at most, by how its key ends.
  private static func greatest(_ key: String) throws -> Double {
    let ends: [(String, Double)] = [
      ("fraction", 1), ("_m_s", 10), ("_n_s", 10_000), ("_rad", 2 * .pi), ("_nm", 5000), ("_m", 10), ("_n", 10_000), ("_s", 3600),
      ("_messages", 1000),
    ]
    return try #require(ends.first { key.hasSuffix($0.0) }).1
  }

  /// The limits of a site layer that holds every limit at its greatest, but one.
  private func load(_ key: String? = nil, of rule: RuleID? = nil, _ value: Double = 0) throws -> Limits {
    var text = "version: 1\nlayer: site\nrules:\n"
    for other in RuleID.allCases where !other.facts.limits.isEmpty {
      let limits = try other.facts.limits.map { row in
        "\(row.key): \(other == rule && row.key == key ? value : try Self.greatest(row.key))"
      }
      text += "  \(other.name): {\(limits.joined(separator: ", ")), source: made up}\n"
    }
    return try load(text)
  }

  private func load(_ text: String) throws -> Limits {
    let file = FileManager.default.temporaryDirectory.appending(path: "odcv-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try RulesFile.load(paths: [file.path])
  }

  @Test func everyLimitOfARuleMayBeAtItsGreatest() throws {
    let limits = try load()
    for (rule, row) in Limits.rows { #expect(try limits[rule, row.key] == Self.greatest(row.key)) }
  }

  @Test func aLimitOfARuleAboveItsGreatestRefusesToLoad() throws {
    let rules = RuleID.allCases.filter { !$0.facts.limits.isEmpty }
    for (rule, row) in Limits.rows {
      let greatest = try Self.greatest(row.key)
      let error = #expect(throws: ConfigError.self) { try load(row.key, of: rule, greatest.nextUp) }
      let text = try #require(error?.description)
      #expect(error?.line == 4 + (try #require(rules.firstIndex(of: rule))), "\(text)")
      #expect(text.contains("`\(row.key)`"), "\(text)")
      if row.bound == .fraction { continue }
      #expect(text.contains("in `rules.\(rule.name)`") && text.contains("more than \(greatest)"), "\(text)")
    }
  }

  @Test(arguments: [
    ("clearance.static", "least_m: 0.05", "least_m: 50", "write metres, not millimetres"),
    ("clearance.human", "human_speed_m_s: 1.6", "human_speed_m_s: 1600", "write it in m/s, not in mm/s"),
    ("motion.jump", "greatest_rad: 0.5", "greatest_rad: 28.6", "write it in rad, not in degrees"),
    ("contact.halt", "force_threshold_n: 10", "force_threshold_n: 1000000", "write it in N, not in mN"),
    ("contact.halt", "torque_threshold_nm: 10", "torque_threshold_nm: 10000", "write it in Nm, not in N mm"),
    ("integrity.sequence", "missing_messages: 0", "missing_messages: 0.5", "write a whole number of messages"),
    ("coverage.blind", "least_m: 0.1\n", "least_m: 0.1\n    clear_after_s: 5000\n", "write it in seconds, not in milliseconds"),
  ]) func aLimitInAnotherUnitIsToldItsOwn(rule: String, old: String, new: String, advice: String) throws {
    let error = try #require(try Shipped.error(in: "rules/site.yaml", replacing: old, with: new))
    let added = new.count { $0 == "\n" } > 1 ? 1 : 0
    #expect(try error.line == Shipped.line(of: old, in: "rules/site.yaml") + added, "\(error)")
    #expect(error.file == "rules/site.yaml" && error.description.contains("`rules.\(rule)`"), "\(error)")
    #expect(error.description.contains(advice), "\(error)")
  }

  @Test(arguments: [
    ("reduced_m_s: 0.25", "reduced_m_s: 1.71", "reduced_m_s: 1.7", "greatest_m_s"),
    ("reduced_fraction: 0.25", "reduced_fraction: 0.75", "reduced_fraction: 0.5", "fraction"),
    ("reduced_fraction: 0.5", "reduced_fraction: 0.75", "reduced_fraction: 0.5", "fraction"),
    ("greatest_time_s: 2", "greatest_time_s: 10.5", "greatest_time_s: 10", "window_s"),
  ]) func aLimitAboveTheOneThatItMustStayBelowRefusesToLoad(old: String, above: String, equal: String, other: String) throws {
    // All fractions at a half, so that there is room above.
    let site = try Shipped.text("rules/site.yaml").replacing(" fraction: 1.0", with: " fraction: 0.5")
    _ = try load(site.replacing(old, with: equal))
    let error = #expect(throws: ConfigError.self) { try load(site.replacing(old, with: above)) }
    let text = try #require(error?.description)
    #expect(try error?.line == Shipped.line(of: old, in: "rules/site.yaml"), "\(text)")
    #expect(text.contains("is above `\(other)`") && text.contains("write at most"), "\(text)")
  }

  @Test func aPartHeavierThanTheRatedLoadRefusesToLoad() throws {
    func error(_ mass: Double) throws -> ConfigError? {
      try Shipped.error(in: cell, replacing: "greatest_part_kg: 0.5", with: "greatest_part_kg: \(mass)")
    }
    #expect(try error(3) == nil)
    let refused = try #require(try error(3.0.nextUp))
    #expect(try refused.line == Shipped.line(of: "greatest_part_kg", in: cell))
    #expect(refused.description.contains("more than the arm's rated load, 3.0 kg"), "\(refused)")
  }

  @Test func aPartOfAnArmWithoutARatedLoadWeighsAtMostAHundredKilograms() throws {
    func arm(_ mass: Double) throws -> TwoJointArm {
      try TwoJointArm().replacing("control_period_s", with: "greatest_part_kg: \(mass)\ncontrol_period_s", in: "cells/cell.yaml")
    }
    _ = try arm(100).load()
    let error = #expect(throws: ConfigError.self) { try arm(100.0.nextUp).load() }
    #expect(try #require(error?.description).contains("`greatest_part_kg` in the file is 100.0"))
  }

  @Test func aSensorOfPeopleAndOfObstaclesRefusesToLoad() throws {
    let old = "obstacle_sensors: {}"
    let entry = "{max_age_s: 0.2, latency_s: 0, position_error_m: 0, greatest_speed_m_s: 1}"
    let error = try #require(try Shipped.error(in: cell, replacing: old, with: "obstacle_sensors: {cell-camera: \(entry)}"))
    #expect(try error.line == Shipped.line(of: old, in: cell), "\(error)")
    #expect(error.description.contains("`cell-camera` is a sensor of people and of obstacles"), "\(error)")
    #expect(try Shipped.error(in: cell, replacing: old, with: "obstacle_sensors: {lidar: \(entry)}") == nil)
  }

  @Test func effortsAreNotExcusedWhereNothingUsesThem() throws {
    let effort = "effort: {reason: none sent, by: J. Doe}"
    let arm = try TwoJointArm().replacing("not_measured:\n", with: "not_measured:\n  \(effort)\n", in: "cells/cell.yaml")
    let error = #expect(throws: ConfigError.self) { try arm.load() }
    #expect(try error?.line == arm.line(of: "not_measured:", in: "cells/cell.yaml"))
    #expect(try #require(error?.description).contains("without `dynamics` in the robot file nothing uses them"))
    #expect(try Shipped.error(in: cell, replacing: "not_measured:\n", with: "not_measured:\n  \(effort)\n") == nil)
  }
}
