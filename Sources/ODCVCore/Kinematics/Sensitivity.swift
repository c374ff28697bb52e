/// How far the joints that a driver aims at may be from those that we work out, when its measured joints are q + e and ours q,
/// |e_k| <= `around[k]`.
///
/// Both aim at f = q + J⁺Δx. With s = J⁺Δx, y = (JJᵀ + λ²I)⁻¹Δx and J' the derivative of J along e,
///
///     s' = (1 - J⁺J) J'ᵀ y - J⁺J' s        (+ J⁺Δx' where Δx leads to a commanded pose, and so hangs on q)
///
/// which is taken exactly, joint by joint: J_j turns about the axes before it, and its lever changes by what those behind it
/// move. What is left is at most half of the second derivative anywhere between, for which P >= |J⁺|, Q >= |(JJᵀ + λ²I)⁻¹| and
/// D >= |J'| hold all along:
///
///     |s''| <= D² (5 P |y| + 2 (Q + P²) |s|) + D₂ (|y| + P |s|),   D₂ <= 4 Θ D,   Θ = Σ|e_k|
///     and for a pose 2 (P² + Q) D (M + 1.6 Θ) + P (2 Θ M + 4 Θ²) more, M >= how far the tool moves, rotations up to 2 rad.
///
/// P and Q follow from the least singular value, which changes by at most D.
struct Sensitivity {
  private let solver: DampedSolver
  private let y: SIMD8<Double>
  private let step: JointVector
  private let around: JointVector

  init(_ solver: DampedSolver, y: SIMD8<Double>, step: JointVector, around: JointVector) {
    self.solver = solver
    self.y = y
    self.step = step
    self.around = around
  }

  /// rad, on every joint; infinite where the arm is too near a singular pose to tell.
  func bound(
    _ posture: borrowing Posture, _ jacobian: Jacobian, toPose rotation: Vector3?, poseOpen: Double, robot: RobotModel
  ) -> Double {
    let joints = robot.joints.indices
    var turned = 0.0
    for joint in joints { turned += around[joint] * jacobianTurn(joint, posture, robot) }
    guard turned > 0 || poseOpen > 0 else { return 0 }
    let tool = posture.toolCentrePoint
    let moved = posture.travel(of: tool, tool, fixedIn: robot.toolCentrePoint.link, change: around, robot: robot)
    let rough = roughChange(jacobian, turned, moved)
    guard jacobian.isSimple else { return crude(rough, turned, rotation) + astray(poseOpen, rough) }
    var first = JointVector(count: joints.count)
    var change = 0.0
    for joint in joints where around[joint] > 0 {
      let (along, size) = derivative(joint, jacobian, rotation, robot)
      change += around[joint] * size
      for other in joints {
        // A pose is aimed at from wherever the arm is; a displacement begins there.
        first[other] += around[joint] * abs(along[other] + (rotation != nil && other == joint ? 1 : 0))
      }
    }
    var each = 0.0
    for joint in joints { each = max(each, first[joint]) }
    let most = change + 4 * turned * rough
    return each + remainder(most, rough, turned, moved, rotation != nil) + astray(poseOpen, most)
  }

  /// What a pose that the driver knows otherwise does: the logarithm turns by at most 1.6 times what the rotation does.
  private func astray(_ poseOpen: Double, _ change: Double) -> Double { 1.6 * inverses(change).pseudo * poseOpen }

  private func jacobianTurn(_ joint: Int, _ posture: borrowing Posture, _ robot: RobotModel) -> Double {
    switch robot.joints[joint].kind {
    case .revolute: 1
    // It turns nothing; a small share keeps the bound from vanishing with it.
    case .prismatic: 1e-3
    }
  }

  /// ∂s/∂q_k, and the Frobenius norm of ∂J/∂q_k.
  private func derivative(
    _ k: Int, _ jacobian: Jacobian, _ rotation: Vector3?, _ robot: RobotModel
  ) -> (along: JointVector, size: Double) {
    let (axis, lever) = (jacobian.angular(k), jacobian.linear(k))
    var square = 0.0
    var js = SIMD8<Double>()  // J_k s
    var jy = JointVector(count: jacobian.count)  // J_kᵀ y
    for j in 0..<jacobian.count {
      var linear: Vector3
      var angular = Vector3.zero
      if k <= j {
        linear = axis.cross(jacobian.linear(j))
        angular = axis.cross(jacobian.angular(j))
      } else {
        linear = jacobian.angular(j).cross(lever)
      }
      let column = SIMD8(linear.x, linear.y, linear.z, angular.x, angular.y, angular.z, 0, 0)
      square += (column * column).sum()
      js += step[j] * column
      jy[j] = (column * y).sum()
    }
    var load = js + jacobian.times(jy)
    if let rotation {
      // What the way to the pose loses: the tool's own motion, its turn through the logarithm's derivative.
      let turn = Sensitivity.logarithm(of: axis, at: rotation)
      load += SIMD8(lever.x, lever.y, lever.z, turn.x, turn.y, turn.z, 0, 0)
    }
    let back = jacobian.transposed(solver.solve(load))
    for j in 0..<jacobian.count { jy[j] -= back[j] }
    return (jy, square.squareRoot())
  }

  /// How a rotation vector shrinks when the frame that it is counted from turns by a small ω: J_r⁻¹ ω.
  private static func logarithm(of turn: Vector3, at rotation: Vector3) -> Vector3 {
    let angle = rotation.length
    let c: Double
    if angle < 0.01 {
      c = 1.0 / 12
    } else {
      let (sine, cosine) = sineAndCosine(angle)
      c = 1 / (angle * angle) - (1 + cosine) / (2 * angle * sine)
    }
    let once = rotation.cross(turn)
    return turn + 0.5 * once + c * rotation.cross(once)
  }

  /// Every column turns by at most Θ, and its lever changes by at most what the tool moves.
  private func roughChange(_ jacobian: Jacobian, _ turned: Double, _ moved: Double) -> Double {
    var square = 0.0
    for joint in 0..<jacobian.count {
      let linear = turned * jacobian.linear(joint).length + moved * jacobian.angular(joint).length
      let angular = turned * jacobian.angular(joint).length
      square += linear * linear + angular * angular
    }
    return square.squareRoot()
  }

  /// P and Q, all along.
  private func inverses(_ change: Double) -> (pseudo: Double, square: Double) {
    let least = max(solver.leastSingular - change, 0)
    let damping = solver.damping
    let square = 1 / (least * least + damping * damping)
    return (least >= damping ? least * square : 0.5 / damping, square)
  }

  private func remainder(
    _ change: Double, _ rough: Double, _ turned: Double, _ moved: Double, _ isPose: Bool
  ) -> Double {
    let (pseudo, square) = inverses(change)
    // With z the greater of |s| and |y| / √Q, z' <= 2 D √Q z + c, so that z grows by at most a factor exp(2 D √Q).
    let root = square.squareRoot()
    let grows = 2 * change * root
    guard grows < 0.9 else { return .infinity }
    let given = isPose ? root * (moved + 1.6 * turned) : 0
    let s = (max(length(step), (y * y).sum().squareRoot() / root) + given) / (1 - grows)
    let yy = s * root
    var second = change * change * (5 * pseudo * yy + 2 * (square + pseudo * pseudo) * s)
      + 4 * turned * rough * (yy + pseudo * s)
    if isPose {
      second += 2 * (pseudo * pseudo + square) * change * (moved + 1.6 * turned)
        + pseudo * (2 * turned * moved + 4 * turned * turned)
    }
    return 0.5 * second
  }

  /// Where one joint moves several links: no derivatives, whole differences.
  private func crude(_ change: Double, _ turned: Double, _ rotation: Vector3?) -> Double {
    let (pseudo, _) = inverses(change)
    let turn = change * (pseudo * length(step) + (y * y).sum().squareRoot())
    guard let rotation else { return turn }
    let away = length(around)
    return turn + away + pseudo * (change * away + 0.55 * (rotation.length + turned) * turned)
  }

  private func length(_ v: JointVector) -> Double {
    var square = 0.0
    for joint in 0..<v.count { square += v[joint] * v[joint] }
    return square.squareRoot()
  }
}
