import ODCVConfig
import ODCVCore
import Testing

/// The shipped table of what a body bears, number by number, and what a wrong one is refused for.
@Suite struct BodyTableTests {
  private static let name = "tables/iso-ts-15066.yaml"

  private func shipped() throws -> BodyTableFile { try BodyTableFile.load(path: Shipped.path(Self.name)) }

  /// Region, quasi-static N, and N/cm², the least of the region's places; N/mm; kg. As ISO/TS 15066:2016, annex A, is restated
  /// by a public ROS safety controller and by STIMBA's calculator.
  private static let golden: [(BodyRegion, Double, Double, Double, Double)] = [
    (.skull, 130, 110, 150, 4.4), (.face, 65, 110, 75, 4.4), (.neck, 150, 140, 50, 1.2), (.back, 210, 160, 35, 40),
    (.chest, 140, 120, 25, 40), (.abdomen, 110, 140, 10, 40), (.pelvis, 180, 210, 25, 40), (.upperArm, 150, 190, 30, 3),
    (.forearm, 160, 180, 40, 2), (.hand, 140, 190, 75, 0.6), (.thigh, 220, 220, 50, 75), (.lowerLeg, 130, 210, 60, 75),
  ]

  @Test func theShippedTableIsTheAnnexes() throws {
    let file = try shipped()
    #expect(Self.golden.map(\.0) == BodyRegion.allCases)
    for (region, force, pressure, spring, mass) in Self.golden {
      let row = file.table[region]
      #expect(row.force == force && row.pressure == pressure * 1e4, "\(region)")
      #expect(row.stiffness == spring * 1e3 && row.mass == mass, "\(region)")
      #expect(row.transientFactor == (region == .skull || region == .face ? nil : 2), "\(region)")
    }
    #expect(file.places.count == 29)
    #expect(file.table.transientTime == 0.5)
    #expect(file.table.force(nil, isTransient: true) == 65)
    #expect(file.table.pressure(nil, isTransient: true) == 1.1e6)
    #expect(file.approach.walking == 1.6 && file.approach.hand == 2)
  }

  /// An open-source table has 150 N for a transient contact of the neck: the quasi-static number in the wrong column.
  @Test func transientForcesAreTwiceTheOthers() throws {
    let table = try shipped().table
    for (region, force) in [(BodyRegion.neck, 300.0), (.chest, 280), (.abdomen, 220), (.hand, 280), (.upperArm, 300)] {
      #expect(table[region].force(isTransient: true) == force)
    }
    #expect(table[.face].force(isTransient: true) == 65 && table[.skull].force(isTransient: true) == 130)
  }

  @Test func itsHashAndItsMarksAreTold() throws {
    let file = try shipped()
    let hash = file.sha256.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    // Changed only with the numbers, their source and their edition in view.
    #expect(hash == "31a8916088c296fb71f009de5781491fb634caad1fc9a383fc49d45be7b6e93d")
    // The moment, two a place, stiffness and mass a region, factor and energy where there are, and four of the approach.
    let marked: Int = 1 + 58 + 24 + 20 + 4
    let count: Int = file.marks.values.reduce(0, +)
    #expect(count == marked)
    #expect(try #require(file.marks[.verify]) > 0)
    #expect(file.edition == "2016-1" && file.source.contains("STIMBA"))
  }

  @Test(arguments: [
    ("face: {stiffness_n_m", "face: {transient_factor: 2, transient_mark: ok, stiffness_n_m", "no contact with it may be designed for"),
    ("skull: {stiffness_n_m", "skull: {transient_factor: 1, transient_mark: ok, stiffness_n_m", "no contact with it may be designed for"),
    ("neck: {transient_factor: 2", "neck: {transient_factor: 0.5", "cross"),
    ("neck: {transient_factor: 2", "neck: {transient_factor: 300", "not the limit itself"),
    ("  neck: {", "  throat: {", "neck"),
    (
      "  - {region: face, place: chewing muscle, pressure_pa: 1100000, pressure_mark: ok, force_n: 65, force_mark: ok}\n", "",
      "no place of `face`"
    ),
    ("place: temple, pressure_pa: 1100000", "place: temple, pressure_pa: 110", "1 N/cm² is 10000 Pa"),
    ("place: temple, pressure_pa: 1100000", "place: temple, pressure_pa: -1", "greater than 0"),
    ("region: face, place", "region: nose, place", "nose"),
    ("stiffness_n_m: 50000, stiffness_mark: ok", "stiffness_n_m: 50, stiffness_mark: ok", "1 N/mm is 1000 N/m"),
    ("place: temple", "place: middle of forehead", "twice"),
    ("force_mark: ok", "force_mark: sure", "ok, one, verify"),
    ("walking_m_s: 1.6", "walking_m_s: 2.6", "cross"),
  ]) func aWrongTableIsRefused(old: String, new: String, says: String) throws {
    let error = try #require(try Shipped.error(in: Self.name, of: "monitor-e32.yaml", replacing: old, with: new))
    #expect(error.description.contains(says), "\(error)")
    #expect(error.file == Self.name && error.line != nil)
  }

  // MARK: - What it limits

  @Test(arguments: [
    ("cells/e32.yaml", "greatest_force_n: 280", "greatest_force_n: 281", "more than the transient limit of the hand"),
    ("cells/e32.yaml", "recoils: true", "recoils: false", "more than the quasi-static limit"),
    ("cells/e32.yaml", "greatest_energy_j: 0.49", "greatest_energy_j: 0.5", "0.49 J"),
    ("cells/e32.yaml", "regions: [forearm, hand]", "regions: [any]", "more than"),
    ("cells/e32.yaml", "regions: [forearm, hand]", "regions: []", "no region"),
    ("cells/e32.yaml", "regions: [forearm, hand]", "regions: [any, hand]", "`any` beside"),
    ("cells/e32.yaml", "regions: [forearm, hand]", "regions: [hand, hand]", "twice"),
    ("cells/e32.yaml", "regions: [forearm, hand]", "regions: [paw]", "paw"),
    ("cells/e32.yaml", "    body: hand", "    body: person", ""),
    ("cells/e32.yaml", "greatest_force_n: 65", "greatest_force_n: 141", "140.0 N"),
    ("cells/e32.yaml", "    greatest_duration_s: 2", "    greatest_transient_force_n: 281\n    greatest_duration_s: 2", "280.0 N"),
    ("cells/e32.yaml", "    greatest_duration_s: 2", "    greatest_transient_force_n: 60\n    greatest_duration_s: 2", "cross"),
    ("cells/e32.yaml", "greatest_total_s: 4", "greatest_total_s: 11", "at most `window_s`"),
    ("cells/e32.yaml", "    window_s: 10\n", "", "window_s"),
    ("monitor-e32.yaml", "body_limits: tables/iso-ts-15066.yaml\n", "", "the cell has a force zone"),
    ("rules/site.yaml", "greatest_n: 65", "greatest_n: 66", "least of the body table"),
    ("rules/site.yaml", "human_speed_m_s: 1.6", "human_speed_m_s: 1.5", "than people walk"),
    ("robots/panda-sim.yaml", "    mass_kg: 3.587895\n", "", "`mass_kg`"),
    (
      "robots/panda-sim.yaml", "    center_of_mass_m: [-0.05317, 0.104419, 0.027454]\n", "", "center_of_mass_m"
    ),
    ("robots/panda-sim.yaml", "inertia_kg_m2: [0.025853, 0.019552", "inertia_kg_m2: [0.025853, 0.001", "no body has the inertia"),
    ("robots/panda-sim.yaml", "gravity_m_s2: [0, 0, -9.81]", "gravity_m_s2: [0, 0, -981]", "m/s²"),
    ("robots/panda-sim.yaml", "gravity_m_s2: [0, 0, -9.81]", "gravity_m_s2: [0, 0, 0]", "m/s²"),
    ("robots/panda-sim.yaml", "effort: mean", "effort: average", "sampled, mean"),
  ]) func whatExceedsOrLacksItIsRefused(file: String, old: String, new: String, says: String) throws {
    let error = try Shipped.error(in: file, of: "monitor-e32.yaml", replacing: old, with: new)
    guard !says.isEmpty else {
      #expect(error == nil, "\(String(describing: error))")
      return
    }
    #expect(try #require(error).description.contains(says), "\(String(describing: error))")
  }

  @Test func aTransientContactWithAFaceOrWithAnybodyIsRefused() throws {
    for body in ["face", "person"] {
      var files = try Shipped.files("monitor-e32.yaml")
      let index = try #require(files.firstIndex { $0.name == "cells/e32.yaml" })
      files[index].bytes = Array(
        String(decoding: files[index].bytes, as: UTF8.self).replacing(
          "    body: hand\n", with: "    body: \(body)\n    greatest_transient_force_n: 65\n").utf8)
      #expect(try #require(Shipped.error(files)).description.contains("no transient contact may be designed for"))
    }
  }

  @Test func aSiteMayReplaceIt() throws {
    let files = try Shipped.files("monitor-e32.yaml").map { file in
      guard file.name == Self.name else { return file }
      let text = String(decoding: file.bytes, as: UTF8.self).replacing("edition: 2016-1", with: "edition: site 7")
        .replacing("force_n: 65,", with: "force_n: 70,")
      return ConfigurationFile(name: file.name, bytes: Array(text.utf8))
    }
    let loaded = try LoadedConfiguration.load(attachments: files)
    #expect(loaded.bodyTable?.edition == "site 7")
    #expect(loaded.core.bodies?.force(nil, isTransient: false) == 70)
    #expect(try loaded.core.digest != LoadedConfiguration.load(path: Shipped.path("monitor-e32.yaml")).core.digest)
  }

  @Test func aHeldObjectAddsItsMassToTheTool() throws {
    let plain = try LoadedConfiguration.load(path: Shipped.path("monitor.yaml")).core.robot
    #expect(abs(plain.movingMass - 16.822132) < 1e-9 && abs(plain.toolMass - 0.76) < 1e-12)
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == "cells/e01.yaml" })
    let held = """
      held_object:
        name: box
        source: weighed
        on: panda_hand
        box: {center_m: [0, 0, 0.15], size_m: [0.08, 0.08, 0.08]}
        mass_kg: 2
        keep_clear_of: []
      obstacles:
      """
    let text = String(decoding: files[index].bytes, as: UTF8.self)
    files[index].bytes = Array(text.replacing("obstacles:\n", with: held + "\n", maxReplacements: 1).utf8)
    let loaded = try LoadedConfiguration.load(attachments: files).core.robot
    #expect(abs(loaded.movingMass - plain.movingMass - 2) < 1e-12 && abs(loaded.toolMass - 2.76) < 1e-12)
    let box = try #require(loaded.links.last?.inertia)
    #expect((box.center - Vector3(0, 0, 0.15)).length < 1e-9)
    files[index].bytes = Array(
      String(decoding: files[index].bytes, as: UTF8.self).replacing("  mass_kg: 2\n", with: "").utf8)
    #expect(try #require(Shipped.error(files)).description.contains("nobody says what `box` weighs"))
  }
}
