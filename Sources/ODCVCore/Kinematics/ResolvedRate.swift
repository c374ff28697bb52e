/// An end-effector displacement turned into joints, as the driver declares to do it.
///
/// Δq = J⁺Δx with J⁺ = Jᵀ(JJᵀ + λ²I)⁻¹ for the tool centre point, base frame: translation in m, rotation as axis times angle
/// in rad (damped least squares; Nakamura and Hanafusa 1986). `Sensitivity` says how far the driver's own may be from it.
struct Resolution {
  /// rad
  var step: JointVector
  /// How far each joint of the driver's own aim may be from start and step together, beyond what the start itself may be off, rad.
  var open: Double
}

extension Posture {
  /// The joint step of a displacement from this posture.
  public func jointStep(
    translation: Vector3, rotation: Vector3, damping: Double, robot: RobotModel
  ) -> JointVector {
    resolve(
      translation: translation, rotation: rotation, toPose: false, damping: damping,
      around: JointVector(count: robot.joints.count), robot: robot
    ).step
  }

  /// The same with how far the driver's own may be from it, which starts from joints within `around` of these. `toPose`: the
  /// displacement leads to a commanded pose, of which the driver's own may be off by `poseOpen` (m and rad as one vector).
  func resolve(
    translation: Vector3, rotation: Vector3, toPose: Bool, damping: Double, around: JointVector, robot: RobotModel,
    poseOpen: Double = 0
  ) -> Resolution {
    let jacobian = jacobian(robot)
    let solver = DampedSolver(jacobian, damping: damping)
    var y = SIMD8<Double>()
    for axis in 0..<3 {
      y[axis] = translation[axis]
      y[3 + axis] = rotation[axis]
    }
    y = solver.solve(y)
    let step = jacobian.transposed(y)
    let sensitivity = Sensitivity(solver, y: y, step: step, around: around)
    return Resolution(
      step: step, open: sensitivity.bound(self, jacobian, toPose: toPose ? rotation : nil, poseOpen: poseOpen, robot: robot))
  }

  /// How the tool moves with each joint, base frame: three rows of m, three of rad.
  func jacobian(_ robot: RobotModel) -> Jacobian {
    var jacobian = Jacobian(count: robot.joints.count)
    var at = robot.toolCentrePoint.link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        let linear = column(toolCentrePoint, at, joint, robot)
        let angular = robot.joints[joint].kind == .revolute ? robot.links[at].ratio * axes[at] : .zero
        if jacobian[joint] != SIMD8() { jacobian.isSimple = false }
        var column = jacobian[joint]
        for axis in 0..<3 {
          column[axis] += linear[axis]
          column[3 + axis] += angular[axis]
        }
        jacobian[joint] = column
      }
      at = parent
    }
    return jacobian
  }
}

/// A 6 by n matrix, one column a joint; the last two numbers of a column are zero.
struct Jacobian {
  let count: Int
  private var columns = InlineArray<32, SIMD8<Double>>(repeating: SIMD8())
  /// No joint moves two links on the way to the tool.
  var isSimple = true

  init(count: Int) { self.count = count }

  subscript(_ joint: Int) -> SIMD8<Double> {
    get { columns.span[joint] }
    set { columns[joint] = newValue }
  }

  func linear(_ joint: Int) -> Vector3 { Vector3(self[joint][0], self[joint][1], self[joint][2]) }
  func angular(_ joint: Int) -> Vector3 { Vector3(self[joint][3], self[joint][4], self[joint][5]) }

  /// Jᵀ y
  func transposed(_ y: SIMD8<Double>) -> JointVector {
    var result = JointVector(count: count)
    for joint in 0..<count { result[joint] = (self[joint] * y).sum() }
    return result
  }

  /// J v
  func times(_ v: JointVector) -> SIMD8<Double> {
    var result = SIMD8<Double>()
    for joint in 0..<count { result += v[joint] * self[joint] }
    return result
  }

}

/// Solves (JJᵀ + λ²I) y = x.
struct DampedSolver {
  let damping: Double
  /// The lower triangle L of LLᵀ = JJᵀ + λ²I (Cholesky).
  private var factor = InlineArray<36, Double>(repeating: 0)
  /// At most the least singular value of J.
  let leastSingular: Double

  init(_ jacobian: Jacobian, damping: Double) {
    self.damping = damping
    for joint in 0..<jacobian.count {
      let column = jacobian[joint]
      for row in 0..<6 {
        for other in 0...row { factor[6 * row + other] += column[row] * column[other] }
      }
    }
    for row in 0..<6 { factor[6 * row + row] += damping * damping }
    for column in 0..<6 {
      for row in column..<6 {
        var sum = factor[6 * row + column]
        for k in 0..<column { sum -= factor[6 * row + k] * factor[6 * column + k] }
        factor[6 * row + column] = row == column ? sum.squareRoot() : sum / factor[6 * column + column]
      }
    }
    // 1/(σ² + λ²) is the greatest eigenvalue of the inverse, at most its Frobenius norm.
    var square = 0.0
    for column in 0..<6 {
      var unit = SIMD8<Double>()
      unit[column] = 1
      let found = DampedSolver.solve(factor, unit)
      square += (found * found).sum()
    }
    leastSingular = max(1 / square.squareRoot() - damping * damping, 0).squareRoot()
  }

  func solve(_ x: SIMD8<Double>) -> SIMD8<Double> { DampedSolver.solve(factor, x) }

  private static func solve(_ a: InlineArray<36, Double>, _ x: SIMD8<Double>) -> SIMD8<Double> {
    var y = x
    for row in 0..<6 {
      for k in 0..<row { y[row] -= a[6 * row + k] * y[k] }
      y[row] /= a[6 * row + row]
    }
    for row in (0..<6).reversed() {
      for k in stride(from: row + 1, to: 6, by: 1) { y[row] -= a[6 * k + row] * y[k] }
      y[row] /= a[6 * row + row]
    }
    return y
  }
}
