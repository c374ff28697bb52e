#if canImport(Glibc)
  import Glibc
#endif
import ODCVWire

/// What the simulated arm's driver makes of an action: joints to go to (and the tool pose that they come from), to turn at, or to
/// push with.
enum Order: Sendable {
  case aim([Double], pose: Frame?)
  case turn([Double])
  case push([Double])
  case stop
  case nothing
  case refused(String)
}

/// Reads actions as this driver declares to: end-effector commands once, when they come, by damped least squares from the
/// measured joints; a reference to the last command is the joint target that it has now, and the pose that it comes from or leads to; one to a chunk's start the joints of
/// the state message that the chunk names.
struct OrderReading {
  let arm: ArmModel
  /// lambda
  let damping: Double
  let measured: [Double]
  /// `nil` when it has none: it brakes, or follows a velocity or an effort.
  let target: [Double]?
  /// The tool pose that was commanded last, where the target comes from one.
  let pose: Frame?
  /// Joints of a published state, by its number.
  let published: (UInt64) -> [Double]?

  func order(_ action: ActionMessage) -> Order {
    let count = arm.jointCount
    func joints(_ values: [Double], _ name: String) -> Order? {
      values.count == count && values.allSatisfy(\.isFinite) ? nil : .refused("action: \(name) needs \(count) finite numbers")
    }
    switch action.space {
    case .jointPosition: return joints(action.position, "position") ?? .aim(action.position, pose: nil)
    case .jointPositionDelta:
      if let problem = joints(action.position, "position") { return problem }
      guard let base = base(action) else { return .refused(Self.noReference) }
      return .aim(zip(base, action.position).map { $0 + $1 }, pose: nil)
    case .jointVelocity: return joints(action.velocity, "velocity") ?? .turn(action.velocity)
    case .jointEffort: return joints(action.effort, "effort") ?? .push(action.effort)
    case .eePose, .eePoseDelta, .eeTwist: return endEffector(action)
    case .stop: return .stop
    case .noMotion, .gripperOnly: return .nothing
    case .unspecified, nil: return .refused("action: it states no space")
    }
  }

  private static let noReference = "action: there is nothing of the kind that its reference names"

  private func base(_ action: ActionMessage) -> [Double]? {
    switch action.reference {
    case .measured: measured
    case .lastCommand: target
    case .chunkStart: action.chunkObservationSequence.flatMap(published)
    case .unspecified, nil: nil
    }
  }

  private func endEffector(_ action: ActionMessage) -> Order {
    let ee = action.endEffector
    guard ee.count >= 6, ee.allSatisfy(\.isFinite) else { return .refused("action: ee needs at least 6 finite numbers") }
    let first = Vector(ee[0], ee[1], ee[2])
    let frames = arm.frames(measured)
    if action.space == .eeTwist {
      return .turn(
        arm.resolve(linear: first, angular: Vector(ee[3], ee[4], ee[5]), in: frames, damping: damping))
    }
    guard let turn = Frame(rotation: action.rotation, Array(ee[3...])) else {
      return .refused("action: ee holds no rotation of the form that it states")
    }
    let tool = arm.tool(in: frames)
    var linear: Vector
    var angular: Vector
    if action.space == .eePose {
      linear = first - tool.origin
      angular = turn.rotation(from: tool)
    } else if action.reference == .measured {
      linear = first
      angular = action.rotation == .axisAngle ? Vector(ee[3], ee[4], ee[5]) : turn.rotation(from: .identity)
    } else {
      guard let base = base(action) else { return .refused(Self.noReference) }
      let from = action.reference == .lastCommand ? pose ?? arm.tool(base) : arm.tool(base)
      linear = from.origin + first - tool.origin
      angular = (turn * Frame(x: from.x, y: from.y, z: from.z, origin: Vector(0, 0, 0))).rotation(from: tool)
    }
    let step = arm.resolve(linear: linear, angular: angular, in: frames, damping: damping)
    let commanded = turned(tool, by: angular)
    return .aim(
      zip(measured, step).map { $0 + $1 },
      pose: Frame(x: commanded.x, y: commanded.y, z: commanded.z, origin: tool.origin + linear))
  }
}

extension OrderReading {
  /// A frame turned by axis times angle, put before its own rotation.
  private func turned(_ frame: Frame, by v: Vector) -> Frame {
    guard let turn = Frame(rotation: .axisAngle, [v.x, v.y, v.z]) else { return frame }
    return turn * Frame(x: frame.x, y: frame.y, z: frame.z, origin: Vector(0, 0, 0))
  }
}

extension Frame {
  /// A rotation as an action writes it: quaternion x, y, z, w; axis times angle; roll, pitch and yaw about fixed axes; the
  /// matrix's first two columns. `nil` when the numbers are none.
  init?(rotation form: ActionMessage.RotationForm?, _ n: [Double]) {
    let zero = Vector(0, 0, 0)
    func half(_ angle: Double, _ axis: Vector) -> Frame {
      let s = sin(angle / 2)
      return Frame(w: cos(angle / 2), axis.x * s, axis.y * s, axis.z * s, origin: zero)
    }
    switch form {
    case .quaternion where n.count == 4:
      let length = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + n[3] * n[3]).squareRoot()
      guard abs(length - 1) < 2e-3 else { return nil }
      self.init(w: n[3] / length, n[0] / length, n[1] / length, n[2] / length, origin: zero)
    case .axisAngle where n.count == 3:
      let angle = ODCVSim.length(Vector(n[0], n[1], n[2]))
      self = angle == 0 ? .identity : half(angle, Vector(n[0], n[1], n[2]) / angle)
    case .rpyFixed where n.count == 3:
      self = half(n[2], Vector(0, 0, 1)) * (half(n[1], Vector(0, 1, 0)) * half(n[0], Vector(1, 0, 0)))
    case .rotation6D where n.count == 6:
      let (a, b) = (Vector(n[0], n[1], n[2]), Vector(n[3], n[4], n[5]))
      guard ODCVSim.length(a) > 0.05, ODCVSim.length(cross(a, b)) > 1e-3 else { return nil }
      let x = a / ODCVSim.length(a)
      let z = cross(a, b) / ODCVSim.length(cross(a, b))
      self.init(x: x, y: cross(z, x), z: z, origin: zero)
    case .quaternion, .axisAngle, .rpyFixed, .rotation6D, .unspecified, nil: return nil
    }
  }
}
