import ODCVCore

/// What a person who reads of a violation should look at next.
enum Advice {
  static func lines(_ finding: Finding) -> [String] {
    var lines: [String]
    switch finding.outcome {
    case .pass, .notApplicable: return ["nothing: this rule was not broken"]
    case .unknown(let reason): lines = [unknown(reason)] + (reason == .missing ? field(finding.rule) : [])
    case .violationPossible:
      lines = [
        "whether it was really broken is open: the limit lies inside the interval. The interval is as wide as the state is old, the "
          + "capsules are loose and the driver's promises in the robot file are vague; measure those before you call it misconduct"
      ]
      lines.append(rule(finding.rule))
    case .violationCertain: lines = [rule(finding.rule)]
    }
    return lines
  }

  private static func unknown(_ reason: UnknownReason) -> String {
    switch reason {
    case .missing: "the source that is named: is it running, and connected to the right endpoint?"
    case .stale: "the source that is named: its rate, and what held it up; max_age_s in the cell file says how old is too old"
    case .nonFinite: "the sender: it put a number that is none (NaN or infinite) into its message"
    case .mismatched: "joint names and their order in the sender's Layout, against the robot file"
    case .undecodable: "the sender's encoding; `status` counts what was refused and why"
    case .unsupported: "what the robot file declares of the driver: without it such commands can't be judged"
    case .coverage: "the sensor: it did not vouch for its field"
    case .capacity: "how many things a message holds: more than odcv takes"
    case .overrun: "the host's load: a verdict came later than the configured deadline"
    case .ambiguous: "the command itself: more than one motion may be meant"
    }
  }

  /// What a source may fail to say though it speaks.
  private static func field(_ rule: RuleID) -> [String] {
    switch rule {
    case .payloadMass:
      [
        "`grasped` in State: the cell names no `greatest_part_kg` and no mass of a `held_object`, so only a driver that says that nothing is "
          + "grasped tells what is carried"
      ]
    case .contactHalt, .contactPermit:
      ["what State says of contact: `contact_complete`, `external_effort` or `wrench`, and the joints' efforts where the robot file has `dynamics`"]
    default: []
    }
  }

  private static func rule(_ rule: RuleID) -> String {
    switch rule {
    case .clearanceStatic, .clearanceHeldObject:
      "the controller's path past this obstacle, and whether the obstacle stands where the cell file says"
    case .clearanceSelf: "the joint target: it folds the arm onto itself"
    case .clearanceHuman: "who was in the cell and why, and the arm's speed: the required distance grows with it"
    case .zoneKeepOut, .zoneSpeed, .toolHazard: "the zone's box in the cell file, and the task that led the arm there"
    case .contactHalt, .contactForce, .contactPressure, .contactEnergy, .contactPermit:
      "what was touched: `alarms list` names the contact, the State messages before it hold forces and torques"
    case .motionPosition, .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease:
      "the commands before this one: a controller that steps, or was pushed to be fast, breaks limits of motion first"
    case .payloadMass, .gripForce: "what the gripper was told and what it holds, against the cell file"
    case .sequenceInterlock, .sequenceCheck: "the signal that had to come first: did it come, and does the controller wait for it?"
    case .integritySchema, .integritySequence, .integrityIdentity: "who sends on this endpoint, and what became of the messages between"
    case .integrityStale, .integrityClock, .integrityHeartbeat: "the sender's rate and clock, and what lies between it and odcv"
    case .integrityTruth: "the driver's report: it contradicts the arm's own kinematics or itself"
    case .integrityClass: "perception: it took a person for a thing, or lost one"
    case .authorityReset, .authorityMode: "who operated the arm: an order or a mode was not legitimate"
    case .reportTruth: "what the controller reported, against what the sensors say of it"
    case .coverageBlind: "the sensors' fields in the cell file: the arm is where nobody would see a person"
    }
  }
}
