import CClearance

/// A robot as the kernel reads it, and which joints move which capsule.
struct ArmLayout: Sendable {
  /// Two capsules of one arm, the second seen in the frame of the first one's link.
  struct Pair: Sendable {
    var first: Int
    var second: Int
    var frame: Int
    /// Movers between the two, farthest from `first` first: a part of `movers`.
    var movers: Range<Int>
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
  /// All moving links, a capsule's own from its link to the base.
  let movers: [odcv_mover]
  let moversOfCapsule: [Range<Int>]
  /// Where each capsule's movers begin, and behind the last where they end.
  let firstMover: [Int32]
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
    moversOfCapsule = bodies.map { body in
      let from = movers.count
      movers += ArmLayout.movers(from: body.link, robot)
      return from..<movers.count
    }
    let own = moversOfCapsule
    firstMover = own.map { Int32($0.lowerBound) } + [Int32(movers.count)]
    moves = own.map { !$0.isEmpty }
    moving = own.dropLast().count { !$0.isEmpty }
    var pairs: [Pair] = []
    for pair in robot.selfPairs {
      let between = ArmLayout.movers(from: pair.second, to: pair.first, robot)
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          let range = own[second]
          let isPart = between.count <= range.count
            && zip(between, movers[range]).allSatisfy { $0.link == $1.link }
          var used = range.lowerBound..<(range.lowerBound + between.count)
          if !isPart {
            used = movers.count..<(movers.count + between.count)
            movers += between
          }
          pairs.append(Pair(first: first, second: second, frame: pair.first, movers: used))
        }
      }
    }
    self.pairs = pairs
    self.movers = movers
  }

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
