import ODCVCore

/// Takes the arm out of a robot's description.
public enum ModelBuilder {
  /// - Parameters:
  ///   - robot: as `URDFReader` read it.
  ///   - collisions: from an SRDF, the pairs that are not to be checked.
  ///   - packages: where the meshes are.
  ///   - options: what the description leaves open.
  public static func build(
    _ robot: RobotDescription, collisions: CollisionMatrix?, packages: PackagePaths, options: ImportOptions
  ) throws(ImportError) -> ImportedModel {
    let plan = try ChainPlan(robot, options)
    var model = ImportedModel(
      name: robot.name, joints: [], links: [], tip: 0, selfPairs: [], uncheckedPairs: [], notes: plan.notes)
    for index in plan.chain {
      let joint = robot.joints[index]
      guard let limits = joint.limits else { continue }
      model.joints.append(
        ImportedJoint(
          name: joint.name, kind: joint.kind == .prismatic ? .prismatic : .revolute, axis: joint.axis,
          lower: limits.lower, upper: limits.upper, velocity: limits.velocity, effort: limits.effort))
      if joint.kind == .continuous {
        model.notes.append("joint `\(joint.name)` turns without end; the model takes one turn either way, ±2π")
      }
    }
    var meshes = MeshLibrary(robot: robot, packages: packages)
    var places: [Int: Int] = [:]
    for step in plan.steps {
      let link = robot.links[step.link]
      places[step.link] = model.links.count
      let reason = try withoutShape(link, robot, options)
      var elements: [ImportedElement] = []
      for collision in link.collisions {
        let element = try meshes.element(collision, of: link, sweeps: step.sweeps)
        if let note = note(element, of: link) { model.notes.append(note) }
        elements.append(element)
      }
      let mass = link.inertial.map(\.mass) ?? 0
      model.links.append(
        ImportedLink(
          name: link.name, parent: step.parent.flatMap { places[$0] }, origin: step.origin, joint: step.joint,
          ratio: step.ratio, offset: step.offset, elements: elements, withoutShape: reason,
          mass: mass > 0 ? mass : nil))
    }
    model.notes += meshes.notes
    model.tip = places[plan.tip] ?? 0
    try Proportions.check(model, robot)
    (model.selfPairs, model.uncheckedPairs) = PairChoice(model).pairs(collisions)
    model.notes += collisions?.notes ?? []
    return model
  }

  /// Why a link has no shape; `nil` when it has one.
  private static func withoutShape(
    _ link: RobotDescription.Link, _ robot: RobotDescription, _ options: ImportOptions
  ) throws(ImportError) -> String? {
    let given = options.withoutShape[link.name]
    guard link.collisions.isEmpty else {
      guard given == nil else {
        throw ImportError(
          file: robot.file, line: link.line, subject: "link `\(link.name)`",
          problem: "it has collision geometry, and --no-shape names it", remedy: "remove --no-shape for it")
      }
      return nil
    }
    if let given { return given }
    guard !link.isVisible, (link.inertial?.mass ?? 0) == 0 else {
      throw ImportError(
        file: robot.file, line: link.line, subject: "link `\(link.name)`",
        problem: "it has a \(link.isVisible ? "visual" : "mass") and no collision geometry, so nothing would be checked for it",
        remedy: "add a <collision>, or say why it needs none: --no-shape '\(link.name)=REASON'")
    }
    return "a frame: the URDF gives it no visual, no collision geometry and no mass"
  }

  private static func note(_ element: ImportedElement, of link: RobotDescription.Link) -> String? {
    guard !element.report.isClosed else { return nil }
    return
      "link `\(link.name)`: the mesh `\(element.reference.file)` is not closed (\(element.report.boundaryEdges) edges with an"
      + " odd number of its \(element.report.triangles) triangles); each hole is taken as closed across its rim, at most "
      + "\(Number.short(element.widestHole)) m wide"
  }
}

extension MeshReference {
  /// Stands in `file` before the way, in m in the link's frame, along which the shape is swept.
  static let sweepMark = " swept "

  /// How many sweeps the element has.
  var sweepCount: Int { file.ranges(of: Self.sweepMark).count }
}

/// Reads each mesh file once.
struct MeshLibrary {
  let robot: RobotDescription
  let packages: PackagePaths
  private var read: [String: MeshFile.Loaded] = [:]
  private(set) var notes: [String] = []

  init(robot: RobotDescription, packages: PackagePaths) {
    self.robot = robot
    self.packages = packages
  }

  mutating func element(_ collision: RobotDescription.Collision, of link: RobotDescription.Link, sweeps: [Vector3])
    throws(ImportError) -> ImportedElement
  {
    let subject = "link `\(link.name)`"
    let name: String
    var scale = Vector3(1, 1, 1)
    var mesh: TriangleMesh
    let digest: String
    // For messages: the mesh's own file, or the shape's place in the description.
    var path = "\(robot.file):\(collision.line)"
    var whose = subject
    var isFile = false
    switch collision.geometry {
    case .mesh(let file, let factors):
      path = try packages.resolve(file, file: robot.file, line: collision.line, subject: subject)
      whose = "\(subject) (\(robot.file):\(collision.line))"
      let loaded: MeshFile.Loaded
      if let known = read[path] {
        loaded = known
      } else {
        loaded = try MeshFile.load(path: path, subject: whose)
        read[path] = loaded
        notes += loaded.notes
      }
      (name, scale, isFile) = (file, factors, true)
      mesh = loaded.mesh.mapped { Vector3(factors.x * $0.x, factors.y * $0.y, factors.z * $0.z) }
      digest = Digest.sha256(loaded.bytes)
    case .box(let size):
      name = "box \(size.x) \(size.y) \(size.z)"
      mesh = PrimitiveMesh.box(size)
      digest = Digest.sha256(Array(name.utf8))
    case .cylinder(let radius, let length):
      name = "cylinder \(radius) \(length)"
      mesh = PrimitiveMesh.cylinder(radius: radius, length: length)
      digest = Digest.sha256(Array(name.utf8))
    case .sphere(let radius):
      name = "sphere \(radius)"
      mesh = PrimitiveMesh.sphere(radius: radius)
      digest = Digest.sha256(Array(name.utf8))
    }
    try MeshFile.checkSize(mesh, scale: isFile ? scale : nil, file: path, subject: whose)
    let report = MeshReport(mesh)
    let hole = report.isClosed ? 0 : ElementSurface(mesh).widestHole
    try MeshFile.checkHoles(report, widest: hole, file: path, subject: whose)
    let pose = collision.origin.pose
    mesh = mesh.mapped { pose * $0 }
    try MeshFile.checkPlace(mesh, file: path, subject: whose)
    var whole = name
    for way in sweeps {
      mesh = mesh.swept(by: way)
      whole += "\(MeshReference.sweepMark)\(way.x) \(way.y) \(way.z)"
    }
    return ImportedElement(
      reference: MeshReference(file: whole, scale: scale, origin: pose, sha256: digest), origin: collision.origin,
      mesh: mesh, report: report, widestHole: hole)
  }
}
