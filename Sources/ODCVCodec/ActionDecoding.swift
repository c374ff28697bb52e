import COdcvProto
import ODCVCore
import ODCVWire

/// An Action's numbers, in the core's terms: every space, reference and rotation form, and chunks.
extension Decoder {
  func action(_ c: Odcv__V1__Action) throws(Refusal) -> Input {
    guard c.header?.pointee.robot_id != nil else { throw .missing }
    let sequence = try sequence(c.header)
    guard c.has_space != 0 else { throw .missing }
    for index in 0..<c.n_gripper_position where !c.gripper_position[index].isFinite { throw .nonFinite }
    // Over before it was sent.
    if c.has_valid_for_ns != 0, c.valid_for_ns <= 0 { throw .unsupported }
    let gripper = try gripper(c)
    let row = try row(c)
    if c.n_horizon_position > 0 { return .chunk(try chunk(c, sequence, gripper)) }
    var action = Action(sequence: sequence, command: try command(c), row: row, gripper: gripper)
    action.terminates = c.has_terminate != 0 && c.terminate != 0
    return .action(action)
  }

  /// What the gripper is told; a command of its position alone states no force.
  private func gripper(_ c: Odcv__V1__Action) throws(Refusal) -> GripperCommand? {
    guard c.n_gripper_position > 0 || c.n_gripper_effort > 0 else { return nil }
    // One force for all fingers, or one for each.
    if c.n_gripper_position > 0, c.n_gripper_effort > 1, c.n_gripper_effort != c.n_gripper_position { throw .wrongLength }
    var most: Double?
    for index in 0..<c.n_gripper_effort {
      guard c.gripper_effort[index].isFinite else { throw .nonFinite }
      most = max(most ?? 0, abs(c.gripper_effort[index]))
    }
    return GripperCommand(effort: most)
  }

  // MARK: - One command

  private func command(_ c: Odcv__V1__Action) throws(Refusal) -> Action.Command {
    guard let space = ActionMessage.Space(rawValue: c.space.rawValue) else { return .unsupported }
    switch space {
    case .unspecified: throw .missing
    case .jointPosition: return try alone(c, c.n_position, c.position).map { .jointPosition($0) } ?? .unsupported
    case .jointPositionDelta:
      let reference = try reference(c)
      return try alone(c, c.n_position, c.position).map { .jointDelta($0, from: reference) } ?? .unsupported
    case .jointVelocity: return try alone(c, c.n_velocity, c.velocity).map { .jointVelocity($0) } ?? .unsupported
    case .jointEffort: return try alone(c, c.n_effort, c.effort).map { .jointEffort($0) } ?? .unsupported
    case .eePose, .eePoseDelta, .eeTwist:
      guard c.n_ee != 0, let ee = c.ee else { throw .missing }
      guard numbers(c) == c.n_ee else { return .unsupported }
      return try endEffector(space, c, UnsafeBufferPointer(start: ee, count: c.n_ee))
    case .stop:
      guard numbers(c) == 0 else { return .unsupported }
      return .stop
    case .gripperOnly, .noMotion:
      guard numbers(c) == 0 else { return .unsupported }
      return .none
    }
  }

  /// How many numbers move the arm, or say how: anything beside a command could move it another way than the one that is judged.
  private func numbers(_ c: Odcv__V1__Action) -> Int {
    c.n_position + c.n_velocity + c.n_effort + c.n_ee + c.n_stiffness + c.n_damping + c.n_horizon_position
  }

  /// One number for each joint and no other; `nil` when there are others.
  private func alone(
    _ c: Odcv__V1__Action, _ count: Int, _ values: UnsafeMutablePointer<Double>?
  ) throws(Refusal) -> JointVector? {
    let vector = try required(count, values, joints: joints.count)
    return numbers(c) == count ? vector : nil
  }

  private func reference(_ c: Odcv__V1__Action) throws(Refusal) -> Action.Reference {
    guard c.has_reference != 0 else { throw .missing }
    switch ActionMessage.DeltaReference(rawValue: c.reference.rawValue) ?? .unspecified {
    case .unspecified: throw .missing
    case .measured: return .measured
    case .lastCommand: return .lastCommand
    case .chunkStart: return .chunkStart
    }
  }

  private func endEffector(
    _ space: ActionMessage.Space, _ c: Odcv__V1__Action, _ numbers: UnsafeBufferPointer<Double>
  ) throws(Refusal) -> Action.Command {
    for number in numbers where !number.isFinite { throw .nonFinite }
    guard numbers.count >= 6 else { throw .wrongLength }
    let first = Vector3(numbers[0], numbers[1], numbers[2])
    if space == .eeTwist {
      // A twist has no rotation form: its second half is an angular velocity.
      guard numbers.count == 6 else { throw .wrongLength }
      return .endEffectorTwist(linear: first, angular: Vector3(numbers[3], numbers[4], numbers[5]))
    }
    let written = UnsafeBufferPointer(rebasing: numbers[3...])
    let rotation = try rotation(c, written)
    if space == .eePose { return .endEffectorPose(Pose(rotation: rotation, translation: first)) }
    // An axis times its angle is taken as it stands: a driver adds it as a vector.
    let isVector = c.rotation.rawValue == ActionMessage.RotationForm.axisAngle.rawValue
    return .endEffectorDelta(
      translation: first,
      rotation: isVector ? Vector3(written[0], written[1], written[2]) : rotation.rotationVector(from: .identity),
      from: try reference(c))
  }

  /// A rotation in the form that the message says; degrees, and what is no rotation, are refused.
  private func rotation(
    _ c: Odcv__V1__Action, _ n: UnsafeBufferPointer<Double>
  ) throws(Refusal) -> Rotation {
    guard c.has_rotation != 0 else { throw .missing }
    let turn = 2 * Double.pi + 1e-9
    switch ActionMessage.RotationForm(rawValue: c.rotation.rawValue) ?? .unspecified {
    case .unspecified: throw .missing
    case .quaternion:
      guard n.count == 4 else { throw .wrongLength }
      guard let rotation = Rotation(unitQuaternion: n[0], n[1], n[2], n[3]) else { throw .unsupported }
      return rotation
    case .axisAngle:
      guard n.count == 3 else { throw .wrongLength }
      let vector = Vector3(n[0], n[1], n[2])
      // More than a turn is no orientation, but it is what a number in degrees looks like.
      guard vector.length <= turn else { throw .unsupported }
      return Rotation(rotationVector: vector)
    case .rpyFixed:
      guard n.count == 3 else { throw .wrongLength }
      guard abs(n[0]) <= turn, abs(n[1]) <= turn, abs(n[2]) <= turn else { throw .unsupported }
      return Rotation(roll: n[0], pitch: n[1], yaw: n[2])
    case .rotation6D:
      guard n.count == 6 else { throw .wrongLength }
      guard
        let rotation = Rotation(
          firstColumn: Vector3(n[0], n[1], n[2]), secondColumn: Vector3(n[3], n[4], n[5]))
      else { throw .unsupported }
      return rotation
    }
  }

  // MARK: - Chunks

  /// What a message says of its place in a chunk; `nil` when it says nothing.
  private func row(_ c: Odcv__V1__Action) throws(Refusal) -> ChunkRow? {
    guard c.has_chunk_id != 0 else {
      let isChunk = c.has_chunk_step != 0 || c.has_chunk_len != 0 || c.has_chunk_execute != 0 || c.has_chunk_dt_ns != 0
        || c.has_chunk_obs_seq != 0 || c.n_horizon_position != 0
      if isChunk { throw .missing }
      return nil
    }
    guard c.has_chunk_len != 0 else { throw .missing }
    guard c.chunk_len >= 1, c.chunk_len <= UInt32(Capacity.chunkRows) else { throw Refusal(reason: .oversized) }
    let step = c.has_chunk_step != 0 ? c.chunk_step : 0
    let execute = c.has_chunk_execute != 0 ? c.chunk_execute : c.chunk_len
    guard step < c.chunk_len, execute >= 1, execute <= c.chunk_len else { throw .wrongLength }
    return ChunkRow(
      chunk: c.chunk_id, step: Int(step), length: Int(c.chunk_len), execute: Int(execute),
      observation: c.has_chunk_obs_seq != 0 ? c.chunk_obs_seq : nil)
  }

  private func chunk(
    _ c: Odcv__V1__Action, _ sequence: Sequence, _ gripper: GripperCommand?
  ) throws(Refusal) -> Chunk {
    guard let first = try row(c), c.has_chunk_dt_ns != 0, let numbers = c.horizon_position else { throw .missing }
    guard c.chunk_dt_ns > 0, first.step < first.execute else { throw .wrongLength }
    guard self.numbers(c) == c.n_horizon_position else { throw .unsupported }
    guard let space = ActionMessage.Space(rawValue: c.space.rawValue) else { throw .unsupported }
    guard c.n_horizon_position % first.length == 0 else { throw .wrongLength }
    let width = c.n_horizon_position / first.length
    guard width <= Capacity.joints else { throw Refusal(reason: .oversized) }
    var chunk = Chunk(
      sequence: sequence, space: try chunkSpace(space, c), first: first, period: Double(c.chunk_dt_ns) * 1e-9,
      gripper: gripper)
    for index in 0..<first.length {
      let row = UnsafeBufferPointer(start: numbers + index * width, count: width)
      switch space {
      case .jointPosition, .jointPositionDelta, .jointVelocity, .jointEffort:
        guard width == joints.count else { throw .wrongLength }
        for number in row where !number.isFinite { throw .nonFinite }
        chunk.append(JointVector(row))
      case .eePose, .eePoseDelta, .eeTwist: chunk.append(flat(try endEffector(space, c, row)))
      case .unspecified, .gripperOnly, .noMotion, .stop: throw .unsupported
      }
    }
    return chunk
  }

  private func chunkSpace(_ space: ActionMessage.Space, _ c: Odcv__V1__Action) throws(Refusal) -> Chunk.Space {
    switch space {
    case .jointPosition: .jointPosition
    case .jointPositionDelta: .jointDelta(try reference(c))
    case .jointVelocity: .jointVelocity
    case .jointEffort: .jointEffort
    case .eePose: .endEffectorPose
    case .eePoseDelta: .endEffectorDelta(try reference(c))
    case .eeTwist: .endEffectorTwist
    case .unspecified, .gripperOnly, .noMotion, .stop: throw .unsupported
    }
  }

  /// A row of a chunk as `Chunk.Space` has it.
  private func flat(_ command: Action.Command) -> JointVector {
    func row(_ vectors: [Vector3]) -> JointVector {
      var row = JointVector(count: 3 * vectors.count)
      for (place, vector) in vectors.enumerated() {
        for axis in 0..<3 { row[3 * place + axis] = vector[axis] }
      }
      return row
    }
    switch command {
    case .endEffectorPose(let pose):
      return row([pose.translation, pose.rotation.x, pose.rotation.y, pose.rotation.z])
    case .endEffectorDelta(let translation, let rotation, _): return row([translation, rotation])
    case .endEffectorTwist(let linear, let angular): return row([linear, angular])
    case .jointPosition, .jointDelta, .jointVelocity, .jointEffort, .stop, .none, .unsupported: return .absent
    }
  }
}
