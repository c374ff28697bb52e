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
  /// Least area over which anything of the arm presses on a body, m²; `nil` where `notMeasured` declares pressure.
  public var contactArea: Double?
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
    controlPeriod: Double, verdictDeadline: Double, contactArea: Double? = nil, payload: Payload? = nil,
    grip: Grip? = nil, hazard: ToolHazard? = nil
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
    self.contactArea = contactArea
  }
}

extension Cell {
  /// The cell's file says that nobody measures it here, by whom and why.
  func declaresUnmeasured(_ quantity: NotMeasured.Quantity) -> Bool {
    notMeasured.contains { $0.quantity == quantity }
  }

  /// The part of a person lies, with all of its volume, inside a force zone that is declared for its region.
  func isLimitedByForce(_ part: Capsule, _ region: BodyRegion?) -> Bool {
    for zone in zones {
      switch zone.kind {
      case .speed, .keepOut, .reduced, .region: continue
      case .force(let limits): if limits.holds(for: region), zone.box.holds(part) { return true }
      }
    }
    return false
  }

  /// The force zones' limits.
  public var forceLimits: [ForceLimits] { zones.compactMap { if case .force(let limits) = $0.kind { limits } else { nil } } }
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
    /// Contact with people is limited by force, energy and speed here: body parts wholly inside, of the zone's regions, are
    /// not judged by separation.
    case force(ForceLimits)
    /// No moving part of the arm comes nearer than the rule's limit.
    case keepOut
    /// While a person is in it, the reduced mode is in force.
    case reduced
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

/// What limits contact with people in a force zone.
public struct ForceLimits: Sendable, Equatable {
  /// The regions of the body that may be touched here; every region when empty. Parts of others, and parts of which nobody says
  /// what they are, keep their distance.
  public var regions: [BodyRegion]
  /// What is touched here can always recoil: nothing can clamp it.
  public var recoils: Bool
  /// N
  public var force: Double
  /// J
  public var energy: Double
  /// m/s, of anything of the arm that is in the zone while somebody is
  public var speed: Double

  public init(regions: [BodyRegion], recoils: Bool, force: Double, energy: Double, speed: Double) {
    self.regions = regions
    self.recoils = recoils
    self.force = force
    self.energy = energy
    self.speed = speed
  }

  func holds(for region: BodyRegion?) -> Bool {
    guard let region else { return regions.isEmpty }
    return regions.isEmpty || regions.contains(region)
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

  /// What was received `age - latency` ago can be used: it is not too old, and was not received later than now.
  func accepts(age: Double) -> Bool { age >= latency && age <= maxAge }
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
    case payload
    case grip
    case sourceTime = "source_time"
    case heartbeat
    case mode
    case toolPose = "tool_pose"
    case effort
    case pressure
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
  /// What it touches.
  public var body: Body
  /// N
  public var maxForce: Double
  /// N, for as long as a contact is transient; `nil` where the part of the body may be clamped, or is none.
  public var maxTransientForce: Double?
  /// s, of uninterrupted contact
  public var maxDuration: Double
  /// What all contact of this pair together may come to; `nil`: as much as there is.
  public var budget: Budget?

  public enum Body: Sendable, Equatable {
    case thing
    /// A person's; `nil`: whichever part of the body.
    case person(BodyRegion?)
  }

  public struct Budget: Sendable, Equatable {
    /// s, the length of the sliding window
    public var window: Double
    /// s and N s in any such window
    public var time: Double
    public var impulse: Double

    public init(window: Double, time: Double, impulse: Double) {
      self.window = window
      self.time = time
      self.impulse = impulse
    }
  }

  public init(
    link: Int, other: String, maxForce: Double, maxDuration: Double, body: Body = .thing,
    maxTransientForce: Double? = nil, budget: Budget? = nil
  ) {
    self.link = link
    self.other = other
    self.body = body
    self.maxForce = maxForce
    self.maxTransientForce = maxTransientForce
    self.maxDuration = maxDuration
    self.budget = budget
  }

  /// Greatest force, N, of a contact that has lasted so long, s.
  func forceLimit(after lasted: Double, _ table: BodyTable?) -> Double {
    guard let transient = maxTransientForce, let table, lasted <= table.transientTime else { return maxForce }
    return transient
  }
}
