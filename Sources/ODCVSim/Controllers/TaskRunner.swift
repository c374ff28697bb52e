import ODCVWire

/// Drives the task closed loop on the measured state: aims at a point of the way ahead of the measured progress.
///
/// Whoever slows or holds the arm only delays the progress; nothing runs ahead of the arm. Without progress for 0.4 s the
/// running leg is finished the compliant way, after going back on its own track where it has not come far.
struct TaskRunner: Sendable {
  private enum Phase { case begins, moving, working, retreating }

  let scenario: Scenario
  private let separation: SeparationGuard
  private let zone: SimBox?
  private var phase = Phase.begins
  private var towardsPlace = false
  private var plan: LegPlan
  /// The plan's way in the leg's direction.
  private var way: Way
  /// Greatest speed per sample of it, rad/s.
  private var profile: [Double] = []
  private(set) var progress = 0.0
  private var stayed = 0.0
  private var stalled = 0.0
  private var markedProgress = 0.0
  /// Operations still to be done at the end where the tool stands.
  private var toDo: [Int] = []
  /// Whole cycles so far.
  private(set) var cycles = 0
  /// Legs begun so far.
  private var legs = 0
  /// What each operation of this cycle said when it was done: below 0 where it found no part.
  private(set) var results: [String: Double] = [:]
  /// Claims parts by itself at the end of each cycle.
  var reportsParts = true
  /// The last thing that verified a part found one.
  private var isVerified = false
  /// How long a device that opens and shuts by itself has been open, s; 0: it is shut. Absent: it was never seen shut.
  private var openFor: [Int: Double] = [:]
  private var requests: [SignalMessage] = []
  private var requestNumber: UInt64 = 0
  /// Part of the speed that is tried after being held; grows back with progress.
  private var caution = 1.0
  private var sequence: UInt64 = 0
  /// Legs in which the plan was given up because the arm was held.
  private(set) var givenUp = 0

  private static let dwellReserve = 0.05
  /// s: how long ago a device may have opened for what comes next to be done before it shuts.
  private static let freshness = 0.1
  /// m beyond the distance at which people slow the arm.
  private static let nearReserve = 0.25
  private static let patience = 0.4
  /// rad/s: slower than this a joint is taken to have stopped.
  private static let standing = 0.04
  /// rad/s² that the speed profile plans with along the way, and across it in curves.
  private static let slowing = 3.0
  private static let turning = 3.0
  /// s: how far the arm's speed is behind the aim's.
  private static let lag = 0.08
  /// m: the zone's speed holds from here on.
  private static let zoneMargin = 0.05

  init(_ scenario: Scenario) {
    self.scenario = scenario
    separation = SeparationGuard(scenario)
    let constraint = scenario.constraints.first { $0.kind == .zoneSpeed }
    zone = scenario.zone(constraint?.zone ?? scenario.forceZone)
    plan = .compliant(scenario)
    way = plan.way
  }

  /// Part of the distance to people that is kept from now on, whatever the plan said.
  var separationShare: Double {
    get { plan.separationShare }
    set { plan.separationShare = newValue }
  }
  /// A leg begins: the controller decides how to cover it.
  var needsPlan: Bool { phase == .begins }
  /// 0...1 of the running leg.
  var share: Double { progress / way.total }
  var nextSequence: UInt64 { sequence + 1 }
  /// The leg leads to the second end.
  var carriesPart: Bool { towardsPlace }

  mutating func begin(_ plan: LegPlan) {
    self.plan = plan
    for act in scenario.acts where plan.acts.contains(act.name) && !act.acknowledges { ask(act.name) }
    if !scenario.operations.isEmpty || scenario.partMass > 0 || scenario.chance.drop != nil {
      ask("grip", plan.grip)
      ask("parts", Double(plan.parts))
    }
    way = towardsPlace ? plan.way : plan.way.reversed
    phase = .moving
    // The first leg of all starts where it ends.
    progress = legs == 0 && !towardsPlace ? way.total : 0
    legs += 1
    stayed = 0
    unstall()
    profile = Self.profile(way, plan, zone: zone, arm: scenario.scene.arm)
  }

  private mutating func unstall() {
    stalled = 0
    markedProgress = progress
  }

  private static func profile(_ way: Way, _ plan: LegPlan, zone: SimBox?, arm: ArmModel) -> [Double] {
    var limit = way.joints.indices.map { i in
      var v = min(plan.speed, plan.pointSpeed / way.reach[i])
      if way.curvature[i] > 0 { v = min(v, plan.speed / LegPlan.compliantSpeed * (turning / way.curvature[i]).squareRoot()) }
      if let zone {
        let inside = arm.capsules(in: arm.frames(way.joints[i])).contains {
          Distance.between($0, zone) <= zoneMargin
        }
        if inside { v = min(v, plan.zoneSpeed / way.reach[i]) }
      }
      return v
    }
    for i in stride(from: limit.count - 2, through: 0, by: -1) {
      let step = way.length[i + 1] - way.length[i]
      limit[i] = min(limit[i], (limit[i + 1] * limit[i + 1] + 2 * slowing * step).squareRoot())
    }
    // Leaving a slow stretch is not to begin before all of the aim is outside.
    for i in 1..<limit.count {
      let step = way.length[i] - way.length[i - 1]
      limit[i] = min(limit[i], (limit[i - 1] * limit[i - 1] + 2 * slowing * 2 * step).squareRoot())
    }
    return limit
  }

  /// What is done in this control period.
  mutating func act(_ seen: Observation, instruction: UInt64?) -> ControllerOutput {
    let action = drive(seen, instruction)
    defer { requests = [] }
    return ControllerOutput(action: action, requests: requests)
  }

  /// The same while it stands at the end of a leg.
  mutating func stand(_ seen: Observation, instruction: UInt64?) -> ControllerOutput {
    watchDevices(seen)
    defer { requests = [] }
    return ControllerOutput(action: message(.stop, instruction), requests: requests)
  }

  /// Tells the cell's computer of so many parts, with the next action.
  mutating func claim(_ parts: Int) { ask("claim", Double(parts)) }

  /// m from the arm to the nearest part of a person; `nil` where nobody is seen.
  func distance(to people: PeopleMessage, at q: [Double]) -> Double? {
    let parts = separation.parts(people)
    return parts.isEmpty || q.count != scenario.scene.arm.jointCount ? nil : separation.gap(q, to: parts)
  }

  private mutating func drive(_ seen: Observation, _ instruction: UInt64?) -> ActionMessage? {
    let q = seen.state.position
    guard q.count == scenario.scene.arm.jointCount else { return nil }
    watchDevices(seen)
    if mustStand(seen) {
      for act in scenario.acts where act.acknowledges && plan.acts.contains(act.name) { ask(act.name) }
      unstall()
      return message(.stop, instruction)
    }
    switch scenario.actionStream {
    case .joint: progress = way.progress(of: q, near: progress)
    case .endEffectorDelta:
      progress = way.progress(ofTool: scenario.scene.arm.tool(q).origin, near: progress)
    }
    if phase == .retreating, progress < 0.03 { begin(.compliant(scenario)) }
    watch(q, seen.state.velocity)
    if phase == .working { return work(seen, from: q, instruction) }
    let back = phase == .retreating
    let allowed = caution * nearLimit(at: q, seen.people)
      * min(profiled(progress), profiled(progress + (back ? -1 : 1) * profiled(progress) * Self.lag))
    let speed = separation.limit(allowed, at: q, share: plan.separationShare, people: seen.people) { v in
      way.joints(at: progress + (back ? -1 : 1) * DriverModel.lookahead(v))
    }
    if speed < 0.03 {
      // Waiting for a person is no stall.
      unstall()
      return message(.stop, instruction)
    }
    detectStall()
    // The aim shrinks while the arm follows it for one period; half of that is added, but not where speed itself is
    // limited: there the fastest instant counts.
    let catchUp = speed > 0.5 ? speed * scenario.controlPeriod * 0.5 : 0
    let ahead = DriverModel.lookahead(speed) + catchUp
    let target = way.joints(at: progress + (back ? -ahead : ahead))
    return toward(target, from: q, instruction)
  }

  // MARK: - The cell

  private mutating func ask(_ name: String, _ value: Double = 1) {
    requestNumber += 1
    requests.append(
      SignalMessage(
        header: HeaderFields(robotID: scenario.robotID, streamID: 6, sequence: requestNumber, bootID: 1), name: name,
        value: value))
  }

  private mutating func watchDevices(_ seen: Observation) {
    for index in scenario.operations.indices {
      guard case .external = scenario.operations[index].measure else { continue }
      if !seen.isSet(scenario.operations[index].name) {
        openFor[index] = 0
      } else if let before = openFor[index] {
        openFor[index] = before + scenario.controlPeriod
      }
    }
  }

  /// A contact is not acknowledged yet.
  private func mustStand(_ seen: Observation) -> Bool {
    scenario.chance.bump != nil && !seen.isSet("acknowledged") && !plan.resumes
  }

  /// Part of the speed at which the arm's fastest point is as slow as people near it ask for.
  private func nearLimit(at q: [Double], _ people: PeopleMessage) -> Double {
    guard plan.nearSpeed < .infinity, let within = scenario.constraints.first(where: { $0.within != nil })?.within,
      separation.gap(q, to: separation.parts(people)) < within + Self.nearReserve
    else { return 1 }
    let reach = way.reach[way.place(progress).index]
    return min(1, plan.nearSpeed / (reach * profiled(progress)))
  }

  /// Stands at an end and does what is to be done there, one after the other.
  private mutating func work(_ seen: Observation, from q: [Double], _ instruction: UInt64?) -> ActionMessage? {
    unstall()
    while let index = toDo.first {
      let operation = scenario.operations[index]
      let value = seen.value(operation.name) ?? 0
      if case .external = operation.measure {
        guard let open = openFor[index], open > 0, open <= Self.freshness else { break }
      } else if value == 0 {
        ask(operation.name)
        if case .impulse(_, _, let depth) = operation.measure {
          return toward(pressed(plan.depth ?? depth), from: q, instruction)
        }
        break
      }
      if operation.verifies { isVerified = value > 0 }
      results[operation.name] = value
      toDo.removeFirst()
    }
    if toDo.isEmpty { turn() }
    return toward(way.joints[way.joints.count - 1], from: q, instruction)
  }

  /// The end of the way, so far further down.
  private func pressed(_ depth: Double) -> [Double] {
    let end = way.joints[way.joints.count - 1]
    let arm = scenario.scene.arm
    return zip(end, arm.resolve(linear: Vector(0, 0, -depth), angular: Vector(0, 0, 0), in: arm.frames(end), damping: 1e-3, locked: 2))
      .map { $0 + $1 }
  }

  /// The end is done with: the next leg leads back.
  private mutating func turn() {
    if towardsPlace {
      cycles += 1
      let found = plan.claimsAll || isVerified || !scenario.operations.contains(where: \.verifies)
      if reportsParts, scenario.kpi.counts == .claims, found { ask("claim", Double(plan.parts)) }
      isVerified = false
    }
    towardsPlace.toggle()
    phase = .begins
  }

  private func profiled(_ s: Double) -> Double {
    let (i, part) = way.place(s)
    return profile[i] + part * (profile[i + 1] - profile[i])
  }

  /// Counts the stay at the leg's end and turns to the next leg.
  private mutating func watch(_ q: [Double], _ velocity: [Double]) {
    guard phase == .moving else { return }
    let tool = scenario.scene.arm.tool(q).origin
    let end = way.tool[way.tool.count - 1]
    let stands = velocity.allSatisfy { abs($0) < Self.standing }
    stayed = stands && length(tool - end) < 0.7 * scenario.tolerance ? stayed + scenario.controlPeriod : 0
    guard stayed >= scenario.dwell + Self.dwellReserve else { return }
    let here: Scenario.End = towardsPlace ? .place : .pick
    if here == .pick { results = [:] }
    toDo = scenario.operations.indices.filter { index in
      let operation = scenario.operations[index]
      let isLifted = scenario.acts.contains { $0.lifts == operation.name && plan.acts.contains($0.name) }
      return operation.end == here && cycles % operation.every == 0 && !isLifted && !plan.skips.contains(operation.name)
    }
    phase = .working
    if toDo.isEmpty { turn() }
  }

  private mutating func detectStall() {
    guard phase != .begins, stayed == 0 else { return unstall() }
    if abs(progress - markedProgress) > 0.01 {
      caution = min(1, caution * 1.1)
      return unstall()
    }
    stalled += scenario.controlPeriod
    guard stalled >= Self.patience else { return }
    caution = max(0.3, caution * 0.6)
    if !plan.isCompliant { givenUp += 1 }
    let retreats = plan.way.joints != scenario.way.joints && progress < way.total / 2
    let compliant = LegPlan.compliant(scenario)
    if retreats {
      plan.speed = compliant.speed
      plan.pointSpeed = compliant.pointSpeed
      plan.zoneSpeed = compliant.zoneSpeed
      plan.separationShare = 1
      phase = .retreating
    } else {
      let way = plan.way
      plan = compliant
      plan.way = way
      phase = .moving
    }
    profile = Self.profile(way, plan, zone: zone, arm: scenario.scene.arm)
    unstall()
  }

  private mutating func toward(_ target: [Double], from q: [Double], _ instruction: UInt64?) -> ActionMessage {
    switch scenario.actionStream {
    case .joint:
      var action = message(.jointPosition, instruction)
      action.position = target
      return action
    case .endEffectorDelta:
      let arm = scenario.scene.arm
      let (here, there) = (arm.tool(q), arm.tool(target))
      let linear = there.origin - here.origin
      let angular = there.rotation(from: here)
      var action = message(.eePoseDelta, instruction)
      action.reference = .measured
      action.rotation = .axisAngle
      action.endEffector = [linear.x, linear.y, linear.z, angular.x, angular.y, angular.z]
      return action
    }
  }

  private mutating func message(_ space: ActionMessage.Space, _ instruction: UInt64?) -> ActionMessage {
    sequence += 1
    var action = ActionMessage(
      header: HeaderFields(robotID: scenario.robotID, streamID: 1, sequence: sequence, bootID: 1, layoutID: 1))
    action.space = space
    action.instructionID = instruction
    return action
  }
}
