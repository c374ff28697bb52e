import ODCVCore

/// The picture of an explained verdict: the arm, what stands around it and who is there, from above and from the side, on one
/// scale, with the pair that the verdict is about.
enum ScenePicture {
  private static let pageWidth = 900.0
  private static let viewWidth = 620.0
  private static let margin = 20.0
  private static let top = 78.0

  static func svg(_ e: Explanation) -> String {
    let finding = e.findings.first
    let scene = contents(e, finding)
    let (low, high) = bounds(scene)
    let scale = min(viewWidth / (high.x - low.x), 420 / (high.y - low.y), 420 / (high.z - low.z))
    let heights = (side: (high.z - low.z) * scale, above: (high.y - low.y) * scale)
    let x = margin + (viewWidth - (high.x - low.x) * scale) / 2
    let side = SceneView(
      up: 2, frame: (x, top + 20, (high.x - low.x) * scale, heights.side), origin: (low.x, low.z), scale: scale)
    let above = SceneView(
      up: 1, frame: (x, top + heights.side + 62, (high.x - low.x) * scale, heights.above), origin: (low.x, low.y), scale: scale)
    let height = max(above.frame.y + above.frame.height + 34, 640)

    var canvas = SVGCanvas()
    let title = ExplanationText.headline(e)
    canvas.text(title, (margin, 28), size: 18, isBold: true)
    canvas.text(
      "\(ExplanationText.utc(e.wall)), \(ExplanationText.fixed(e.seconds, 3)) s into the recording, robot \(e.loaded.robotID)",
      (margin, 48))
    if let finding { canvas.text("\(finding.rule.name): \(ExplanationText.short(finding, e)) \(finding.rule.unit)", (margin, 66)) }
    canvas.text("from the side (x to the right, z up)", (side.frame.x, side.frame.y - 6), size: 12)
    side.draw(scene, on: &canvas, clip: "side")
    canvas.text("from above (x to the right, y up)", (above.frame.x, above.frame.y - 6), size: 12)
    above.draw(scene, on: &canvas, clip: "above")
    distance(scene, finding, [side, above], &canvas)
    scaleBar(scale, (above.frame.x, above.frame.y + above.frame.height + 14), &canvas)
    legend(scene, e, finding, &canvas)
    return SVGCanvas.document(
      width: pageWidth, height: height, title: title, definitions: definitions([("side", side), ("above", above)]), canvas.body)
  }

  // MARK: -

  private static func contents(_ e: Explanation, _ finding: Finding?) -> SceneContents {
    let (robot, cell) = (e.loaded.core.robot, e.loaded.core.cell)
    var scene = SceneContents()
    scene.arm = robot.capsules
    if let state = e.scene.state {
      var posture = Posture(for: robot)
      posture.place(robot, at: state.position)
      scene.placed = posture.capsules
      if let target = target(e, from: state.position) {
        posture.place(robot, at: target)
        scene.target = posture.capsules
      }
    }
    let subjects = [finding?.subject ?? .none, finding?.other ?? .none]
    for subject in subjects { if case .link(let link) = subject { scene.links.insert(link) } }
    for (index, obstacle) in cell.obstacles.enumerated() {
      scene.obstacles.append((obstacle.name, obstacle.solid, subjects.contains(.obstacle(index))))
    }
    for frame in e.scene.obstacles {
      for index in 0..<frame.value.count {
        let subject = Subject.seenObstacle(sensor: frame.sensor, index: index)
        scene.obstacles.append(
          (e.loaded.core.name(of: subject) ?? "", frame.value[index], subjects.contains(subject)))
      }
    }
    for frame in e.scene.people {
      for person in 0..<frame.value.count {
        for part in 0..<frame.value[person].count {
          scene.people.append(("person \(frame.value[person].track)", frame.value[person][part]))
        }
      }
    }
    scene.zones = cell.zones.map { ($0.name, $0.box) }
    scene.witness = finding?.points
    return scene
  }

  private static func target(_ e: Explanation, from position: JointVector) -> JointVector? {
    switch e.scene.action?.command {
    case .jointPosition(let target): return target.count == position.count ? target : nil
    case .jointDelta(let delta, .measured):
      guard delta.count == position.count else { return nil }
      return JointVector((0..<delta.count).map { position[$0] + delta[$0] })
    case .jointDelta(_, .lastCommand), .jointDelta(_, .chunkStart), .jointVelocity, .jointEffort, .endEffectorPose,
      .endEffectorDelta, .endEffectorTwist, .stop, .some(.none), .unsupported, nil:
      return nil
    }
  }

  /// What must be seen: the arm, its target, the people and the pair; obstacles as far as they lie there.
  private static func bounds(_ scene: SceneContents) -> (Vector3, Vector3) {
    var (low, high) = (Vector3(-0.25, -0.25, -0.15), Vector3(0.25, 0.25, 0.5))
    func add(_ p: Vector3, _ r: Double) {
      guard p.isPlaceable else { return }
      low = Vector3(min(low.x, p.x - r), min(low.y, p.y - r), min(low.z, p.z - r))
      high = Vector3(max(high.x, p.x + r), max(high.y, p.y + r), max(high.z, p.z + r))
    }
    for capsule in scene.placed + scene.target + scene.people.map(\.part) {
      add(capsule.a, capsule.radius)
      add(capsule.b, capsule.radius)
    }
    if let (a, b) = scene.witness {
      add(a, 0.1)
      add(b, 0.1)
    }
    let room = Vector3(0.12, 0.12, 0.12)
    return (low - room, high + room)
  }

  private static func distance(
    _ scene: SceneContents, _ finding: Finding?, _ views: [SceneView], _ canvas: inout SVGCanvas
  ) {
    guard let (a, b) = scene.witness, let finding else { return }
    let unit = finding.rule.unit
    let text = unit == "m" ? ExplanationText.interval(finding.value, unit) : "\(ExplanationText.fixed((a - b).length, 3)) m apart"
    for view in views {
      let middle = view.place(0.5 * (a + b))
      let isRight = middle.0 > view.frame.x + view.frame.width * 0.6
      canvas.text(
        text, (middle.0 + (isRight ? -10 : 10), middle.1 - 9), size: 14, anchor: isRight ? "end" : "start", isBold: true,
        hasHalo: true)
    }
  }

  private static func scaleBar(_ scale: Double, _ at: (Double, Double), _ canvas: inout SVGCanvas) {
    let length = [1.0, 0.5, 0.2, 0.1].first { $0 * scale < 260 } ?? 0.1
    let end = at.0 + length * scale
    canvas.line(at, (end, at.1), .init(stroke: "#111", width: 3))
    for x in [at.0, end] { canvas.line((x, at.1 - 5), (x, at.1 + 5), .init(stroke: "#111", width: 1.5)) }
    canvas.text("\(ExplanationText.fixed(length, 1)) m", (end + 8, at.1 + 5))
  }

  private static func legend(
    _ scene: SceneContents, _ e: Explanation, _ finding: Finding?, _ canvas: inout SVGCanvas
  ) {
    let x = margin * 2 + viewWidth
    var y = top + 30
    func entry(_ text: [String], _ canvas: inout SVGCanvas, _ swatch: (inout SVGCanvas, Double) -> Void) {
      swatch(&canvas, y)
      for (place, line) in text.enumerated() { canvas.text(line, (x + 40, y + 4 + Double(place) * 15), size: 12) }
      y += 16 + 15 * Double(text.count)
    }
    func stadium(_ style: SVGCanvas.Style) -> (inout SVGCanvas, Double) -> Void {
      { $0.stadium((x + 8, $1), (x + 22, $1), 7, style) }
    }
    canvas.text("What is what", (x, y - 14), size: 13, isBold: true)
    y += 8
    entry(["the arm as measured"], &canvas, stadium(.init(fill: "#d8d8d8", stroke: "#222", width: 1.2)))
    if !scene.links.isEmpty {
      let names = scene.links.sorted().compactMap { e.loaded.core.name(of: .link($0)) }
      entry(["the link that it is about:"] + names, &canvas, stadium(.init(fill: "#777", stroke: "#222", width: 1.2)))
    }
    if !scene.target.isEmpty {
      entry(["the arm at the command's", "target"], &canvas, stadium(.init(stroke: "#444", width: 1, dash: "5 3")))
    }
    if !scene.obstacles.isEmpty {
      entry(["an obstacle"], &canvas) { $0.rectangle(x + 2, $1 - 8, 28, 16, .init(fill: "url(#hatch)", stroke: "#222")) }
    }
    if !scene.people.isEmpty {
      entry(["a person, as seen"], &canvas, stadium(.init(fill: "url(#dots)", stroke: "#222", width: 1.2, dash: "3 2")))
    }
    if !scene.zones.isEmpty {
      entry(["a zone"], &canvas) { $0.rectangle(x + 2, $1 - 8, 28, 16, .init(stroke: "#555", width: 1.2, dash: "8 3 2 3")) }
    }
    if scene.witness != nil {
      entry(
        ["the nearest two points,", "anywhere in the judged", "motion until the arm stands"], &canvas
      ) {
        $0.line((x + 4, $1), (x + 28, $1), .init(stroke: "#c00018", width: 2.4))
        for end in [x + 4, x + 28] { $0.circle((end, $1), 4.5, .init(fill: "#c00018")) }
      }
    } else {
      entry(["this rule is about no place"], &canvas) { _, _ in }
    }
    if scene.placed.isEmpty { entry(["no state of the arm was known"], &canvas) { _, _ in } }
    guard let finding, ExplanationText.hasNumber(finding), finding.limit.isFinite else { return }
    y += 10
    canvas.text("Margin", (x, y), size: 13, isBold: true)
    canvas.text("\(ExplanationText.interval(finding.margin, finding.rule.unit))", (x, y + 18), size: 12)
    canvas.text("below 0 is a violation", (x, y + 34), size: 12)
  }

  private static func definitions(_ views: [(String, SceneView)]) -> String {
    var text = """
      <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
      <rect width="7" height="7" fill="#f2f2f2"/><line x1="0" y1="0" x2="0" y2="7" stroke="#666" stroke-width="2"/></pattern>
      <pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/>\
      <circle cx="3" cy="3" r="1.4" fill="#333"/></pattern>

      """
    for (name, view) in views {
      let f = view.frame
      text += "<clipPath id=\"\(name)\"><rect x=\"\(ExplanationText.fixed(f.x, 1))\" y=\"\(ExplanationText.fixed(f.y, 1))\" "
      text += "width=\"\(ExplanationText.fixed(f.width, 1))\" height=\"\(ExplanationText.fixed(f.height, 1))\"/></clipPath>\n"
    }
    return text
  }
}
