import ODCVCore
import ODCVModel
import ODCVYAML
import Testing

@Suite struct ImportModelTests {
  @Test func theArmEndsWhereTheFingersBranchOff() throws {
    let model = try SmallRobot.build()
    #expect(model.joints.map(\.name) == ["shoulder", "elbow"])
    #expect(model.links.map(\.name) == ["base", "upper", "lower", "tool", "left", "right"])
    #expect(model.links[model.tip].name == "tool")
    #expect(model.joints[0].axis == Vector3(0, 0, 1))
    #expect(model.links[3].withoutShape?.contains("a frame") == true)
    #expect(model.links[1].mass == 2)
  }

  @Test func fingersAreSweptOverTheirRangeUnlessTheyAreHeld() throws {
    let swept = try SmallRobot.build()
    let left = try #require(swept.links.first { $0.name == "left" })
    let bounds = try #require(left.elements[0].mesh.bounds)
    #expect(abs(bounds.lower.y + 0.005) < 1e-12 && abs(bounds.upper.y - 0.045) < 1e-12)
    // The one that follows begins at its offset.
    let right = try #require(swept.links.first { $0.name == "right" })
    #expect(abs(right.origin.translation.y + 0.015) < 1e-12)
    #expect(swept.notes.contains { $0.contains("`grip`") })
    let held = try SmallRobot.build(options: ImportOptions(fixed: ["grip": 0.02]))
    let still = try #require(held.links.first { $0.name == "left" })
    #expect(abs(still.origin.translation.y - 0.03) < 1e-12)
    #expect(abs((still.elements[0].mesh.bounds?.upper.y ?? 0) - 0.005) < 1e-12)
  }

  @Test func aFingerOnTheArmDrivesTheOneThatFollows() throws {
    let model = try SmallRobot.build(options: ImportOptions(tip: "left"))
    #expect(model.joints.map(\.name) == ["shoulder", "elbow", "grip"])
    let right = try #require(model.links.first { $0.name == "right" })
    // Its axis points the other way.
    #expect(right.joint == 2 && right.ratio == -1 && right.offset == -0.005)
  }

  @Test func optionsThatFitNothingAreRefused() {
    for (options, reason) in [
      (ImportOptions(tip: "hand"), "--tip"), (ImportOptions(base: "floor"), "--base"),
      (ImportOptions(base: "upper", tip: "base"), "does not hang below"), (ImportOptions(fixed: ["gripp": 0]), "--fix"),
      (ImportOptions(fixed: ["grip": 0.5]), "outside its limits"), (ImportOptions(fixed: ["follow": 0]), "mimics `grip`"),
      (ImportOptions(swept: ["elbow"]), "which turns"), (ImportOptions(tip: "upper"), "--fix elbow=VALUE"),
      (ImportOptions(withoutShape: ["base": "it is bolted down"]), "has collision geometry"),
    ] {
      do throws(ImportError) {
        _ = try SmallRobot.build(options: options)
        Issue.record("accepted: \(reason)")
      } catch {
        #expect(error.description.contains(reason), "\(error)")
      }
    }
  }

  @Test func aHeldRevoluteJointTurnsItsLinkAsTheJointWould() throws {
    for angle in [-1.9, -0.4, 0.3, 1.5707963267948966, 2] {
      let model = try SmallRobot.build(options: ImportOptions(tip: "upper", fixed: ["elbow": angle, "grip": 0]))
      let lower = try #require(model.links.first { $0.name == "lower" }).origin.pose
      let wanted = Rotation(roll: 0, pitch: 1.2, yaw: 0) * Rotation(angle: angle, about: Vector3(0, 1, 0))
      for (a, b) in [(lower.rotation.x, wanted.x), (lower.rotation.y, wanted.y), (lower.rotation.z, wanted.z)] {
        #expect((a - b).length < 1e-14)
      }
    }
  }

  @Test func rollPitchYawGivesEveryRotationBack() {
    for roll in stride(from: -3.1, through: 3.1, by: 0.5) {
      for pitch in [-Double.pi / 2, -1.5707, -0.7, 0, 1e-9, 1.2, Double.pi / 2] {
        for yaw in stride(from: -3.1, through: 3.1, by: 0.7) {
          let rotation = Rotation(roll: roll, pitch: pitch, yaw: yaw)
          let angles = rotation.rollPitchYaw
          let again = Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z)
          #expect((again.x - rotation.x).length + (again.y - rotation.y).length + (again.z - rotation.z).length < 1e-14)
        }
      }
    }
  }

  // MARK: - Pairs

  @Test func everyPairIsCheckedOrListedWithItsReason() throws {
    let srdf = """
      <robot name="other"><disable_collisions link1="base" link2="lower" reason="Never"/>
      <disable_collisions link1="base" link2="gone"/></robot>
      """
    let model = try SmallRobot.build(srdf: srdf)
    let checked = model.selfPairs.map { "\(model.links[$0.first].name) \(model.links[$0.second].name)" }
    #expect(checked == ["base left", "base right", "upper left", "upper right"])
    #expect(model.uncheckedPairs.contains { $0.first == "base" && $0.second == "lower" && $0.reason.contains("Never") })
    #expect(model.uncheckedPairs.contains { $0.first == "upper" && $0.second == "lower" && $0.reason.contains("neighbours") })
    #expect(model.notes.contains { $0.contains("`gone`") } && model.notes.contains { $0.contains("`other`") })
  }

  // MARK: - Writing

  /// Fitted once: the fit takes most of the time.
  private static let plain = Result { try fitted() }

  private static func fitted(
    _ declarations: String? = nil, options: ImportOptions = ImportOptions(), fit: Bool = true
  ) throws -> FittedModel {
    let model = try SmallRobot.build(options: options)
    let declared = try declarations.map { try Declarations.parse(text: $0, name: "d.yaml", for: model) }
      ?? Declarations.load(path: nil, for: model)
    let shaped = model.links.indices.filter { fit && !model.links[$0].elements.isEmpty }
    let fits = try shaped.map {
      try LinkFitter.fit(model.links[$0].elements.map(\.mesh), link: $0, options: FitOptions(mostCells: 1))
    }
    return FittedModel(model, fits: fits, limits: try declared.limits(of: model, urdf: "small.urdf"), declarations: declared)
  }

  @Test func aURDFInThePlaceOfAnSRDFIsRefused() {
    do throws(ImportError) {
      _ = try SmallRobot.build(srdf: SmallRobot.text())
      Issue.record("accepted")
    } catch {
      #expect(error.description.hasPrefix("small.srdf:2: ") && error.description.contains("no SRDF"), "\(error)")
    }
  }

  @Test func theFilesAreTheSameEveryTimeAndSayWhatIsAssumed() throws {
    let model = try Self.plain.get()
    let writer = ModelWriter(source: "a test: \"quoted\"", licence: "none", shapesFile: "small.shapes.yaml")
    let text = writer.robotFile(model)
    #expect(text == writer.robotFile(model))
    #expect(text.contains("# ASSUMED, declared by nobody: stopping"))
    #expect(text.contains("source: \"a test: \\\"quoted\\\"\""))
    #expect(text.contains("kind: cut"))
    #expect(writer.shapesFile(model).contains("upper.1:"))
  }

  @Test func declarationsReplaceWhatIsAssumed() throws {
    let model = try Self.fitted(
      """
      version: 1
      source: the data sheet
      joints:
        shoulder: {acceleration_rad_s2: 3, jerk_rad_s3: 30}
        elbow: {acceleration_rad_s2: 4, jerk_rad_s3: 40, velocity_rad_s: 1}
      stopping: {kind: path, reaction_time_s: 0.1, deceleration_rad_s2: [2, 2], source: measured}
      payload: {greatest_kg: 5, mounted_kg: 0.5, source: the data sheet}
      grip: {greatest_n: 60, standard_n: 20, source: measured}
      """, fit: false)
    #expect(model.limits.map(\.acceleration) == [3, 4] && model.limits.map(\.velocity) == [1.5, 1])
    #expect(model.declarations.assumed == ["tracking", "measurement"])
    let written = try YAMLMap.parse(
      text: ModelWriter(source: "", licence: "", shapesFile: "arm.shapes.yaml").robotFile(model), name: "arm.yaml")
    let (payload, grip) = (try written.map("payload"), try written.map("grip"))
    #expect(try payload.double("greatest_kg", .any) == 5 && payload.double("mounted_kg", .any) == 0.5)
    #expect(try grip.double("greatest_n", .any) == 60 && grip.double("standard_n", .any) == 20)
    #expect(throws: (any Error).self) { try Self.fitted("version: 1\nsource: x\nstoping: {}", fit: false) }
  }

  @Test(arguments: [ImportOptions(), ImportOptions(fixed: ["grip": 0.02]), ImportOptions(tip: "left")])
  func aModelIsProvedWithTheOptionsThatItTellsItself(options: ImportOptions) throws {
    let model = try options == ImportOptions() ? Self.plain.get() : Self.fitted(options: options)
    #expect(CertificateChecker.failures(model.certificate, of: model.robot, against: model.arm.described).isEmpty)
    let inferred = try ImportOptions(of: model.robot, certificate: model.certificate, description: SmallRobot.read())
    let again = try SmallRobot.build(options: inferred)
    #expect(CertificateChecker.failures(model.certificate, of: model.robot, against: again.described).isEmpty)
  }

  @Test func aModelOfAnotherArmIsNotProved() throws {
    let model = try Self.plain.get()
    let longer = try SmallRobot.build(SmallRobot.text().replacing("xyz=\"0 0 0.4\"", with: "xyz=\"0 0 0.41\""))
    #expect(!CertificateChecker.failures(model.certificate, of: model.robot, against: longer.described).isEmpty)
    let wider = try SmallRobot.build(SmallRobot.text().replacing("radius=\"0.05\"", with: "radius=\"0.051\""))
    #expect(!CertificateChecker.failures(model.certificate, of: model.robot, against: wider.described).isEmpty)
    var smaller = model.robot
    smaller.capsules[0].capsule.radius -= 1e-4
    #expect(!CertificateChecker.failures(model.certificate, of: smaller, against: model.arm.described).isEmpty)
  }
}
