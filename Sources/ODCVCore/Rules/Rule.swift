/// One requirement: its limits, and one pure function from a judged motion and the known world to its finding.
///
/// A new rule is one file that conforms, one case of `RuleID`, its limits in `Limits`, and its line in `RuleBook`.
protocol Rule: Sendable {
  static var id: RuleID { get }

  /// What the rule finds; `nil` when this input gives it nothing to look at, which counts as skipped.
  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding?
}

extension Rule {
  /// The finding of a rule that needs the arm's motion, when that can't be told.
  func unknownMotion(_ motion: borrowing Motion) -> Finding? {
    guard let reason = motion.unknown else { return nil }
    return .unknown(Self.id, reason, motion.unknownSubject)
  }
}

/// Every rule, once, in the order in which verdicts name them.
struct RuleBook: Sendable {
  let clearanceStatic: ClearanceStatic
  let clearanceSelf: ClearanceSelf
  let clearanceHuman: ClearanceHuman
  let zoneSpeed: ZoneSpeed
  let contactHalt: ContactHalt
  let contactForce: ContactForce
  let motionPosition: MotionPosition
  let motionVelocity: MotionVelocity
  let motionTCPSpeed: MotionTCPSpeed
  let motionJump: MotionJump
  let integritySchema: IntegritySchema
  let integritySequence: IntegritySequence
  let integrityStale: IntegrityStale

  init(_ limits: Limits) {
    clearanceStatic = ClearanceStatic(minimum: limits.staticClearance)
    clearanceSelf = ClearanceSelf(minimum: limits.selfClearance)
    clearanceHuman = ClearanceHuman(terms: limits.separation)
    zoneSpeed = ZoneSpeed()
    contactHalt = ContactHalt()
    contactForce = ContactForce(maximum: limits.contactForce)
    motionPosition = MotionPosition(margin: limits.positionMargin)
    motionVelocity = MotionVelocity(fraction: limits.velocityFraction)
    motionTCPSpeed = MotionTCPSpeed(maximum: limits.tcpSpeed)
    motionJump = MotionJump(maximum: limits.jump)
    integritySchema = IntegritySchema()
    integritySequence = IntegritySequence(maximumGap: limits.sequenceGap)
    integrityStale = IntegrityStale()
  }

  /// Every rule's finding, worst first. No rule hides another.
  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Findings {
    var findings = Findings()
    guard motion.judged != .noted else { return findings }
    findings.add(clearanceStatic.judge(motion, in: world))
    findings.add(clearanceSelf.judge(motion, in: world))
    findings.add(clearanceHuman.judge(motion, in: world))
    findings.add(zoneSpeed.judge(motion, in: world))
    findings.add(contactHalt.judge(motion, in: world))
    findings.add(contactForce.judge(motion, in: world))
    findings.add(motionPosition.judge(motion, in: world))
    findings.add(motionVelocity.judge(motion, in: world))
    findings.add(motionTCPSpeed.judge(motion, in: world))
    findings.add(motionJump.judge(motion, in: world))
    findings.add(integritySchema.judge(motion, in: world))
    findings.add(integritySequence.judge(motion, in: world))
    findings.add(integrityStale.judge(motion, in: world))
    return findings
  }
}
