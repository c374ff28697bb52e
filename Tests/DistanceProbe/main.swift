import Foundation
import ODCVCore

/// Answers for pairs of shapes on standard input, a JSON line each, for an oracle in another language.
///
/// A line has `first` (a capsule or a hull) and `second`. Shapes: `{"capsule": [ax, ay, az, bx, by, bz, radius]}`,
/// `{"box": {"pose": P, "half": [x, y, z]}}`, `{"half_space": [nx, ny, nz, offset]}`, `{"hull": {"pose": P, "vertices":
/// [[x, y, z], ...], "triangles": [[i, j, k], ...], "padding": p}}`, with P the translation and the nine numbers of the
/// rotation, row-major. The answer has `lower`, `upper`, `normal`, `first`, `second`, and the `work` of a bracket.

struct Shape: Decodable {
  struct Hull: Decodable {
    var pose: [Double]
    var vertices: [[Double]]
    var triangles: [[Int]]
    var padding: Double
  }
  struct Box: Decodable {
    var pose: [Double]
    var half: [Double]
  }
  var capsule: [Double]?
  var box: Box?
  var half_space: [Double]?
  var hull: Hull?
}

struct Pair: Decodable {
  var first: Shape
  var second: Shape
}

func vector(_ numbers: [Double], _ from: Int = 0) -> Vector3 {
  Vector3(numbers[from], numbers[from + 1], numbers[from + 2])
}

func pose(_ numbers: [Double]) -> Pose {
  let rows = [vector(numbers, 3), vector(numbers, 6), vector(numbers, 9)]
  func column(_ axis: Int) -> Vector3 { Vector3(rows[0][axis], rows[1][axis], rows[2][axis]) }
  return Pose(rotation: Rotation(x: column(0), y: column(1), z: column(2)), translation: vector(numbers))
}

func hull(_ shape: Shape.Hull, at pose: Pose = .identity) -> ConvexHull {
  ConvexHull(
    vertices: shape.vertices.map { pose * vector($0) }, triangles: shape.triangles.map { ($0[0], $0[1], $0[2]) },
    padding: shape.padding, gap: 0)
}

func solid(_ shape: Shape) -> Solid {
  if let c = shape.capsule { return .capsule(Capsule(a: vector(c), b: vector(c, 3), radius: c[6])) }
  if let box = shape.box { return .box(Box(pose: pose(box.pose), halfExtents: vector(box.half))) }
  if let h = shape.half_space { return .halfSpace(HalfSpace(normal: vector(h), offset: h[3])) }
  return .hull(hull(shape.hull!, at: pose(shape.hull!.pose)))
}

func answer(_ pair: Pair, _ budget: inout Int) -> DistanceBracket {
  if case .capsule(let capsule) = solid(pair.first) {
    let found = nearest(capsule, to: solid(pair.second))
    return DistanceBracket(
      lower: found.distance - distanceRounding, upper: found.distance + distanceRounding, normal: found.normal,
      onFirst: found.onFirst, onSecond: found.onSecond)
  }
  let first = pair.first.hull!
  if let second = pair.second.hull {
    return bracket(
      hull(first), at: pose(first.pose), to: hull(second), at: pose(second.pose),
      from: vector(first.pose) - vector(second.pose), budget: &budget)
  }
  return bracket(hull(first), at: pose(first.pose), to: solid(pair.second), from: .zero, budget: &budget)
}

func text(_ v: Vector3) -> String { "[\(v.x), \(v.y), \(v.z)]" }

while let line = readLine() {
  var budget = 1_000_000
  let found = answer(try JSONDecoder().decode(Pair.self, from: Data(line.utf8)), &budget)
  print(
    """
    {"lower": \(found.lower), "upper": \(found.upper), "normal": \(text(found.normal)), \
    "first": \(text(found.onFirst)), "second": \(text(found.onSecond)), "work": \(1_000_000 - budget)}
    """)
}
