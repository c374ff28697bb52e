import ODCVCore

extension Input {
  /// No number in it is anything but finite, and there is one for each of so many joints.
  public func isFinite(joints: Int) -> Bool {
    switch self {
    case .action(let action): action.command.isFinite(joints: joints)
    case .state(let state):
      state.position.isFinite && state.velocity.isFinite && state.position.count == joints
        && state.velocity.count == joints && state.effort.isFinite && state.externalEffort.isFinite
        && state.externalForce?.isFinite ?? true && state.tool?.isFinite ?? true && state.gripper?.isFinite ?? true
        && state.successRate?.isFinite ?? true
    case .signal(let signal): signal.value.isFinite
    case .people(let people):
      (0..<people.count).allSatisfy { person in
        (0..<people[person].count).allSatisfy { people[person][$0].isFinite && people[person][$0].radius > 0 }
      }
    case .obstacles(let frame): (0..<frame.count).allSatisfy { frame[$0].isFinite }
    case .chunk(let chunk): (0..<chunk.count).allSatisfy { chunk.command($0).isFinite(joints: joints) }
    case .layout, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: true
    }
  }
}

extension Action.Command {
  fileprivate func isFinite(joints: Int) -> Bool {
    switch self {
    case .jointPosition(let values), .jointDelta(let values, _), .jointVelocity(let values), .jointEffort(let values):
      values.isFinite && values.count == joints
    case .endEffectorPose(let pose): pose.isFinite
    case .endEffectorDelta(let translation, let rotation, _): translation.isFinite && rotation.isFinite
    case .endEffectorTwist(let linear, let angular): linear.isFinite && angular.isFinite
    case .stop, .none, .unsupported: true
    }
  }
}

extension Solid {
  fileprivate var isFinite: Bool {
    switch self {
    case .box(let box): box.pose.isFinite && box.halfExtents.isFinite
    case .capsule(let capsule): capsule.isFinite
    case .halfSpace(let half): half.normal.isFinite && half.offset.isFinite
    case .hull(let hull): hull.vertices.allSatisfy(\.isFinite) && hull.padding.isFinite
    }
  }
}

extension Pose {
  fileprivate var isFinite: Bool {
    translation.isFinite && rotation.x.isFinite && rotation.y.isFinite && rotation.z.isFinite
  }
}
