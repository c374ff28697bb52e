import ODCVCore
import ODCVYAML

/// Takes the links of a robot file one by one, parents first.
struct LinkReader {
  let joints: [Joint]
  private(set) var links: [Link] = []
  private(set) var capsules: [LinkCapsule] = []

  init(joints: [Joint]) { self.joints = joints }

  mutating func add(_ name: String, _ map: YAMLMap) throws(ConfigError) {
    guard links.count < Capacity.links else {
      throw map.error("more than \(Capacity.links) links", "merge links that are fixed to each other")
    }
    let parent = try parent(name, map)
    let joint = parent == nil ? nil : try joint(name, parent, map)
    let origin = parent == nil ? .identity : try Geometry.origin(map.map("origin"))
    _ = try map.optionalDouble("mass_kg", .positive)
    links.append(Link(name: name, parent: parent, origin: origin, joint: joint))
    try addCapsules(name, map)
  }

  /// Every joint moves a link.
  func checkComplete(_ map: YAMLMap) throws(ConfigError) {
    guard !links.isEmpty else { throw map.error("links", "no links", "declare the base link first") }
    for (index, joint) in joints.enumerated() where !links.contains(where: { $0.joint == index }) {
      throw map.error(
        "joints", "joint `\(joint.name)` moves no link", "write `joint: \(joint.name)` in the link that it moves")
    }
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

  private func joint(_ name: String, _ parent: Int?, _ map: YAMLMap) throws(ConfigError) -> Int? {
    guard let joint = try map.optionalString("joint") else { return nil }
    guard let index = joints.firstIndex(where: { $0.name == joint }) else {
      throw map.error(
        "joint", "`\(joint)` is no joint of this robot",
        "write one of \(joints.map(\.name).joined(separator: ", ")), or remove it for a fixed link")
    }
    if let other = links.first(where: { $0.joint == index }) {
      throw map.error(
        "joint", "`\(joint)` moves `\(other.name)` already", "give each link a joint of its own, or none when it is fixed")
    }
    // A serial arm: the joint before this one is the nearest on the way to the base.
    var ancestor = parent
    while let link = ancestor, links[link].joint == nil { ancestor = links[link].parent }
    let before = ancestor.flatMap { links[$0].joint }
    guard before == (index == 0 ? nil : index - 1) else {
      throw map.error(
        "joint", "`\(joint)` does not follow the joint before it in `joints`",
        "list the joints in the order of the chain, from the base outwards")
    }
    return index
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
      capsules.append(
        LinkCapsule(
          link: links.count - 1, capsule: try Geometry.capsule(entry),
          fitGap: try entry.double("fit_gap_m", .notNegative)))
    }
  }
}

/// Shapes and poses as all files write them.
enum Geometry {
  /// `{xyz_m: [x, y, z], rpy_rad: [roll, pitch, yaw]}`, as URDF.
  static func origin(_ map: YAMLMap) throws(ConfigError) -> Pose {
    Pose(rotation: try rotation(map, "rpy_rad"), translation: try map.vector3("xyz_m").core)
  }

  static func rotation(_ map: YAMLMap, _ key: String) throws(ConfigError) -> Rotation {
    let angles = try map.vector3(key)
    guard abs(angles.x) <= 7, abs(angles.y) <= 7, abs(angles.z) <= 7 else {
      throw map.error(key, "`\(key)` holds an angle above 7, which looks like degrees", "write it in rad")
    }
    return Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z)
  }

  /// `{from_m, to_m, radius_m}`
  static func capsule(_ map: YAMLMap) throws(ConfigError) -> Capsule {
    Capsule(
      a: try map.vector3("from_m").core, b: try map.vector3("to_m").core, radius: try map.double("radius_m", .positive))
  }

  /// `{center_m, size_m, rpy_rad}`; size is the whole edge, rpy may be left out.
  static func box(_ map: YAMLMap) throws(ConfigError) -> Box {
    let size = try map.vector3("size_m").core
    guard size.x > 0, size.y > 0, size.z > 0 else {
      throw map.error("size_m", "the box has an edge of 0 or less", "write its three whole edge lengths in m")
    }
    let rotation = try map.optionalVector3("rpy_rad") == nil ? .identity : rotation(map, "rpy_rad")
    return Box(
      pose: Pose(rotation: rotation, translation: try map.vector3("center_m").core), halfExtents: 0.5 * size)
  }
}
