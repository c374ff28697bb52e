/// One thing that happened, as the shell decoded it. With its instant it is all that the core ever learns.
///
/// A plain value with room for the largest of its cases, so that none is on the heap.
public enum Input: Sendable {
  case layout(Layout)
  case action(Action)
  /// Rows to be executed one after the other.
  case chunk(Chunk)
  case state(State)
  case people(People)
  case obstacles(Obstacles)
  case signal(Signal)
  case episode(Episode)
  case reset(Reset)
  case release(Release)
  /// The number of a latch that was in force when the monitor before this one ended: it is in force again.
  case restored(UInt64)
  /// Another monitor decided until now what the arm does, and told it to stop: nothing is under way.
  case handover
  /// A period of the loop with no message: time alone is judged.
  case tick
  /// A sign of life that says nothing else.
  case heartbeat(Source)
  /// Recorded and counted; nothing to judge (pressure, reasoning).
  case noted(Stream)
  /// A message that is not what its endpoint carries.
  case rejected(Rejection)
  /// The shell lost messages of a stream before it saw them.
  case lost(Stream, count: UInt64)
  /// A verdict that took longer than the configured deadline, s.
  case overrun(Double)
  /// No input is this: it keeps the type `InPlace`.
  case never(InPlace, Never)
}

/// Where an input came from.
public enum Stream: UInt8, Sendable, CaseIterable {
  case action = 1
  case state = 2
  case people = 3
  case obstacles = 4
  case layout = 5
  case reasoning = 6
  case pressure = 7
  case episode = 8
  case control = 9
  case heartbeat = 10
  case signal = 11
}

extension Stream {
  /// Who sends it; `nil` for what comes in by the control endpoint.
  var source: Source? {
    switch self {
    case .action, .reasoning: .controller
    case .state: .driver
    case .people, .obstacles: .perception
    case .layout, .pressure, .episode, .control, .heartbeat, .signal: nil
    }
  }
}

/// A party that speaks on an endpoint of its own.
public enum Source: UInt8, Sendable, CaseIterable {
  case controller = 1
  case driver = 2
  case perception = 3
}

/// What a source's own clock said when it sent a message. For diagnosis only: every age and deadline counts receipts.
public struct SourceTime: Sendable, Equatable {
  public enum Clock: UInt8, Sendable, CaseIterable {
    case monotonic = 1
    case realtime = 2
    case ptp = 3
    /// Simulated time: it may run slower than the receiver's, and never back.
    case simulated = 4
  }
  public var clock: Clock
  public var nanoseconds: Int64

  public init(clock: Clock, nanoseconds: Int64) {
    self.clock = clock
    self.nanoseconds = nanoseconds
  }
}

/// Place of a message in its stream. `number` counts from 1; `boot` changes when the source restarts.
public struct Sequence: Sendable, Equatable {
  public var stream: UInt32
  public var number: UInt64?
  public var boot: UInt64
  /// `nil`: not stated, or by a clock that has no name.
  public var time: SourceTime?
  /// Which of the base frame's names the message gives, from 1; 0: none.
  public var frame: UInt8 = 0

  public init(stream: UInt32, number: UInt64?, boot: UInt64) {
    self.stream = stream
    self.number = number
    self.boot = boot
  }
}

/// Why a message was refused before it became an input.
public struct Rejection: Sendable {
  public enum Reason: UInt8, Sendable {
    case undecodable = 1
    case oversized = 2
    case wrongRobot = 3
    case wrongEndpoint = 4
    case missingField = 5
    case nonFinite = 6
    case wrongLength = 7
    case unknownSensor = 8
    case unsupported = 9
    case badSignature = 10
  }
  public var stream: Stream
  public var reason: Reason

  public init(stream: Stream, reason: Reason) {
    self.stream = stream
    self.reason = reason
  }
}

/// What a controller or driver says of its own joints. Compared and reported, never used.
public struct Layout: Sendable {
  public var stream: Stream
  /// Joint names are the configured ones in the configured order.
  public var jointsMatch: Bool

  public init(stream: Stream, jointsMatch: Bool) {
    self.stream = stream
    self.jointsMatch = jointsMatch
  }
}

/// What the arm's driver reports.
public struct State: Sendable {
  public var sequence: Sequence
  public var position: JointVector
  public var velocity: JointVector
  /// Absent when not reported.
  public var externalEffort: JointVector
  /// Torques of the drives, Nm; absent when not reported.
  public var effort: JointVector
  /// `nil`: contacts were not reported.
  public var contacts: Contacts?
  /// Magnitude of the external force at the tool, N.
  public var externalForce: Double?
  /// The driver's own number for how it works now; `nil`: not reported.
  public var mode: UInt32?
  /// The tool centre point, base frame, m, as the driver has it; `nil`: not reported.
  public var tool: Vector3?
  /// How wide the gripper is open, m; `nil`: not reported.
  public var gripper: Double?
  /// How many fingers' positions that is the sum of.
  public var fingers = 0
  /// The driver says that the gripper holds something; `nil`: it does not say.
  public var grasped: Bool?
  /// The share of its task that the driver says it has reached, 0...1; `nil`: it does not say.
  public var successRate: Double?
  /// The tool is on; `nil`: not reported.
  public var toolActive: Bool?

  public init(
    sequence: Sequence, position: JointVector, velocity: JointVector, externalEffort: JointVector,
    contacts: Contacts?, externalForce: Double?, effort: JointVector = .absent
  ) {
    self.sequence = sequence
    self.position = position
    self.velocity = velocity
    self.externalEffort = externalEffort
    self.contacts = contacts
    self.externalForce = externalForce
    self.effort = effort
  }

  /// Of no joints, and saying nothing.
  static var absent: State {
    State(
      sequence: Sequence(stream: 0, number: nil, boot: 0), position: .absent, velocity: .absent, externalEffort: .absent, contacts: nil,
      externalForce: nil)
  }
}

public struct Contacts: Sendable {
  public private(set) var count = 0
  /// Whoever reports them vouches that there are no others.
  public var isComplete = true
  var storage: InlineArray<16, Contact>

  public init() { storage = InlineArray(repeating: Contact(link: nil, expected: nil, force: nil)) }

  public var isFull: Bool { count == Capacity.contacts }

  public mutating func append(_ contact: Contact) {
    storage[count] = contact
    count += 1
  }

  public subscript(_ index: Int) -> Contact { storage.span[index] }
}

public struct Contact: Sendable {
  /// The link's index; `nil` when the name is not one of the robot's.
  public var link: Int?
  /// Index of the declared expected contact that this pair is; `nil` when unexpected.
  public var expected: Int?
  /// N; `nil` when not reported.
  public var force: Double?

  public init(link: Int?, expected: Int?, force: Double?) {
    self.link = link
    self.expected = expected
    self.force = force
  }
}

/// A complete frame of people: whoever is not in it is not there.
public struct People: Sendable {
  /// Index of the sensor in the cell.
  public var sensor: Int
  public var sequence: Sequence
  /// The sensor vouches for its whole declared field.
  public var coverage: Bool
  public private(set) var count = 0
  var storage: InlineArray<8, Person>

  public init(sensor: Int, sequence: Sequence, coverage: Bool) {
    self.sensor = sensor
    self.sequence = sequence
    self.coverage = coverage
    storage = InlineArray(repeating: Person(track: 0))
  }

  /// Of no sensor, with nobody in it.
  static var absent: People { People(sensor: 0, sequence: Sequence(stream: 0, number: nil, boot: 0), coverage: false) }

  public var isFull: Bool { count == Capacity.people }

  public mutating func append(_ person: Person) {
    storage[count] = person
    count += 1
  }

  // Through a span, here as below: an index into an inline array of a borrowed value copies all of it first.
  public subscript(_ index: Int) -> Person { storage.span[index] }

  /// Every part can be placed.
  var isPlaceable: Bool {
    for index in 0..<count {
      let person = self[index]
      for part in 0..<person.count where !person[part].isPlaceable { return false }
    }
    return true
  }
}

public struct Person: Sendable {
  public var track: UInt32
  public private(set) var count = 0
  var storage: InlineArray<16, Capsule>
  private var regions = InlineArray<16, BodyRegion?>(repeating: nil)

  public init(track: UInt32) {
    self.track = track
    storage = InlineArray(repeating: Capsule(a: .zero, b: .zero, radius: 0))
  }

  public var isFull: Bool { count == Capacity.bodyParts }

  /// A body part in the base frame of the robot, and what it is; `nil`: nobody says.
  public mutating func append(_ part: Capsule, _ region: BodyRegion? = nil) {
    storage[count] = part
    regions[count] = region
    count += 1
  }

  public subscript(_ index: Int) -> Capsule { storage.span[index] }

  public func region(_ index: Int) -> BodyRegion? { regions[index] }
}

/// A complete frame of obstacles.
public struct Obstacles: Sendable {
  public var sensor: Int
  public var sequence: Sequence
  public var coverage: Bool
  public private(set) var count = 0
  var storage: InlineArray<128, Solid>

  public init(sensor: Int, sequence: Sequence, coverage: Bool) {
    self.sensor = sensor
    self.sequence = sequence
    self.coverage = coverage
    storage = InlineArray(repeating: .sphere(center: .zero, radius: 0))
  }

  /// Of no sensor, with nothing in it.
  static var absent: Obstacles { Obstacles(sensor: 0, sequence: Sequence(stream: 0, number: nil, boot: 0), coverage: false) }

  public var isFull: Bool { count == Capacity.obstacles }

  /// A solid in the base frame of the robot.
  public mutating func append(_ solid: Solid) {
    storage[count] = solid
    count += 1
  }

  public subscript(_ index: Int) -> Solid { storage.span[index] }

  /// Every solid can be placed.
  var isPlaceable: Bool {
    let shown = storage.span
    for index in 0..<count where !shown[index].isPlaceable { return false }
    return true
  }
}

/// What a door, a scanner, a scale or an acknowledging button says.
public struct Signal: Sendable {
  /// Index of the signal in the cell.
  public var index: Int
  public var sequence: Sequence
  /// Above 0: set.
  public var value: Double

  public init(index: Int, sequence: Sequence, value: Double) {
    self.index = index
    self.sequence = sequence
    self.value = value
  }
}

public enum Episode: UInt8, Sendable {
  case reset = 1
  case start = 2
  case end = 3
}

/// An operator's order to clear a latch, its signature already verified by the shell. It clears the latch only when a fresh
/// state says that the arm stands still and that the contact has ended; one that clears nothing is a finding.
public struct Reset: Sendable {
  /// The latch that it clears, as the status shows it.
  public var latch: UInt64

  public init(latch: UInt64) { self.latch = latch }
}

/// An operator's order to let the arm move out although rules on distance and contact object, its signature already verified by
/// the shell.
public struct Release: Sendable {
  /// Greater than that of every order before it in this run.
  public var number: UInt64

  public init(number: UInt64) { self.number = number }
}
