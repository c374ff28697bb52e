import ODCVCore
import ODCVModel
import TestSupport

/// Meshes made by formula, metres.
enum GeneratedMeshes {
  static func box(_ size: Vector3, at middle: Vector3 = .zero) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    for corner in 0..<8 {
      let side = Vector3(
        corner & 1 == 0 ? -0.5 : 0.5, corner & 2 == 0 ? -0.5 : 0.5, corner & 4 == 0 ? -0.5 : 0.5)
      mesh.vertices.append(middle + Vector3(side.x * size.x, side.y * size.y, side.z * size.z))
    }
    for (a, b, c, d) in [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)] {
      mesh.triangles += [.init(a, b, c), .init(a, c, d)]
    }
    return mesh
  }

  static func cylinder(radius: Double, length: Double, sides: Int = 24, capped: Bool = true) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    for i in 0..<sides {
      let (sine, cosine) = sineAndCosine(2 * Double.pi * Double(i) / Double(sides))
      mesh.vertices.append(Vector3(radius * cosine, radius * sine, -0.5 * length))
      mesh.vertices.append(Vector3(radius * cosine, radius * sine, 0.5 * length))
    }
    for i in 0..<sides {
      let (a, b) = (2 * i, 2 * ((i + 1) % sides))
      mesh.triangles += [.init(a, b, b + 1), .init(a, b + 1, a + 1)]
      if capped, i > 0, i < sides - 1 { mesh.triangles += [.init(0, b, a), .init(1, a + 1, b + 1)] }
    }
    return mesh
  }

  /// A prism along y over the polygon `outline` in x and z, its caps triangulated by `caps` (indices in the outline).
  static func prism(_ outline: [(Double, Double)], caps: [(Int, Int, Int)], width: Double) -> TriangleMesh {
    let n = outline.count
    var mesh = TriangleMesh(
      vertices: outline.map { Vector3($0.0, -0.5 * width, $0.1) } + outline.map { Vector3($0.0, 0.5 * width, $0.1) },
      triangles: [])
    for i in 0..<n {
      let j = (i + 1) % n
      mesh.triangles += [.init(i, j, j + n), .init(i, j + n, i + n)]
    }
    for (a, b, c) in caps { mesh.triangles += [.init(a, c, b), .init(a + n, b + n, c + n)] }
    return mesh
  }

  /// Two legs of 0.3 m, 0.06 m thick.
  static var lShape: TriangleMesh {
    prism(
      [(0, 0), (0.3, 0), (0.3, 0.06), (0.06, 0.06), (0.06, 0.3), (0, 0.3)],
      caps: [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 5)], width: 0.06)
  }

  /// Open to +z: a floor and two walls, 0.3 m wide, 0.2 m high, 0.04 m thick.
  static var uShape: TriangleMesh {
    prism(
      [(0, 0), (0.3, 0), (0.3, 0.2), (0.26, 0.2), (0.26, 0.04), (0.04, 0.04), (0.04, 0.2), (0, 0.2)],
      caps: [(0, 1, 4), (0, 4, 5), (1, 2, 3), (1, 3, 4), (0, 5, 6), (0, 6, 7)], width: 0.05)
  }

  /// The hull of random points in a ball of radius 0.15 m.
  static func polytope(_ generator: inout SeededGenerator, points: Int = 40) -> TriangleMesh {
    let hull = ConvexPolytope(
      (0..<points).map { _ in
        Vector3(generator.uniform(-0.1...0.1), generator.uniform(-0.06...0.06), generator.uniform(-0.2...0.2))
      })
    return TriangleMesh(vertices: hull.vertices, triangles: hull.faces.map { .init($0.a, $0.b, $0.c) })
  }
}

extension FitOptions {
  /// Enough for a test without optimisation by the compiler.
  static func quick(leastGain: Double = 0.15, mostHullGap: Double = 0.02) -> FitOptions {
    FitOptions(
      mostCells: 3, leastGain: leastGain, leastSaving: 0, mostHullGap: mostHullGap, evaluations: 60, places: 60)
  }
}
