/// What an integrator would survey of a scenario's cell for whoever watches it.
extension Scenario {
  /// Fixtures that the arm is to keep clear of: those that it presses on are none.
  public var monitoredFixtures: [(name: String, center: SIMD3<Double>, size: SIMD3<Double>)] {
    scene.obstacles.filter { !pressedFixtures.contains($0.name) }.map { ($0.name, $0.box.center, $0.box.halfExtents * 2) }
  }

  public var pressedFixtures: [String] { scene.soft.keys.sorted() }

  /// Devices that say something of themselves.
  public var deviceNames: [String] { operations.map(\.name) + (chance.bump == nil ? [] : ["acknowledged"]) }

  /// kg: the most that the gripper may pick up.
  public var monitoredPartMass: Double {
    constraints.first { $0.kind == .payload }?.limit ?? max(partMass, 0.5)
  }

  /// The end of the way that lies away from where an operation is done, m.
  public func farEnd(from operation: String) -> SIMD3<Double>? {
    guard let index = self.operation(operation) else { return nil }
    return operations[index].end == .pick ? way.tool[way.tool.count - 1] : way.tool[0]
  }

  /// Whether an act can be noticed in what devices and sensors send.
  public func isAudible(_ act: String?) -> Bool { acts.contains { $0.name == act && ($0.forges || $0.hidesPeople) } }

  public func isDoneAtPick(_ operation: String) -> Bool {
    self.operation(operation).map { operations[$0].end == .pick } ?? false
  }

  public func isDueInEachCycle(_ operation: String) -> Bool {
    self.operation(operation).map { operations[$0].every == 1 } ?? false
  }
}
