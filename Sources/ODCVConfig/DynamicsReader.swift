import ODCVCore
import ODCVYAML

/// Reads what a robot file says of the arm's dynamics: `dynamics`, and the mass of each link.
enum DynamicsReader {
  /// `mass_kg`, `center_of_mass_m`, `inertia_kg_m2: [xx, yy, zz, xy, xz, yz]` of one link; the last two go together and
  /// need the first. A mass alone says too little to tell contact by.
  static func inertia(_ map: YAMLMap) throws(ConfigError) -> LinkInertia? {
    let mass = try map.optionalDouble("mass_kg", .positive)
    guard map.has("center_of_mass_m") || map.has("inertia_kg_m2") else { return nil }
    let center = try map.vector3("center_of_mass_m").core
    let i = try map.doubles("inertia_kg_m2", count: 6)
    guard let mass else {
      throw map.error("a centre of mass and an inertia without `mass_kg`", "add `mass_kg`")
    }
    let inertia = LinkInertia(
      mass: mass, center: center, diagonal: Vector3(i[0], i[1], i[2]), products: Vector3(i[3], i[4], i[5]))
    guard isPossible(inertia) else {
      throw map.error(
        "inertia_kg_m2", "no body has the inertia \(i)",
        "write [xx, yy, zz, xy, xz, yz] about the centre of mass, the products with the signs of URDF")
    }
    return inertia
  }

  /// Positive on every axis, and no moment greater than the other two together, give or take what rounding and
  /// identification leave.
  private static func isPossible(_ inertia: LinkInertia) -> Bool {
    let (d, p) = (inertia.diagonal, inertia.products)
    let slack = 1e-9 + 1e-6 * (d.x + d.y + d.z)
    let minor = d.x * d.y - p.x * p.x
    let determinant =
      d.x * (d.y * d.z - p.z * p.z) - p.x * (p.x * d.z - p.z * p.y) + p.y * (p.x * p.z - d.y * p.y)
    return d.x > 0 && d.y > 0 && d.z > 0 && minor > 0 && determinant > 0
      && d.x <= d.y + d.z + slack && d.y <= d.x + d.z + slack && d.z <= d.x + d.y + slack
  }

  /// `dynamics: {effort, source, gravity_m_s2, drive_inertia_kg_m2, friction_nm, error_nm, response_time_s}`; may be left
  /// out. With it, every moving link that has a shape must say how its mass is spread.
  static func dynamics(_ map: YAMLMap, joints: [Joint], links: [Link], shaped: Set<Int>) throws(ConfigError) -> Dynamics? {
    guard let given = try map.optionalMap("dynamics") else { return nil }
    _ = try given.string("source")
    let effort: EffortName = try given.choice("effort")
    let count = joints.count
    let dynamics = Dynamics(
      effort: effort.core, gravity: try given.vector3("gravity_m_s2").core,
      driveInertia: JointVector(try given.doubles("drive_inertia_kg_m2", count: count, .notNegative)),
      friction: JointVector(try given.doubles("friction_nm", count: count, .notNegative)),
      error: JointVector(try given.doubles("error_nm", count: count, .positive)),
      responseTime: try given.double("response_time_s", .positive))
    guard gravityOnEarth.contains(dynamics.gravity.length) else {
      throw given.error(
        "gravity_m_s2", "gravity is \(dynamics.gravity.length) m/s²",
        "write it as it pulls in the base frame, such as [0, 0, -9.81] for an arm that stands upright")
    }
    guard dynamics.responseTime <= 1 else {
      throw given.error(
        "response_time_s", "the residual would follow a contact in \(dynamics.responseTime) s",
        "write the observer's time in seconds, such as 0.03")
    }
    for index in links.indices.dropFirst() where shaped.contains(index) && links[index].inertia == nil {
      throw try map.map("links").error(
        links[index].name, "`dynamics` is declared, and nobody says how the mass of `\(links[index].name)` is spread",
        "add its mass_kg, center_of_mass_m and inertia_kg_m2")
    }
    return dynamics
  }

  /// m/s²: from the equator's mountains to the poles, and rounded values.
  private static let gravityOnEarth = 9.7...9.9

  private enum EffortName: String, CaseIterable {
    case sampled, mean
    var core: Dynamics.Effort {
      switch self {
      case .sampled: .sampled
      case .mean: .mean
      }
    }
  }
}
