import ODCVConfig
import ODCVCore
import Testing

/// Entries beyond a capacity of the core are refused, never cut; as many as fit are taken.
@Suite struct CapacityTests {
  private func error(_ file: String, _ old: String, _ new: String) throws -> ConfigError? {
    try Shipped.error(in: file, replacing: old, with: new)
  }

  private func list(_ count: Int, _ entry: (Int) -> String) -> String { (0..<count).map(entry).joined() }

  private func box(_ index: Int) -> String {
    "  more\(index): {box: {center_m: [3, 3, \(0.1 * Double(index))], size_m: [0.1, 0.1, 0.1]}}\n"
  }

  @Test func obstacles() throws {
    let head = "obstacles:\n"
    #expect(try error("cells/e01.yaml", head, head + list(Capacity.obstacles - 4, box)) == nil)
    let refused = try #require(try error("cells/e01.yaml", head, head + list(Capacity.obstacles - 3, box)))
    #expect(refused.description.contains("129 obstacles; declare at most 128"))
    #expect(try refused.line == Shipped.line(of: head, in: "cells/e01.yaml"))
  }

  @Test(arguments: ["people_sensors", "obstacle_sensors"]) func sensors(key: String) throws {
    let old = key == "people_sensors" ? "people_sensors:\n" : "obstacle_sensors: {}\n"
    let own =
      key == "people_sensors" ? "coverage: [{center_m: [0, 0, 0], size_m: [1, 1, 1]}]" : "greatest_speed_m_s: 0.5"
    func sensor(_ index: Int) -> String {
      "  s\(index): {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, \(own)}\n"
    }
    let shipped = key == "people_sensors" ? 1 : 0
    #expect(try error("cells/e01.yaml", old, "\(key):\n" + list(Capacity.sensors - shipped, sensor)) == nil)
    let refused = try #require(try error("cells/e01.yaml", old, "\(key):\n" + list(Capacity.sensors + 1 - shipped, sensor)))
    #expect(refused.description.contains("5 entries in `\(key)`; declare at most 4"))
  }

  @Test func expectedContacts() throws {
    func contact(_ index: Int) -> String {
      "  - {link: panda_hand, other: part\(index), body: thing, greatest_force_n: 20, greatest_duration_s: 2}\n"
    }
    let old = "expected_contacts: []\n"
    #expect(try error("cells/e01.yaml", old, "expected_contacts:\n" + list(Capacity.contacts, contact)) == nil)
    let refused = try #require(try error("cells/e01.yaml", old, "expected_contacts:\n" + list(Capacity.contacts + 1, contact)))
    #expect(refused.description.contains("17 expected contacts; declare at most 16"))
  }

  @Test func joints() throws {
    let joint =
      "{kind: revolute, axis: [0, 0, 1], lower_rad: -1, upper_rad: 1, velocity_rad_s: 1, acceleration_rad_s2: 1, jerk_rad_s3: 1, effort_nm: 1}"
    let refused = try #require(
      try error("robots/panda-sim.yaml", "joints:\n", "joints:\n" + list(Capacity.joints - 6) { "  j\($0): \(joint)\n" }))
    #expect(refused.description.contains("33 joints; declare 1 to 32 joints"))
  }

  @Test func capsules() throws {
    let capsule = "{from_m: [0, 0, 0], to_m: [0, 0, 0.1], radius_m: 0.01, fit_gap_m: 0}"
    func link(_ count: Int) -> String {
      let all = Array(repeating: capsule, count: count).joined(separator: ", ")
      let mass = "mass_kg: 0.1, center_of_mass_m: [0, 0, 0], inertia_kg_m2: [0.001, 0.001, 0.001, 0, 0, 0]"
      return "  more: {parent: panda_hand, origin: {xyz_m: [0, 0, 0.1], rpy_rad: [0, 0, 0]}, \(mass), capsules: [\(all)]}\n"
    }
    let old = "\n# Pairs that can meet"
    let accepted = try error("robots/panda-sim.yaml", old, "\n" + link(200) + old)
    #expect(accepted == nil, "\(String(describing: accepted))")
    let refused = try #require(try error("robots/panda-sim.yaml", old, "\n" + link(Capacity.capsules) + old))
    #expect(refused.description.contains("more than 255 capsules"))
  }

  @Test func links() throws {
    func link(_ index: Int) -> String {
      "  more\(index): {parent: panda_hand, origin: {xyz_m: [0, 0, 0.1], rpy_rad: [0, 0, 0]}, capsules: [], no_shape: a frame}\n"
    }
    let old = "\n# Pairs that can meet"
    #expect(try error("robots/panda-sim.yaml", old, "\n" + list(Capacity.links - 9, link) + old) == nil)
    let refused = try #require(try error("robots/panda-sim.yaml", old, "\n" + list(Capacity.links - 8, link) + old))
    #expect(refused.description.contains("more than 64 links"))
  }
}

@Suite struct OperatorTests {
  private static let hex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
  private static let base64 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

  @Test(arguments: [hex, base64, hex.uppercased()]) func aKeyIsReadInHexadecimalAndInBase64(text: String) throws {
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == "monitor.yaml" })
    files[index].bytes = Array(
      String(decoding: files[index].bytes, as: UTF8.self)
        .replacing("operators: {}", with: "operators: {ann: \"\(text)\"}").utf8)
    let key = try #require(try LoadedConfiguration.load(attachments: files).operators["ann"])
    #expect(key.count == 32)
    #expect(key.first == 0xd7 && key.last == 0x1a)
  }

  @Test(arguments: [String(hex.dropLast(2)), hex + "00", "zz" + hex.dropFirst(2), String(base64.dropLast(4)), base64 + "AAAA"])
  func whatIsNoKeyIsRefused(text: String) throws {
    let error = try Shipped.error(in: "monitor.yaml", replacing: "operators: {}", with: "operators: {ann: \"\(text)\"}")
    #expect(try #require(error).description.contains("not an Ed25519 public key"))
  }
}
