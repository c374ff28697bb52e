import ODCVCore
import ODCVModel
import ODCVYAML

/// The key `certificate` of a robot file: for each link the collision meshes that its capsules hold, and how each was cut.
///
/// `{LINK: [{mesh, scale, xyz_m, rpy_rad, sha256, direction, offsets_m}, ...]}`; a mesh after the first without `direction` and
/// `offsets_m` is cut together with the one before. Loading checks its form;
/// `odcv-monitor model verify` checks its truth against the meshes.
enum CertificateReader {
  /// `nil` when the file has none.
  static func read(_ map: YAMLMap, links: [Link], capsules: [LinkCapsule]) throws(ConfigError) -> Certificate? {
    guard let map = try map.optionalMap("certificate") else { return nil }
    var certificate = Certificate(links: [])
    for name in map.keys {
      guard let index = links.firstIndex(where: { $0.name == name }) else {
        throw map.error(name, "`\(name)` is no link of this robot", "write one of \(links.map(\.name).joined(separator: ", "))")
      }
      let link = try link(map, name)
      let (cells, count) = (link.cutting.reduce(0) { $0 + $1.offsets.count + 1 }, capsules.count { $0.link == index })
      guard cells == count else {
        throw map.error(
          name, "the certificate cuts `\(name)` into \(cells) cells, and the link has \(count) capsules",
          "import the model again: the certificate is of other capsules")
      }
      certificate.links.append(link)
    }
    return certificate
  }

  private static func link(_ map: YAMLMap, _ name: String) throws(ConfigError) -> LinkCertificate {
    var link = LinkCertificate(link: name, elements: [], cutting: [])
    for entry in try map.maps(name) {
      let joined = !link.elements.isEmpty && !entry.keys.contains("direction") && !entry.keys.contains("offsets_m")
      if !joined { link.cutting.append(try cutting(entry, element: link.elements.count)) }
      link.elements.append(try reference(entry))
    }
    guard !link.elements.isEmpty else {
      throw map.error(name, "the certificate of `\(name)` names no mesh", "remove the link from the certificate")
    }
    return link
  }

  private static func reference(_ map: YAMLMap) throws(ConfigError) -> MeshReference {
    let scale = try map.vector3("scale").core
    guard scale.x > 0, scale.y > 0, scale.z > 0 else {
      throw map.error("scale", "the scale has a factor of 0 or less", "write three factors greater than 0")
    }
    let sha256 = try map.string("sha256")
    guard sha256.utf8.count == 64, sha256.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
      throw map.error("sha256", "`\(sha256)` is no SHA-256", "write its 32 bytes as 64 lower-case hexadecimal digits")
    }
    return MeshReference(
      file: try map.string("mesh"), scale: scale, origin: try Geometry.origin(map), sha256: sha256)
  }

  private static func cutting(_ map: YAMLMap, element: Int) throws(ConfigError) -> ElementCutting {
    let direction = try map.vector3("direction").core
    guard direction.length > 1e-6 else {
      throw map.error("direction", "the direction has length \(direction.length)", "write the normal of the cutting planes")
    }
    let offsets = try map.doubles("offsets_m")
    for (before, after) in zip(offsets, offsets.dropFirst()) where before >= after {
      throw map.error(
        "offsets_m", "`offsets_m` goes from \(before) to \(after)", "write the planes' offsets in ascending order")
    }
    return ElementCutting(element: element, direction: direction, offsets: offsets)
  }
}
