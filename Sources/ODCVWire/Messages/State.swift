import COdcvProto

/// What the arm's driver reports.
public struct StateMessage: Equatable, Sendable {
  /// On which side of the contact a wrench acts.
  public enum WrenchSign: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case onRobot = 1
    case byRobot = 2
  }

  /// One contact that the driver or its sensors report.
  public struct Contact: Equatable, Sendable {
    public var link: String?
    public var other: String?
    /// N
    public var normalForce: Double?
    /// m, base frame.
    public var point: VectorFields?
    /// m; negative inside.
    public var distance: Double?

    public init(
      link: String? = nil, other: String? = nil, normalForce: Double? = nil, point: VectorFields? = nil,
      distance: Double? = nil
    ) {
      self.link = link
      self.other = other
      self.normalForce = normalForce
      self.point = point
      self.distance = distance
    }
  }

  public var header: HeaderFields?
  /// rad
  public var position: [Double]
  /// rad/s
  public var velocity: [Double]
  /// Nm
  public var effort: [Double]
  /// Nm
  public var externalEffort: [Double]
  /// m, base frame.
  public var endEffectorPosition: [Double]
  /// x, y, z, w.
  public var endEffectorOrientation: [Double]
  /// m/s, rad/s, base frame.
  public var endEffectorTwist: [Double]
  /// N, Nm.
  public var wrench: [Double]
  public var wrenchFrame: String?
  public var wrenchSign: WrenchSign?
  public var contacts: [Contact]
  /// The list holds every contact, and may be empty.
  public var contactComplete: Bool?
  public var gripperPosition: [Double]
  public var grasped: Bool?
  public var mode: UInt32?
  public var lastActionSequence: UInt64?
  public var sourceFrame: UInt64?
  public var successRate: Double?
  /// The tool is on.
  public var toolActive: Bool?

  public init(
    header: HeaderFields? = nil, position: [Double] = [], velocity: [Double] = [], effort: [Double] = [],
    externalEffort: [Double] = [], endEffectorPosition: [Double] = [], endEffectorOrientation: [Double] = [],
    endEffectorTwist: [Double] = [], wrench: [Double] = [], wrenchFrame: String? = nil,
    wrenchSign: WrenchSign? = nil, contacts: [Contact] = [], contactComplete: Bool? = nil,
    gripperPosition: [Double] = [], grasped: Bool? = nil, mode: UInt32? = nil,
    lastActionSequence: UInt64? = nil, sourceFrame: UInt64? = nil, successRate: Double? = nil,
    toolActive: Bool? = nil
  ) {
    self.header = header
    self.position = position
    self.velocity = velocity
    self.effort = effort
    self.externalEffort = externalEffort
    self.endEffectorPosition = endEffectorPosition
    self.endEffectorOrientation = endEffectorOrientation
    self.endEffectorTwist = endEffectorTwist
    self.wrench = wrench
    self.wrenchFrame = wrenchFrame
    self.wrenchSign = wrenchSign
    self.contacts = contacts
    self.contactComplete = contactComplete
    self.gripperPosition = gripperPosition
    self.grasped = grasped
    self.mode = mode
    self.lastActionSequence = lastActionSequence
    self.sourceFrame = sourceFrame
    self.successRate = successRate
    self.toolActive = toolActive
  }
}

extension StateMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__state__init)

  public init(_ c: Odcv__V1__State) {
    header = unsafe read(c.header)
    position = unsafe read(c.n_position, c.position)
    velocity = unsafe read(c.n_velocity, c.velocity)
    effort = unsafe read(c.n_effort, c.effort)
    externalEffort = unsafe read(c.n_external_effort, c.external_effort)
    endEffectorPosition = unsafe read(c.n_ee_position, c.ee_position)
    endEffectorOrientation = unsafe read(c.n_ee_orientation, c.ee_orientation)
    endEffectorTwist = unsafe read(c.n_ee_twist, c.ee_twist)
    wrench = unsafe read(c.n_wrench, c.wrench)
    wrenchFrame = unsafe read(c.wrench_frame)
    wrenchSign = unsafe read(c.has_wrench_sign, c.wrench_sign)
    contacts = unsafe read(c.n_contact, c.contact)
    contactComplete = unsafe read(c.has_contact_complete, c.contact_complete)
    gripperPosition = unsafe read(c.n_gripper_position, c.gripper_position)
    grasped = unsafe read(c.has_grasped, c.grasped)
    mode = unsafe read(c.has_mode, c.mode)
    lastActionSequence = unsafe read(c.has_last_action_seq, c.last_action_seq)
    sourceFrame = unsafe read(c.has_source_frame, c.source_frame)
    successRate = unsafe read(c.has_success_rate, c.success_rate)
    toolActive = unsafe read(c.has_tool_active, c.tool_active)
  }

  public func fill(_ c: inout Odcv__V1__State, _ arena: inout Arena) {
    unsafe odcv__v1__state__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(position, &c.n_position, &c.position, &arena)
    unsafe write(velocity, &c.n_velocity, &c.velocity, &arena)
    unsafe write(effort, &c.n_effort, &c.effort, &arena)
    unsafe write(externalEffort, &c.n_external_effort, &c.external_effort, &arena)
    unsafe write(endEffectorPosition, &c.n_ee_position, &c.ee_position, &arena)
    unsafe write(endEffectorOrientation, &c.n_ee_orientation, &c.ee_orientation, &arena)
    unsafe write(endEffectorTwist, &c.n_ee_twist, &c.ee_twist, &arena)
    unsafe write(wrench, &c.n_wrench, &c.wrench, &arena)
    unsafe write(wrenchFrame, &c.wrench_frame, &arena)
    unsafe write(wrenchSign, &c.has_wrench_sign, &c.wrench_sign)
    unsafe write(contacts, &c.n_contact, &c.contact, &arena)
    unsafe write(contactComplete, &c.has_contact_complete, &c.contact_complete)
    unsafe write(gripperPosition, &c.n_gripper_position, &c.gripper_position, &arena)
    unsafe write(grasped, &c.has_grasped, &c.grasped)
    unsafe write(mode, &c.has_mode, &c.mode)
    unsafe write(lastActionSequence, &c.has_last_action_seq, &c.last_action_seq)
    unsafe write(sourceFrame, &c.has_source_frame, &c.source_frame)
    unsafe write(successRate, &c.has_success_rate, &c.success_rate)
    unsafe write(toolActive, &c.has_tool_active, &c.tool_active)
  }
}

extension StateMessage.Contact: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__contact__init)

  public init(_ c: Odcv__V1__Contact) {
    link = unsafe read(c.link)
    other = unsafe read(c.other)
    normalForce = unsafe read(c.has_force_normal_n, c.force_normal_n)
    point = unsafe read(c.point_m)
    distance = unsafe read(c.has_distance_m, c.distance_m)
  }

  public func fill(_ c: inout Odcv__V1__Contact, _ arena: inout Arena) {
    unsafe odcv__v1__contact__init(&c)
    unsafe write(link, &c.link, &arena)
    unsafe write(other, &c.other, &arena)
    unsafe write(normalForce, &c.has_force_normal_n, &c.force_normal_n)
    unsafe write(point, &c.point_m, &arena)
    unsafe write(distance, &c.has_distance_m, &c.distance_m)
  }
}
