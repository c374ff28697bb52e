/// An end-effector displacement turned into joints, as the driver declares to do it.
extension Posture {
  /// Δq = Jᵀ(JJᵀ + λ²I)⁻¹Δx for the tool centre point, base frame: translation in m, rotation as axis times angle in rad
  /// (damped least squares; Nakamura and Hanafusa 1986). Bounded near singularities by the damping.
  public func jointStep(
    translation: Vector3, rotation: Vector3, damping: Double, robot: RobotModel
  ) -> JointVector {
    let count = robot.joints.count
    var jacobian = InlineArray<192, Double>(repeating: 0)  // 6 rows by at most 32 joints, column by column
    var at = robot.toolCentrePoint.link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        let linear = column(toolCentrePoint, at, joint, robot)
        let angular = robot.joints[joint].kind == .revolute ? robot.links[at].ratio * axes[at] : .zero
        for axis in 0..<3 {
          jacobian[6 * joint + axis] += linear[axis]
          jacobian[6 * joint + 3 + axis] += angular[axis]
        }
      }
      at = parent
    }
    var normal = InlineArray<36, Double>(repeating: 0)
    for row in 0..<6 {
      for column in 0..<6 {
        var sum = row == column ? damping * damping : 0
        for joint in 0..<count { sum += jacobian[6 * joint + row] * jacobian[6 * joint + column] }
        normal[6 * row + column] = sum
      }
    }
    var y = InlineArray<6, Double>(repeating: 0)
    for axis in 0..<3 {
      y[axis] = translation[axis]
      y[3 + axis] = rotation[axis]
    }
    solveSymmetric(&normal, &y)
    var step = JointVector(count: count)
    for joint in 0..<count {
      var sum = 0.0
      for row in 0..<6 { sum += jacobian[6 * joint + row] * y[row] }
      step[joint] = sum
    }
    return step
  }
}

/// Solves A y = b for a symmetric positive definite 6 by 6 matrix (Cholesky); `y` holds b on entry.
private func solveSymmetric(_ a: inout InlineArray<36, Double>, _ y: inout InlineArray<6, Double>) {
  for column in 0..<6 {
    for row in column..<6 {
      var sum = a[6 * row + column]
      for k in 0..<column { sum -= a[6 * row + k] * a[6 * column + k] }
      a[6 * row + column] = row == column ? sum.squareRoot() : sum / a[6 * column + column]
    }
  }
  for row in 0..<6 {
    for k in 0..<row { y[row] -= a[6 * row + k] * y[k] }
    y[row] /= a[6 * row + row]
  }
  for row in (0..<6).reversed() {
    for k in stride(from: row + 1, to: 6, by: 1) { y[row] -= a[6 * k + row] * y[k] }
    y[row] /= a[6 * row + row]
  }
}
