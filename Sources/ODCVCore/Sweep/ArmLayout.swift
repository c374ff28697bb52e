import CClearance

/// A robot as the kernel reads it, and which joints move which capsule.
struct ArmLayout: Sendable {
  /// The first `count` movers of a row: a capsule's own row has its number, rows of pairs on two branches come behind.
  struct Movers: Sendable {
    var row: Int
    var count: Int
  }

  /// Two capsules of one arm, the second seen in the frame of the first one's link.
  struct Pair: Sendable {
    var first: Int
    var second: Int
    var frame: Int
    /// What moves them against each other, farthest from `first` first.
    var movers: Movers
  }

  let links: [odcv_link]
  /// Every capsule of the robot, and behind them the tool centre point as one without length.
  let capsules: [odcv_capsule]
  let radii: [Double]
  /// How far, at most, each capsule reaches beyond the true shape, m.
  let gaps: [Double]
  /// What each capsule was fitted to, in its link's frame; the capsule itself where that is not known.
  let bodies: [ConvexHull]
  /// Whether it is known.
  let isFitted: [Bool]
  /// Moving links, row by row, the most distal first.
  let movers: [odcv_mover]
  let moversOfRow: [Range<Int>]
  /// The capsule whose ends a row's movers move.
  let rowCapsules: [Int]
  let pairs: [Pair]
  /// Whether a capsule moves at all, and how many do.
  let moves: [Bool]
  let moving: Int

  var toolCentrePoint: Int { capsules.count - 1 }

  /// There is more to know of the pair than its capsules.
  func canRefine(_ capsule: Int, _ other: Int?) -> Bool { isFitted[capsule] || other.map { isFitted[$0] } ?? false }

  /// A capsule in its link's frame.
  func local(_ capsule: Int) -> Capsule {
    let (a, b) = (capsules[capsule].a, capsules[capsule].b)
    return Capsule(a: Vector3(a.0, a.1, a.2), b: Vector3(b.0, b.1, b.2), radius: radii[capsule])
  }

  func link(_ capsule: Int) -> Int { Int(capsules[capsule].link) }

  init(_ robot: RobotModel) {
    links = robot.links.map { link in
      let joint = link.joint.map { robot.joints[$0] }
      let r = link.origin.rotation
      let axis = joint?.axis ?? .zero
      return odcv_link(
        rotation: (r.x.x, r.x.y, r.x.z, r.y.x, r.y.y, r.y.z, r.z.x, r.z.y, r.z.z),
        translation: (link.origin.translation.x, link.origin.translation.y, link.origin.translation.z),
        axis: (axis.x, axis.y, axis.z), ratio: link.ratio, offset: link.offset,
        parent: Int32(link.parent ?? -1), joint: Int32(link.joint ?? -1),
        prismatic: joint?.kind == .prismatic ? 1 : 0, about_z: axis == Vector3(0, 0, 1) ? 1 : 0,
        columns: (ArmLayout.axis(r.x), ArmLayout.axis(r.y), ArmLayout.axis(r.z)), pad: 0)
    }
    let tool = robot.toolCentrePoint
    let bodies = robot.capsules + [
      LinkCapsule(link: tool.link, capsule: Capsule(a: tool.offset, b: tool.offset, radius: 0), fitGap: 0)
    ]
    capsules = bodies.map { body in
      let (a, b) = (body.capsule.a, body.capsule.b)
      return odcv_capsule(
        a: (a.x, a.y, a.z), b: (b.x, b.y, b.z), radius: body.capsule.radius, gap: body.fitGap,
        half: Float(0.5 * (b - a).length).nextUp, link: Int32(body.link))
    }
    radii = bodies.map(\.capsule.radius)
    gaps = bodies.map(\.fitGap)
    isFitted = bodies.map { $0.hull != nil }
    self.bodies = bodies.map { body in
      body.hull.map { robot.hulls[$0] }
        ?? ConvexHull(vertices: [body.capsule.a, body.capsule.b], padding: body.capsule.radius, gap: body.fitGap)
    }
    var movers: [odcv_mover] = []
    var rows: [Range<Int>] = []
    func addRow(_ row: [odcv_mover]) {
      rows.append(movers.count..<(movers.count + row.count))
      movers += row
    }
    for body in bodies { addRow(ArmLayout.movers(from: body.link, robot)) }
    moves = rows.map { !$0.isEmpty }
    moving = rows.dropLast().count { !$0.isEmpty }
    var rowCapsules = Array(bodies.indices)
    var pairs: [Pair] = []
    for pair in robot.selfPairs {
      let between = ArmLayout.movers(from: pair.second, to: pair.first, robot)
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          let own = movers[rows[second]]
          let isPart = between.count <= own.count && zip(between, own).allSatisfy { $0.link == $1.link }
          if !isPart {
            addRow(between)
            rowCapsules.append(second)
          }
          pairs.append(
            Pair(
              first: first, second: second, frame: pair.first,
              movers: Movers(row: isPart ? second : rows.count - 1, count: between.count)))
        }
      }
    }
    self.pairs = pairs
    self.movers = movers
    self.rowCapsules = rowCapsules
    moversOfRow = rows
  }

  /// All movers of a capsule.
  func movers(of capsule: Int) -> Movers { Movers(row: capsule, count: moversOfRow[capsule].count) }

  /// ±1, ±2, ±3 for plus or minus the x, y or z axis; 0 for any other direction.
  private static func axis(_ column: Vector3) -> Int32 {
    let axes = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
    for (index, axis) in axes.enumerated() {
      if column == axis { return Int32(index + 1) }
      if column == -axis { return -Int32(index + 1) }
    }
    return 0
  }

  /// From a link to the base, the link's own joint first.
  private static func movers(from link: Int, _ robot: RobotModel) -> [odcv_mover] {
    var found: [odcv_mover] = []
    var at = link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        found.append(
          odcv_mover(
            ratio: robot.links[at].ratio, link: Int32(at), joint: Int32(joint),
            prismatic: robot.joints[joint].kind == .prismatic ? 1 : 0, pad: 0))
      }
      at = parent
    }
    return found
  }

  /// From a link to another: to where their ways to the base meet, and from there out to the other.
  private static func movers(from link: Int, to other: Int, _ robot: RobotModel) -> [odcv_mover] {
    let outer = movers(from: link, robot)
    let inner = movers(from: other, robot)
    var shared = 0
    while shared < min(outer.count, inner.count),
      outer[outer.count - 1 - shared].link == inner[inner.count - 1 - shared].link
    { shared += 1 }
    return Array(outer.dropLast(shared)) + inner.dropLast(shared).reversed()
  }
}
