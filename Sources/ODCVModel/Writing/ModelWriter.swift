import ODCVCore

/// Writes a fitted model as a robot file and its shapes file. The same model gives the same bytes.
public struct ModelWriter: Sendable {
  /// Where the shapes and kinematics come from.
  public var source: String
  /// Of the description and its meshes.
  public var licence: String
  /// The shapes file's name, relative to the robot file.
  public var shapesFile: String

  public init(source: String, licence: String, shapesFile: String) {
    self.source = source
    self.licence = licence
    self.shapesFile = shapesFile
  }

  // MARK: - Robot file

  public func robotFile(_ model: FittedModel) -> String {
    let arm = model.arm
    var text = """
      # \(YAMLText.comment(arm.name)), imported by `odcv-monitor model import`. Every key is explained in docs/configuration.md.
      #
      # Kinematics and limits are the URDF's. Each link's capsules hold its collision meshes, which `certificate` names:
      # `odcv-monitor model verify` proves it from the meshes again.

      """
    for item in model.declarations.assumed {
      text += "# ASSUMED, declared by nobody: \(YAMLText.comment(item))\n"
    }
    for note in arm.notes { text += "# \(YAMLText.comment(note))\n" }
    text += """
      version: 1
      name: \(YAMLText.name(arm.name))
      source: \(YAMLText.quoted(([source] + [model.declarations.source].compactMap { $0 }).joined(separator: "; ")))
      licence: \(YAMLText.quoted(licence))
      shapes: \(YAMLText.name(shapesFile))

      joints:

      """
    for (joint, limits) in zip(arm.joints, model.limits) { text += line(joint, limits) }
    text += "\n# Frames are the URDF's. fit_gap_m is how far a capsule reaches, at most, beyond the meshes that it holds.\nlinks:\n"
    for index in arm.links.indices { text += link(index, model) }
    text += pairs(arm)
    text += behaviour(model)
    text += certificate(model)
    return text
  }

  private func line(_ joint: ImportedJoint, _ limits: JointLimits) -> String {
    let keys = JointKeys(joint.kind)
    let entries = [
      ("kind", joint.kind == .revolute ? "revolute" : "prismatic"), ("axis", YAMLText.vector(joint.axis)),
      (keys.lower, YAMLText.number(limits.lower)), (keys.upper, YAMLText.number(limits.upper)),
      (keys.velocity, YAMLText.number(limits.velocity)), (keys.acceleration, YAMLText.number(limits.acceleration)),
      (keys.jerk, YAMLText.number(limits.jerk)), (keys.effort, YAMLText.number(limits.effort)),
    ]
    return "  \(YAMLText.name(joint.name)): {\(entries.map { "\($0): \($1)" }.joined(separator: ", "))}\n"
  }

  private func origin(_ place: RobotDescription.Placement) -> String {
    "xyz_m: \(YAMLText.vector(place.translation)), rpy_rad: \(YAMLText.vector(place.rollPitchYaw))"
  }

  private func link(_ index: Int, _ model: FittedModel) -> String {
    let link = model.arm.links[index]
    var text = "  \(YAMLText.name(link.name)):\n"
    if let parent = link.parent {
      text += "    parent: \(YAMLText.name(model.arm.links[parent].name))\n"
      if let joint = link.joint {
        let driver = model.arm.joints[joint]
        text += "    joint: \(YAMLText.name(driver.name))\n"
        if link.ratio != 1 || link.offset != 0 || isFollower(index, model.arm) {
          let key = JointKeys(driver.kind).mimicOffset
          text += "    mimic: {ratio: \(YAMLText.number(link.ratio)), \(key): \(YAMLText.number(link.offset))}\n"
        }
      }
      text += "    origin: {\(origin(link.origin))}\n"
    }
    if let mass = link.mass { text += "    mass_kg: \(YAMLText.number(mass))\n" }
    guard let fit = model.fits.first(where: { $0.link == index }) else {
      return text + "    capsules: []\n    no_shape: \(YAMLText.quoted(link.withoutShape ?? ""))\n"
    }
    text += "    capsules:\n"
    for (number, cell) in fit.cells.enumerated() {
      let capsule = cell.capsule
      text +=
        "      - {from_m: \(YAMLText.vector(capsule.a)), to_m: \(YAMLText.vector(capsule.b)), "
        + "radius_m: \(YAMLText.number(capsule.radius)), fit_gap_m: \(YAMLText.number(cell.capsuleGap)), "
        + "hull: \(YAMLText.name(hullName(link.name, number)))}\n"
    }
    return text
  }

  /// Whether an earlier link is moved by the same joint: this one mimics it even where it moves alike.
  private func isFollower(_ index: Int, _ arm: ImportedModel) -> Bool {
    arm.links[..<index].contains { $0.joint == arm.links[index].joint }
  }

  private func hullName(_ link: String, _ cell: Int) -> String { "\(link).\(cell + 1)" }

  private func pairs(_ arm: ImportedModel) -> String {
    var text = "\n# Every pair of links that can move against each other, but for these, which nobody checks:\n"
    for pair in arm.uncheckedPairs where pair.reason != PairChoice.neighbours {
      text += "#   \(YAMLText.comment(pair.first)), \(YAMLText.comment(pair.second)): \(YAMLText.comment(pair.reason))\n"
    }
    text += "#   neighbours in the chain\n"
    if arm.selfPairs.isEmpty { return text + "self_pairs: []\n" }
    text += "self_pairs:\n"
    for pair in arm.selfPairs {
      text += "  - [\(YAMLText.name(arm.links[pair.first].name)), \(YAMLText.name(arm.links[pair.second].name))]\n"
    }
    return text
  }

  private func behaviour(_ model: FittedModel) -> String {
    let declared = model.declarations
    let (tracking, stopping, accuracy) = (declared.tracking, declared.stopping, declared.measurement)
    let count = model.arm.joints.count
    func each(_ values: JointVector) -> String { YAMLText.list((0..<count).map { values[$0] }) }
    let tip = declared.toolCentrePoint
    let arrival: Declarations.ArrivalName = tracking.arrival == .atRest ? .atRest : .moving
    let path: Declarations.PathName = tracking.path == .straight ? .straight : .box
    var text = """

      tcp: {link: \(YAMLText.name(model.arm.links[tip.link].name)), offset_m: \(YAMLText.vector(tip.offset))}

      tracking:
        path: \(path.rawValue)
        arrival: \(arrival.rawValue)
        response_time_s: \(YAMLText.number(tracking.responseTime))
        acceleration_rad_s2: \(each(tracking.acceleration))
        error_rad: \(each(tracking.error))

      stopping:
        kind: \(Declarations.StopName(stopping.kind).rawValue)
        reaction_time_s: \(YAMLText.number(stopping.reactionTime))
        deceleration_rad_s2: \(each(stopping.deceleration))
        source: \(YAMLText.quoted(declared.stoppingSource))

      measurement:
        position_rad: \(YAMLText.number(accuracy.position))
        velocity_rad_s: \(YAMLText.number(accuracy.velocity))
        force_n: \(YAMLText.number(accuracy.force))
        standstill_rad_s: \(YAMLText.number(accuracy.standstill))

      """
    if let solver = declared.inverseKinematics {
      text +=
        "\ninverse_kinematics: {damping: \(YAMLText.number(solver.damping)), error_rad: \(YAMLText.number(solver.error))}\n"
    }
    return text + load(declared)
  }

  /// What the arm may carry, and how hard it may grip.
  private func load(_ declared: Declarations) -> String {
    var text = ""
    if let payload = declared.payload {
      text += """

        payload:
          greatest_kg: \(YAMLText.number(payload.greatest))
          mounted_kg: \(YAMLText.number(payload.mounted))
          source: \(YAMLText.quoted(payload.source))

        """
    }
    if let grip = declared.grip {
      text += "\ngrip:\n  greatest_n: \(YAMLText.number(grip.greatest))\n"
      if let standard = grip.standard { text += "  standard_n: \(YAMLText.number(standard))\n" }
      text += "  source: \(YAMLText.quoted(grip.source))\n"
    }
    return text
  }

  private func certificate(_ model: FittedModel) -> String {
    var text = """

      # What the capsules hold: the collision meshes, and the planes that cut each into the cells of its capsules, in order;
      # one without planes is cut together with the one before.
      certificate:

      """
    for fit in model.fits {
      let link = model.arm.links[fit.link]
      text += "  \(YAMLText.name(link.name)):\n"
      for (index, element) in link.elements.enumerated() {
        let place = element.origin
        text += "    - mesh: \(YAMLText.quoted(element.reference.file))\n"
        for (key, value) in [
          ("sha256", YAMLText.quoted(element.reference.sha256)), ("scale", YAMLText.vector(element.reference.scale)),
          ("xyz_m", YAMLText.vector(place.translation)), ("rpy_rad", YAMLText.vector(place.rollPitchYaw)),
        ] {
          text += "      \(key): \(value)\n"
        }
        if let cutting = fit.cutting.first(where: { $0.element == index }) {
          text += "      direction: \(YAMLText.vector(cutting.direction))\n"
          text += "      offsets_m: \(YAMLText.list(cutting.offsets))\n"
        }
      }
    }
    return text
  }

  // MARK: - Shapes file

  public func shapesFile(_ model: FittedModel) -> String {
    var text = """
      # Convex hulls that hold the links of \(YAMLText.comment(model.arm.name)), made by `odcv-monitor model import` with the robot file beside it.
      version: 1
      source: \(YAMLText.quoted(source))
      licence: \(YAMLText.quoted(licence))
      hulls:

      """
    for fit in model.fits {
      let link = model.arm.links[fit.link].name
      for (number, cell) in fit.cells.enumerated() {
        text += """
            \(YAMLText.name(hullName(link, number))):
              link: \(YAMLText.name(link))
              padding_m: \(YAMLText.number(cell.hull.padding))
              gap_m: \(YAMLText.number(cell.hull.gap))
              vertices_m:

          """
        for vertex in cell.hull.vertices { text += "      - \(YAMLText.vector(vertex))\n" }
      }
    }
    return text
  }
}
