extension World {
  /// Seconds since the state was true, at most; `nil` before the first.
  var stateAge: Double? {
    stateReceived.map { now.seconds(since: $0) + configuration.cell.stateInput.latency }
  }

  /// The state is young enough to be used.
  var hasFreshState: Bool {
    guard let age = stateAge else { return false }
    return configuration.cell.stateInput.accepts(age: age)
  }

  /// By the last state, whatever its age.
  var standsStill: Bool {
    guard stateReceived != nil else { return false }
    for joint in 0..<state.velocity.count where abs(state.velocity[joint]) > configuration.robot.measurement.standstill { return false }
    return true
  }

  /// The same for the oldest frame of people; `nil` when there is none.
  var peopleAge: Double? {
    var oldest: Double?
    for sensor in people.indices where people[sensor].received != nil {
      let age = age(ofPeople: sensor)
      oldest = max(oldest ?? age, age)
    }
    return oldest
  }

  /// Seconds since what a sensor of people showed last was true, at most; infinite before its first frame.
  func age(ofPeople sensor: Int) -> Double {
    guard let received = people[sensor].received else { return .infinity }
    return now.seconds(since: received) + configuration.cell.peopleSensors[sensor].input.latency
  }

  /// The same for a sensor of obstacles.
  func age(ofObstacles sensor: Int) -> Double {
    guard let received = obstacles[sensor].received else { return .infinity }
    return now.seconds(since: received) + configuration.cell.obstacleSensors[sensor].input.latency
  }

  /// The first sensor of people that can't be used.
  func findPeopleUnknown() -> (UnknownReason, Int)? {
    for sensor in people.indices {
      guard people[sensor].received != nil else { return (.missing, sensor) }
      let input = configuration.cell.peopleSensors[sensor].input
      if let reason = unusable(age(ofPeople: sensor), people[sensor].value.coverage, input) {
        return (reason, sensor)
      }
    }
    return nil
  }

  /// The same for obstacles.
  func findObstaclesUnknown() -> (UnknownReason, Int)? {
    for sensor in obstacles.indices {
      guard obstacles[sensor].received != nil else { return (.missing, sensor) }
      let input = configuration.cell.obstacleSensors[sensor].input
      if let reason = unusable(age(ofObstacles: sensor), obstacles[sensor].value.coverage, input) {
        return (reason, sensor)
      }
    }
    return nil
  }

  private func unusable(_ age: Double, _ coverage: Bool, _ input: InputDeclaration) -> UnknownReason? {
    guard input.accepts(age: age) else { return .stale }
    return coverage ? nil : .coverage
  }
}
