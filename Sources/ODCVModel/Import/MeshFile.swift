import ODCVCore

/// A mesh file of a known kind, checked for what no collision shape may be.
public enum MeshFile {
  /// m: no link of an arm is larger.
  public static let largestExtent = 5.0
  /// m: no collision shape of a link is smaller.
  public static let smallestExtent = 0.001
  /// Of a mesh's largest extent: a hole that is wider may stand for a part of the shape that is missing.
  public static let widestHole = 0.25
  /// Open edges for each triangle: a surface with more is no closed one with some holes.
  public static let mostOpenEdges = 0.1
  /// m: nothing of a link lies further from its frame.
  public static let farthest = 10.0

  /// A mesh and the bytes that it was read from.
  public struct Loaded: Sendable {
    public var mesh: TriangleMesh
    public var bytes: [UInt8]
    /// What deserves a second look, in words.
    public var notes: [String]
  }

  /// Reads STL, OBJ or COLLADA by the file's extension, in the mesh's own frame, without any scale. Refuses an empty mesh and
  /// coordinates that are not finite. `subject` says whose mesh it is, for messages.
  public static func load(path: String, subject: String? = nil) throws(ImportError) -> Loaded {
    guard SourceFile.exists(path) else {
      throw ImportError(
        file: path, subject: subject, problem: "the mesh does not exist",
        remedy: "name the directory that holds its package with --package-path, or correct the file name")
    }
    let bytes = try SourceFile.bytes(path: path, subject: subject)
    return try read(bytes, file: path, subject: subject)
  }

  /// The same from bytes; the extension of `file` says the kind.
  public static func read(_ bytes: [UInt8], file: String, subject: String? = nil) throws(ImportError) -> Loaded {
    var loaded = Loaded(mesh: TriangleMesh(vertices: [], triangles: []), bytes: bytes, notes: [])
    switch file.split(separator: ".").last?.lowercased() {
    case "stl": loaded.mesh = try STLReader.read(bytes, file: file, subject: subject)
    case "obj": loaded.mesh = try OBJReader.read(bytes, file: file, subject: subject)
    case "dae":
      let scene = try ColladaReader.read(bytes, file: file, subject: subject)
      (loaded.mesh, loaded.notes) = (scene.mesh, scene.notes)
    case .some(let other):
      throw ImportError(
        file: file, subject: subject, problem: "meshes of the kind `.\(other)` are not read",
        remedy: "convert it to STL, OBJ or COLLADA (.dae)")
    case nil:
      throw ImportError(
        file: file, subject: subject, problem: "the file name has no extension", remedy: "name an .stl, .obj or .dae file")
    }
    try check(loaded.mesh, file, subject)
    loaded.mesh = loaded.mesh.withoutLooseVertices
    return loaded
  }

  private static func check(_ mesh: TriangleMesh, _ file: String, _ subject: String?) throws(ImportError) {
    guard !mesh.triangles.isEmpty else {
      throw ImportError(
        file: file, subject: subject, problem: "the mesh is empty: it has no triangle",
        remedy: "export the mesh again; an empty shape would never be near anything")
    }
    for (index, triangle) in mesh.triangles.enumerated() {
      for corner in [triangle.a, triangle.b, triangle.c] {
        guard mesh.vertices.indices.contains(corner) else {
          throw ImportError(
            file: file, subject: subject,
            problem: "triangle \(index + 1) names vertex \(corner + 1) of \(mesh.vertices.count)",
            remedy: "export the mesh again")
        }
        guard mesh.vertices[corner].isFinite else {
          throw ImportError(
            file: file, subject: subject, problem: "triangle \(index + 1) has a coordinate that is no finite number",
            remedy: "export the mesh again")
        }
      }
    }
  }

  /// Refuses a size that no link has, once the mesh is scaled to metres. `scale` is `nil` for a shape without a file.
  static func checkSize(_ mesh: TriangleMesh, scale: Vector3?, file: String, subject: String?) throws(ImportError) {
    guard let first = mesh.vertices.first, let bounds = mesh.bounds else {
      throw ImportError(file: file, subject: subject, problem: "the mesh is empty", remedy: "export the mesh again")
    }
    let extents = bounds.upper - bounds.lower
    let largest = max(extents.x, extents.y, extents.z)
    let given = scale.map { "its scale is `\($0.x) \($0.y) \($0.z)`" } ?? "as the description gives it"
    let remedy = scale == nil ? "write its lengths in metres" : "correct the scale attribute of the <mesh> element"
    guard largest > 0 else {
      throw ImportError(
        file: file, subject: subject, problem: "all its points are equal: it has no size",
        remedy: "export the mesh again; an empty shape would never be near anything")
    }
    guard largest <= largestExtent else {
      throw ImportError(
        file: file, subject: subject,
        problem: "it is \(Number.short(largest)) m across, more than \(largestExtent) m: its units look like millimetres (\(given))",
        remedy: scale == nil ? remedy : "write scale=\"0.001 0.001 0.001\" in the <mesh> element, or export it in metres")
    }
    guard largest >= smallestExtent else {
      throw ImportError(
        file: file, subject: subject,
        problem: "it is \(Number.short(largest)) m across, less than \(smallestExtent) m: its units look wrong (\(given))",
        remedy: remedy)
    }
    let far = mesh.vertices.max { ($0 - first).lengthSquared < ($1 - first).lengthSquared } ?? first
    let along = (1 / (far - first).length) * (far - first)
    let across = mesh.vertices.map { along.cross($0 - first) }
    let normal = across.max { $0.lengthSquared < $1.lengthSquared } ?? .zero
    let thickness = mesh.vertices.map { abs(normal.dot($0 - first)) }.max() ?? 0
    let isLine = normal.length <= 1e-6 * largest
    guard !isLine, thickness > 1e-6 * largest * normal.length else {
      throw ImportError(
        file: file, subject: subject,
        problem: "all its points lie \(isLine ? "on one line: it has no size" : "in one plane: it has no volume")",
        remedy: "export the solid's mesh again, or give it the thickness that it has")
    }
  }

  /// Refuses a surface with a hole that is wide for its size, or with open edges all over. A narrow hole is taken as closed
  /// across its rim.
  static func checkHoles(_ report: MeshReport, widest: Double, file: String, subject: String?) throws(ImportError) {
    let largest = max(report.extents.x, report.extents.y, report.extents.z)
    let isNearlyWhole =
      widest <= widestHole * largest && Double(report.boundaryEdges) <= mostOpenEdges * Double(report.triangles)
    guard report.isClosed || isNearlyWhole else {
      throw ImportError(
        file: file, subject: subject,
        problem: "the mesh is open: \(report.boundaryEdges) edges of its \(report.triangles) triangles have no neighbour, the widest "
          + "hole is \(Number.short(widest)) m in \(Number.short(largest)) m; a part of the shape may be missing",
        remedy: "close the surface in a mesh editor, or export it whole")
    }
  }

  /// Refuses a shape, in its link's frame, that lies where no part of a link is.
  static func checkPlace(_ mesh: TriangleMesh, file: String, subject: String?) throws(ImportError) {
    let distance = mesh.vertices.reduce(0) { max($0, $1.length) }
    guard distance <= farthest else {
      throw ImportError(
        file: file, subject: subject,
        problem: "it reaches \(Number.short(distance)) m from the link's frame, more than \(farthest) m",
        remedy: "correct its <origin>, or the mesh's own origin and unit")
    }
  }
}

/// Numbers in messages.
enum Number {
  /// At most four decimals of a number that a person reads, or its exponent form where those would be 0.
  static func short(_ value: Double) -> String {
    guard abs(value) < 1e9 else { return "\(value)" }
    let rounded = (value * 1e4).rounded() / 1e4
    return rounded == 0 && value != 0 ? "\(Double(Float(value)))" : "\(rounded)"
  }
}
