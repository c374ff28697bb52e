import ODCVCore

/// What is drawn of a scene, in the base frame, m.
struct SceneContents {
  var arm: [LinkCapsule] = []
  /// Where the arm's capsules are, in the order of `arm`.
  var placed: [Capsule] = []
  /// Where they would be at the command's target; empty when it names none in joints.
  var target: [Capsule] = []
  /// The links that the finding is about.
  var links: Set<Int> = []
  var obstacles: [(name: String, solid: Solid, isMeant: Bool)] = []
  var people: [(name: String, part: Capsule)] = []
  var zones: [(name: String, box: Box)] = []
  var witness: (Vector3, Vector3)?
}

/// One orthographic view: across the page goes one axis of the base frame, up the page another.
struct SceneView {
  let across = 0
  /// 1: seen from above, 2: seen from the side
  let up: Int
  /// The page's area, px: left, top, width, height
  let frame: (x: Double, y: Double, width: Double, height: Double)
  /// What the left and lower edges are at, m.
  let origin: (Double, Double)
  /// px per m
  let scale: Double

  func place(_ p: Vector3) -> (Double, Double) {
    (frame.x + (p[across] - origin.0) * scale, frame.y + frame.height - (p[up] - origin.1) * scale)
  }

  func draw(_ scene: SceneContents, on canvas: inout SVGCanvas, clip: String) {
    canvas.open("g clip-path=\"url(#\(clip))\"")
    for zone in scene.zones { canvas.polygon(outline(corners(zone.box)), .init(stroke: "#555", width: 1.2, dash: "8 3 2 3")) }
    for obstacle in scene.obstacles { draw(obstacle.solid, isMeant: obstacle.isMeant, &canvas) }
    for person in scene.people {
      stadium(person.part, .init(fill: "url(#dots)", stroke: "#222", width: 1.2, dash: "3 2"), &canvas)
    }
    for capsule in scene.target { stadium(capsule, .init(stroke: "#444", width: 1.0, dash: "5 3"), &canvas) }
    // All outlines below all fills: the arm is one shape.
    for capsule in scene.placed { stadium(capsule, .init(fill: "#222", stroke: "#222", width: 2.4), &canvas) }
    for (link, capsule) in zip(scene.arm, scene.placed) {
      stadium(capsule, .init(fill: scene.links.contains(link.link) ? "#777" : "#d8d8d8"), &canvas)
    }
    for name in labels(scene) { canvas.text(name.text, name.at, size: 12, anchor: "middle", hasHalo: true) }
    if let (a, b) = scene.witness {
      canvas.line(place(a), place(b), .init(stroke: "#fff", width: 5))
      canvas.line(place(a), place(b), .init(stroke: "#c00018", width: 2.4))
      for point in [a, b] { canvas.circle(place(point), 4.5, .init(fill: "#c00018", stroke: "#fff", width: 1.5)) }
    }
    canvas.close("g")
    canvas.rectangle(frame.x, frame.y, frame.width, frame.height, .init(stroke: "#888"))
  }

  private func stadium(_ capsule: Capsule, _ style: SVGCanvas.Style, _ canvas: inout SVGCanvas) {
    canvas.stadium(place(capsule.a), place(capsule.b), capsule.radius * scale, style)
  }

  private func draw(_ solid: Solid, isMeant: Bool, _ canvas: inout SVGCanvas) {
    let style = SVGCanvas.Style(fill: "url(#hatch)", stroke: "#222", width: isMeant ? 2.4 : 1)
    switch solid {
    case .box(let box): canvas.polygon(outline(corners(box)), style)
    case .capsule(let capsule): stadium(capsule, style, &canvas)
    case .hull(let hull): canvas.polygon(outline(hull.vertices), style)
    case .halfSpace(let half):
      // Seen from its edge it fills one side; seen from before it everything or nothing, which says nothing.
      let (nu, nv) = (half.normal[across], half.normal[up])
      let length = (nu * nu + nv * nv).squareRoot()
      guard length > 0.999 else { return }
      let (u, v) = (nu / length * half.offset, nv / length * half.offset)
      let far = 50.0
      let corners = [
        (u - nv * far, v + nu * far), (u + nv * far, v - nu * far), (u + nv * far - nu * far, v - nu * far - nv * far),
        (u - nv * far - nu * far, v + nu * far - nv * far),
      ]
      canvas.polygon(
        corners.map { (frame.x + ($0.0 - origin.0) * scale, frame.y + frame.height - ($0.1 - origin.1) * scale) }, style)
    }
  }

  private func corners(_ box: Box) -> [Vector3] {
    let h = box.halfExtents
    return [-1.0, 1].flatMap { x in
      [-1.0, 1].flatMap { y in [-1.0, 1].map { z in box.pose * Vector3(x * h.x, y * h.y, z * h.z) } }
    }
  }

  /// The convex outline of points as they are seen, by Andrew's monotone chain.
  private func outline(_ points: [Vector3]) -> [(Double, Double)] {
    let seen = points.map(place).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    func half(_ points: [(Double, Double)]) -> [(Double, Double)] {
      var chain: [(Double, Double)] = []
      for p in points {
        while chain.count > 1 {
          let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
          let turn = (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
          guard turn <= 0 else { break }
          chain.removeLast()
        }
        chain.append(p)
      }
      return Array(chain.dropLast())
    }
    return half(seen) + half(seen.reversed())
  }

  /// Names of obstacles and people whose middle lies in the view, once each.
  private func labels(_ scene: SceneContents) -> [(text: String, at: (Double, Double))] {
    var labels: [(text: String, at: (Double, Double))] = []
    func add(_ text: String, _ middle: Vector3) {
      let at = place(middle)
      guard !labels.contains(where: { $0.text == text }), at.0 > frame.x + 20, at.0 < frame.x + frame.width - 20,
        at.1 > frame.y + 14, at.1 < frame.y + frame.height - 4
      else { return }
      // One above the other where they would lie on each other.
      let isTaken = labels.contains { abs($0.at.0 - at.0) < 60 && abs($0.at.1 - at.1) < 13 }
      labels.append((text, isTaken ? (at.0, at.1 + 14) : at))
    }
    // What it is about is named first, and where it is.
    for obstacle in scene.obstacles.filter(\.isMeant) + scene.obstacles.filter({ !$0.isMeant }) {
      switch obstacle.solid {
      case .box(let box): add(obstacle.name, box.pose.translation)
      case .capsule(let capsule): add(obstacle.name, 0.5 * (capsule.a + capsule.b))
      case .hull(let hull): add(obstacle.name, (1 / Double(max(1, hull.vertices.count))) * hull.vertices.reduce(.zero, +))
      case .halfSpace: break
      }
    }
    for person in scene.people { add(person.name, 0.5 * (person.part.a + person.part.b)) }
    return labels
  }
}
