import ODCVCore
import ODCVModel
import ODCVYAML

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

  /// Vertices of one hull.
  static let mostVertices = 1024

  /// `vertices_m: [[x, y, z], ...]` of a hull, none further than `reach` from the frame's origin along an axis.
  static func vertices(_ map: YAMLMap, of name: String, reach: Double) throws(ConfigError) -> [Vector3] {
    let vertices = try map.vectors3("vertices_m")
    guard (4...mostVertices).contains(vertices.count) else {
      throw map.error(
        "vertices_m", "the hull `\(name)` has \(vertices.count) vertices", "write 4 to \(mostVertices)")
    }
    for (vertex, line) in vertices where max(abs(vertex.x), abs(vertex.y), abs(vertex.z)) > reach {
      throw ConfigError(
        file: map.file, line: line, problem: "a vertex of `\(name)` lies more than \(reach) m from the frame's origin",
        remedy: "write metres, not millimetres, in the frame of the link, or of the base for an obstacle")
    }
    return vertices.map(\.value.core)
  }

  /// The hull of the points with its faces, for exact depths. All points stay: one that rounding finds inside may stick out.
  static func hull(_ vertices: [Vector3], padding: Double, gap: Double) -> ConvexHull {
    let polytope = ConvexPolytope(vertices)
    var index: [SIMD3<Double>: Int] = [:]
    for (place, v) in vertices.enumerated() { index[SIMD3(v.x, v.y, v.z)] = place }
    let triangles = polytope.faces.compactMap { face -> (Int, Int, Int)? in
      let corners = [face.a, face.b, face.c].compactMap { corner in
        let v = polytope.vertices[corner]
        return index[SIMD3(v.x, v.y, v.z)]
      }
      return corners.count == 3 ? (corners[0], corners[1], corners[2]) : nil
    }
    return ConvexHull(vertices: vertices, triangles: triangles, padding: padding, gap: gap)
  }
}
