import ODCVCore
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
}
