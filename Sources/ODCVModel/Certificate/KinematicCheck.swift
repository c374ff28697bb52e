import ODCVCore

extension CertificateChecker {
  /// m, or of 1: how far a model's frames and axes may be from the description's.
  static let kinematicTolerance = 1e-9

  static func difference(_ a: Vector3, _ b: Vector3) -> Double {
    let all = [abs(a.x - b.x), abs(a.y - b.y), abs(a.z - b.z)]
    return all.contains(where: \.isNaN) ? .infinity : all.reduce(0, max)
  }

  static func difference(_ a: Pose, _ b: Pose) -> Double {
    [
      difference(a.translation, b.translation), difference(a.rotation.x, b.rotation.x),
      difference(a.rotation.y, b.rotation.y), difference(a.rotation.z, b.rotation.z),
    ].reduce(0, max)
  }

  /// The same links, hung on the same parents by the same frames, moved by the same joints, in limits that are no wider.
  static func kinematicFailures(of model: RobotModel, against description: DescribedRobot) -> [CertificateFailure] {
    var found: [CertificateFailure] = []
    for link in description.links {
      let count = model.links.count { $0.name == link.name }
      if count == 0 { found.append(failure(link.name, "is in the description but not in the model")) }
    }
    for link in model.links {
      let described = description.links.filter { $0.name == link.name }
      let twins = model.links.count { $0.name == link.name }
      guard described.count == 1, twins == 1, let same = described.first else {
        found.append(failure(link.name, "is \(twins) times in the model and \(described.count) times in the description"))
        continue
      }
      if link.parent.map({ model.links[$0].name }) != same.parent {
        found.append(failure(link.name, "hangs on another parent than \(same.parent ?? "none")"))
      }
      let moved = difference(link.origin, same.origin)
      if !(moved <= kinematicTolerance) { found.append(failure(link.name, "its origin differs (m, or of 1)", moved)) }
      switch (link.joint, same.joint) {
      case (nil, nil): break
      case (nil, .some(let joint)): found.append(failure(link.name, "is fixed, but joint \(joint.name) moves it"))
      case (.some(let index), nil):
        found.append(failure(link.name, "is moved by joint \(model.joints[index].name), but is fixed"))
      case (.some(let index), .some(let joint)):
        found += jointFailures(link, model.joints[index], joint)
      }
    }
    return found
  }

  private static func jointFailures(_ link: Link, _ joint: Joint, _ described: DescribedJoint) -> [CertificateFailure] {
    var found: [CertificateFailure] = []
    let name = "joint \(described.name): "
    if joint.name != described.name { found.append(failure(link.name, name + "the model has \(joint.name) instead")) }
    if joint.kind != described.kind { found.append(failure(link.name, name + "it turns in one and slides in the other")) }
    func compare(_ what: String, _ by: Double) {
      if !(by <= kinematicTolerance) { found.append(failure(link.name, name + what, by)) }
    }
    compare("its axis differs (of 1)", difference(joint.axis, described.axis))
    compare("its ratio differs (of 1)", abs(link.ratio - described.ratio))
    compare("its offset differs (rad or m)", abs(link.offset - described.offset))
    let (own, limits) = (joint.limits, described)
    compare("its lower limit is looser (rad or m)", limits.lower - own.lower)
    compare("its upper limit is looser (rad or m)", own.upper - limits.upper)
    compare("its speed limit is looser (rad/s or m/s)", own.velocity - limits.velocity)
    compare("its effort limit is looser (Nm or N)", own.effort - limits.effort)
    return found
  }

  private static func failure(_ link: String, _ what: String, _ amount: Double? = nil) -> CertificateFailure {
    CertificateFailure(link: link, mesh: nil, what: what, amount: amount)
  }
}
