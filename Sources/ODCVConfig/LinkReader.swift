import ODCVCore
import ODCVYAML

/// Takes the links of a robot or tool file one by one, parents first.
struct LinkReader {
  let joints: [Joint]
  private(set) var shapes: ShapesFile
  private(set) var links: [Link] = []
  private(set) var capsules: [LinkCapsule] = []
  /// Links whose joint mimics the one that they name: they follow it, and the chain goes on without them.
  private var mimics: Set<Int> = []

  /// A tool has no joints.
  init(joints: [Joint], shapes: ShapesFile) {
    self.joints = joints
    self.shapes = shapes
  }

  mutating func add(_ name: String, _ map: YAMLMap) throws(ConfigError) {
    guard links.count < Capacity.links else {
      throw map.error("more than \(Capacity.links) links", "merge links that are fixed to each other")
    }
    let parent = try parent(name, map)
    let drive = parent == nil ? nil : try drive(name, parent, map)
    let origin = parent == nil ? .identity : try Geometry.origin(map.map("origin"))
    let inertia = try DynamicsReader.inertia(map)
    if let drive, drive.isMimic { mimics.insert(links.count) }
    links.append(
      Link(
        name: name, parent: parent, origin: origin, joint: drive?.joint, ratio: drive?.ratio ?? 1,
        offset: drive?.offset ?? 0, inertia: inertia))
    try addCapsules(name, map)
    guard capsules.count < Capacity.capsules else {
      throw map.error("more than \(Capacity.capsules - 1) capsules", "hold the links with fewer")
    }
  }

  /// Every joint moves a link, and every hull has its capsule.
  func checkComplete(_ map: YAMLMap) throws(ConfigError) {
    guard !links.isEmpty else { throw map.error("links", "no links", "declare the base link first") }
    for (index, joint) in joints.enumerated() where own(index) == nil {
      throw map.error(
        "joints", "joint `\(joint.name)` moves no link", "write `joint: \(joint.name)` in the link that it moves")
    }
    try shapes.checkAllTaken()
  }

  /// The link that a joint moves itself, not through a joint that mimics it.
  private func own(_ joint: Int) -> Link? {
    links.indices.first { links[$0].joint == joint && !mimics.contains($0) }.map { links[$0] }
  }

  private func parent(_ name: String, _ map: YAMLMap) throws(ConfigError) -> Int? {
    guard !links.isEmpty else {
      guard !map.has("parent"), !map.has("joint"), !map.has("origin") else {
        throw map.error(
          "the first link, `\(name)`, is the base and has a parent, joint or origin",
          "remove them, or put the base first")
      }
      return nil
    }
    let parent = try map.string("parent")
    guard let index = links.firstIndex(where: { $0.name == parent }) else {
      throw map.error(
        "parent", "the parent `\(parent)` of `\(name)` is not declared before it", "put parents before their children")
    }
    return index
  }

  /// How a joint moves a link.
  private struct Drive {
    var joint: Int
    var ratio = 1.0
    var offset = 0.0
    var isMimic = false
  }

  private func drive(_ name: String, _ parent: Int?, _ map: YAMLMap) throws(ConfigError) -> Drive? {
    let mimic = try map.optionalMap("mimic")
    guard let joint = try map.optionalString("joint") else {
      guard let mimic else { return nil }
      throw mimic.error("`mimic` of `\(name)` without a `joint`", "name the joint that it follows: `joint: <name>`")
    }
    guard let index = joints.firstIndex(where: { $0.name == joint }) else {
      throw map.error(
        "joint", "`\(joint)` is no joint of this robot",
        joints.isEmpty
          ? "remove it: the links of a tool are fixed to each other"
          : "write one of \(joints.map(\.name).joined(separator: ", ")), or remove it for a fixed link")
    }
    if let mimic { return try follower(of: index, mimic) }
    if let other = own(index) {
      throw map.error(
        "joint", "`\(joint)` moves `\(other.name)` already",
        "give each link a joint of its own, none when it is fixed, or `mimic` when its joint follows another")
    }
    // A serial arm: the joint before this one is the nearest on the way to the base.
    var ancestor = parent
    while let link = ancestor, links[link].joint == nil || mimics.contains(link) { ancestor = links[link].parent }
    let before = ancestor.flatMap { links[$0].joint }
    guard before == (index == 0 ? nil : index - 1) else {
      throw map.error(
        "joint", "`\(joint)` does not follow the joint before it in `joints`",
        "list the joints in the order of the chain, from the base outwards")
    }
    return Drive(joint: index)
  }

  /// `{ratio, offset_rad}`, or `offset_m` where the joint followed is prismatic.
  private func follower(of joint: Int, _ map: YAMLMap) throws(ConfigError) -> Drive {
    let ratio = try map.double("ratio")
    guard ratio != 0, abs(ratio) <= 100 else {
      throw map.error("ratio", "`ratio` is \(ratio)", "write how far the link moves for one unit of the joint, not 0 and at most 100")
    }
    switch joints[joint].kind {
    case .revolute: return Drive(joint: joint, ratio: ratio, offset: try map.double("offset_rad"), isMimic: true)
    case .prismatic: return Drive(joint: joint, ratio: ratio, offset: try map.double("offset_m"), isMimic: true)
    }
  }

  private mutating func addCapsules(_ name: String, _ map: YAMLMap) throws(ConfigError) {
    let entries = try map.maps("capsules")
    let reason = try map.optionalString("no_shape")
    guard entries.isEmpty == (reason != nil) else {
      if entries.isEmpty {
        throw map.error(
          "capsules", "link `\(name)` has no capsules, so nothing would be checked for it",
          "add capsules that hold it, or say why it has no shape: `no_shape: <reason>`")
      }
      throw map.error("no_shape", "link `\(name)` has capsules and `no_shape`", "remove one of them")
    }
    for entry in entries {
      let capsule = try Geometry.capsule(entry)
      capsules.append(
        LinkCapsule(
          link: links.count - 1, capsule: capsule, fitGap: try entry.double("fit_gap_m", .notNegative),
          hull: try shapes.index(namedBy: entry, link: name, capsule: capsule)))
    }
  }
}
