/// Compares what the arm's driver reports with itself: its tool with its joints, its velocities with its positions, and a state
/// that never changes with a command to move. Everything is a share of what the declared accuracies explain.
struct TruthWatch: ~Copyable, Sendable {
  /// What the driver's last state shows.
  struct Reading: Sendable {
    /// Distance of the reported tool centre point from forward kinematics; `nil`: not reported.
    var tool: Double?
    /// Of the joint that disagrees most: its way since the window began against its reported velocities; 0 of the first state of
    /// all, `nil` of any other that there is none before to compare with.
    var velocity: Double? = 0
    var joint = 0
    /// Since when the positions have been the same to the bit although the arm is told to go elsewhere.
    var frozenSince: MonoInstant?
  }

  /// Ten greatest ages of a state, s: so that how late both ends may be is a small part of it.
  private let window: Double
  private let accuracy: JointVector
  private let toolError: Double
  private let frozen: Double
  /// Whether the driver's stamps are declared; without, its states may be as late as their age allows.
  private let isStamped: Bool
  private var posture: Posture
  /// The state before, and when it came; `nil` before the first.
  private var last = State.absent
  private var lastReceived: MonoInstant?
  /// When a state that had not changed last lay away from where the arm was told to go.
  private var lastAway: MonoInstant?
  private(set) var reading: Reading?
  /// When a joint's way last disagreed with its velocities, and which joint's.
  private var disagreed: (instant: MonoInstant, joint: Int)?

  /// The joint whose positions and velocities have disagreed within the last window; `nil`: none. A window that has only just
  /// begun shows nothing by itself.
  func doubtedJoint(at now: MonoInstant) -> Int? {
    disagreed.flatMap { now.seconds(since: $0.instant) <= window ? $0.joint : nil }
  }

  /// What was reported since the window began.
  private struct Window: Sendable {
    let position: JointVector
    let velocity: JointVector
    var elapsed = 0.0
    var way: JointVector
    var error: JointVector
    var variation: JointVector

    init(_ state: State) {
      position = state.position
      velocity = state.velocity
      way = JointVector(count: position.count)
      error = way
      variation = way
    }
  }

  private var begun = Window(.absent)
  /// The window has begun.
  private var isBegun = false

  init(_ configuration: Configuration) {
    window = 10 * configuration.cell.stateInput.maxAge
    accuracy = JointVector(configuration.robot.joints.map { _ in configuration.robot.measurement.position })
    frozen = configuration.limits[.integrityTruth, "frozen_s"]
    toolError = configuration.limits[.integrityTruth, "tool_m"]
    isStamped = configuration.cell.clocks.contains { $0.stream == .state }
    posture = Posture(for: configuration.robot)
  }

  /// Takes a state that is believed. `target`: where the arm was let go; absent when it was told to hold.
  mutating func observe(_ state: State, target: JointVector, _ configuration: Configuration, at now: MonoInstant) {
    var reading = Reading()
    if let tool = state.tool {
      posture.place(configuration.robot, at: state.position)
      let centre = posture.toolCentrePoint
      let link = configuration.robot.toolCentrePoint.link
      let open = posture.travel(of: centre, centre, fixedIn: link, change: accuracy, robot: configuration.robot)
      reading.tool = (tool - centre).length / (toolError + open)
    }
    compareVelocity(state, &reading, configuration, at: now)
    if isTheSame(state) {
      if isAway(state, target, configuration.robot) { lastAway = now }
      // Told to hold because of this very finding, it is no less frozen; told to hold for as long again, it may try.
      if let lastAway, now.seconds(since: lastAway) < frozen {
        reading.frozenSince = self.reading?.frozenSince ?? lastReceived
      }
    } else {
      lastAway = nil
    }
    self.reading = reading
    last = state
    lastReceived = now
  }

  private func isTheSame(_ state: State) -> Bool {
    lastReceived != nil && last.position == state.position
  }

  private func isAway(_ state: State, _ target: JointVector, _ robot: RobotModel) -> Bool {
    guard !target.isAbsent else { return false }
    for joint in robot.joints.indices {
      let open = 2 * robot.measurement.position + robot.tracking.error[joint]
        + robot.measurement.standstill * robot.tracking.responseTime
      if abs(target[joint] - state.position[joint]) > open { return true }
    }
    return false
  }

  private mutating func compareVelocity(
    _ state: State, _ reading: inout Reading, _ configuration: Configuration, at now: MonoInstant
  ) {
    let input = configuration.cell.stateInput
    guard lastReceived != nil else { return }
    guard last.sequence.boot == state.sequence.boot, let step = step(state, now), step >= 0, step <= input.maxAge else {
      reading.velocity = nil
      isBegun = false
      return
    }
    if !isBegun || begun.elapsed > window { begun = Window(last) }
    isBegun = true
    var worst = 0.0
    begun.elapsed += step
    let late = isStamped ? 0 : input.maxAge
    for joint in 0..<state.position.count {
      let change = abs(state.velocity[joint] - last.velocity[joint])
      begun.way[joint] += 0.5 * (state.velocity[joint] + last.velocity[joint]) * step
      // Between two states a velocity may have been anything that the acceleration reaches, or have jumped at once.
      begun.error[joint] +=
        (configuration.robot.measurement.velocity + 0.25 * configuration.robot.tracking.acceleration[joint] * step + 0.5 * change) * step
      begun.variation[joint] += change
      let open = 2 * configuration.robot.measurement.position + begun.error[joint]
        + late * (abs(begun.velocity[joint]) + abs(state.velocity[joint]) + begun.variation[joint])
      let share = abs(state.position[joint] - begun.position[joint] - begun.way[joint]) / open
      // What is no number stays: the next joint must not hide it.
      if share.isNaN || share > worst { (worst, reading.joint) = (share, joint) }
    }
    reading.velocity = worst
    if !(worst <= 1) { disagreed = (now, reading.joint) }
  }

  /// Since the state before, s.
  private func step(_ state: State, _ now: MonoInstant) -> Double? {
    guard let lastReceived else { return nil }
    guard isStamped else { return now.seconds(since: lastReceived) }
    guard let a = last.sequence.time, let b = state.sequence.time else { return nil }
    let (difference, overflow) = b.nanoseconds.subtractingReportingOverflow(a.nanoseconds)
    return overflow ? nil : Double(difference) * 1e-9
  }
}
