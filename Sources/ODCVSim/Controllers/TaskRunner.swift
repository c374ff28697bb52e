import ODCVWire

/// Drives the task closed loop on the measured state: aims at a point of the way ahead of the measured progress.
///
/// Whoever slows or holds the arm only delays the progress; nothing runs ahead of the arm. Without progress for 0.4 s the
/// running leg is finished the compliant way, after going back on its own track where it has not come far.
struct TaskRunner: Sendable {
  private enum Phase { case begins, moving, retreating }

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
  /// Part of the speed that is tried after being held; grows back with progress.
  private var caution = 1.0
  private var sequence: UInt64 = 0
  /// Legs in which the plan was given up because the arm was held.
  private(set) var givenUp = 0

  private static let dwellReserve = 0.05
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
    zone = scenario.zone(constraint?.zone)
    plan = .compliant(scenario)
    way = plan.way
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
    way = towardsPlace ? plan.way : plan.way.reversed
    phase = .moving
    // The first leg of all starts where it ends.
    progress = sequence == 0 && !towardsPlace ? way.total : 0
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
      var v = plan.speed
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

  /// The action of this control period.
  mutating func act(state: StateMessage, people: PeopleMessage, instruction: UInt64?) -> ActionMessage? {
    let q = state.position
    guard q.count == scenario.scene.arm.jointCount else { return nil }
    switch scenario.actionStream {
    case .joint: progress = way.progress(of: q, near: progress)
    case .endEffectorDelta:
      progress = way.progress(ofTool: scenario.scene.arm.tool(q).origin, near: progress)
    }
    if phase == .retreating, progress < 0.03 { begin(.compliant(scenario)) }
    watch(q, state.velocity)
    let back = phase == .retreating
    let allowed = caution
      * min(profiled(progress), profiled(progress + (back ? -1 : 1) * profiled(progress) * Self.lag))
    let speed = separation.limit(allowed, at: q, share: plan.separationShare, people: people) { v in
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
    if stayed >= scenario.dwell + Self.dwellReserve {
      towardsPlace.toggle()
      phase = .begins
    }
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
