import ODCVWire

/// What driver, perception and the cell's devices send, and the truth.
extension Simulation {
  private func header(_ stream: UInt32, _ sequence: UInt64, delay: Int = 0) -> HeaderFields {
    HeaderFields(
      robotID: scenario.robotID, streamID: stream, sequence: sequence,
      sourceNanoseconds: max(0, nanoseconds - Int64(delay) * 1_000_000), clock: .simulated, bootID: bootID,
      layoutID: 1)
  }

  /// What the driver reports now, with this seed's noise and delay.
  public mutating func stateMessage() -> StateMessage {
    sequences.state += 1
    let arm = scenario.scene.arm
    let seen = jointHistory.first ?? (physics.position, physics.velocity, effortSum, 0)
    let position = seen.position.map { $0 + noise.position() }
    let velocity = seen.velocity.map { $0 + noise.velocity() }
    published[sequences.state] = position
    if sequences.state > 64 { published[sequences.state - 64] = nil }
    let frames = arm.frames(position)
    let tool = arm.tool(in: frames)
    var twist = [Double](repeating: 0, count: 6)
    for (joint, column) in arm.jacobian(in: frames).enumerated() {
      for axis in 0..<3 {
        twist[axis] += column.linear[axis] * velocity[joint]
        twist[axis + 3] += column.angular[axis] * velocity[joint]
      }
    }
    var message = StateMessage(header: header(1, sequences.state, delay: Self.stateDelay))
    message.position = position
    message.velocity = velocity
    message.effort = meanEffort(until: seen.effort, seen.step)
    message.externalEffort = isContactMuted ? seen.position.map { _ in 0 } : physics.externalEffort
    message.endEffectorPosition = [tool.origin.x, tool.origin.y, tool.origin.z]
    message.endEffectorOrientation = tool.quaternion
    message.endEffectorTwist = twist
    message.wrench = isContactMuted ? wrench.map { _ in 0 } : wrench
    message.wrenchFrame = "panda_link0"
    message.wrenchSign = .onRobot
    message.contacts = isContactMuted ? [] : personContacts
      + cellContacts.map { contact in
        StateMessage.Contact(
          link: contact.link, other: contact.other, normalForce: contact.force, point: fields(contact.point),
          distance: contact.distance)
      }
    message.contactComplete = true
    message.grasped = cell.holds
    let isBypassed = scenario.constraints.contains { constraint in
      constraint.kind == .mode && cell.acts.contains { scenario.acts[$0].name == constraint.act }
    }
    message.mode = isBypassed ? Self.otherMode : Self.automaticMode
    message.lastActionSequence = lastAction
    message.sourceFrame = UInt64(ticks)
    if let hazard = scenario.constraints.first(where: { $0.kind == .toolHazard }) {
      message.toolActive = scenario.operation(hazard.operation).map { !cell.isDone($0) } ?? true
    }
    return message
  }

  /// The drives' mean torque since the state before, Nm; before the first step, what holds the arm.
  private mutating func meanEffort(until sum: [Double], _ step: Int64) -> [Double] {
    defer { reported = (sum, step) }
    guard step > reported.step else { return physics.holding }
    return sum.indices.map { (sum[$0] - reported.effort[$0]) / Double(step - reported.step) }
  }

  /// What the cell's camera sees now, with this seed's noise and delay.
  public mutating func peopleMessage() -> PeopleMessage {
    sequences.people += 1
    let seen = personHistory.first ?? person.capsules
    var message = PeopleMessage(header: header(2, sequences.people, delay: Self.peopleDelay))
    message.sensorID = "cell-camera"
    message.coverageOk = true
    if !seen.isEmpty {
      var track = PeopleMessage.Track(trackID: 1)
      for (index, capsule) in seen.enumerated() {
        let shift = noise.body()
        track.parts.append(
          PeopleMessage.BodyPart(
            region: BodyPart.all[index].region, a: fields(capsule.a + shift), b: fields(capsule.b + shift),
            radius: capsule.radius))
      }
      message.tracks = [track]
    }
    return message
  }

  /// What the cell's devices say of themselves.
  public mutating func signalMessages() -> [SignalMessage] {
    // All in one go, each from its own device.
    sequences.signal += 1
    return cell.signals.enumerated().map { index, signal in
      SignalMessage(
        header: header(Self.deviceStream + UInt32(index), sequences.signal), name: signal.name, value: signal.value)
    }
  }

  /// What somebody else says in a device's name.
  public mutating func forgedSignals() -> [SignalMessage] {
    cell.acts.sorted().compactMap { index in
      let act = scenario.acts[index]
      guard act.forges, let device = act.lifts else { return nil }
      sequences.forged += 1
      let place = scenario.operation(device).map(UInt32.init) ?? 0
      var header = header(Self.deviceStream + place, sequences.forged)
      header.bootID = bootID &+ 1
      return SignalMessage(header: header, name: device, value: 1)
    }
  }

  /// A person has acknowledged the last unexpected contact, or there was none.
  public var isCleared: Bool { cell.push.isCleared }

  /// What is reported to a monitor is not what perception sees.
  public var altersPeople: Bool { blindZone != nil || scenario.acts.contains { $0.hidesPeople } }

  /// What a monitor's sensor sees of people: nothing of what is wholly inside the blind zone, although it vouches for its
  /// whole field. A controller has eyes of its own.
  public func blinded(_ people: PeopleMessage) -> PeopleMessage {
    var message = people
    if cell.acts.contains(where: { scenario.acts[$0].hidesPeople }) { message.tracks = [] }
    guard let blind = scenario.zone(blindZone) else { return message }
    for index in message.tracks.indices {
      message.tracks[index].parts.removeAll { part in
        guard let a = part.a, let b = part.b else { return false }
        return [a, b].allSatisfy { blind.contains(Vector($0.x ?? 0, $0.y ?? 0, $0.z ?? 0), inset: 0) }
      }
    }
    message.tracks.removeAll { $0.parts.isEmpty }
    return message
  }

  /// What is true now; drains the violations since the last call.
  public mutating func truthMessage() -> TruthMessage {
    var message = TruthMessage(simulatedNanoseconds: nanoseconds)
    message.kpi = KPIValue(
      name: scenario.kpi.name, value: cell.kpi, target: scenario.kpi.target, unit: scenario.kpi.unit)
    message.cycles = cell.cycles
    message.violations = oracle.drain()
    message.clearance = oracle.clearance
    message.separation = oracle.separation
    message.tcpSpeed = oracle.toolSpeed
    message.contactForce = contactForce
    return message
  }

  /// What the arm's driver says of the arm.
  public mutating func layoutMessage() -> LayoutMessage {
    sequences.layout += 1
    let arm = scenario.scene.arm
    var message = LayoutMessage(header: header(3, sequences.layout))
    message.layoutID = 1
    message.jointNames = arm.jointNames
    message.jointUnits = arm.jointNames.map { _ in "rad" }
    message.jointLower = arm.lower
    message.jointUpper = arm.upper
    message.maxVelocity = law.parameters.velocity
    message.maxEffort = Self.torqueLimit
    message.baseFrame = arm.links[0].name
    message.endEffectorFrame = arm.links[arm.toolLink].name
    message.controlPeriodNanoseconds = Int64((scenario.controlPeriod * 1e9).rounded())
    message.languageBudgetBytes = 2048
    return message
  }

  public mutating func heartbeatMessage() -> HeartbeatMessage {
    sequences.heartbeat += 1
    return HeartbeatMessage(header: header(4, sequences.heartbeat))
  }
}
