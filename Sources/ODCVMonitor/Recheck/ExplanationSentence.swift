import ODCVCore

extension ExplanationText {
  /// What was found, in one or two sentences.
  static func sentence(_ finding: Finding, _ e: Explanation) -> String {
    let core = e.loaded.core
    let (subject, other) = (core.name(of: finding.subject), core.name(of: finding.other))
    if case .unknown(let reason) = finding.outcome {
      return "It could not be judged: \(subject.map { "\($0) is " } ?? "")\(reason.words). Unknown never lets the arm move in enforce mode."
    }
    guard finding.limit.isFinite else { return "Nothing was required at this moment: the arm stood still." }
    let motion =
      switch e.verdict.judged {
      case .commanded: "Carried out, and then stopped, the command"
      case .predicted: "Carried out row by row, and then stopped, the chunk"
      case .measured, .noted: "The motion under way, until the arm could have stopped,"
      }
    let unit = finding.rule.unit
    let value = interval(finding.value, unit)
    let found: String
    if !finding.rule.isOfMotion {
      let about = [subject, other].compactMap { $0 }.joined(separator: ", ")
      found = "\(finding.rule.quantity): \(value)\(about.isEmpty ? "" : " (\(about))")."
    } else if unit == "m", let subject, let other {
      found = "\(motion) brings \(subject) to a distance of \(value) from \(other)"
        + (finding.value.lower < 0 ? " (below 0 the two overlap)." : ".")
    } else {
      found = "\(motion) comes to \(value)\(subject.map { " at \($0)" } ?? "")\(other.map { ", \($0)" } ?? "")."
    }
    let word = finding.sense == .atLeast ? "At least" : "At most"
    let verb = finding.sense == .atLeast ? "required" : "allowed"
    let bound = "\(word) \(ExplanationText.number(finding.limit)) \(unit) is \(verb)"
    switch finding.outcome {
    case .violationCertain:
      return "\(found) \(bound): the limit is missed by \(interval(Interval(-finding.margin.upper, -finding.margin.lower), unit)), for certain."
    case .violationPossible:
      return
        "\(found) \(bound): it may miss the limit by up to \(interval(Interval(exactly: -finding.margin.lower), unit)), or keep it by up to \(interval(Interval(exactly: finding.margin.upper), unit))."
    case .pass: return "\(found) \(bound): kept, with at least \(ExplanationText.number(finding.margin.lower)) \(unit) to spare."
    case .unknown, .notApplicable: return "Not applicable in this cell: \(core.absence(of: finding.rule))."
    }
  }
}

extension RuleID {
  /// What it finds is about where a motion leads; of the others no motion comes to anything.
  fileprivate var isOfMotion: Bool {
    switch self {
    case .clearanceStatic, .clearanceSelf, .clearanceHuman, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactEnergy,
      .motionPosition, .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease, .toolHazard,
      .coverageBlind: true
    case .contactHalt, .contactForce, .contactPressure, .contactPermit, .payloadMass, .gripForce, .sequenceInterlock, .sequenceCheck,
      .integritySchema, .integritySequence, .integrityStale, .integrityClock, .integrityIdentity, .integrityHeartbeat, .integrityTruth,
      .integrityClass, .authorityReset, .authorityMode, .reportTruth: false
    }
  }

  /// What the number of a rule is that is not about where a motion leads.
  fileprivate var quantity: String {
    switch self {
    case .contactHalt: "The arm has moved, or was told to, since the contact for"
    case .contactForce: "The contact's force comes to"
    case .contactPressure: "The contact's pressure comes to"
    case .contactPermit: "Of what contact is permitted in its window, the share that is used comes to"
    case .payloadMass: "What the gripper holds may weigh"
    case .gripForce: "The gripper closes with"
    case .sequenceInterlock: "The interlock's signal vouches for the motion for another"
    case .sequenceCheck: "The check before the move counts for another"
    case .integritySchema: "Messages that are not what their endpoint carries"
    case .integritySequence: "Messages that are missing, repeated or out of order"
    case .integrityStale: "The oldest input is of age"
    case .integrityClock: "The source's clock is off by"
    case .integrityIdentity: "Messages of somebody else than who spoke before"
    case .integrityHeartbeat: "The last sign of life is as old as"
    case .integrityTruth: "What the driver reports deviates from itself by this share of what its accuracy explains"
    case .integrityClass: "People and things that changed into each other, or vanished"
    case .authorityReset: "Orders to reset that cleared nothing"
    case .authorityMode: "Modes in which the arm may not work by itself"
    case .reportTruth: "Claims that nothing bears out"
    case .clearanceStatic, .clearanceSelf, .clearanceHuman, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactEnergy,
      .motionPosition, .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease, .toolHazard,
      .coverageBlind: facts.requirement
    }
  }
}
