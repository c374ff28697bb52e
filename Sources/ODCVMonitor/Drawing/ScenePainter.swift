import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Draws an arm and what is around it at one moment, as Foxglove's messages.
///
/// | topic | frame | what |
/// |---|---|---|
/// | drawing/cell | base | entities `obstacles`, `zones` |
/// | drawing/scene | base | entities `arm`, `people`, `seen`, `pair`, each whole in every message |
/// | drawing/transforms | base to each link's name | where the links are |
/// | drawing/joints | | positions, speeds, efforts as reported |
/// | drawing/tool | base | the tool centre point, turned as its link |
struct ScenePainter {
  static let base = "base"

  private let core: Configuration
  private var posture: Posture

  init(_ core: Configuration) {
    self.core = core
    posture = Posture(for: core.robot)
  }

  /// Of what stands still.
  func cell(at time: UInt64) -> Drawing {
    var scene = DescribedMessage(.sceneUpdate)
    Self.add(to: &scene, "obstacles", time) {
      for obstacle in core.cell.obstacles { $0.add(obstacle.solid, .obstacle) }
    }
    Self.add(to: &scene, "zones", time) {
      for zone in core.cell.zones {
        $0.add(zone.box, .zone)
        $0.addText(zone.name, zone.box.pose.translation, .zone)
      }
    }
    return Drawing(.cell, scene)
  }

  /// Of what moves.
  ///
  /// - Parameters:
  ///   - verdict: whose worst pair is drawn
  ///   - people: frames that are still believed, as are those of `obstacles`
  mutating func scene(
    _ state: State?, _ people: [People], _ obstacles: [Obstacles], _ verdict: VerdictMessage, at time: UInt64
  ) -> [Drawing] {
    var drawings: [Drawing] = []
    var isPlaced = false
    if let state, state.position.count == core.robot.joints.count {
      posture.place(core.robot, at: state.position)
      isPlaced = true
      drawings = [transforms(time), joints(state, time), tool(time)]
    }
    let finding = verdict.findings.first { $0.subjectPoint != nil && $0.otherPoint != nil }
    var scene = DescribedMessage(.sceneUpdate)
    Self.add(to: &scene, "arm", time) { if isPlaced { addArm(to: &$0, verdict) } }
    Self.add(to: &scene, "people", time) {
      for frame in people {
        for person in 0..<frame.count {
          for part in 0..<frame[person].count { $0.add(frame[person][part], .person) }
        }
      }
    }
    Self.add(to: &scene, "seen", time) {
      for frame in obstacles { for place in 0..<frame.count { $0.add(frame[place], .seenObstacle) } }
    }
    Self.add(to: &scene, "pair", time) { if let finding { Self.addPair(to: &$0, finding) } }
    drawings.append(Drawing(.scene, scene))
    return drawings
  }

  // MARK: -

  private static func add(
    to scene: inout DescribedMessage, _ id: String, _ time: UInt64, _ fill: (inout DescribedMessage) -> Void
  ) {
    scene.add("entities") {
      $0.set("timestamp", time: time)
      $0.set("frame_id", base)
      $0.set("id", id)
      fill(&$0)
    }
  }

  private func addArm(to entity: inout DescribedMessage, _ verdict: VerdictMessage) {
    var breaking: Set<String> = []
    for finding in verdict.findings {
      switch finding.outcome {
      case .violationCertain, .violationPossible: breaking.formUnion([finding.subject, finding.other].compactMap { $0 })
      case .pass, .unknown, .notApplicable, .unspecified, nil: break
      }
    }
    for (capsule, placed) in zip(core.robot.capsules, posture.capsules) {
      entity.add(placed, breaking.contains(core.robot.links[capsule.link].name) ? .breaking : .arm)
    }
  }

  private static func addPair(to entity: inout DescribedMessage, _ finding: VerdictMessage.Finding) {
    guard let a = finding.subjectPoint.flatMap(Vector3.init), let b = finding.otherPoint.flatMap(Vector3.init) else { return }
    entity.addLines([a, b], thickness: 0.006, .witness)
    for point in [a, b] { entity.addBall(point, 0.02, .witness) }
    let margin = finding.marginLower.map { " \(Words.rounded($0)) \(finding.unit ?? "")" } ?? ""
    entity.addText((finding.rule ?? "") + margin, 0.5 * (a + b) + Vector3(0, 0, 0.05), .witness)
  }

  private func transforms(_ time: UInt64) -> Drawing {
    var message = DescribedMessage(.frameTransforms)
    // The first link is the base itself, whatever its name.
    for (link, pose) in zip(core.robot.links, posture.links) where link.name != Self.base {
      message.add("transforms") {
        $0.set("timestamp", time: time)
        $0.set("parent_frame_id", Self.base)
        $0.set("child_frame_id", link.name)
        $0.set("translation", pose.translation)
        $0.set("rotation", pose.rotation)
      }
    }
    return Drawing(.transforms, message)
  }

  private func joints(_ state: State, _ time: UInt64) -> Drawing {
    var message = DescribedMessage(.jointStates)
    message.set("timestamp", time: time)
    for (place, joint) in core.robot.joints.enumerated() {
      message.add("joints") {
        $0.set("name", joint.name)
        $0.set("position", state.position[place])
        if place < state.velocity.count { $0.set("velocity", state.velocity[place]) }
        if place < state.effort.count { $0.set("effort", state.effort[place]) }
      }
    }
    return Drawing(.joints, message)
  }

  private func tool(_ time: UInt64) -> Drawing {
    var message = DescribedMessage(.poseInFrame)
    message.set("timestamp", time: time)
    message.set("frame_id", Self.base)
    let rotation = posture.links[core.robot.toolCentrePoint.link].rotation
    message.set("pose", Pose(rotation: rotation, translation: posture.toolCentrePoint))
    return Drawing(.tool, message)
  }
}

extension Vector3 {
  /// `nil` when a part is missing.
  init?(_ fields: VectorFields) {
    guard let x = fields.x, let y = fields.y, let z = fields.z else { return nil }
    self.init(x, y, z)
    guard isPlaceable else { return nil }
  }
}
