import ODCVCore
import ODCVYAML

/// Reads a URDF file, and refuses what would make a model that is wrong in silence.
///
/// Passed over: `<visual>`, `<material>`, `<transmission>`, `<gazebo>`, `<dynamics>`, `<safety_controller>`, `<calibration>`.
public enum URDFReader {
  /// m: no joint of an arm lies further from the one before it.
  static let farthestOrigin = 5.0
  /// rad: beyond a full turn and some, an angle is in degrees.
  static let largestAngle = 7.0
  /// rad/s: beyond it a speed is in degrees a second.
  static let largestTurnRate = 30.0
  /// m/s: beyond it a speed is in millimetres a second.
  static let largestSlideRate = 20.0

  public static func load(path: String) throws(ImportError) -> RobotDescription {
    try read(SourceFile.bytes(path: path), file: path)
  }

  public static func read(_ bytes: [UInt8], file: String) throws(ImportError) -> RobotDescription {
    let top = try MarkupElement.read(bytes, file: file, root: "robot")
    if let macro = top.children.first(where: { $0.name.hasPrefix("xacro:") }) {
      throw ImportError(
        file: file, line: macro.line, problem: "holds <\(macro.name)>: it is a xacro file",
        remedy: "expand it first: `xacro FILE > robot.urdf`")
    }
    let mimicking = top.all("joint").filter { $0.first("mimic") != nil }.compactMap { $0.attributes["name"] }
    let reader = URDFReading(file: file, mimicking: Set(mimicking))
    var description = RobotDescription(
      name: top.attributes["name"] ?? "robot", file: file, links: [], joints: [], root: 0)
    for element in top.all("link") {
      let link = try reader.link(element)
      if let other = description.links.first(where: { $0.name == link.name }) {
        throw reader.wrong(
          element, "link `\(link.name)`", "the name is taken by the link in line \(other.line)", "give each link its own name")
      }
      description.links.append(link)
    }
    guard !description.links.isEmpty else {
      throw ImportError(
        file: file, line: top.line, problem: "the robot has no link",
        remedy: "name a URDF file that describes one (some files are only fragments to be included)")
    }
    var elements: [MarkupElement] = []
    for element in top.all("joint") {
      let joint = try reader.joint(element, description)
      if let other = description.joints.first(where: { $0.name == joint.name }) {
        throw reader.wrong(
          element, "joint `\(joint.name)`", "the name is taken by the joint in line \(other.line)", "give each joint its own name")
      }
      if let other = description.joints.first(where: { $0.child == joint.child }) {
        throw reader.wrong(
          element, "link `\(description.links[joint.child].name)`",
          "it has two parents: joint `\(other.name)` (line \(other.line)) and joint `\(joint.name)`, a loop in the chain",
          "remove one of the joints; a closed chain is not an arm that can be judged")
      }
      description.joints.append(joint)
      elements.append(element)
    }
    for (index, element) in elements.enumerated() {
      description.joints[index].mimic = try reader.mimic(element, index, description)
    }
    description.root = try root(description, top.line)
    return description
  }

  private static func root(_ robot: RobotDescription, _ line: Int) throws(ImportError) -> Int {
    let children = Set(robot.joints.map(\.child))
    let roots = robot.links.indices.filter { !children.contains($0) }
    guard let root = roots.first else {
      throw ImportError(
        file: robot.file, line: line, problem: "every link has a parent: the chain is a loop",
        remedy: "remove the joint that closes it")
    }
    guard roots.count == 1 else {
      let other = robot.links[roots[1]]
      throw ImportError(
        file: robot.file, line: other.line, subject: "link `\(other.name)`",
        problem: "it has no parent, and neither has "
          + roots.filter { $0 != roots[1] }.map { "`\(robot.links[$0].name)`" }.joined(separator: ", "),
        remedy: "join every link but one to a parent")
    }
    var reached: Set<Int> = [root]
    var waiting = [root]
    while let link = waiting.popLast() {
      for joint in robot.joints where joint.parent == link && reached.insert(joint.child).inserted {
        waiting.append(joint.child)
      }
    }
    if let lost = robot.links.indices.first(where: { !reached.contains($0) }) {
      throw ImportError(
        file: robot.file, line: robot.links[lost].line, subject: "link `\(robot.links[lost].name)`",
        problem: "it hangs in a loop of joints and not on the root `\(robot.links[root].name)`",
        remedy: "remove the joint that closes the loop")
    }
    return root
  }
}

/// The elements of one URDF file.
struct URDFReading {
  let file: String
  /// Names of the joints with `<mimic>`.
  let mimicking: Set<String>

  func wrong(_ element: MarkupElement, _ subject: String, _ problem: String, _ remedy: String) -> ImportError {
    ImportError(file: file, line: element.line, subject: subject, problem: problem, remedy: remedy)
  }

  // MARK: - Links

  func link(_ element: MarkupElement) throws(ImportError) -> RobotDescription.Link {
    let name = try name(element, "link")
    let subject = "link `\(name)`"
    var link = RobotDescription.Link(
      name: name, line: element.line, collisions: [], inertial: nil, isVisible: element.first("visual") != nil)
    if let other = element.children.first(where: { $0.name != "collision" && Spelling.edits(from: $0.name, to: "collision") <= 2 }) {
      throw wrong(other, subject, "<\(other.name)> is no element of URDF, so its shape would be left out", "write <collision>")
    }
    for collision in element.all("collision") { link.collisions.append(try self.collision(collision, subject)) }
    if let inertial = element.first("inertial") { link.inertial = try self.inertial(inertial, subject) }
    return link
  }

  private func collision(_ element: MarkupElement, _ subject: String) throws(ImportError) -> RobotDescription.Collision {
    guard let geometry = element.first("geometry"), let shape = geometry.children.first, geometry.children.count == 1 else {
      throw wrong(element, subject, "a <collision> without one shape in its <geometry>", "write one <mesh>, <box>, <cylinder> or <sphere>")
    }
    return .init(
      line: element.line, origin: try placement(element.first("origin"), subject), geometry: try self.geometry(shape, subject))
  }

  private func geometry(_ shape: MarkupElement, _ subject: String) throws(ImportError) -> RobotDescription.Geometry {
    switch shape.name {
    case "mesh":
      guard let name = shape.attributes["filename"], !name.isEmpty else {
        throw wrong(shape, subject, "a <mesh> without `filename`", "name the mesh's file")
      }
      var scale = Vector3(1, 1, 1)
      if shape.attributes["scale"] != nil {
        scale = try vector(shape, "scale", subject)
        guard scale.x > 0, scale.y > 0, scale.z > 0 else {
          throw wrong(
            shape, subject, "`\(name)` has the scale `\(scale.x) \(scale.y) \(scale.z)`, not all greater than 0",
            "write positive factors; mirror a mesh in its own file")
        }
        guard max(scale.x, scale.y, scale.z) <= 1000 else {
          throw wrong(
            shape, subject, "`\(name)` has the scale `\(scale.x) \(scale.y) \(scale.z)`, more than 1000",
            "write the factor from the mesh's unit to metres, such as 0.001 for millimetres")
        }
      }
      return .mesh(file: name, scale: scale)
    case "box":
      let size = try vector(shape, "size", subject)
      for edge in [size.x, size.y, size.z] { try length(edge, shape, subject, "an edge of the box") }
      return .box(size: size)
    case "cylinder":
      let (radius, height) = (try number(shape, "radius", subject), try number(shape, "length", subject))
      try length(radius, shape, subject, "the cylinder's radius")
      try length(height, shape, subject, "the cylinder's length")
      return .cylinder(radius: radius, length: height)
    case "sphere":
      let radius = try number(shape, "radius", subject)
      try length(radius, shape, subject, "the sphere's radius")
      return .sphere(radius: radius)
    default:
      throw wrong(
        shape, subject, "<\(shape.name)> is no shape of URDF", "write it as <mesh>, <box>, <cylinder> or <sphere>")
    }
  }

  private func length(_ value: Double, _ shape: MarkupElement, _ subject: String, _ what: String) throws(ImportError) {
    guard value > 0 else { throw wrong(shape, subject, "\(what) is \(value) m", "write a length greater than 0") }
    guard value <= MeshFile.largestExtent else {
      throw wrong(
        shape, subject, "\(what) is \(value) m, more than \(MeshFile.largestExtent) m",
        "write metres, not millimetres")
    }
  }

  private func inertial(_ element: MarkupElement, _ subject: String) throws(ImportError) -> RobotDescription.Inertial {
    guard let mass = element.first("mass") else {
      throw wrong(element, subject, "an <inertial> without <mass>", "add it, or remove <inertial>")
    }
    let value = try number(mass, "value", subject)
    guard value >= 0 else { throw wrong(mass, subject, "the mass is \(value) kg", "write 0 or more") }
    var inertia = [Double](repeating: 0, count: 6)
    if let tensor = element.first("inertia") {
      for (place, key) in ["ixx", "ixy", "ixz", "iyy", "iyz", "izz"].enumerated() where tensor.attributes[key] != nil {
        inertia[place] = try number(tensor, key, subject)
      }
    }
    return .init(mass: value, origin: try placement(element.first("origin"), subject), inertia: inertia)
  }

  // MARK: - Joints

  func joint(_ element: MarkupElement, _ robot: RobotDescription) throws(ImportError) -> RobotDescription.Joint {
    let name = try name(element, "joint")
    let subject = "joint `\(name)`"
    let type = element.attributes["type"] ?? ""
    guard let kind = RobotDescription.Kind(rawValue: type) else {
      let remedy =
        type == "floating" || type == "planar"
        ? "an arm stands on a fixed base: make the joint fixed, or begin the model above it with --base LINK"
        : "write revolute, continuous, prismatic or fixed"
      throw wrong(element, subject, type.isEmpty ? "it has no type" : "joints of the type `\(type)` are not judged", remedy)
    }
    let parent = try end(element, "parent", subject, robot)
    let child = try end(element, "child", subject, robot)
    guard parent != child else {
      throw wrong(element, subject, "it joins `\(robot.links[parent].name)` to itself, a loop in the chain", "correct <parent> or <child>")
    }
    var axis = Vector3(1, 0, 0)
    if let given = element.first("axis"), kind != .fixed {
      axis = try vector(given, "xyz", subject)
      guard axis.length > 1e-6 else {
        throw wrong(given, subject, "its axis is zero", "write the direction of the axis, such as xyz=\"0 0 1\"")
      }
      axis = (1 / axis.length) * axis
    }
    return .init(
      name: name, line: element.line, kind: kind, parent: parent, child: child,
      origin: try placement(element.first("origin"), subject), axis: axis,
      limits: try limits(element, kind, subject), mimic: nil)
  }

  private func end(_ element: MarkupElement, _ key: String, _ subject: String, _ robot: RobotDescription) throws(ImportError)
    -> Int
  {
    guard let name = element.first(key)?.attributes["link"] else {
      throw wrong(element, subject, "it has no <\(key) link=...>", "name the \(key) link")
    }
    guard let index = robot.link(named: name) else {
      throw wrong(
        element.first(key) ?? element, subject, "its \(key) `\(name)` is no link of this robot",
        "write the name of a <link>, or add it")
    }
    return index
  }

  private func limits(_ element: MarkupElement, _ kind: RobotDescription.Kind, _ subject: String) throws(ImportError)
    -> RobotDescription.Limits?
  {
    if kind == .fixed { return nil }
    let given = element.first("limit")
    var limits = RobotDescription.Limits(lower: -.infinity, upper: .infinity, velocity: nil, effort: nil)
    if let given {
      limits.velocity = try positive(given, "velocity", subject)
      limits.effort = try positive(given, "effort", subject)
      let (most, unit, mistaken) =
        kind == .prismatic ? (URDFReader.largestSlideRate, "m/s", "millimetres") : (URDFReader.largestTurnRate, "rad/s", "degrees")
      if let velocity = limits.velocity, velocity > most {
        throw wrong(given, subject, "a velocity of \(velocity) looks like \(mistaken) a second", "write it in \(unit)")
      }
    }
    if kind == .continuous { return limits }
    guard let given, given.attributes["lower"] != nil || given.attributes["upper"] != nil else {
      throw wrong(
        given ?? element, subject, "a \(kind.rawValue) joint without limits",
        "add <limit lower=... upper=... velocity=... effort=.../> from the arm's data sheet")
    }
    // URDF: a bound that is left out is 0.
    limits.lower = given.attributes["lower"] == nil ? 0 : try number(given, "lower", subject)
    limits.upper = given.attributes["upper"] == nil ? 0 : try number(given, "upper", subject)
    guard limits.lower < limits.upper else {
      throw wrong(
        given, subject, "its limits leave no range: lower \(limits.lower), upper \(limits.upper)",
        "write the smaller number as `lower`")
    }
    let (largest, unit, mistaken) =
      kind == .revolute ? (URDFReader.largestAngle, "rad", "degrees") : (URDFReader.farthestOrigin, "m", "millimetres")
    for value in [limits.lower, limits.upper] where abs(value) > largest {
      throw wrong(given, subject, "a limit of \(value) looks like \(mistaken)", "write it in \(unit)")
    }
    return limits
  }

  private func positive(_ element: MarkupElement, _ key: String, _ subject: String) throws(ImportError) -> Double? {
    guard element.attributes[key] != nil else { return nil }
    let value = try number(element, key, subject)
    guard value >= 0 else { throw wrong(element, subject, "its `\(key)` is \(value)", "write a number greater than 0") }
    return value > 0 ? value : nil
  }

  func mimic(_ element: MarkupElement, _ index: Int, _ robot: RobotDescription) throws(ImportError)
    -> RobotDescription.Mimic?
  {
    guard let given = element.first("mimic") else { return nil }
    let subject = "joint `\(robot.joints[index].name)`"
    guard let name = given.attributes["joint"], let other = robot.joint(named: name) else {
      throw wrong(
        given, subject, "it mimics `\(given.attributes["joint"] ?? "")`, which is no joint of this robot",
        "write the name of the joint that drives it")
    }
    guard !robot.joints[index].isFixed, !robot.joints[other].isFixed, other != index else {
      throw wrong(
        given, subject, other == index ? "it mimics itself" : "a fixed joint mimics nothing and drives nothing",
        "remove <mimic>, or name a joint that moves")
    }
    let driver = robot.joints[other]
    guard !mimicking.contains(driver.name) else {
      throw wrong(
        given, subject, "it mimics `\(driver.name)`, which mimics another joint itself",
        "name the joint at the end of the chain, with the factors multiplied")
    }
    let multiplier = given.attributes["multiplier"] == nil ? 1 : try number(given, "multiplier", subject)
    let offset = given.attributes["offset"] == nil ? 0 : try number(given, "offset", subject)
    guard multiplier != 0 else {
      throw wrong(given, subject, "it mimics `\(driver.name)` with the multiplier 0", "make the joint fixed instead")
    }
    return .init(joint: other, multiplier: multiplier, offset: offset)
  }

  // MARK: - Attributes

  private func name(_ element: MarkupElement, _ kind: String) throws(ImportError) -> String {
    guard let name = element.attributes["name"], !name.isEmpty else {
      throw wrong(element, "<\(kind)>", "it has no name", "write name=\"...\"")
    }
    guard name.allSatisfy({ !$0.isNewline }) else {
      throw wrong(element, "<\(kind)>", "its name holds a line break", "write it on one line")
    }
    return name
  }

  private func placement(_ element: MarkupElement?, _ subject: String) throws(ImportError) -> RobotDescription.Placement {
    guard let element else { return .identity }
    let placement = RobotDescription.Placement(
      translation: element.attributes["xyz"] == nil ? .zero : try vector(element, "xyz", subject),
      rollPitchYaw: element.attributes["rpy"] == nil ? .zero : try vector(element, "rpy", subject))
    let (p, r) = (placement.translation, placement.rollPitchYaw)
    guard max(abs(p.x), abs(p.y), abs(p.z)) <= URDFReader.farthestOrigin else {
      throw wrong(
        element, subject, "its origin lies \(Number.short(p.length)) m away, which looks like millimetres",
        "write `xyz` in metres")
    }
    guard max(abs(r.x), abs(r.y), abs(r.z)) <= URDFReader.largestAngle else {
      throw wrong(element, subject, "`rpy` holds an angle above \(URDFReader.largestAngle), which looks like degrees", "write it in rad")
    }
    return placement
  }

  private func number(_ element: MarkupElement, _ key: String, _ subject: String) throws(ImportError) -> Double {
    let text = element.attributes[key] ?? ""
    let words = Decimal.words(text)
    guard words.count == 1, let value = Decimal.value(words[0]) else {
      throw wrong(
        element, subject, text.isEmpty ? "<\(element.name)> has no `\(key)`" : "`\(key)` is `\(text)`, no finite number",
        "write a decimal number")
    }
    return value
  }

  private func vector(_ element: MarkupElement, _ key: String, _ subject: String) throws(ImportError) -> Vector3 {
    let text = element.attributes[key] ?? ""
    let values = Decimal.words(text).map { Decimal.value($0) }
    guard values.count == 3, let x = values[0], let y = values[1], let z = values[2] else {
      throw wrong(
        element, subject, text.isEmpty ? "<\(element.name)> has no `\(key)`" : "`\(key)` is `\(text)`, not three finite numbers",
        "write \(key)=\"x y z\"")
    }
    return Vector3(x, y, z)
  }
}
