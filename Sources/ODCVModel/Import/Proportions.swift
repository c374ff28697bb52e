import ODCVCore

/// Refuses shapes that can't be those of the arm that carries them: what is left of a wrong unit, where a mesh's own size
/// looks like a link's.
enum Proportions {
  /// A moving shape larger than this many times the whole chain is no link's ...
  private static let largestShare = 2.0
  /// ... from this size on, m.
  private static let leastLarge = 1.0
  /// Of the way from one joint to the next, the least that the link between them takes up ...
  private static let smallestShare = 0.02
  /// ... where that way is longer than this, m.
  private static let leastWay = 0.1

  static func check(_ model: ImportedModel, _ robot: RobotDescription) throws(ImportError) {
    var moves: [Bool] = []
    for link in model.links { moves.append(link.joint != nil || (link.parent.map { moves[$0] } ?? false)) }
    guard model.links.indices.contains(where: { moves[$0] && !model.links[$0].elements.isEmpty }) else {
      throw ImportError(
        file: robot.file, problem: "no link that moves has collision geometry, so nothing would be checked",
        remedy: "add <collision> to the links")
    }
    let length = length(of: model)
    for (index, link) in model.links.enumerated() {
      for element in link.elements {
        let extents = element.report.extents
        let largest = max(extents.x, extents.y, extents.z)
        if moves[index], largest > max(leastLarge, largestShare * length) {
          throw wrong(
            link, robot,
            "`\(element.reference.file)` is \(Number.short(largest)) m across, and the arm's joints are "
              + "\(Number.short(length)) m from the first to the tool: its unit or its scale looks wrong",
            "correct the scale attribute of the <mesh> element, or export the mesh in metres")
        }
      }
      try checkWays(link, index, model, robot)
    }
  }

  /// A link's shapes together against the ways from its frame to the joints that it carries.
  private static func checkWays(_ link: ImportedLink, _ index: Int, _ model: ImportedModel, _ robot: RobotDescription)
    throws(ImportError)
  {
    guard let file = link.elements.first?.reference.file,
      let bounds = TriangleMesh(vertices: link.elements.flatMap(\.mesh.vertices), triangles: []).bounds
    else { return }
    let extents = bounds.upper - bounds.lower
    let size = max(extents.x, extents.y, extents.z)
    for child in model.links where child.parent == index && child.joint != nil {
      let way = child.origin.translation.length
      guard way > leastWay, size < smallestShare * way else { continue }
      throw wrong(
        link, robot,
        "its shape (`\(file)`) is \(Number.short(size)) m across, and the next joint is \(Number.short(way)) m away: its unit or "
          + "its scale looks wrong",
        "correct the scale attribute of the <mesh> element; a shape that small would hold nothing of the link")
    }
  }

  /// From the base to the tip along the joints' origins, with what sliding joints add, m.
  private static func length(of model: ImportedModel) -> Double {
    var length = 0.0
    for joint in model.joints where joint.kind == .prismatic { length += max(abs(joint.lower), abs(joint.upper)) }
    var link: Int? = model.tip
    while let here = link {
      length += model.links[here].origin.translation.length
      link = model.links[here].parent
    }
    return length
  }

  private static func wrong(_ link: ImportedLink, _ robot: RobotDescription, _ problem: String, _ remedy: String) -> ImportError {
    ImportError(
      file: robot.file, line: robot.link(named: link.name).map { robot.links[$0].line }, subject: "link `\(link.name)`",
      problem: problem, remedy: remedy)
  }
}
