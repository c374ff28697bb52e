import CMuJoCo
import Synchronization

/// A compiled scene: arm and cell from an MJCF file.
///
/// `@unchecked Sendable`: nothing writes to the compiled model after `init`, and MuJoCo only reads it while stepping.
final class SceneModel: @unchecked Sendable {
  let model: UnsafeMutablePointer<mjModel>
  let arm: ArmModel
  /// The cell's fixed boxes by name, in the file's order.
  let obstacles: [(name: String, box: SimBox)]
  /// The geom of each of the arm's shapes, and of each obstacle.
  let shapeGeoms: [Int]
  let path: String
  /// Fixtures whose top gives way: N/m by name.
  let soft: [String: Double]

  /// MuJoCo's XML reader keeps state of its own between calls.
  private static let reader = Mutex<Void>(())

  /// Reads and compiles an MJCF file; `include` is resolved against its folder.
  ///
  /// - Parameters:
  ///   - files: where it is, when that is not on disk
  ///   - named: what messages call it, when that is not its path
  init(
    path: String, in files: UnsafePointer<mjVFS>? = nil, named name: String? = nil, soft: [String: Double] = [:]
  ) throws(SimError) {
    // As a number, because a pointer may not leave the lock.
    let place = files.map { UInt(bitPattern: $0) }
    let loaded: Result<UInt, SimError> = Self.reader.withLock { _ in
      var message = [CChar](repeating: 0, count: 1000)
      let files = place.flatMap { UnsafePointer<mjVFS>(bitPattern: $0) }
      guard let model = mj_loadXML(path, files, &message, Int32(message.count)) else {
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return .failure(SimError("\(name ?? path): MuJoCo cannot load it: \(text); correct the file"))
      }
      return .success(UInt(bitPattern: model))
    }
    guard let model = UnsafeMutablePointer<mjModel>(bitPattern: try loaded.get()) else {
      throw SimError("\(name ?? path): MuJoCo gave no model; correct the file")
    }
    self.model = model
    self.path = name ?? path
    self.soft = soft
    do {
      let reading = SceneReading(model: model, path: name ?? path)
      arm = try reading.arm()
      obstacles = try reading.obstacles()
      shapeGeoms = reading.shapeGeoms()
    } catch {
      mj_deleteModel(model)
      throw error
    }
  }

  deinit { mj_deleteModel(model) }
}

/// Takes what the simulator needs out of a compiled model, and refuses what it could not simulate truthfully.
private struct SceneReading {
  let model: UnsafeMutablePointer<mjModel>
  let path: String

  private static let prefix = "panda_"

  func name(_ kind: mjtObj, _ id: Int) -> String {
    guard let text = mj_id2name(model, Int32(kind.rawValue), Int32(id)) else { return "" }
    return String(cString: text)
  }

  var armBodies: [Int] {
    (1..<Int(model.pointee.nbody)).filter { name(mjOBJ_BODY, $0).hasPrefix(Self.prefix) }
  }

  func vector(_ values: UnsafeMutablePointer<mjtNum>, _ index: Int) -> Vector {
    Vector(values[3 * index], values[3 * index + 1], values[3 * index + 2])
  }

  func frame(_ position: Vector, _ q: UnsafeMutablePointer<mjtNum>, _ index: Int) -> Frame {
    Frame(w: q[4 * index], q[4 * index + 1], q[4 * index + 2], q[4 * index + 3], origin: position)
  }

  func arm() throws(SimError) -> ArmModel {
    let m = model.pointee
    let bodies = armBodies
    guard !bodies.isEmpty else { throw SimError("\(path): no body named \(Self.prefix)...; include panda.xml") }
    guard m.nv == m.njnt else { throw SimError("\(path): only hinge joints of the arm are simulated") }
    var links: [ArmModel.Link] = []
    for body in bodies {
      let joints = Int(m.body_jntnum[body])
      guard joints <= 1 else { throw SimError("\(path): body \(name(mjOBJ_BODY, body)) has more than one joint") }
      let joint = joints == 1 ? Int(m.body_jntadr[body]) : nil
      if let joint {
        let axis = vector(m.jnt_axis, joint)
        guard m.jnt_type[joint] == Int32(mjJNT_HINGE.rawValue), axis == Vector(0, 0, 1),
          vector(m.jnt_pos, joint) == Vector(0, 0, 0)
        else { throw SimError("\(path): joint \(name(mjOBJ_JOINT, joint)) must be a hinge about z at its body's origin") }
      }
      links.append(
        ArmModel.Link(
          name: name(mjOBJ_BODY, body), parent: bodies.firstIndex(of: Int(m.body_parentid[body])),
          origin: frame(vector(m.body_pos, body), m.body_quat, body), joint: joint))
    }
    var shapes: [ArmModel.Shape] = []
    for geom in shapeGeoms() {
      guard m.geom_type[geom] == Int32(mjGEOM_CAPSULE.rawValue),
        let link = bodies.firstIndex(of: Int(m.geom_bodyid[geom]))
      else { throw SimError("\(path): geom \(name(mjOBJ_GEOM, geom)) of the arm must be a capsule") }
      let frame = frame(vector(m.geom_pos, geom), m.geom_quat, geom)
      let half = m.geom_size[3 * geom + 1]
      shapes.append(
        ArmModel.Shape(
          name: name(mjOBJ_GEOM, geom), link: link,
          capsule: SimCapsule(
            a: frame * Vector(0, 0, -half), b: frame * Vector(0, 0, half), radius: m.geom_size[3 * geom])))
    }
    let site = Int(mj_name2id(model, Int32(mjOBJ_SITE.rawValue), "tcp"))
    guard site >= 0, let toolLink = bodies.firstIndex(of: Int(m.site_bodyid[site])) else {
      throw SimError("\(path): no site named tcp on the arm; include panda.xml")
    }
    let joints = 0..<Int(m.njnt)
    return ArmModel(
      links: links, shapes: shapes, jointNames: joints.map { name(mjOBJ_JOINT, $0) },
      lower: joints.map { m.jnt_range[2 * $0] }, upper: joints.map { m.jnt_range[2 * $0 + 1] },
      toolLink: toolLink, toolOffset: vector(m.site_pos, site))
  }

  func shapeGeoms() -> [Int] {
    let bodies = armBodies
    return (0..<Int(model.pointee.ngeom)).filter { bodies.contains(Int(model.pointee.geom_bodyid[$0])) }
  }

  func obstacles() throws(SimError) -> [(name: String, box: SimBox)] {
    let m = model.pointee
    var boxes: [(name: String, box: SimBox)] = []
    for geom in 0..<Int(m.ngeom) where m.geom_bodyid[geom] == 0 {
      let name = name(mjOBJ_GEOM, geom)
      guard m.geom_type[geom] == Int32(mjGEOM_BOX.rawValue), m.geom_quat[4 * geom] == 1, !name.isEmpty else {
        throw SimError("\(path): geom `\(name)` of the cell must be a named box along the axes")
      }
      boxes.append((name, SimBox(center: vector(m.geom_pos, geom), halfExtents: vector(m.geom_size, geom))))
    }
    return boxes
  }
}
