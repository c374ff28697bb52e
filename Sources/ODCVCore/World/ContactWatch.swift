/// Tells contact from what a state reports and from what its efforts leave unexplained; an unexpected one latches until an
/// operator resets it.
struct ContactWatch: Sendable {
  /// A contact force above this is contact, N; an external joint torque above that, Nm.
  private let forceThreshold: Double
  private let torqueThreshold: Double
  /// Where the arm is, for the levers of what touches it.
  private var posture: Posture
  /// Number of the latch in force, from 1; 0 when none is.
  private(set) var latch: UInt64 = 0
  private var latches: UInt64 = 0
  /// What latched last, and when.
  private(set) var record: ContactRecord?
  /// When the contact in force was told.
  private(set) var onset = MonoInstant(nanoseconds: 0)
  /// Fastest joint's time to rest when the contact began, or as things are while it is only possible, s.
  private(set) var stopTime = 0.0
  /// The last state reported everything that contact is told from here.
  private(set) var reported = false
  /// When the efforts began to leave more unexplained than may be, if not for certain; `nil` while they do not.
  private(set) var suspectedSince: MonoInstant?
  /// What told of contact in the last state, if anything did: while it does, nobody clears the latch.
  private(set) var sign: ContactSign?
  /// What states have to tell contact from: what they have so far, and what the cell says they will.
  private var had: ContactMeans
  /// The cell does not declare contact as not measured.
  private let isMeasured: Bool
  /// When each declared contact began; `nil` while it is not there.
  private var since = InlineArray<16, MonoInstant?>(repeating: nil)
  /// Contact per declared pair and, behind the last of them, all that is not declared and too light to be contact.
  private var sums: SlidingSums
  private var budgets: [ExpectedContact.Budget?]
  /// Greatest force of each of them in the state before, N; `nil` without contact.
  private var forces: [Double?]
  private var observed: MonoInstant?
  /// When any of them was there last.
  private var touched: MonoInstant?
  /// How much of its permission the worst contact has used up, 1 being all of it.
  private(set) var use = ContactUse()

  init(_ configuration: Configuration) {
    posture = Posture(for: configuration.robot)
    let limits = configuration.limits
    forceThreshold = limits[.contactHalt, "force_threshold_n"]
    torqueThreshold = limits[.contactHalt, "torque_threshold_nm"]
    let light = ExpectedContact.Budget(
      window: limits[.contactPermit, "window_s"], time: limits[.contactPermit, "greatest_time_s"],
      impulse: limits[.contactPermit, "greatest_impulse_n_s"])
    budgets = configuration.cell.expectedContacts.map(\.budget) + [light]
    sums = SlidingSums(windows: budgets.map { $0?.window ?? .infinity })
    forces = budgets.map { _ in nil }
    let explains = configuration.robot.dynamics != nil && !configuration.cell.declaresUnmeasured(.effort)
    had = explains ? .effort : []
    isMeasured = !configuration.cell.declaresUnmeasured(.contact)
  }

  mutating func observe(
    _ state: State, _ reading: ContactObserver.Reading, configuration: Configuration, at now: MonoInstant
  ) {
    let says = state.contacts != nil || !state.externalEffort.isAbsent || state.externalForce != nil
    let knows = reading.isReady
    let means = ContactMeans(state, isObserved: reading.isObserved)
    had.formUnion(means)
    // A driver that has reported one of them and no longer does has taken away what a mute one would be found out by; so has one
    // whose states the observer can't follow.
    reported = (says || knows) && means == had && (knows || !had.contains(.effort))
    var sign = told(state, configuration, now)
    if let spent = spend(state, configuration, now), sign == nil { sign = spent }
    switch unexplained(reading) {
    case nil: suspectedSince = nil
    case .certain(let joint, let torque)?:
      if sign == nil { sign = .residual(joint: joint, torque: torque) }
      suspectedSince = suspectedSince ?? now
    case .possible?: suspectedSince = suspectedSince ?? now
    }
    if let sign, latch == 0 {
      latches &+= 1
      latch = latches
      onset = now
      record = ContactRecord(latch: latch, sign: sign, firstSign: suspectedSince ?? now, detected: now)
    }
    if latch == 0 || onset == now { stopTime = timeToRest(state, configuration.robot) }
    self.sign = sign
  }

  /// Puts back in force what a monitor that is gone had latched: its number goes on.
  mutating func restore(_ number: UInt64, at now: MonoInstant) {
    guard number > latches else { return }
    latches = number
    latch = number
    onset = now
    record = ContactRecord(latch: number, sign: .restored, firstSign: now, detected: now)
  }

  private func timeToRest(_ state: State, _ robot: RobotModel) -> Double {
    var time = 0.0
    let deceleration = robot.stopping.deceleration
    for joint in robot.joints.indices {
      time = max(time, (abs(state.velocity[joint]) + robot.measurement.velocity) / deceleration[joint])
    }
    return time
  }

  // MARK: - What the driver says

  private mutating func told(_ state: State, _ configuration: Configuration, _ now: MonoInstant) -> ContactSign? {
    var sign: ContactSign?
    var allowedForce = 0.0
    var seen = InlineArray<16, Bool>(repeating: false)
    if let contacts = state.contacts {
      for index in 0..<contacts.count {
        let contact = contacts[index]
        // A contact that states no force, or one that is no number, counts as one.
        let force = contact.force ?? .infinity
        guard let expected = contact.expected else {
          if !(force <= forceThreshold) { sign = sign ?? .contact(index) }
          continue
        }
        let declared = configuration.cell.expectedContacts[expected]
        let began = since[expected] ?? now
        since[expected] = began
        seen[expected] = true
        allowedForce = max(allowedForce, declared.maxForce)
        let lasted = now.seconds(since: began)
        if !(force <= declared.forceLimit(after: lasted, configuration.bodies)) || lasted > declared.maxDuration {
          sign = sign ?? .contact(index)
        }
      }
    }
    for index in configuration.cell.expectedContacts.indices where !seen[index] { since[index] = nil }
    if sign == nil, let force = state.externalForce, !(force <= max(forceThreshold, allowedForce)) { sign = .force }
    return sign ?? effort(state, configuration, isTouched: allowedForce > 0)
  }

  /// The first joint with more external torque than what is declared to touch the arm explains, if anything of it does.
  private mutating func effort(_ state: State, _ configuration: Configuration, isTouched: Bool) -> ContactSign? {
    let reported = state.externalEffort
    guard !reported.isAbsent else { return nil }
    var allowed = JointVector.absent
    if isTouched {
      posture.place(configuration.robot, at: state.position)
      allowed = Self.permitted(state, configuration.cell.expectedContacts, joints: configuration.robot.joints.count) {
        posture.levers(of: $0, robot: configuration.robot)
      }
    }
    // Written so that what is no number counts as an excess, and what is no joint of the arm is allowed nothing.
    for joint in 0..<reported.count
    where !(abs(reported[joint]) <= torqueThreshold + (joint < allowed.count ? allowed[joint] : 0)) {
      return .effort(joint: joint)
    }
    return nil
  }

  /// What the declared contacts that are there may load each joint with, Nm: the force of each times its link's farthest lever.
  static func permitted(
    _ state: State, _ expected: [ExpectedContact], joints: Int, _ levers: (_ link: Int) -> JointVector
  ) -> JointVector {
    var allowed = JointVector(count: joints)
    guard let contacts = state.contacts else { return allowed }
    var counted = InlineArray<16, Bool>(repeating: false)
    for index in 0..<contacts.count {
      // However often it is listed, a pair may load a joint once.
      guard let place = contacts[index].expected, !counted[place] else { continue }
      counted[place] = true
      let declared = expected[place]
      let levers = levers(declared.link)
      for joint in 0..<allowed.count { allowed[joint] += declared.maxForce * levers[joint] }
    }
    return allowed
  }

  /// The last state would tell of contact, or nothing has to.
  var isKnown: Bool { reported || !isMeasured }

  /// Clears the named latch, unless the contact is still there or nobody can know. Whether it did.
  mutating func reset(_ order: Reset) -> Bool {
    guard latch != 0, order.latch == latch, sign == nil, isKnown else { return false }
    latch = 0
    return true
  }

  /// Whether contact that was there before `instant` still counts: it lasts, or lies in a window that its sums cover.
  func counts(before instant: MonoInstant, at now: MonoInstant) -> Bool {
    for place in 0..<Capacity.contacts { if let begun = since[place], begun < instant { return true } }
    guard let touched else { return false }
    let window = budgets.reduce(0) { max($0, $1?.window ?? 0) }
    return now.seconds(since: instant) < window && now.seconds(since: touched) < window
  }

  /// How long a declared contact has lasted, s; 0 when it is not there.
  func lasted(_ expected: Int, at now: MonoInstant) -> Double { since[expected].map { now.seconds(since: $0) } ?? 0 }

  // MARK: - What was permitted

  /// Adds the time since the state before to whatever touched then or touches now, at the greater of both forces, and tells a
  /// budget that is spent.
  private mutating func spend(_ state: State, _ configuration: Configuration, _ now: MonoInstant) -> ContactSign? {
    let passed = max(observed.map { now.seconds(since: $0) } ?? 0, 0)
    observed = now
    use = ContactUse()
    if state.contacts == nil { useWithoutList(state, configuration) }
    var sign: ContactSign?
    let expected = configuration.cell.expectedContacts
    for place in budgets.indices {
      let (force, link) = force(state, place < expected.count ? place : nil)
      let before = forces[place]
      forces[place] = force
      if force != nil || before != nil {
        sums.add(place, seconds: passed, impulse: passed * max(force ?? 0, before ?? 0), at: now)
        touched = now
      }
      let error = configuration.robot.measurement.force
      if let force {
        let limit = place < expected.count
          ? expected[place].forceLimit(after: lasted(place, at: now), configuration.bodies) : forceThreshold
        use.take(Interval(max(force - error, 0) / limit, (force + error) / limit), link, place)
        if place < expected.count { use.take(lasted(place, at: now) / expected[place].maxDuration, link, place) }
      }
      guard let budget = budgets[place] else { continue }
      let sum = sums.sums(place, at: now)
      let spent = max(sum.seconds / budget.time, sum.impulse / budget.impulse)
      use.take(spent, link, place)
      if !(spent <= 1) { sign = sign ?? .budget(expected: place < expected.count ? place : nil) }
    }
    return sign
  }

  /// Where no contacts are listed, force and torques alone tell what is permitted: nothing that is contact.
  private mutating func useWithoutList(_ state: State, _ configuration: Configuration) {
    if let force = state.externalForce {
      let error = configuration.robot.measurement.force
      use.take(Interval(max(force - error, 0) / forceThreshold, (force + error) / forceThreshold), nil, budgets.count)
    }
    for joint in 0..<state.externalEffort.count {
      use.take(abs(state.externalEffort[joint]) / torqueThreshold, nil, budgets.count)
    }
  }

  /// The greatest force of a declared pair, or of all that is not declared, N; `nil` without contact, infinite when not stated.
  private func force(_ state: State, _ expected: Int?) -> (force: Double?, link: Int?) {
    guard let contacts = state.contacts else { return (nil, nil) }
    var worst: (force: Double?, link: Int?) = (nil, nil)
    for index in 0..<contacts.count where contacts[index].expected == expected {
      let force = contacts[index].force.map { $0.isFinite ? max($0, 0) : .infinity } ?? .infinity
      if force >= worst.force ?? 0 { worst = (force, contacts[index].link) }
    }
    return worst
  }

  // MARK: - What the efforts leave unexplained

  private enum Unexplained {
    case possible
    case certain(joint: Int, torque: Double)
  }

  /// The joint with the greatest excess over the threshold and what declared contacts explain; `nil` when none may have any.
  private func unexplained(_ reading: ContactObserver.Reading) -> Unexplained? {
    guard !reading.residual.isAbsent else { return nil }
    var isPossible = false
    var worst: (joint: Int, excess: Double)?
    for joint in 0..<reading.residual.count {
      let torque = abs(reading.residual[joint])
      let limit = torqueThreshold + reading.permitted[joint]
      // Written so that what is no number counts as an excess.
      if !(torque + reading.error[joint] <= limit) { isPossible = true }
      let excess = torque - reading.error[joint] - limit
      if excess > worst?.excess ?? 0 { worst = (joint, excess) }
    }
    guard let worst else { return isPossible ? .possible : nil }
    return .certain(joint: worst.joint, torque: reading.residual[worst.joint])
  }
}

/// What told of a contact.
public enum ContactSign: Sendable, Equatable {
  /// A reported contact, by its place in the state's list.
  case contact(Int)
  /// The external force at the tool.
  case force
  /// An external torque that the driver reports.
  case effort(joint: Int)
  /// What the joint's efforts leave unexplained, Nm.
  case residual(joint: Int, torque: Double)
  /// More time or impulse in the window than a declared contact, or all that are not declared (`nil`), may have.
  case budget(expected: Int?)
  /// A monitor before this one had latched.
  case restored
}

/// A latch: what told of the contact, and when.
public struct ContactRecord: Sendable, Equatable {
  /// Its number, from 1.
  public var latch: UInt64
  public var sign: ContactSign
  /// When efforts first left more unexplained than may be, or else when the contact was told.
  public var firstSign: MonoInstant
  /// Receipt of the state that told of it.
  public var detected: MonoInstant
}

/// How much of what it is permitted the worst contact has used, 1 being all of it.
struct ContactUse: Sendable {
  private(set) var share = Interval(exactly: 0)
  private(set) var link: Int?
  private(set) var failing: UInt32 = 0
  private var lastPlace: Int?

  mutating func take(_ share: Double, _ link: Int?, _ place: Int) { take(Interval(exactly: share), link, place) }

  mutating func take(_ share: Interval, _ link: Int?, _ place: Int) {
    // A place fails once, however many of its shares do.
    if !(share.upper <= 1), lastPlace != place {
      failing += 1
      lastPlace = place
    }
    guard !(share.upper <= self.share.upper) else { return }
    self.share = share
    self.link = link
  }
}

/// What a state tells contact from.
private struct ContactMeans: OptionSet, Sendable {
  let rawValue: UInt8

  static let list = ContactMeans(rawValue: 1)
  static let externalEffort = ContactMeans(rawValue: 2)
  static let externalForce = ContactMeans(rawValue: 4)
  static let effort = ContactMeans(rawValue: 8)
}

extension ContactMeans {
  /// - isObserved: The arm's dynamics are declared, so that its efforts tell of contact.
  init(_ state: State, isObserved: Bool) {
    self = []
    if state.contacts?.isComplete == true { insert(.list) }
    if !state.externalEffort.isAbsent { insert(.externalEffort) }
    if state.externalForce != nil { insert(.externalForce) }
    if isObserved, !state.effort.isAbsent { insert(.effort) }
  }
}

extension World {
  /// Greatest force of a declared contact as long as it has lasted, N.
  func forceLimit(ofExpected expected: Int) -> Double {
    configuration.cell.expectedContacts[expected].forceLimit(after: contact.lasted(expected, at: now), configuration.bodies)
  }
}
