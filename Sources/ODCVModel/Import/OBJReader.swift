import ODCVCore

/// Wavefront OBJ: vertices and polygonal faces; no units. Groups, materials, normals and texture coordinates are passed over.
enum OBJReader {
  static func read(_ bytes: [UInt8], file: String, subject: String?) throws(ImportError) -> TriangleMesh {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ImportError(
        file: file, subject: subject, problem: "is not text, so no OBJ mesh", remedy: "export the mesh again")
    }
    var mesh = TriangleMesh(vertices: [], triangles: [])
    var number = 0
    var pending = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let body = line.prefix { $0 != "#" }
      let trimmed = body.last == "\r" ? body.dropLast() : body
      if trimmed.last == "\\" {
        pending += trimmed.dropLast() + " "
        continue
      }
      let words = pending.isEmpty ? trimmed.split(whereSeparator: \.isWhitespace) : Decimal.words(pending + trimmed)
      pending = ""
      func wrong(_ problem: String, _ remedy: String = "export the mesh again") -> ImportError {
        ImportError(file: file, line: number, subject: subject, problem: problem, remedy: remedy)
      }
      switch words.first {
      case "v":
        let values = words.dropFirst().prefix(3).compactMap { Double($0) }
        guard values.count == 3 else { throw wrong("a vertex without three numbers") }
        mesh.vertices.append(Vector3(values[0], values[1], values[2]))
      case "f":
        var corners: [Int] = []
        for word in words.dropFirst() {
          guard let given = Int(word.prefix { $0 != "/" }), given != 0 else {
            throw wrong("`\(word)` is no corner of a face")
          }
          // Negative ones count back from the last vertex so far.
          let index = given > 0 ? given - 1 : mesh.vertices.count + given
          guard mesh.vertices.indices.contains(index) else {
            throw wrong("a face names vertex \(given), and there are \(mesh.vertices.count) so far")
          }
          corners.append(index)
        }
        guard corners.count >= 3 else { throw wrong("a face has \(corners.count) corners") }
        mesh.appendPolygon(corners)
      case "curv", "curv2", "surf":
        throw wrong("free-form surfaces are not read", "export the mesh as triangles")
      case nil, .some: continue
      }
    }
    return mesh
  }
}

extension TriangleMesh {
  /// A polygon as a fan. Of a polygon that is not convex the fan covers more than it, and has the same border.
  mutating func appendPolygon(_ corners: [Int]) {
    for place in 1..<(corners.count - 1) {
      triangles.append(Triangle(corners[0], corners[place], corners[place + 1]))
    }
  }
}
