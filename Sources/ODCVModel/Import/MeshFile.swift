import ODCVCore

/// A mesh file of a known kind, checked for what no collision shape may be.
public enum MeshFile {
  /// m: no link of an arm is larger.
  public static let largestExtent = 5.0
  /// m: no collision shape of a link is smaller.
  public static let smallestExtent = 0.001

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

  /// Refuses a size that no link has, once the mesh is scaled to metres.
  static func checkSize(_ mesh: TriangleMesh, scale: Vector3, file: String, subject: String?) throws(ImportError) {
    guard let first = mesh.vertices.first, let bounds = mesh.bounds else {
      throw ImportError(file: file, subject: subject, problem: "the mesh is empty", remedy: "export the mesh again")
    }
    let extents = bounds.upper - bounds.lower
    let largest = max(extents.x, extents.y, extents.z)
    let given = "\(scale.x) \(scale.y) \(scale.z)"
    guard largest > 0 else {
      throw ImportError(
        file: file, subject: subject, problem: "all points of the mesh are equal: it has no size",
        remedy: "export the mesh again; an empty shape would never be near anything")
    }
    guard largest <= largestExtent else {
      throw ImportError(
        file: file, subject: subject,
        problem: "the mesh is \(Number.short(largest)) m across, more than \(largestExtent) m: its units look like "
          + "millimetres (scale is `\(given)`)",
        remedy: "write scale=\"0.001 0.001 0.001\" in the <mesh> element, or export it in metres")
    }
    guard largest >= smallestExtent else {
      throw ImportError(
        file: file, subject: subject,
        problem: "the mesh is \(Number.short(largest)) m across, less than \(smallestExtent) m: its scale `\(given)` looks wrong",
        remedy: "correct the scale attribute of the <mesh> element")
    }
    let far = mesh.vertices.max { ($0 - first).lengthSquared < ($1 - first).lengthSquared } ?? first
    let along = (1 / (far - first).length) * (far - first)
    let widest = mesh.vertices.map { ($0 - first).cross(along).length }.max() ?? 0
    guard widest > 1e-6 * largest else {
      throw ImportError(
        file: file, subject: subject, problem: "all points of the mesh lie on one line: it has no size",
        remedy: "export the mesh again")
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
