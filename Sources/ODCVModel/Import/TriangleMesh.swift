import ODCVCore

/// A surface of triangles, in metres, in the frame of the link that carries it.
public struct TriangleMesh: Equatable, Sendable {
  /// Corners by their index in `vertices`.
  public struct Triangle: Equatable, Sendable {
    public var a: Int
    public var b: Int
    public var c: Int

    public init(_ a: Int, _ b: Int, _ c: Int) {
      self.a = a
      self.b = b
      self.c = c
    }
  }

  public var vertices: [Vector3]
  public var triangles: [Triangle]

  public init(vertices: [Vector3], triangles: [Triangle]) {
    self.vertices = vertices
    self.triangles = triangles
  }
}
