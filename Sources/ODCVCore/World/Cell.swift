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
  /// Time between two commands, s.
  public var controlPeriod: Double
  /// From receipt of an input until its verdict, s: what rules use in place of a measured latency.
  public var verdictDeadline: Double
  /// Which clock each source stamps its messages with; empty when `notMeasured` declares source times.
  public var clocks: [SourceClock] = []
  /// Who must show signs of life, and how often; empty when `notMeasured` declares heartbeats.
  public var heartbeats: [Heartbeat] = []
  public var signals: [SignalDeclaration] = []
  /// What must come before what.
  public var sequences: [Precedence] = []
  /// What is not believed without evidence.
  public var claims: [Claim] = []
  /// The driver's modes in which the arm may work by itself; empty when `notMeasured` declares the mode.
  public var automaticModes: [UInt32] = []

  public init(
    obstacles: [Obstacle], zones: [Zone], stateInput: InputDeclaration, peopleSensors: [Sensor],
    obstacleSensors: [Sensor], notMeasured: [NotMeasured], expectedContacts: [ExpectedContact],
    controlPeriod: Double, verdictDeadline: Double
  ) {
    self.obstacles = obstacles
    self.zones = zones
    self.stateInput = stateInput
    self.peopleSensors = peopleSensors
    self.obstacleSensors = obstacleSensors
    self.notMeasured = notMeasured
    self.expectedContacts = expectedContacts
    self.controlPeriod = controlPeriod
    self.verdictDeadline = verdictDeadline
  }
}

extension Cell {
  /// The cell's file says that nobody measures it here, by whom and why.
  func declaresUnmeasured(_ quantity: NotMeasured.Quantity) -> Bool {
    notMeasured.contains { $0.quantity == quantity }
  }

  /// The part of a person lies inside a force zone with all of its volume.
  func isLimitedByForce(_ part: Capsule) -> Bool {
    for zone in zones {
      switch zone.kind {
      case .speed, .region: continue
      case .force: if zone.box.holds(part) { return true }
      }
    }
    return false
  }
}

extension Box {
  /// How far inside the box a point lies, m; below zero, at most how far outside along one of its axes.
  func depth(_ p: Vector3) -> Double {
    let local = pose.inverse(p)
    return min(
      halfExtents.x - abs(local.x), min(halfExtents.y - abs(local.y), halfExtents.z - abs(local.z)))
  }

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
    /// A place that sequences name, and nothing more.
    case region
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
  /// How fast what it sees can move, at most, m/s; 0 where nothing that it sees moves. Of obstacles only: a person's
  /// speed is the rule's.
  public var greatestSpeed: Double
  /// What it sees, in the base frame; a sensor of people without any sees nothing.
  public var coverage: [Box]

  public init(
    id: String, input: InputDeclaration, positionError: Double, greatestSpeed: Double = 0, coverage: [Box] = []
  ) {
    self.id = id
    self.input = input
    self.positionError = positionError
    self.greatestSpeed = greatestSpeed
    self.coverage = coverage
  }
}

/// The clock that the messages of one stream are stamped with.
public struct SourceClock: Sendable {
  public var stream: Stream
  /// Index of the sensor, for frames.
  public var sensor: Int
  public var clock: SourceTime.Clock

  public init(stream: Stream, sensor: Int = 0, clock: SourceTime.Clock) {
    self.stream = stream
    self.sensor = sensor
    self.clock = clock
  }
}

/// How long a source may be silent. Whatever it sends is a sign of life.
public struct Heartbeat: Sendable {
  public var source: Source
  /// s, from receipt to receipt
  public var maxAge: Double

  public init(source: Source, maxAge: Double) {
    self.source = source
    self.maxAge = maxAge
  }
}

/// A quantity that this cell declares it does not measure.
public struct NotMeasured: Sendable {
  public enum Quantity: String, Sendable, CaseIterable {
    case people
    case contact
    case force
    case sourceTime = "source_time"
    case heartbeat
    case mode
    case toolPose = "tool_pose"
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
