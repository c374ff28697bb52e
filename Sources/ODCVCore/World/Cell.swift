/// A work cell as the configuration declares it: what stands in it, who may enter, and which inputs must be there.
///
/// All geometry is in the base frame of the robot.
public struct Cell: Sendable {
  public var obstacles: [Obstacle]
  public var zones: [Zone]
  public var stateInput: InputDeclaration
  /// Empty when `notMeasured` declares people.
  public var peopleSensors: [Sensor]
  public var obstacleSensors: [Sensor]
  public var notMeasured: [NotMeasured]
  public var expectedContacts: [ExpectedContact]
  /// `nil` when the cell declares it as not measured.
  public var payload: Payload?
  public var grip: Grip?
  /// `nil`: nobody declares the tool as hazardous.
  public var hazard: ToolHazard?
  /// Time between two commands, s.
  public var controlPeriod: Double
  /// From receipt of an input until its verdict, s: what rules use in place of a measured latency.
  public var verdictDeadline: Double

  public init(
    obstacles: [Obstacle], zones: [Zone], stateInput: InputDeclaration, peopleSensors: [Sensor],
    obstacleSensors: [Sensor], notMeasured: [NotMeasured], expectedContacts: [ExpectedContact],
    controlPeriod: Double, verdictDeadline: Double, payload: Payload? = nil, grip: Grip? = nil,
    hazard: ToolHazard? = nil
  ) {
    self.obstacles = obstacles
    self.zones = zones
    self.stateInput = stateInput
    self.peopleSensors = peopleSensors
    self.obstacleSensors = obstacleSensors
    self.notMeasured = notMeasured
    self.expectedContacts = expectedContacts
    self.payload = payload
    self.grip = grip
    self.hazard = hazard
    self.controlPeriod = controlPeriod
    self.verdictDeadline = verdictDeadline
  }
}

extension Cell {
  /// The part of a person lies inside a force zone with all of its volume.
  func isLimitedByForce(_ part: Capsule) -> Bool {
    for zone in zones {
      switch zone.kind {
      case .speed, .keepOut, .reduced: continue
      case .force: if zone.box.holds(part) { return true }
      }
    }
    return false
  }
}

extension Box {
  /// The whole capsule lies inside.
  func holds(_ capsule: Capsule) -> Bool {
    holds(capsule.a, radius: capsule.radius) && holds(capsule.b, radius: capsule.radius)
  }

  private func holds(_ center: Vector3, radius: Double) -> Bool {
    let p = pose.inverse(center)
    return abs(p.x) + radius <= halfExtents.x && abs(p.y) + radius <= halfExtents.y && abs(p.z) + radius <= halfExtents.z
  }
}

public struct Obstacle: Sendable {
  public var name: String
  public var solid: Solid

  public init(name: String, solid: Solid) {
    self.name = name
    self.solid = solid
  }
}

public struct Zone: Sendable {
  public enum Kind: Sendable {
    /// The tool and every link in it move at most this fast, m/s; always, or only while a person is in it.
    case speed(limit: Double, onlyWithPerson: Bool)
    /// Contact with people is limited by force here: body parts wholly inside are not judged by separation.
    case force
    /// No moving part of the arm comes nearer than the rule's limit.
    case keepOut
    /// While a person is in it, the reduced mode is in force.
    case reduced
  }
  public var name: String
  public var kind: Kind
  public var box: Box

  public init(name: String, kind: Kind, box: Box) {
    self.name = name
    self.kind = kind
    self.box = box
  }
}

/// How old an input may be.
public struct InputDeclaration: Sendable {
  /// s, receipt to use, latency included
  public var maxAge: Double
  /// s, from the measurement to its receipt, at most
  public var latency: Double

  public init(maxAge: Double, latency: Double) {
    self.maxAge = maxAge
    self.latency = latency
  }
}

/// A sensor that reports complete frames of people or of obstacles.
public struct Sensor: Sendable {
  public var id: String
  public var input: InputDeclaration
  /// Z_d of separation monitoring: how far a reported position may be from the truth, m.
  public var positionError: Double

  public init(id: String, input: InputDeclaration, positionError: Double) {
    self.id = id
    self.input = input
    self.positionError = positionError
  }
}

/// A quantity that this cell declares it does not measure.
public struct NotMeasured: Sendable {
  public enum Quantity: String, Sendable, CaseIterable {
    case people
    case contact
    case force
    case payload
    case grip
  }
  public var quantity: Quantity
  public var reason: String
  public var by: String

  public init(quantity: Quantity, reason: String, by: String) {
    self.quantity = quantity
    self.reason = reason
    self.by = by
  }
}

/// A contact that is part of the task, within its budgets.
public struct ExpectedContact: Sendable {
  /// A link's index.
  public var link: Int
  /// The other body's name, as the arm's driver reports it.
  public var other: String
  /// N
  public var maxForce: Double
  /// s, of uninterrupted contact
  public var maxDuration: Double

  public init(link: Int, other: String, maxForce: Double, maxDuration: Double) {
    self.link = link
    self.other = other
    self.maxForce = maxForce
    self.maxDuration = maxDuration
  }
}
