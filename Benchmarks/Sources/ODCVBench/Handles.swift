import ODCVConfig
import ODCVCore

/// Everything that Python has set up, by the numbers that it holds. One thread calls: the process is pinned to one core.
nonisolated(unsafe) var robots: [RobotModel] = []
nonisolated(unsafe) var scenes: [Scene] = []

/// Doubles of one obstacle in a flat array: what each kind reads of them is said at `solid(kind:numbers:)`.
let solidStride = 15

/// Kind 0, box: rotation (9, row-major), centre, half extents. 1, capsule: ends, radius. 2, half-space: normal, offset.
func solid(kind: Int32, numbers n: UnsafePointer<Double>) -> Solid {
  switch kind {
  case 0:
    let rotation = Rotation(
      x: Vector3(n[0], n[3], n[6]), y: Vector3(n[1], n[4], n[7]), z: Vector3(n[2], n[5], n[8]))
    return .box(
      Box(
        pose: Pose(rotation: rotation, translation: Vector3(n[9], n[10], n[11])),
        halfExtents: Vector3(n[12], n[13], n[14])))
  case 1: return .capsule(capsule(n))
  case 2: return .halfSpace(HalfSpace(normal: Vector3(n[0], n[1], n[2]), offset: n[3]))
  case let other: preconditionFailure("no solid of kind \(other)")
  }
}

/// Ends and radius.
func capsule(_ n: UnsafePointer<Double>) -> Capsule {
  Capsule(a: Vector3(n[0], n[1], n[2]), b: Vector3(n[3], n[4], n[5]), radius: n[6])
}

@inline(__always)
func joints(_ q: UnsafePointer<Double>, _ count: Int) -> JointVector {
  var vector = JointVector(count: count)
  for joint in 0..<count { vector[joint] = q[joint] }
  return vector
}

/// Copies text into a caller's buffer, cut to fit.
func write(_ text: String, to buffer: UnsafeMutablePointer<CChar>, capacity: Int32) {
  var end = 0
  for byte in text.utf8.prefix(Int(capacity) - 1) {
    buffer[end] = CChar(bitPattern: byte)
    end += 1
  }
  buffer[end] = 0
}

/// The robot of a robot file; -1 and the reason when it can't be loaded.
@_cdecl("odcv_robot_load")
public func robotLoad(
  _ path: UnsafePointer<CChar>, _ reason: UnsafeMutablePointer<CChar>, _ capacity: Int32
) -> Int32 {
  do throws(ConfigError) {
    robots.append(try RobotFile.load(path: String(cString: path)))
    return Int32(robots.count - 1)
  } catch {
    write("\(error)", to: reason, capacity: capacity)
    return -1
  }
}

/// A robot from flat arrays. Per link: parent (-1 for the base), origin (rotation 9, row-major, then translation), joint
/// (-1 when fixed). Per joint: revolute axis, lower and upper limit. Per capsule: link, then ends and radius. Per self
/// pair: two links.
@_cdecl("odcv_robot_arrays")
public func robotArrays(
  _ linkCount: Int32, _ parents: UnsafePointer<Int32>, _ origins: UnsafePointer<Double>,
  _ linkJoints: UnsafePointer<Int32>, _ jointCount: Int32, _ jointNumbers: UnsafePointer<Double>,
  _ capsuleCount: Int32, _ capsuleLinks: UnsafePointer<Int32>, _ capsules: UnsafePointer<Double>,
  _ pairCount: Int32, _ pairs: UnsafePointer<Int32>
) -> Int32 {
  let links = (0..<Int(linkCount)).map { index in
    let o = origins + 12 * index
    return Link(
      name: "link\(index)", parent: parents[index] < 0 ? nil : Int(parents[index]),
      origin: Pose(
        rotation: Rotation(x: Vector3(o[0], o[3], o[6]), y: Vector3(o[1], o[4], o[7]), z: Vector3(o[2], o[5], o[8])),
        translation: Vector3(o[9], o[10], o[11])),
      joint: linkJoints[index] < 0 ? nil : Int(linkJoints[index]))
  }
  let chain = (0..<Int(jointCount)).map { index in
    let n = jointNumbers + 5 * index
    return Joint(
      name: "joint\(index)", kind: .revolute, axis: Vector3(n[0], n[1], n[2]),
      limits: JointLimits(lower: n[3], upper: n[4], velocity: 2, acceleration: 10, jerk: 1000, effort: 50))
  }
  let every = { (value: Double) in JointVector(Array(repeating: value, count: Int(jointCount))) }
  robots.append(
    RobotModel(
      name: "arrays", joints: chain, links: links,
      capsules: (0..<Int(capsuleCount)).map {
        LinkCapsule(link: Int(capsuleLinks[$0]), capsule: capsule(capsules + 7 * $0), fitGap: 0)
      },
      selfPairs: (0..<Int(pairCount)).map { SelfPair(first: Int(pairs[2 * $0]), second: Int(pairs[2 * $0 + 1])) },
      toolCentrePoint: ToolCentrePoint(link: Int(linkCount) - 1, offset: .zero),
      tracking: Tracking(
        path: .straight, arrival: .atRest, responseTime: 0.05, acceleration: every(6), error: every(0.002)),
      stopping: Stopping(kind: .path, reactionTime: 0.02, deceleration: every(6)),
      measurement: MeasurementAccuracy(position: 0.0002, velocity: 0.0025, force: 1, standstill: 0.01),
      inverseKinematics: nil))
  return Int32(robots.count - 1)
}

/// Plants a defect: the capsule's radius is less by `by` m than the file says. Scenes made before are not changed.
@_cdecl("odcv_robot_shrink")
public func robotShrink(_ robot: Int32, _ capsule: Int32, _ by: Double) {
  robots[Int(robot)].capsules[Int(capsule)].capsule.radius -= by
}
