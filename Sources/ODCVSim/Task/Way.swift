#if canImport(Glibc)
  import Glibc
#endif

/// The way between the two ends of a cycle, as joint vectors close enough together to join them with straight lines.
struct Way: Sendable {
  /// rad
  private(set) var joints: [[Double]]
  /// The tool centre point at each, m.
  private(set) var tool: [Vector]
  /// Length along the way: the sum of the farthest moving joint's steps, rad.
  private(set) var length: [Double]
  /// Per sample: the fastest point of the arm, in m per rad of `length`.
  private(set) var reach: [Double]
  /// Per sample: how fast its direction turns, 1/rad: v² times it is the acceleration that following costs, rad/s².
  private(set) var curvature: [Double]

  private static let samplesPerPoint = 12

  /// A point of the tool centre point, and how the tool is turned there.
  struct Point: Sendable, Equatable {
    /// So far from this one to another.
    func toward(_ other: Point, by share: Double) -> Point {
      Point(
        at: at + (other.at - at) * share, slant: slant + (other.slant - slant) * share, turn: turn + (other.turn - turn) * share)
    }

    var at: SIMD3<Double>
    /// rad that the tool leans forward from straight down, about its own y axis.
    var slant = 0.0
    /// rad that it is turned about the vertical.
    var turn = 0.0

    var frame: Frame {
      let (s, c) = (sin(turn), cos(turn))
      let (forward, side) = (Vector(c, s, 0), Vector(s, -c, 0))
      let z = Vector(0, 0, -cos(slant)) + forward * sin(slant)
      return Frame(x: cross(side, z), y: side, z: z, origin: at)
    }
  }

  /// Through points of the tool centre point; joint 3 stays at the posture's value, which makes the way there and back one
  /// and the same. `nil` when a point is out of reach.
  init?(points: [Point], posture: [Double], arm: ArmModel) {
    var q = posture
    var joints: [[Double]] = []
    for point in Self.smooth(points) {
      let goal = point.frame
      guard let solution = arm.solve(goal, from: q, locked: 2) else { return nil }
      q = solution
      joints.append(q)
    }
    self.init(joints: joints, arm: arm)
  }

  init(joints: [[Double]], arm: ArmModel) {
    self.joints = joints
    tool = joints.map { arm.tool($0).origin }
    length = [0]
    reach = []
    curvature = [Double](repeating: 0, count: joints.count)
    var ends = joints.map { arm.capsules(in: arm.frames($0)).flatMap { [$0.a, $0.b] } }
    for i in ends.indices { ends[i].append(tool[i]) }
    for i in 1..<joints.count {
      let step = max(1e-6, Self.farthest(joints[i - 1], joints[i]))
      length.append(length[i - 1] + step)
      var most = 0.0
      for k in ends[i].indices { most = max(most, ODCVSim.length(ends[i][k] - ends[i - 1][k])) }
      reach.append(most / step)
    }
    reach.append(reach[reach.count - 1])
    for i in 1..<(joints.count - 1) {
      let before = length[i] - length[i - 1]
      let after = length[i + 1] - length[i]
      var turn = 0.0
      for j in joints[i].indices {
        turn = max(
          turn, abs((joints[i + 1][j] - joints[i][j]) / after - (joints[i][j] - joints[i - 1][j]) / before))
      }
      curvature[i] = turn / (0.5 * (before + after))
    }
  }

  var total: Double { length[length.count - 1] }

  var reversed: Way {
    var way = self
    way.joints.reverse()
    way.tool.reverse()
    way.curvature.reverse()
    let total = total
    way.length = length.reversed().map { total - $0 }
    way.reach = Array(reach.dropLast().reversed())
    way.reach.append(reach[0])
    return way
  }

  /// The sample before `s` and how far behind it `s` lies, 0...1.
  func place(_ s: Double) -> (index: Int, part: Double) {
    var low = 0
    var high = length.count - 1
    if s <= 0 { return (0, 0) }
    if s >= total { return (high - 1, 1) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if length[middle] <= s { low = middle } else { high = middle }
    }
    return (low, (s - length[low]) / (length[low + 1] - length[low]))
  }

  func joints(at s: Double) -> [Double] {
    let (i, part) = place(s)
    return zip(joints[i], joints[i + 1]).map { $0 + part * ($1 - $0) }
  }

  /// Where along the way a measured posture is, searched from `window` behind to `window` ahead of `near`.
  func progress(of q: [Double], near: Double, window: Double = 0.5) -> Double {
    var best = (distance: Double.infinity, s: near)
    let first = place(near - window).index
    let last = place(near + window).index
    for i in first...last {
      var along = 0.0
      var square = 0.0
      for j in q.indices {
        let step = joints[i + 1][j] - joints[i][j]
        along += (q[j] - joints[i][j]) * step
        square += step * step
      }
      let part = square > 0 ? min(1, max(0, along / square)) : 0
      var distance = 0.0
      for j in q.indices {
        let off = q[j] - joints[i][j] - part * (joints[i + 1][j] - joints[i][j])
        distance += off * off
      }
      if distance < best.distance { best = (distance, length[i] + part * (length[i + 1] - length[i])) }
    }
    return best.s
  }

  /// The same by the tool centre point alone: an arm with a joint to spare comes by in other postures too.
  func progress(ofTool point: Vector, near: Double, window: Double = 0.5) -> Double {
    var best = (distance: Double.infinity, s: near)
    let first = place(near - window).index
    let last = place(near + window).index
    for i in first...last {
      let step = tool[i + 1] - tool[i]
      let square = dot(step, step)
      let part = square > 0 ? min(1, max(0, dot(point - tool[i], step) / square)) : 0
      let off = point - tool[i] - step * part
      let distance = dot(off, off)
      if distance < best.distance { best = (distance, length[i] + part * (length[i + 1] - length[i])) }
    }
    return best.s
  }

  private static func farthest(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.1 - $1.0)) }
  }

  /// A Catmull-Rom curve through the points.
  private static func smooth(_ points: [Point]) -> [Point] {
    let values = points.map { SIMD8($0.at.x, $0.at.y, $0.at.z, $0.slant, $0.turn, 0, 0, 0) }
    let count = values.count
    let first = 2 * values[0] - values[1]
    let last = 2 * values[count - 1] - values[count - 2]
    let all = [first] + values + [last]
    var curve: [Point] = []
    for i in 1..<count {
      let (p0, p1, p2, p3) = (all[i - 1], all[i], all[i + 1], all[i + 2])
      let a = p2 - p0
      let b = 2 * p0 - 5 * p1 + 4 * p2 - p3
      let c = 3 * p1 - p0 - 3 * p2 + p3
      for k in 0..<samplesPerPoint {
        let t = Double(k) / Double(samplesPerPoint)
        let v = p1 + 0.5 * (a * t + b * (t * t) + c * (t * t * t))
        curve.append(Point(at: SIMD3(v[0], v[1], v[2]), slant: v[3], turn: v[4]))
      }
    }
    curve.append(points[count - 1])
    return curve
  }
}
