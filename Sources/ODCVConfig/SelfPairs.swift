import ODCVCore
import ODCVYAML

/// The pairs of links whose clearance to each other is checked.
enum SelfPairs {
  static func read(_ map: YAMLMap, links: [Link]) throws(ConfigError) -> [SelfPair] {
    var pairs: [SelfPair] = []
    for (first, second, line) in try map.stringPairs("self_pairs") {
      func index(_ name: String) throws(ConfigError) -> Int {
        guard let index = links.firstIndex(where: { $0.name == name }) else {
          throw ConfigError(
            file: map.file, line: line, problem: "`\(name)` in `self_pairs` is no link of this robot",
            remedy: "write one of the names under `links`")
        }
        return index
      }
      let (a, b) = (try index(first), try index(second))
      let problem: String? =
        if a == b {
          "`\(first)` is paired with itself"
        } else if pairs.contains(where: { $0.first == min(a, b) && $0.second == max(a, b) }) {
          "the pair `\(first)`, `\(second)` is given twice"
        } else {
          nil
        }
      if let problem { throw ConfigError(file: map.file, line: line, problem: problem, remedy: "remove it") }
      pairs.append(SelfPair(first: min(a, b), second: max(a, b)))
    }
    return pairs
  }

  /// Refuses a pair that is nearer than `limit` in every pose: the arm could never move. Adjacent links are such a pair.
  ///
  /// Poses are the points of a Halton sequence over the joint ranges, so the answer is the same at every load; a pair that
  /// is refused has been near in each of `poses`.
  static func check(_ robot: RobotModel, limit: Double, _ map: YAMLMap) throws(ConfigError) {
    var clear = [Bool](repeating: false, count: robot.selfPairs.count)
    for pose in 1...poses {
      let frames = frames(of: robot, at: configuration(of: robot, pose))
      for (index, pair) in robot.selfPairs.enumerated() where !clear[index] {
        clear[index] = distance(robot, frames, pair) >= limit
      }
      if !clear.contains(false) { return }
    }
    guard let index = clear.firstIndex(of: false) else { return }
    let pair = robot.selfPairs[index]
    let (first, second) = (robot.links[pair.first].name, robot.links[pair.second].name)
    let line = try map.stringPairs("self_pairs")[index].line
    throw ConfigError(
      file: map.file, line: line,
      problem: "the capsules of `\(first)` and `\(second)` are nearer than \(limit) m in every pose, so the arm could never move",
      remedy: "remove the pair if the links are adjacent, or fit their capsules tighter")
  }

  private static let poses = 256

  private static func configuration(of robot: RobotModel, _ number: Int) -> [Double] {
    let bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
    return robot.joints.enumerated().map { index, joint in
      var (fraction, step, rest) = (0.0, 1.0, number)
      let base = bases[index % bases.count]
      while rest > 0 {
        step /= Double(base)
        fraction += step * Double(rest % base)
        rest /= base
      }
      return joint.limits.lower + fraction * (joint.limits.upper - joint.limits.lower)
    }
  }

  private static func frames(of robot: RobotModel, at position: [Double]) -> [Pose] {
    var frames: [Pose] = []
    for link in robot.links {
      var local = link.origin
      if let index = link.joint {
        let joint = robot.joints[index]
        let motion =
          switch joint.kind {
          case .revolute:
            Pose(rotation: Rotation(angle: position[index], about: joint.axis), translation: .zero)
          case .prismatic:
            Pose(rotation: .identity, translation: position[index] * joint.axis)
          }
        local = local * motion
      }
      frames.append(link.parent.map { frames[$0] * local } ?? local)
    }
    return frames
  }

  private static func distance(_ robot: RobotModel, _ frames: [Pose], _ pair: SelfPair) -> Double {
    var least = Double.infinity
    for a in robot.capsules where a.link == pair.first {
      for b in robot.capsules where b.link == pair.second {
        let (first, second) = (frames[a.link] * a.capsule, frames[b.link] * b.capsule)
        least = min(least, axisDistance(first, second) - first.radius - second.radius)
      }
    }
    return least
  }

  /// Distance of two segments: the least of the four ends against the other segment, and of the lines where both of
  /// their nearest points lie inside.
  private static func axisDistance(_ p: Capsule, _ q: Capsule) -> Double {
    var least = min(
      pointDistance(p.a, q), pointDistance(p.b, q), pointDistance(q.a, p), pointDistance(q.b, p))
    let (u, v, w) = (p.b - p.a, q.b - q.a, p.a - q.a)
    let (a, b, c, d, e) = (u.dot(u), u.dot(v), v.dot(v), u.dot(w), v.dot(w))
    let determinant = a * c - b * b
    guard determinant > 1e-12 * a * c else { return least }
    let (s, t) = ((b * e - c * d) / determinant, (a * e - b * d) / determinant)
    if (0...1).contains(s), (0...1).contains(t) { least = min(least, (w + s * u - t * v).length) }
    return least
  }

  private static func pointDistance(_ point: Vector3, _ segment: Capsule) -> Double {
    let along = segment.b - segment.a
    let square = along.lengthSquared
    let t = square > 0 ? max(0, min(1, (point - segment.a).dot(along) / square)) : 0
    return (point - segment.a - t * along).length
  }
}
