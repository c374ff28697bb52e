import ODCVCore

/// COLLADA (.dae): the surfaces that the file's visual scene places, in metres, z up.
///
/// Read are triangles, triangle strips and fans, polylists and polygons, under translate, rotate, scale and matrix; lines
/// and materials are passed over. What would change the shape and is not understood (skins, holes, skews) is refused.
/// The unit and the up axis of the file's asset are applied, as the standard says.
struct ColladaReader {
  private let file: String
  private let subject: String?
  private var byID: [String: MarkupElement] = [:]
  private var mesh = TriangleMesh(vertices: [], triangles: [])
  private var depth = 0

  static func read(_ bytes: [UInt8], file: String, subject: String?) throws(ImportError)
    -> (mesh: TriangleMesh, notes: [String])
  {
    let top = try MarkupElement.read(bytes, file: file, root: "COLLADA", subject: subject)
    var reader = ColladaReader(file: file, subject: subject)
    reader.index(top)
    return try reader.read(top)
  }

  private init(file: String, subject: String?) {
    self.file = file
    self.subject = subject
  }

  private mutating func index(_ element: MarkupElement) {
    if let id = element.attributes["id"] { byID[id] = element }
    for child in element.children { index(child) }
  }

  private func wrong(_ element: MarkupElement, _ problem: String, _ remedy: String = "export the mesh again, or as STL")
    -> ImportError
  {
    ImportError(file: file, line: element.line, subject: subject, problem: problem, remedy: remedy)
  }

  private mutating func read(_ top: MarkupElement) throws(ImportError) -> (mesh: TriangleMesh, notes: [String]) {
    var notes: [String] = []
    let asset = top.first("asset")
    var meter = 1.0
    if let unit = asset?.first("unit"), let text = unit.attributes["meter"] {
      guard let value = Decimal.value(text[...]), value > 0 else { throw wrong(unit, "`meter` is `\(text)`") }
      meter = value
    }
    let up = asset?.first("up_axis").map { $0.text.filter { !$0.isWhitespace } } ?? "Y_UP"
    let upright: Rotation
    switch up {
    case "Z_UP": upright = .identity
    case "Y_UP": upright = Rotation(x: Vector3(1, 0, 0), y: Vector3(0, 0, 1), z: Vector3(0, -1, 0))
    case "X_UP": upright = Rotation(x: Vector3(0, 0, 1), y: Vector3(1, 0, 0), z: Vector3(0, 1, 0))
    default: throw wrong(asset ?? top, "the up axis is `\(up)`")
    }
    if up != "Z_UP" {
      notes.append("\(file) has its up axis as \(up); it is turned to z up, as COLLADA says (some programs pass this over)")
    }
    guard let scene = top.first("scene")?.first("instance_visual_scene"), let tree = try target(scene) else {
      throw wrong(top, "no visual scene places the geometry")
    }
    let base = Affine(x: meter * upright.x, y: meter * upright.y, z: meter * upright.z, t: .zero)
    for node in tree.all("node") { try place(node, base) }
    return (mesh, notes)
  }

  private func target(_ element: MarkupElement, _ attribute: String = "url") throws(ImportError) -> MarkupElement? {
    guard let url = element.attributes[attribute] else { return nil }
    guard url.hasPrefix("#"), let found = byID[String(url.dropFirst())] else {
      throw wrong(element, "`\(url)` is not in this file")
    }
    return found
  }

  // MARK: - Scene

  private mutating func place(_ node: MarkupElement, _ parent: Affine) throws(ImportError) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw wrong(node, "nodes are nested more than 64 deep, or in a circle") }
    var transform = parent
    for child in node.children {
      switch child.name {
      case "translate":
        let v = try numbers(child, 3)
        transform = transform * Affine(t: Vector3(v[0], v[1], v[2]))
      case "scale":
        let v = try numbers(child, 3)
        transform = transform * Affine(x: Vector3(v[0], 0, 0), y: Vector3(0, v[1], 0), z: Vector3(0, 0, v[2]), t: .zero)
      case "rotate":
        let v = try numbers(child, 4)
        let axis = Vector3(v[0], v[1], v[2])
        guard axis.length > 0 else { throw wrong(child, "a rotation about no axis") }
        let turn = Rotation(angle: v[3] * .pi / 180, about: (1 / axis.length) * axis)
        transform = transform * Affine(x: turn.x, y: turn.y, z: turn.z, t: .zero)
      case "matrix":
        let v = try numbers(child, 16)
        guard v[12] == 0, v[13] == 0, v[14] == 0, v[15] == 1 else { throw wrong(child, "a projective matrix") }
        transform =
          transform
          * Affine(
            x: Vector3(v[0], v[4], v[8]), y: Vector3(v[1], v[5], v[9]), z: Vector3(v[2], v[6], v[10]),
            t: Vector3(v[3], v[7], v[11]))
      case "skew", "lookat": throw wrong(child, "<\(child.name)> is not read")
      case "instance_controller": throw wrong(child, "skins and morphs are not read")
      case "instance_geometry":
        guard let geometry = try target(child) else { throw wrong(child, "it names no geometry") }
        try add(geometry, transform)
      case "instance_node":
        guard let other = try target(child) else { throw wrong(child, "it names no node") }
        try place(other, transform)
      case "node": try place(child, transform)
      case let other where other.hasPrefix("instance_"): continue  // a camera or a light
      case _: continue
      }
    }
  }

  // MARK: - Geometry

  private mutating func add(_ geometry: MarkupElement, _ transform: Affine) throws(ImportError) {
    guard let body = geometry.first("mesh") else { throw wrong(geometry, "a geometry that is no <mesh>") }
    for primitive in body.children {
      switch primitive.name {
      case "triangles", "trifans", "tristrips", "polylist", "polygons": try add(primitive, transform, geometry)
      case "source", "vertices", "lines", "linestrips", "extra": continue
      default: throw wrong(primitive, "<\(primitive.name)> is not read")
      }
    }
  }

  private mutating func add(_ primitive: MarkupElement, _ transform: Affine, _ geometry: MarkupElement) throws(ImportError) {
    var stride = 1
    var offset: Int?
    var points: [Vector3] = []
    for input in primitive.all("input") {
      guard let place = Int(input.attributes["offset"] ?? "0"), (0..<64).contains(place) else {
        throw wrong(input, "its offset is no small number")
      }
      stride = max(stride, place + 1)
      guard input.attributes["semantic"] == "VERTEX" else { continue }
      offset = place
      guard let vertices = try target(input, "source"),
        let position = vertices.all("input").first(where: { $0.attributes["semantic"] == "POSITION" }),
        let source = try target(position, "source")
      else { throw wrong(input, "its vertices have no positions") }
      points = try positions(source)
    }
    guard let offset else {
      if primitive.attributes["count"] == "0" { return }
      throw wrong(primitive, "<\(primitive.name)> has no VERTEX input")
    }
    let first = mesh.vertices.count
    mesh.vertices.append(contentsOf: points.map { transform * $0 })
    func corners(_ list: MarkupElement) throws(ImportError) -> [Int] {
      let words = Decimal.words(list.text)
      guard words.count % stride == 0 else {
        throw wrong(list, "\(words.count) indices, no multiple of \(stride)")
      }
      var found: [Int] = []
      found.reserveCapacity(words.count / stride)
      for place in Swift.stride(from: offset, to: words.count, by: stride) {
        guard let index = Int(words[place]), points.indices.contains(index) else {
          throw wrong(list, "an index `\(words[place])` into \(points.count) positions")
        }
        found.append(first + index)
      }
      return found
    }
    if primitive.first("ph") != nil { throw wrong(primitive, "polygons with holes are not read") }
    let lists = primitive.all("p")
    switch primitive.name {
    case "triangles":
      for list in lists {
        let corners = try corners(list)
        guard corners.count % 3 == 0 else { throw wrong(list, "\(corners.count) corners, no multiple of 3") }
        for place in Swift.stride(from: 0, to: corners.count, by: 3) {
          mesh.triangles.append(.init(corners[place], corners[place + 1], corners[place + 2]))
        }
      }
    case "polylist":
      let counts = (primitive.first("vcount").map { Decimal.words($0.text) } ?? []).map { Int($0) ?? 0 }
      let all = try lists.first.map { list throws(ImportError) in try corners(list) } ?? []
      guard counts.allSatisfy({ $0 >= 3 }), counts.reduce(0, { $0 &+ $1 }) == all.count else {
        throw wrong(primitive, "the polygons' corner counts do not match its \(all.count) corners")
      }
      var place = 0
      for count in counts {
        mesh.appendPolygon(Array(all[place..<(place + count)]))
        place += count
      }
    case "polygons", "trifans":
      for list in lists {
        let corners = try corners(list)
        guard corners.count >= 3 else { throw wrong(list, "a polygon of \(corners.count) corners") }
        mesh.appendPolygon(corners)
      }
    case "tristrips":
      for list in lists {
        let corners = try corners(list)
        guard corners.count >= 3 else { throw wrong(list, "a strip of \(corners.count) corners") }
        for place in 0..<(corners.count - 2) {
          let odd = place % 2
          mesh.triangles.append(.init(corners[place + odd], corners[place + 1 - odd], corners[place + 2]))
        }
      }
    case _: preconditionFailure("add(geometry) passes only the kinds above")
    }
  }

  private func positions(_ source: MarkupElement) throws(ImportError) -> [Vector3] {
    guard let accessor = source.first("technique_common")?.first("accessor"),
      let array = try target(accessor, "source"), array.name == "float_array",
      let count = Int(accessor.attributes["count"] ?? ""), let stride = Int(accessor.attributes["stride"] ?? "1"),
      let offset = Int(accessor.attributes["offset"] ?? "0"), (0..<(1 << 28)).contains(count),
      (3..<64).contains(stride), (0..<(1 << 28)).contains(offset)
    else { throw wrong(source, "positions without an accessor of three numbers a point") }
    let names = accessor.all("param").map { $0.attributes["name"] ?? "" }
    guard names.isEmpty || names.prefix(3).elementsEqual(["X", "Y", "Z"]) else {
      throw wrong(accessor, "positions in the order \(names.joined(separator: ", ")) instead of X, Y, Z")
    }
    let values = try numbers(array, nil)
    guard values.count >= offset + count * stride else {
      throw wrong(array, "\(values.count) numbers, too few for \(count) points")
    }
    return (0..<count).map {
      let at = offset + $0 * stride
      return Vector3(values[at], values[at + 1], values[at + 2])
    }
  }

  private func numbers(_ element: MarkupElement, _ count: Int?) throws(ImportError) -> [Double] {
    var values: [Double] = []
    for word in Decimal.words(element.text) {
      guard let value = Decimal.value(word) else {
        throw wrong(element, "`\(word)` is no finite number", "export the mesh again")
      }
      values.append(value)
    }
    if let count, values.count != count {
      throw wrong(element, "<\(element.name)> has \(values.count) numbers instead of \(count)")
    }
    return values
  }
}

/// An affine map by its columns: also one that scales.
private struct Affine {
  var x = Vector3(1, 0, 0)
  var y = Vector3(0, 1, 0)
  var z = Vector3(0, 0, 1)
  var t: Vector3

  static func * (a: Affine, p: Vector3) -> Vector3 { a.turned(p) + a.t }

  static func * (a: Affine, b: Affine) -> Affine {
    Affine(x: a.turned(b.x), y: a.turned(b.y), z: a.turned(b.z), t: a * b.t)
  }

  private func turned(_ v: Vector3) -> Vector3 { v.x * x + v.y * y + v.z * z }
}
