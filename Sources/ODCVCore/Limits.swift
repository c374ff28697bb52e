/// The limits that rules compare with: data from the configuration's layers, never constants in a rule.
public struct Limits: Sendable {
  /// `clearance.static`: least distance of any link to any obstacle, m.
  public var staticClearance: Double
  /// `clearance.self`: least distance between checked links, m.
  public var selfClearance: Double
  /// `clearance.human`: the terms of the separation distance.
  public var separation: SeparationTerms
  /// `contact.halt`: a reported contact force above this is contact, N.
  public var contactForceThreshold: Double
  /// `contact.halt`: a reported external joint torque above this is contact, Nm.
  public var contactTorqueThreshold: Double
  /// `contact.force`: greatest force of any contact, N.
  public var contactForce: Double
  /// `motion.position`: distance kept from each joint's limits, rad.
  public var positionMargin: Double
  /// `motion.velocity`: fraction of each joint's velocity limit, 0...1.
  public var velocityFraction: Double
  /// `motion.tcp-speed`: greatest speed of the tool centre point, m/s.
  public var tcpSpeed: Double
  /// `motion.jump`: greatest distance of a commanded joint from the measured one, rad.
  public var jump: Double
  /// `integrity.sequence`: messages of one stream that may be missing in a row.
  public var sequenceGap: Double

  public init(
    staticClearance: Double, selfClearance: Double, separation: SeparationTerms,
    contactForceThreshold: Double, contactTorqueThreshold: Double, contactForce: Double,
    positionMargin: Double, velocityFraction: Double, tcpSpeed: Double, jump: Double,
    sequenceGap: Double
  ) {
    self.staticClearance = staticClearance
    self.selfClearance = selfClearance
    self.separation = separation
    self.contactForceThreshold = contactForceThreshold
    self.contactTorqueThreshold = contactTorqueThreshold
    self.contactForce = contactForce
    self.positionMargin = positionMargin
    self.velocityFraction = velocityFraction
    self.tcpSpeed = tcpSpeed
    self.jump = jump
    self.sequenceGap = sequenceGap
  }
}

/// Terms of the protective separation distance (ISO/TS 15066, 5.5.4) that do not follow from the robot's own motion.
public struct SeparationTerms: Sendable {
  /// v_h, m/s: 1.6 when nobody measures it (ISO 13855).
  public var humanSpeed: Double
  /// C, m
  public var intrusion: Double
  /// Z_r, m: what kinematics, encoders and calibration leave open
  public var robotUncertainty: Double

  public init(humanSpeed: Double, intrusion: Double, robotUncertainty: Double) {
    self.humanSpeed = humanSpeed
    self.intrusion = intrusion
    self.robotUncertainty = robotUncertainty
  }
}

/// Everything that a verdict hangs on besides the inputs.
public struct Configuration: Sendable {
  public var robot: RobotModel
  public var cell: Cell
  public var limits: Limits
  /// SHA-256 of the configuration files in canonical form, 32 bytes; part of every verdict.
  public var digest: [UInt8]

  public init(robot: RobotModel, cell: Cell, limits: Limits, digest: [UInt8]) {
    precondition(digest.count == 32)
    self.robot = robot
    self.cell = cell
    self.limits = limits
    self.digest = digest
  }
}
