#if canImport(Glibc)
  import Glibc
#endif

/// The arm as the scene's file describes it: frames, shapes, ranges. What controllers and the driver compute with.
struct ArmModel: Sendable {
  struct Link: Sendable {
    var name: String
    var parent: Int?
    /// Before the joint moves, in the parent's frame.
    var origin: Frame
    var joint: Int?
  }

  struct Shape: Sendable {
    var name: String
    var link: Int
    /// In the link's frame.
    var capsule: SimCapsule
  }

  /// In chain order: parents before children.
  var links: [Link]
  var shapes: [Shape]
  var jointNames: [String]
  /// rad
  var lower: [Double]
  var upper: [Double]
  var toolLink: Int
  /// The tool centre point in its link's frame, m.
  var toolOffset: Vector

  var jointCount: Int { jointNames.count }

  /// Every link's frame in the base frame.
  func frames(_ q: [Double]) -> [Frame] {
    var frames: [Frame] = []
    frames.reserveCapacity(links.count)
    for link in links {
      let before = link.parent.map { frames[$0] * link.origin } ?? link.origin
      if let joint = link.joint {
        frames.append(before.turnedAboutZ(sin(q[joint]), cos(q[joint])))
      } else {
        frames.append(before)
      }
    }
    return frames
  }

  /// The tool's frame in the base frame, its origin in the tool centre point.
  func tool(_ q: [Double]) -> Frame { tool(in: frames(q)) }

  func tool(in frames: [Frame]) -> Frame {
    var frame = frames[toolLink]
    frame.origin = frame * toolOffset
    return frame
  }

  func capsules(in frames: [Frame]) -> [SimCapsule] {
    shapes.map { shape in
      let frame = frames[shape.link]
      return SimCapsule(a: frame * shape.capsule.a, b: frame * shape.capsule.b, radius: shape.capsule.radius)
    }
  }

  /// Linear and angular velocity of the tool per joint, one pair for each joint.
  func jacobian(in frames: [Frame]) -> [(linear: Vector, angular: Vector)] {
    let tool = tool(in: frames).origin
    var columns = [(linear: Vector, angular: Vector)](
      repeating: (Vector(0, 0, 0), Vector(0, 0, 0)), count: jointCount)
    for (index, link) in links.enumerated() {
      guard let joint = link.joint else { continue }
      let axis = frames[index].z
      columns[joint] = (cross(axis, tool - frames[index].origin), axis)
    }
    return columns
  }

  /// Joint displacement for a displacement of the tool: J^T (J J^T + damping^2 I)^-1 dx, joints in `locked` left alone.
  func resolve(
    linear: Vector, angular: Vector, in frames: [Frame], damping: Double, locked: Int? = nil
  ) -> [Double] {
    var columns = jacobian(in: frames)
    if let locked { columns[locked] = (Vector(0, 0, 0), Vector(0, 0, 0)) }
    func row(_ i: Int, _ j: Int) -> Double { i < 3 ? columns[j].linear[i] : columns[j].angular[i - 3] }
    var a = [[Double]](repeating: [Double](repeating: 0, count: 7), count: 6)
    for i in 0..<6 {
      for k in 0..<6 {
        var sum = i == k ? damping * damping : 0
        for j in 0..<jointCount { sum += row(i, j) * row(k, j) }
        a[i][k] = sum
      }
      a[i][6] = i < 3 ? linear[i] : angular[i - 3]
    }
    // Cholesky would do; elimination with pivoting is as short and forgives damping 1e-3.
    for column in 0..<6 {
      let pivot = (column..<6).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      for r in 0..<6 where r != column {
        let factor = a[r][column] / a[column][column]
        if factor != 0 { for c in column..<7 { a[r][c] -= factor * a[column][c] } }
      }
    }
    return (0..<jointCount).map { j in
      var sum = 0.0
      for i in 0..<6 { sum += row(i, j) * a[i][6] / a[i][i] }
      return sum
    }
  }

  /// Joints that bring the tool to `goal`, found from `start` with one joint locked, or `nil` when the search fails.
  func solve(_ goal: Frame, from start: [Double], locked: Int) -> [Double]? {
    var q = start
    for _ in 0..<200 {
      let frames = frames(q)
      let tool = tool(in: frames)
      let linear = goal.origin - tool.origin
      let angular = goal.rotation(from: tool)
      if length(linear) < 1e-9, length(angular) < 1e-9 {
        return zip(q, zip(lower, upper)).allSatisfy { $0 > $1.0 && $0 < $1.1 } ? q : nil
      }
      let step = resolve(linear: linear, angular: angular, in: frames, damping: 1e-3, locked: locked)
      let largest = step.map(abs).max() ?? 0
      let scale = largest > 0.2 ? 0.2 / largest : 1
      for j in q.indices { q[j] += scale * step[j] }
    }
    return nil
  }
}
