import Glibc
import ODCVCore

extension TriangleMesh {
  /// A surface that holds all that this one sweeps on its straight way by `way`, in every slab between parallel planes.
  ///
  /// It is both ends and, for every edge, the parallelogram that the edge sweeps. A plane cuts a translated copy only in
  /// edges and at vertices, and these lie in the parallelograms; so the part of the swept solid in a slab lies in the
  /// hull of the part of this surface in it. Each parallelogram is there in both senses, which keeps the surface closed.
  public func swept(by way: Vector3) -> TriangleMesh {
    let count = vertices.count
    var result = TriangleMesh(vertices: vertices + vertices.map { $0 + way }, triangles: triangles)
    result.triangles += triangles.map { Triangle($0.a + count, $0.b + count, $0.c + count) }
    var seen: Set<SIMD2<Int>> = []
    for triangle in triangles {
      for (from, to) in [(triangle.a, triangle.b), (triangle.b, triangle.c), (triangle.c, triangle.a)]
      where seen.insert(SIMD2(min(from, to), max(from, to))).inserted {
        result.appendPolygon([from, to, to + count, from + count])
        result.appendPolygon([from, from + count, to + count, to])
      }
    }
    return result
  }
}

extension Rotation {
  /// Fixed-axis roll, pitch, yaw of this rotation, rad. Near a pitch of ±π/2 the yaw is chosen and the roll fits it.
  public var rollPitchYaw: Vector3 {
    let yaw = atan2(x.y, x.x)
    let (s, c) = sineAndCosine(yaw)
    let pitch = atan2(-x.z, c * x.x + s * x.y)
    let roll = atan2(s * z.x - c * z.y, c * y.y - s * y.x)
    return Vector3(roll, pitch, yaw)
  }
}
