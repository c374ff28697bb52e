import ODCVCore

/// STL, binary and ASCII: triangles with their corners written out; no units.
enum STLReader {
  private static let header = 84
  private static let record = 50

  static func read(_ bytes: [UInt8], file: String, subject: String?) throws(ImportError) -> TriangleMesh {
    // Many binary files begin with `solid` too, so the size decides first.
    if let count = declaredCount(bytes), bytes.count == header + record * count {
      return binary(bytes, count)
    }
    if looksLikeText(bytes) { return try text(bytes, file, subject) }
    guard let count = declaredCount(bytes) else {
      throw ImportError(
        file: file, subject: subject, problem: "has \(bytes.count) bytes, too few for an STL mesh",
        remedy: "export the mesh again")
    }
    let expected = header + record * count
    throw ImportError(
      file: file, subject: subject,
      problem: "declares \(count) triangles, which takes \(expected) bytes, and has \(bytes.count)"
        + (bytes.count < expected ? ": it is cut off" : ": something follows the triangles"),
      remedy: "copy or export the mesh again")
  }

  private static func declaredCount(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= header else { return nil }
    return Int(word(bytes, 80))
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
    UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
  }

  private static func binary(_ bytes: [UInt8], _ count: Int) -> TriangleMesh {
    var builder = MeshBuilder()
    for triangle in 0..<count {
      // Behind the facet's normal, which is derived and often wrong.
      let start = header + record * triangle + 12
      func corner(_ number: Int) -> Int {
        let at = start + 12 * number
        func coordinate(_ axis: Int) -> Double { Double(Float(bitPattern: word(bytes, at + 4 * axis))) }
        return builder.vertex(Vector3(coordinate(0), coordinate(1), coordinate(2)))
      }
      builder.mesh.triangles.append(.init(corner(0), corner(1), corner(2)))
    }
    return builder.mesh
  }

  private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
    let start = bytes.prefix(1024).drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
    return start.starts(with: Array("solid".utf8)) && !start.contains(0)
  }

  private static func text(_ bytes: [UInt8], _ file: String, _ subject: String?) throws(ImportError) -> TriangleMesh {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ImportError(
        file: file, subject: subject, problem: "is neither ASCII STL nor binary STL of the declared size",
        remedy: "export the mesh again")
    }
    var builder = MeshBuilder()
    var corners: [Int] = []
    var inLoop = false
    var ended = false
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let words = line.split(whereSeparator: \.isWhitespace)
      func wrong(_ problem: String) -> ImportError {
        ImportError(file: file, line: number, subject: subject, problem: problem, remedy: "export the mesh again")
      }
      switch words.first?.lowercased() {
      case nil: continue
      case "solid": ended = false
      case "endsolid": ended = true
      case "facet", "endfacet": continue
      case "outer":
        guard !inLoop else { throw wrong("a loop begins within a loop") }
        inLoop = true
        corners.removeAll()
      case "vertex":
        guard inLoop, words.count == 4 else { throw wrong("`\(line)` is no corner of a facet") }
        let values = words.dropFirst().compactMap { Double($0) }
        guard values.count == 3 else { throw wrong("`\(line)` does not hold three numbers") }
        corners.append(builder.vertex(Vector3(values[0], values[1], values[2])))
      case "endloop":
        guard inLoop, corners.count == 3 else { throw wrong("a facet has \(corners.count) corners instead of 3") }
        inLoop = false
        builder.mesh.triangles.append(.init(corners[0], corners[1], corners[2]))
      default: throw wrong("`\(words[0])` is no word of an ASCII STL file")
      }
    }
    guard ended, !inLoop else {
      throw ImportError(
        file: file, line: number, subject: subject, problem: "ends before `endsolid`: it is cut off",
        remedy: "copy or export the mesh again")
    }
    return builder.mesh
  }
}

/// Collects triangles whose equal corners become one vertex.
struct MeshBuilder {
  var mesh = TriangleMesh(vertices: [], triangles: [])
  private var places: [Vector3: Int] = [:]

  mutating func vertex(_ point: Vector3) -> Int {
    // NaN equals nothing, so each becomes a vertex of its own and is refused later.
    if let place = places[point] { return place }
    places[point] = mesh.vertices.count
    mesh.vertices.append(point)
    return mesh.vertices.count - 1
  }
}
