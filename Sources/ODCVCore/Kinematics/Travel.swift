/// How far and how fast points of a link can move: bounds, never samples.
extension Posture {
  /// Bounds how far any point of the segment `a`-`b`, fixed in `link`, moves when every joint j turns by at most
  /// `change[j]` (rad; m for a prismatic joint), in any combination. m.
  ///
  /// Proof: turn the joints one after the other, the most distal first. When joint j turns, the axes before it have not
  /// moved and the point has moved by at most `moved`, so it is at most r_j + `moved` from the axis, and turning by δ
  /// moves it by at most δ (r_j + `moved`). Distance to a line is convex, so r_j is the larger of the two ends'.
  ///
  /// With `ancestor`, the motion as seen from that link: joints between the base and it do not count.
  public func travel(
    of a: Vector3, _ b: Vector3, fixedIn link: Int, change: JointVector, robot: RobotModel,
    asSeenFrom ancestor: Int? = nil
  ) -> Double {
    var moved = 0.0
    var at = link
    while at != ancestor, let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        let delta = abs(robot.links[at].ratio * change[joint])
        switch robot.joints[joint].kind {
        case .revolute:
          let radius = max(lever(a, at), lever(b, at))
          moved += delta * (radius + moved)
        case .prismatic:
          moved += delta
        }
      }
      at = parent
    }
    return moved
  }

  /// Distance of a point from the axis of a moving link, m.
  @inline(__always)
  private func lever(_ p: Vector3, _ link: Int) -> Double {
    axes[link].cross(p - anchors[link]).length
  }

  /// Velocity of a point fixed in `link` at joint velocities `rate`, m/s.
  public func velocity(of p: Vector3, fixedIn link: Int, rate: JointVector, robot: RobotModel) -> Vector3 {
    var velocity = Vector3.zero
    var at = link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        velocity = velocity + rate[joint] * column(p, at, joint, robot)
      }
      at = parent
    }
    return velocity
  }

  /// Bounds the speed of a point fixed in `link`, m/s, over every joint rate within `spread` of `rate` and every
  /// configuration within `change` of this one.
  ///
  /// At this configuration: |J rate| + Σ|J_j| spread_j. Elsewhere column j has turned by at most the sum Θ of the changes
  /// before it and its lever has changed by what the point moved against it: |ΔJ_j| <= Θ |J_j| + travel.
  public func speedBound(
    of p: Vector3, fixedIn link: Int, rate: JointVector, spread: JointVector, change: JointVector,
    robot: RobotModel
  ) -> Double {
    var turned = 0.0
    var at = link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint { turned += abs(robot.links[at].ratio * change[joint]) }
      at = parent
    }
    let moved = travel(of: p, p, fixedIn: link, change: change, robot: robot)
    var extra = 0.0
    at = link
    while let parent = robot.links[at].parent {
      if let joint = robot.links[at].joint {
        let reach = column(p, at, joint, robot).length
        let most = abs(rate[joint]) + spread[joint]
        extra += spread[joint] * reach
        switch robot.joints[joint].kind {
        case .revolute: extra += most * (turned * reach + abs(robot.links[at].ratio) * moved)
        case .prismatic: extra += most * turned
        }
      }
      at = parent
    }
    return velocity(of: p, fixedIn: link, rate: rate, robot: robot).length + extra
  }

  /// How a point moves with `link` per unit of its joint's motion: its part of a column of the positional Jacobian.
  @inline(__always)
  func column(_ p: Vector3, _ link: Int, _ joint: Int, _ robot: RobotModel) -> Vector3 {
    switch robot.joints[joint].kind {
    case .revolute: robot.links[link].ratio * axes[link].cross(p - anchors[link])
    case .prismatic: robot.links[link].ratio * axes[link]
    }
  }
}
