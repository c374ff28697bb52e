import ODCVCore
import ODCVEvidence
import ODCVWire

/// Turns ROS 2 joint messages into the monitor's own, joint by joint name. What it can't, it makes a message of that the decoder
/// refuses, and says why.
struct ROSTranslator {
  enum Translation {
    case body([UInt8])
    case refused([UInt8], String)
    /// It names none of this robot's joints: another part of the machine speaks.
    case ofOthers
  }

  enum Motion {
    case path(TrajectoryPath)
    /// No points: the controller lets go of its trajectory and holds.
    case stop([UInt8])
    case refused([UInt8], String)
    case ofOthers
  }

  /// Numbers that the messages lack: each is in order as it came.
  private struct Sequences {
    var state: UInt64 = 0
    var action: UInt64 = 0
  }

  private let robot: String
  private let joints: [String]
  private var sequences = Sequences()
  private var position: [Double]?
  private var velocity: [Double]?

  init(robot: String, joints: [String]) {
    self.robot = robot
    self.joints = joints
  }

  mutating func state(_ message: [UInt8]) -> Translation {
    let state: ROSJointState
    do throws(CDRError) { state = try ROSJointState(cdr: message) } catch {
      return .refused(message, "a message \(error)")
    }
    let places: [Int]
    switch find(state.names) {
    case .none: return .ofOthers
    case .refused(let why): return .refused(StateMessage(header: unnumbered).encoded(), why)
    case .places(let found): places = found
    }
    var body = StateMessage(header: header(state.header.stamp, of: \.state))
    guard let position = pick(state.position, places, of: state.names), let velocity = pick(state.velocity, places, of: state.names)
    else {
      return .refused(
        StateMessage(header: unnumbered).encoded(),
        "a joint state of \(state.names.count) names has \(state.position.count) positions and \(state.velocity.count) velocities; "
          + "odcv needs both for each name")
    }
    (body.position, body.velocity) = (position, velocity)
    if !state.effort.isEmpty {
      guard let effort = pick(state.effort, places, of: state.names) else {
        return .refused(
          StateMessage(header: unnumbered).encoded(), "a joint state of \(state.names.count) names has \(state.effort.count) efforts")
      }
      // Drivers without torque sensors say so in this way.
      if !effort.allSatisfy(\.isNaN) { body.effort = effort }
    }
    let numbers = body.position + body.velocity + body.effort
    guard numbers.allSatisfy(\.isFinite) else {
      return .refused(body.encoded(), "a joint state holds a number that is not finite")
    }
    (self.position, self.velocity) = (position, velocity)
    return .body(body.encoded())
  }

  /// A joint state on the commands' topic is where its joints are to be.
  mutating func command(_ message: [UInt8]) -> Translation {
    let state: ROSJointState
    do throws(CDRError) { state = try ROSJointState(cdr: message) } catch {
      return .refused(message, "a message \(error)")
    }
    let places: [Int]
    switch find(state.names) {
    case .none: return .ofOthers
    case .refused(let why): return .refused(refusal, why)
    case .places(let found): places = found
    }
    guard let position = pick(state.position, places, of: state.names) else {
      return .refused(refusal, "a command of \(state.names.count) names has \(state.position.count) positions")
    }
    let body = ActionMessage(
      header: header(state.header.stamp, of: \.action), space: .jointPosition, position: position
    ).encoded()
    guard position.allSatisfy(\.isFinite) else { return .refused(body, "a command holds a number that is not finite") }
    return .body(body)
  }

  /// - Parameter logTime: ns since 1970, as the recorder stamped it
  mutating func trajectory(_ message: [UInt8], logTime: UInt64) -> Motion {
    let trajectory: ROSJointTrajectory
    do throws(CDRError) { trajectory = try ROSJointTrajectory(cdr: message) } catch {
      return .refused(message, "a message \(error)")
    }
    if trajectory.points.isEmpty {
      return .stop(ActionMessage(header: header(trajectory.header.stamp, of: \.action), space: .stop).encoded())
    }
    let places: [Int]
    switch find(trajectory.names) {
    case .none: return .ofOthers
    case .refused(let why): return .refused(refusal, why)
    case .places(let found): places = found
    }
    guard trajectory.header.stamp <= Int64(clamping: logTime) else {
      return .refused(refusal, "a trajectory is to begin later than it was sent, by its stamp; such are not judged")
    }
    guard let position, let velocity else {
      return .refused(refusal, "a trajectory came before any state of the arm: where it begins is not known")
    }
    var points: [TrajectoryPath.Point] = []
    for (place, point) in trajectory.points.enumerated() {
      guard let found = pick(point.positions, places, of: trajectory.names) else {
        return .refused(
          refusal, "a trajectory of \(trajectory.names.count) names has a point of \(point.positions.count) positions")
      }
      guard point.time > (trajectory.points[..<place].last?.time ?? -1) else {
        return .refused(refusal, "the times of a trajectory's points do not rise")
      }
      let speeds = pick(point.velocities, places, of: trajectory.names)
      let accelerations = pick(point.accelerations, places, of: trajectory.names)
      guard speeds != nil || point.velocities.isEmpty, accelerations != nil || point.accelerations.isEmpty else {
        return .refused(refusal, "a trajectory's point states a speed or acceleration for some of its joints only")
      }
      guard (found + (speeds ?? []) + (accelerations ?? [])).allSatisfy(\.isFinite) else {
        return .refused(refusal, "a trajectory holds a number that is not finite")
      }
      points.append(
        TrajectoryPath.Point(
          time: Double(point.time) * 1e-9, position: found, velocity: speeds, acceleration: accelerations))
    }
    return .path(
      TrajectoryPath(
        from: TrajectoryPath.Point(time: 0, position: position, velocity: velocity, acceleration: nil), through: points))
  }

  /// A command of a trajectory under way.
  mutating func command(position: [Double]) -> [UInt8] {
    ActionMessage(header: header(0, of: \.action), space: .jointPosition, position: position).encoded()
  }

  // MARK: -

  private enum Names {
    /// Of each of the robot's joints, in its order.
    case places([Int])
    case refused(String)
    case none
  }

  private func find(_ names: [String]) -> Names {
    var places: [Int] = []
    var missing: [String] = []
    for joint in joints {
      let found = names.indices.filter { names[$0] == joint }
      if found.count > 1 { return .refused("a message names `\(joint)` more than once") }
      if let place = found.first { places.append(place) } else { missing.append(joint) }
    }
    if places.isEmpty { return .none }
    guard missing.isEmpty else { return .refused("a message lacks \(missing.map { "`\($0)`" }.joined(separator: ", "))") }
    return .places(places)
  }

  /// `nil` unless there is one number a name.
  private func pick(_ values: [Double], _ places: [Int], of names: [String]) -> [Double]? {
    values.count == names.count ? places.map { values[$0] } : nil
  }

  /// An action that the decoder refuses: it lacks everything.
  private var refusal: [UInt8] { ActionMessage(header: unnumbered).encoded() }

  /// - Parameter stamp: ns since 1970; 0: not stated
  private mutating func header(
    _ stamp: Int64, of stream: WritableKeyPath<Sequences, UInt64>
  ) -> HeaderFields {
    sequences[keyPath: stream] += 1
    var header = HeaderFields(robotID: robot, streamID: 0, sequence: sequences[keyPath: stream], bootID: 1)
    if stamp != 0 { (header.sourceNanoseconds, header.clock) = (stamp, .realtime) }
    return header
  }

  /// What it heads is refused.
  private var unnumbered: HeaderFields { HeaderFields(robotID: robot) }
}
