import ODCVCore

/// Which pairs of links can come near each other.
struct PairChoice {
  /// Why neighbours are not checked.
  static let neighbours = "neighbours in the chain"

  private let model: ImportedModel
  /// For each link the nearest link towards the base that its body begins with.
  private let bodies: [Int]

  init(_ model: ImportedModel) {
    self.model = model
    var bodies: [Int] = []
    for (index, link) in model.links.enumerated() {
      bodies.append(link.joint == nil ? link.parent.map { bodies[$0] } ?? index : index)
    }
    self.bodies = bodies
  }

  /// All pairs of links with shapes that move against each other, without neighbours and without those that the SRDF
  /// disables; and the pairs left out.
  func pairs(_ collisions: CollisionMatrix?) -> (checked: [SelfPair], unchecked: [UncheckedPair]) {
    var checked: [SelfPair] = []
    var unchecked: [UncheckedPair] = []
    let shaped = model.links.indices.filter { !model.links[$0].elements.isEmpty }
    for (place, first) in shaped.enumerated() {
      for second in shaped[(place + 1)...] where bodies[first] != bodies[second] {
        let (a, b) = (model.links[first].name, model.links[second].name)
        if areNeighbours(first, second) {
          unchecked.append(UncheckedPair(first: a, second: b, reason: Self.neighbours))
        } else if let entry = collisions?.entry(a, b) {
          let reason = entry.reason.isEmpty ? "no reason given" : "reason: \(entry.reason)"
          unchecked.append(UncheckedPair(first: a, second: b, reason: "disabled by the SRDF, \(reason)"))
        } else {
          checked.append(SelfPair(first: first, second: second))
        }
      }
    }
    return (checked, unchecked)
  }

  /// One joint alone lies between them, or several with no shape on the way.
  private func areNeighbours(_ first: Int, _ second: Int) -> Bool {
    // The later link is the one below: walk up from it to the next link with a shape.
    var link = model.links[second].parent
    while let next = link, next != first, model.links[next].elements.isEmpty { link = model.links[next].parent }
    return link == first
  }
}
