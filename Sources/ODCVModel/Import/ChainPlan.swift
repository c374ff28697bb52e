import ODCVCore

/// Which joints of a description are the arm's, what becomes of the others, and where every link then stands.
struct ChainPlan {
  struct Step {
    /// Index in the description.
    var link: Int
    var parent: Int?
    var origin: RobotDescription.Placement
    /// Index among the arm's joints.
    var joint: Int?
    var ratio: Double
    var offset: Double
    /// In the link's frame, m.
    var sweeps: [Vector3]
  }

  /// The arm's joints, as indices in the description, from the base outwards.
  private(set) var chain: [Int] = []
  /// Every link at or below the base, parents first.
  private(set) var steps: [Step] = []
  /// Index in the description of the link at the arm's end.
  private(set) var tip = 0
  private(set) var notes: [String] = []

  private let robot: RobotDescription
  private let options: ImportOptions
  /// What holds each joint that is not the arm's: rad or m.
  private var held: [Int: ClosedRange<Double>] = [:]

  init(_ robot: RobotDescription, _ options: ImportOptions) throws(ImportError) {
    self.robot = robot
    self.options = options
    try checkNames()
    let base = try base()
    tip = base
    let below = links(below: base)
    try hold(below)
    try chooseChain(base)
    try settleOthers(below)
    try place(base)
  }

  // MARK: - Names

  private func wrong(_ problem: String, _ remedy: String, line: Int? = nil, subject: String? = nil) -> ImportError {
    ImportError(file: robot.file, line: line, subject: subject, problem: problem, remedy: remedy)
  }

  private func checkNames() throws(ImportError) {
    let links = robot.links.map { "`\($0.name)`" }.joined(separator: ", ")
    for (option, name) in [("--base", options.base), ("--tip", options.tip)] {
      if let name, robot.link(named: name) == nil {
        throw wrong("\(option) names `\(name)`, which is no link", "write one of \(links)")
      }
    }
    for name in options.withoutShape.keys.sorted() where robot.link(named: name) == nil {
      throw wrong("--no-shape names `\(name)`, which is no link", "write one of \(links)")
    }
    let joints = robot.joints.filter { !$0.isFixed }.map { "`\($0.name)`" }.joined(separator: ", ")
    for (option, names) in [("--fix", options.fixed.keys.sorted()), ("--sweep", options.swept)] {
      for name in names {
        guard let index = robot.joint(named: name), !robot.joints[index].isFixed else {
          throw wrong("\(option) names `\(name)`, which is no joint that moves", "write one of \(joints)")
        }
        let joint = robot.joints[index]
        if let mimic = joint.mimic {
          throw wrong(
            "\(option) names `\(name)`, which mimics `\(robot.joints[mimic.joint].name)`",
            "name `\(robot.joints[mimic.joint].name)`; the other follows", line: joint.line)
        }
        if option == "--sweep", joint.kind != .prismatic {
          throw wrong(
            "--sweep names `\(name)`, which turns: only a prismatic joint is swept",
            "hold it with --fix \(name)=VALUE, or make it part of the arm with --tip", line: joint.line)
        }
        if option == "--sweep", options.fixed[name] != nil {
          throw wrong("`\(name)` is both held and swept", "keep one of --fix and --sweep", line: joint.line)
        }
      }
    }
  }

  // MARK: - The arm

  private func children(of link: Int) -> [Int] { robot.joints.indices.filter { robot.joints[$0].parent == link } }

  private func base() throws(ImportError) -> Int {
    if let name = options.base, let link = robot.link(named: name) { return link }
    var link = robot.root
    while robot.links[link].collisions.isEmpty, !robot.links[link].isVisible {
      let next = children(of: link)
      guard next.count == 1, robot.joints[next[0]].isFixed else { return link }
      link = robot.joints[next[0]].child
    }
    return link
  }

  private func links(below base: Int) -> Set<Int> {
    var found: Set<Int> = [base]
    var waiting = [base]
    while let link = waiting.popLast() {
      for joint in children(of: link) where found.insert(robot.joints[joint].child).inserted {
        waiting.append(robot.joints[joint].child)
      }
    }
    return found
  }

  /// Takes what the options say about joints below the base.
  private mutating func hold(_ below: Set<Int>) throws(ImportError) {
    for (index, joint) in robot.joints.enumerated() where below.contains(joint.child) {
      guard let limits = joint.limits else { continue }
      if let value = options.fixed[joint.name] {
        guard value.isFinite, limits.lower <= value, value <= limits.upper,
          abs(value) <= URDFReader.largestAngle
        else {
          throw wrong(
            "--fix holds it at \(value), outside its limits \(limits.lower) to \(limits.upper)",
            "write a value within them, in rad or m", line: joint.line, subject: "joint `\(joint.name)`")
        }
        held[index] = value...value
      } else if options.swept.contains(joint.name) {
        held[index] = limits.lower...limits.upper
      }
    }
  }

  /// Whether the joint could be one of the arm's.
  private func isFree(_ joint: Int) -> Bool { moves(joint) && robot.joints[joint].mimic == nil }

  private func moves(_ joint: Int) -> Bool { !robot.joints[joint].isFixed && held[joint] == nil }

  private mutating func chooseChain(_ base: Int) throws(ImportError) {
    if let name = options.tip, let end = robot.link(named: name) {
      tip = end
      var link = end
      while link != base {
        guard let joint = robot.joint(holding: link) else {
          throw wrong(
            "`\(name)` does not hang below the base `\(robot.links[base].name)`", "name a tip below it with --tip, or a base above it with --base")
        }
        if isFree(joint) { chain.insert(joint, at: 0) }
        link = robot.joints[joint].parent
      }
      guard !chain.isEmpty else {
        throw wrong("no joint moves `\(name)` against the base `\(robot.links[base].name)`", "name the arm's last link with --tip")
      }
      return
    }
    var first = base
    while true {
      let next = outgoing(first)
      guard next.count == 1, let joint = next.first, isFree(joint) else {
        if chain.isEmpty {
          let remedy = next.isEmpty ? "name a robot with joints" : "name the arm's last link with --tip LINK"
          let names = next.map { "`\(robot.joints[$0].name)`" }.joined(separator: ", ")
          throw wrong(next.isEmpty ? "no joint moves anything" : "the chain branches at the base: \(names)", remedy)
        }
        break
      }
      chain.append(joint)
      first = robot.joints[joint].child
    }
    tip = farthest(from: first)
    notes.append(
      "the arm is `\(robot.links[base].name)` to `\(robot.links[tip].name)`: "
        + chain.map { robot.joints[$0].name }.joined(separator: ", "))
  }

  /// The links that move with `link` as one body.
  private func body(_ link: Int) -> [Int] {
    [link] + children(of: link).filter { !moves($0) }.flatMap { body(robot.joints[$0].child) }
  }

  /// The joints that leave the body of `link`, but for those that follow one of the arm's: a parallel bar beside the arm is no
  /// branch, and a finger that follows another is.
  private func outgoing(_ link: Int) -> [Int] {
    body(link).flatMap(children).filter { joint in
      moves(joint) && !(robot.joints[joint].mimic.map { chain.contains($0.joint) } ?? false)
    }
  }

  /// Of the links fixed to `link`, the one furthest out; a tool's tip is the fastest point to judge.
  private func farthest(from link: Int) -> Int {
    var best = (link: link, distance: 0.0)
    for (other, place) in fixedTo(link) where place.translation.length > best.distance + 1e-9 {
      best = (other, place.translation.length)
    }
    return best.link
  }

  private func fixedTo(_ link: Int) -> [(Int, Pose)] {
    var found: [(Int, Pose)] = [(link, .identity)]
    for joint in children(of: link) where robot.joints[joint].isFixed {
      let child = robot.joints[joint]
      found += fixedTo(child.child).map { ($0.0, child.origin.pose * $0.1) }
    }
    return found
  }

  // MARK: - The other joints

  private mutating func settleOthers(_ below: Set<Int>) throws(ImportError) {
    for (index, joint) in robot.joints.enumerated()
    where below.contains(joint.child) && isFree(index) && !chain.contains(index) {
      guard joint.kind == .prismatic, let limits = joint.limits else {
        throw wrong(
          "it moves, and is not on the way from the base to `\(robot.links[tip].name)`",
          "hold it with --fix \(joint.name)=VALUE (rad), or name another end of the arm with --tip LINK",
          line: joint.line, subject: "joint `\(joint.name)`")
      }
      held[index] = limits.lower...limits.upper
      notes.append(
        "joint `\(joint.name)` is not the arm's: what it moves is widened to its whole range, \(limits.lower) to \(limits.upper) m"
          + " (--fix \(joint.name)=VALUE holds it instead)")
    }
    for (index, joint) in robot.joints.enumerated() where below.contains(joint.child) {
      guard let mimic = joint.mimic, let driver = held[mimic.joint] else { continue }
      let ends = [driver.lowerBound, driver.upperBound].map { mimic.multiplier * $0 + mimic.offset }.sorted()
      guard joint.kind == .prismatic || ends[0] == ends[1] else {
        throw wrong(
          "it turns while `\(robot.joints[mimic.joint].name)` is swept",
          "hold that one with --fix \(robot.joints[mimic.joint].name)=VALUE", line: joint.line,
          subject: "joint `\(joint.name)`")
      }
      held[index] = ends[0]...ends[1]
    }
  }

  // MARK: - Places

  private mutating func place(_ base: Int) throws(ImportError) {
    steps = [Step(link: base, parent: nil, origin: .identity, joint: nil, ratio: 1, offset: 0, sweeps: [])]
    try placeChildren(of: base, sweeps: [])
  }

  private mutating func placeChildren(of link: Int, sweeps: [Vector3]) throws(ImportError) {
    for index in children(of: link) {
      let joint = robot.joints[index]
      var step = Step(
        link: joint.child, parent: link, origin: joint.origin, joint: nil, ratio: 1, offset: 0,
        sweeps: sweeps.map { joint.origin.pose.rotation.transposed($0) })
      if let range = held[index] {
        step = held(step, joint, range)
      } else if let mimic = joint.mimic {
        step = try mimicking(step, joint, mimic)
      } else if !joint.isFixed {
        step.joint = chain.firstIndex(of: index)
      }
      guard step.joint == nil || sweeps.isEmpty else {
        throw wrong(
          "it moves below a joint that is swept", "hold that one with --fix", line: joint.line, subject: "joint `\(joint.name)`")
      }
      steps.append(step)
      try placeChildren(of: joint.child, sweeps: step.sweeps)
    }
  }

  private func held(_ step: Step, _ joint: RobotDescription.Joint, _ range: ClosedRange<Double>) -> Step {
    var step = step
    let value = range.lowerBound
    if joint.kind == .prismatic {
      step.origin.translation = joint.origin.translation + value * (joint.origin.pose.rotation * joint.axis)
      if range.upperBound > value { step.sweeps.append((range.upperBound - value) * joint.axis) }
    } else if value != 0 {
      let turn = Rotation(angle: value, about: joint.axis)
      step.origin.rollPitchYaw = (joint.origin.pose.rotation * turn).rollPitchYaw
      step.sweeps = step.sweeps.map { turn.transposed($0) }
    }
    return step
  }

  private func mimicking(_ step: Step, _ joint: RobotDescription.Joint, _ mimic: RobotDescription.Mimic) throws(ImportError)
    -> Step
  {
    let driver = robot.joints[mimic.joint]
    func refuse(_ problem: String) -> ImportError {
      wrong(
        problem, "hold `\(driver.name)` with --fix \(driver.name)=VALUE, or sweep it with --sweep", line: joint.line,
        subject: "joint `\(joint.name)`")
    }
    guard let place = chain.firstIndex(of: mimic.joint) else {
      throw refuse("it mimics `\(driver.name)`, which does not lie below the base")
    }
    guard (joint.kind == .prismatic) == (driver.kind == .prismatic) else {
      throw refuse("it mimics `\(driver.name)`, and only one of them turns")
    }
    let along = joint.axis.dot(driver.axis)
    guard abs(along) > 1 - 1e-12 else {
      throw refuse("it mimics `\(driver.name)` about another axis than that one's own")
    }
    var step = step
    step.joint = place
    step.ratio = along > 0 ? mimic.multiplier : -mimic.multiplier
    step.offset = along > 0 ? mimic.offset : -mimic.offset
    return step
  }
}
