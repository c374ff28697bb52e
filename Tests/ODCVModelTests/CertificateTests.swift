import ODCVCore
import ODCVModel
import TestSupport
import Testing

/// A two-link arm with generated meshes: fitted, certified, and then spoilt in one place at a time.
@Suite struct CertificateTests {
  /// Fitted once: everything here spoils a copy.
  private static let sound = try! Arm()

  private struct Arm {
    var description: DescribedRobot
    var model: RobotModel
    var certificate: Certificate

    var failures: [CertificateFailure] { CertificateChecker.failures(certificate, of: model, against: description) }

    init() throws(FitError) {
      var generator = SeededGenerator(seed: 21)
      let meshes = [[GeneratedMeshes.polytope(&generator)], [GeneratedMeshes.lShape, GeneratedMeshes.box(Vector3(0.05, 0.04, 0.1))]]
      let limits = JointLimits(lower: -1, upper: 2, velocity: 1.5, acceleration: 5, jerk: 50, effort: 40)
      let origin = Pose(rotation: Rotation(roll: 0.1, pitch: -0.4, yaw: 2), translation: Vector3(0, 0.1, 0.3))
      let names = ["base", "arm"]
      let joint = DescribedJoint(
        name: "shoulder", kind: .revolute, axis: Vector3(0, 0, 1), lower: -1, upper: 2, velocity: 1.5, effort: 40)
      var capsules: [LinkCapsule] = []
      var hulls: [ConvexHull] = []
      var entries: [LinkCertificate] = []
      var described: [DescribedLink] = []
      for (link, elements) in meshes.enumerated() {
        let fitted = try LinkFitter.fit(elements, link: link, options: .quick(leastGain: 0.05))
        for cell in fitted.cells {
          capsules.append(
            LinkCapsule(link: link, capsule: cell.capsule, fitGap: cell.capsuleGap, hull: hulls.count))
          hulls.append(cell.hull)
        }
        let references = elements.indices.map {
          MeshReference(
            file: "meshes/\(names[link])\($0).stl", scale: Vector3(1, 1, 1), origin: .identity,
            sha256: String(repeating: "\(link)", count: 64))
        }
        entries.append(LinkCertificate(link: names[link], elements: references, cutting: fitted.cutting))
        described.append(
          DescribedLink(
            name: names[link], parent: link == 0 ? nil : "base", origin: link == 0 ? .identity : origin,
            joint: link == 0 ? nil : joint,
            elements: zip(references, elements).map { DescribedElement(reference: $0, mesh: $1) }))
      }
      description = DescribedRobot(links: described)
      certificate = Certificate(links: entries)
      let zero = JointVector([0])
      model = RobotModel(
        name: "two", joints: [Joint(name: "shoulder", kind: .revolute, axis: Vector3(0, 0, 1), limits: limits)],
        links: [
          Link(name: "base", parent: nil, origin: .identity, joint: nil),
          Link(name: "arm", parent: 0, origin: origin, joint: 0),
        ],
        capsules: capsules, selfPairs: [], toolCentrePoint: ToolCentrePoint(link: 1, offset: .zero),
        tracking: Tracking(path: .box, arrival: .moving, responseTime: 0, acceleration: zero, error: zero),
        stopping: Stopping(kind: .joint, reactionTime: 0, deceleration: zero),
        measurement: MeasurementAccuracy(position: 0, velocity: 0, force: 0, standstill: 0), inverseKinematics: nil,
        hulls: hulls)
    }
  }

  private func failures(_ spoil: (inout Arm) -> Void) -> [CertificateFailure] {
    var arm = Self.sound
    spoil(&arm)
    return arm.failures
  }

  @Test func aFitIsProved() {
    #expect(Self.sound.failures == [])
    #expect(Self.sound.model.capsules.count > 4, "cut somewhere")
  }

  @Test func everyCapsuleATenthOfAMillimetreTooSmallIsCaught() {
    for index in Self.sound.model.capsules.indices {
      let found = failures { $0.model.capsules[index].capsule.radius -= 1e-4 }
      #expect(found.count == 1)
      #expect(found.first?.link == ["base", "arm"][Self.sound.model.capsules[index].link])
      #expect(found.first?.mesh?.hasSuffix(".stl") == true)
      #expect(found.first.flatMap(\.amount).map { $0 > 9e-5 && $0 < 1.001e-4 } == true)
    }
  }

  @Test func everyCapsuleMovedIsCaught() {
    let first = Self.sound.model.capsules.count { $0.link == 0 }
    for index in Self.sound.model.capsules.indices {
      let found = failures {
        $0.model.capsules[index].capsule.a.y += 0.05
        $0.model.capsules[index].capsule.b.y += 0.05
      }
      #expect(found.contains { $0.what.contains("capsule \(index - (index < first ? 0 : first))") })
    }
  }

  @Test func everyHullVertexMovedInwardsIsCaught() {
    for (index, hull) in Self.sound.model.hulls.enumerated() {
      let middle = (1 / Double(hull.vertices.count)) * hull.vertices.reduce(.zero, +)
      for vertex in hull.vertices.indices {
        let found = failures {
          let p = hull.vertices[vertex]
          $0.model.hulls[index].vertices[vertex] = p + 0.02 * (middle - p)
        }
        // A vertex that is hardly one may move within the padding of the others.
        var others = hull.vertices
        others.remove(at: vertex)
        let needed = ConvexPolytope(others).distance(to: hull.vertices[vertex]) > 3 * hull.padding + 1e-4
        if needed { #expect(found.first?.what.contains("hull") == true) }
      }
    }
  }

  @Test func aHullWithoutItsPaddingIsCaught() {
    #expect(!failures { for i in $0.model.hulls.indices { $0.model.hulls[i].padding = 0 } }.isEmpty)
  }

  @Test func aChangedMeshIsCaught() {
    let hash = failures { $0.description.links[1].elements[0].reference.sha256 = String(repeating: "f", count: 64) }
    #expect(hash.first?.mesh == "meshes/arm0.stl")
    let grown = failures { $0.description.links[1].elements[0].mesh.vertices[0].z -= 1e-4 }
    #expect(grown.contains { $0.what.contains("reaches out") })
    #expect(!failures { $0.description.links[1].elements[0].reference.scale.x = 0.001 }.isEmpty)
    #expect(!failures { $0.description.links[1].elements[0].reference.origin.translation.x = 1e-6 }.isEmpty)
    #expect(!failures { $0.description.links[1].elements[0].reference.file = "meshes/other.stl" }.isEmpty)
  }

  @Test func missingAndSwappedCellsAreCaught() {
    let arms = Self.sound.model.capsules.indices.filter { Self.sound.model.capsules[$0].link == 1 }
    #expect(!failures { $0.model.capsules.remove(at: arms[0]) }.isEmpty)
    #expect(!failures { $0.model.capsules.swapAt(arms[0], arms[1]) }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].offsets.removeLast() }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].element = 1 }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].offsets[0] += 0.05 }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].offsets.reverse() }.isEmpty == (Self.sound.certificate.links[1].cutting[0].offsets.count > 1))
    #expect(!failures { $0.certificate.links[1].elements.removeLast() }.isEmpty)
    #expect(!failures { $0.certificate.links.removeLast() }.isEmpty)
    #expect(!failures { $0.certificate.links.append($0.certificate.links[0]) }.isEmpty)
    #expect(!failures { $0.certificate.links[0].link = "other" }.isEmpty)
    #expect(!failures { $0.description.links[0].elements = [] }.isEmpty)
    #expect(!failures { $0.description.links[0].elements[0].mesh.triangles = [] }.isEmpty)
    #expect(!failures { $0.model.capsules[0].hull = 99 }.isEmpty)
  }

  @Test func numbersThatAreNoneAreCaught() {
    #expect(!failures { $0.model.capsules[0].capsule.radius = .nan }.isEmpty)
    #expect(!failures { $0.model.capsules[0].capsule.a.x = .infinity }.isEmpty)
    #expect(!failures { $0.model.hulls[0].padding = .nan }.isEmpty)
    #expect(!failures { $0.model.hulls[0].vertices[0].x = .nan }.isEmpty)
    #expect(!failures { $0.model.hulls[0].vertices = [] }.isEmpty)
    #expect(!failures { $0.description.links[0].elements[0].mesh.vertices[0].x = .nan }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].direction = .zero }.isEmpty)
    #expect(!failures { $0.certificate.links[1].cutting[0].offsets[0] = .nan }.isEmpty)
    #expect(!failures { $0.model.links[1].origin.translation.x = .nan }.isEmpty)
    #expect(!failures { $0.model.joints[0].limits.upper = .nan }.isEmpty)
  }

  @Test func anotherMotionIsCaught() {
    func what(_ spoil: (inout Arm) -> Void) -> String { failures(spoil).first?.description ?? "none" }
    #expect(what { $0.model.links[1].origin.translation.z += 2e-9 }.contains("link arm: its origin differs"))
    #expect(what { $0.model.links[1].origin.rotation = Rotation(roll: 0.1, pitch: -0.4, yaw: 2.001) }.contains("origin"))
    #expect(what { $0.model.joints[0].axis = Vector3(0, 0, -1) }.contains("axis differs"))
    #expect(what { $0.model.joints[0].kind = .prismatic }.contains("slides"))
    #expect(what { $0.model.joints[0].name = "elbow" }.contains("elbow"))
    #expect(what { $0.model.links[1].joint = nil }.contains("is fixed"))
    #expect(what { $0.description.links[1].joint = nil }.contains("is moved"))
    #expect(what { $0.model.links[1].ratio = -1 }.contains("ratio"))
    #expect(what { $0.model.links[1].offset = 0.1 }.contains("offset"))
    #expect(what { $0.model.joints[0].limits.lower -= 0.001 }.contains("lower limit is looser"))
    #expect(what { $0.model.joints[0].limits.upper += 0.001 }.contains("upper limit is looser"))
    #expect(what { $0.model.joints[0].limits.velocity += 0.001 }.contains("speed limit"))
    #expect(what { $0.model.joints[0].limits.effort += 0.001 }.contains("effort limit"))
    #expect(failures { $0.model.joints[0].limits.upper -= 0.5 } == [], "tighter is fine")
    #expect(!failures { $0.model.links[1].parent = nil }.isEmpty)
    #expect(!failures { $0.model.links[1].name = "base" }.isEmpty)
    #expect(!failures { $0.description.links.append($0.description.links[1]) }.isEmpty)
  }

  /// The checker closes an open cut surface itself: what only the fan holds in place must be held too.
  @Test func aHoleInACutElementIsClosedBeforeItIsChecked() throws {
    var arm = Self.sound
    let mesh = arm.description.links[1].elements[0].mesh
    var open = mesh
    // Without one cap the L is open there; its fan is where the cap was.
    open.triangles.removeAll { [$0.a, $0.b, $0.c].allSatisfy { $0 >= 6 } }
    #expect(open.triangles.count == mesh.triangles.count - 4)
    arm.description.links[1].elements[0].mesh = open
    #expect(ElementSurface(open).openEdges == 6)
    // Vertex 6 is the L's corner: the fan from there covers the cap exactly.
    #expect(arm.failures == [])
  }

  @Test(arguments: [UInt64(31), 32]) func randomPolytopesAndTheirCutsAreProved(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for mesh in [GeneratedMeshes.polytope(&generator), GeneratedMeshes.uShape, GeneratedMeshes.cylinder(radius: 0.04, length: 0.1, capped: false)] {
      var arm = Self.sound
      let fitted = try LinkFitter.fit([mesh], link: 0, options: .quick(leastGain: 0.02))
      arm.model.capsules.removeAll { $0.link == 0 }
      for cell in fitted.cells.reversed() {
        arm.model.hulls.append(cell.hull)
        arm.model.capsules.insert(
          LinkCapsule(link: 0, capsule: cell.capsule, fitGap: cell.capsuleGap, hull: arm.model.hulls.count - 1), at: 0)
      }
      arm.description.links[0].elements[0].mesh = mesh
      arm.certificate.links[0].cutting = fitted.cutting
      #expect(arm.failures == [])
      arm.model.hulls[arm.model.hulls.count - 1].padding = 0
      arm.model.capsules[0].capsule.radius *= 0.999
      #expect(arm.failures.count >= 1)
    }
  }

  /// Elements that share cells are each held by them.
  @Test func elementsCutTogetherAreEachProved() throws {
    let side = Vector3(0.06, 0.05, 0.04)
    let stack = [0.0, 0.035, 0.07].map { GeneratedMeshes.box(side, at: Vector3(0.005, 0, $0)) }
    var options = FitOptions.quick()
    options.leastSaving = 0.01
    let fitted = try LinkFitter.fit(stack, link: 0, options: options)
    #expect(fitted.cells.count == 1)
    #expect(fitted.cutting.map(\.element) == [0])
    #expect(fitted.cells[0].hull.gap < 0.01, "overlaps count as solid")
    var arm = Self.sound
    arm.model.capsules.removeAll { $0.link == 0 }
    arm.model.hulls.append(fitted.cells[0].hull)
    arm.model.capsules.insert(
      LinkCapsule(
        link: 0, capsule: fitted.cells[0].capsule, fitGap: fitted.cells[0].capsuleGap, hull: arm.model.hulls.count - 1),
      at: 0)
    let reference = arm.description.links[0].elements[0].reference
    arm.description.links[0].elements = stack.map { DescribedElement(reference: reference, mesh: $0) }
    arm.certificate.links[0] = LinkCertificate(
      link: "base", elements: Array(repeating: reference, count: 3), cutting: fitted.cutting)
    #expect(arm.failures == [])
    for element in 0..<3 {
      var spoilt = arm
      let vertices = spoilt.description.links[0].elements[element].mesh.vertices
      for corner in vertices.indices {
        spoilt.description.links[0].elements[element].mesh.vertices[corner] = vertices[corner] + Vector3(0.1, 0, 0)
      }
      #expect(spoilt.failures.count == 2, "out of the capsule and out of the hull")
    }
    arm.certificate.links[0].cutting[0].element = 1
    #expect(!arm.failures.isEmpty)
    arm.certificate.links[0].cutting = []
    #expect(!arm.failures.isEmpty)
  }
}
