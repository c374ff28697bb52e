/// Tells contact from joint states alone: what the joints' momentum does that their efforts, motion and gravity do not
/// explain (generalised-momentum observer; De Luca and Mattone 2003; Haddadin, De Luca and Albu-Schäffer 2017).
///
/// With ṗ = τ + ∂T/∂q + γ + τ_external (`ArmDynamics`) the residual r follows τ_external as a first-order lag of time 1/K.
/// From one state to the next, dt apart, with the integral of what is known by the trapezoid and r taken at its end:
///
///     r = (r' + K (p - p' - ∫(τ + ∂T/∂q + γ) dt)) / (1 + K dt)
///
/// An effort reported as the mean since the state before needs no rule of integration.
///
/// **How far r may be from the truth**, per joint: the declared friction and model error, which a lag can't enlarge;
/// 2 K Σ|M| · velocity error, since p is off by at most Σ|M| · velocity error at both ends; and K · j · |ṗ|, the torque that may
/// be counted for a time in which there was another. With a declared latency L each instant is within L/2 of one that is always
/// equally late, and ṗ may have changed its sign in between: j = L; or twice the latest unevenness of the spacing, if that is
/// more, forgotten as slowly as the observer forgets.
///
/// States that are too far apart, or one without efforts, begin it anew: what it then knows is nothing, until it has followed the
/// arm for three times 1/K and shows 95 % of a steady torque.
struct ContactObserver: Sendable {
  private var dynamics: ArmDynamics
  private let robot: RobotModel
  private let declared: Dynamics
  private let latency: Double
  private let longestGap: Double
  private let expected: [ExpectedContact]

  private var momentum = JointVector.absent
  private var known = JointVector.absent
  private var effort = JointVector.absent
  private var at = MonoInstant(nanoseconds: 0)
  private var spacing: Double?
  private var unevenness = 0.0
  private var fastest = JointVector.absent
  /// Residual and how far it may be off, Nm per joint; absent while the observer knows nothing.
  private(set) var residual = JointVector.absent
  private(set) var error = JointVector.absent
  /// Else calling it would copy its model of the arm.
  private let place = InPlace.always

  /// `nil` when the robot's file declares no dynamics.
  init?(_ configuration: Configuration) {
    guard let declared = configuration.robot.dynamics, let dynamics = ArmDynamics(for: configuration.robot) else {
      return nil
    }
    self.dynamics = dynamics
    self.declared = declared
    robot = configuration.robot
    latency = configuration.cell.stateInput.latency
    longestGap = configuration.cell.stateInput.maxAge
    expected = configuration.cell.expectedContacts
  }

  /// The greatest torque on each joint that a newton anywhere on a link can make, m.
  func levers(of link: Int) -> JointVector { dynamics.levers(of: link) }

  /// How long it has followed the arm, s.
  private var followed = 0.0

  /// It has followed the arm for long enough to show a torque that was there when it began.
  var isReady: Bool { followed >= 3 * declared.responseTime }

  mutating func forget() {
    followed = 0
    momentum = .absent
    residual = .absent
    error = .absent
    // How unevenly states arrive is not forgotten with what they said.
    spacing = nil
  }

  /// What the states so far tell. The observer itself, with its model of the arm, is tens of kilobytes that nobody need copy.
  struct Reading: Sendable {
    /// The arm's dynamics are declared.
    var isObserved = false
    /// Nm per joint; absent while the observer knows nothing.
    var residual: JointVector
    var error: JointVector
    /// What the declared contacts that are there may load each joint with, Nm.
    var permitted = JointVector.absent
    var isReady: Bool

    /// Of an arm that is not observed.
    static var absent: Reading { Reading(residual: .absent, error: .absent, isReady: false) }
  }

  /// Takes a state in that follows the one before without a gap.
  mutating func observe(_ state: State, at instant: MonoInstant) {
    guard state.effort.count == robot.joints.count, state.effort.isFinite else {
      forget()
      return
    }
    dynamics.place(position: state.position, velocity: state.velocity)
    guard dynamics.momentum.isFinite, dynamics.kinetic.isFinite, dynamics.gravity.isFinite else {
      forget()
      return
    }
    let dt = instant.seconds(since: at)
    if !momentum.isAbsent, dt >= 0, dt <= longestGap { advance(state.effort, dt) } else { begin() }
    bound()
    momentum = dynamics.momentum
    for joint in robot.joints.indices { known[joint] = explained(joint) }
    effort = state.effort
    at = instant
  }

  /// The same, and tells what is known then.
  mutating func observe(_ state: State, at instant: MonoInstant, into reading: inout Reading) {
    observe(state, at: instant)
    reading.isObserved = true
    reading.residual = residual
    reading.error = error
    reading.isReady = isReady
    guard !residual.isAbsent else { return }
    reading.permitted = ContactWatch.permitted(state, expected, joints: robot.joints.count) { dynamics.levers(of: $0) }
  }

  private mutating func begin() {
    forget()
    let zero = JointVector(count: robot.joints.count)
    residual = zero
    error = zero
    fastest = zero
    known = zero
  }

  /// What the model says of ṗ besides the efforts.
  private func explained(_ joint: Int) -> Double { dynamics.kinetic[joint] + dynamics.gravity[joint] }

  private mutating func advance(_ reported: JointVector, _ dt: Double) {
    let gain = 1 / declared.responseTime
    let keeps = 1 / (1 + gain * dt)
    followed += dt
    // Of the first two states nobody knows whether they came as they were sent, or together after a pause.
    let off = spacing.map { abs(dt - $0) } ?? (dt < latency ? longestGap : dt)
    unevenness = max(unevenness * keeps, off)
    spacing = dt
    for joint in robot.joints.indices {
      let torque: Double
      switch declared.effort {
      case .mean: torque = reported[joint]
      case .sampled: torque = 0.5 * (effort[joint] + reported[joint])
      }
      let rate = torque + 0.5 * (known[joint] + explained(joint))
      let change = dynamics.momentum[joint] - momentum[joint]
      residual[joint] = (residual[joint] + gain * (change - rate * dt)) * keeps
      fastest[joint] = max(fastest[joint] * keeps, abs(rate))
    }
  }

  private mutating func bound() {
    let gain = 1 / declared.responseTime
    let jitter = max(latency, 2 * unevenness)
    for joint in robot.joints.indices {
      error[joint] = declared.friction[joint] + declared.error[joint] + gain * jitter * fastest[joint]
    }
    let noise = 2 * gain * robot.measurement.velocity
    dynamics.massMatrix { row, _, value in error[row] += noise * abs(value) }
  }
}
