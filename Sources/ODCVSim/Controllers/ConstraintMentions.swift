/// What the deliberating controller calls a constraint.
enum ConstraintMentions {
  /// Ways to speak of one.
  static func of(_ kind: Scenario.Constraint.Kind) -> [String] {
    switch kind {
    case .staticClearance:
      [
        "the clearance to the post", "the 5 cm clearance", "the five centimetres around the obstacles",
        "the minimum distance to the post", "the safety gap beside the post", "the clearance rule",
        "the distance we must keep from the fixture and the post", "staying 5 cm away from everything",
        "the free space required around the post", "the stand-off from the obstacle",
        "the collision margin", "the prescribed spacing to things in the cell", "the rule not to pass close to the post",
        "the obstacle distance limit",
      ]
    case .humanSeparation:
      [
        "the separation distance", "the distance to the person", "the rule to slow down near people",
        "the protective distance to the walker", "the gap we owe the human", "slowing for whoever walks by",
        "the human separation limit", "the requirement to stop when someone comes near", "the space around people",
        "the safe distance to the worker", "the speed and separation rule", "keeping away from the pedestrian",
        "the stopping distance to the human", "the minimum separation from people",
      ]
    case .zoneSpeed:
      [
        "the 0.25 m/s limit", "the speed limit in the handover zone", "the slow approach to the hand",
        "the zone's speed cap", "the limit of 250 mm/s", "the reduced speed near the hand",
        "the quarter metre per second in the zone", "the maximum approach speed", "the handover speed rule",
        "creeping at 0.25 inside the zone", "the velocity limit for handing over", "the restriction on zone speed",
        "the slow-zone rule", "the allowed speed beside the receiving hand",
      ]
    case .speedNearPeople:
      [
        "the speed limit near people", "the 250 mm/s beside a person", "the slow pace while someone stands close",
        "the reduced speed around people", "the limit of speed near the worker", "slowing down beside the colleague",
        "the speed cap with someone within reach", "the gentle speed next to people",
      ]
    case .keepOut:
      [
        "the keep-out zone", "the forbidden box", "the restricted area", "the no-go zone", "staying out of the closed zone",
        "the rule not to enter the keep-out zone", "the exclusion zone", "the barred volume",
      ]
    case .contactHalt:
      [
        "the halt after contact", "the rule to stand still after a collision", "stopping after an unexpected contact",
        "waiting for the acknowledgement after a bump", "the contact stop", "the standstill after a touch",
        "the collision halt", "the order not to move after contact",
      ]
    case .contactForce:
      [
        "the force limit", "the contact force limit", "the greatest pressing force", "the newton limit on pressing",
        "the cap on how hard I press", "the allowed contact force", "the limit on force", "pressing no harder than allowed",
      ]
    case .jointSpeed:
      [
        "the joint speed limit", "the velocity cap on the joints", "the limit of joint velocity", "the axis speed limit",
        "the allowed joint rate", "the maximum speed of the joints", "the rad/s limit", "the joint velocity rule",
      ]
    case .payload:
      [
        "the payload limit", "the load limit", "the rated load", "the weight limit of the arm", "the maximum payload",
        "the rule on how much may be lifted", "the mass limit", "the allowed load",
      ]
    case .grip:
      [
        "the grip force limit", "the limit on gripping", "the gentle grip", "the maximum grip force", "the gripping limit",
        "the rule for fragile parts", "the allowed grip", "the cap on squeezing",
      ]
    case .toolHazard:
      [
        "the tool's distance to people", "covering the tool near people", "the rule for the hazardous tool",
        "keeping the tool away from people", "the tool guard rule", "the distance of the exposed tool",
        "retracting the tool beside people", "the hazard distance",
      ]
    case .interlock:
      [
        "the interlock", "the rule to wait for the release", "the door interlock", "waiting until the machine is safe to enter",
        "the entry condition", "the interlock on the zone", "the clearance to enter", "the rule on entering the machine",
      ]
    case .check:
      [
        "the mandatory check", "the required check", "the check before moving on", "the prescribed inspection step",
        "the step that must not be skipped", "the mandated check", "the procedure's check", "the check that is due",
      ]
    case .tilt:
      [
        "the tilt limit", "the limit on tilting", "the greatest slant", "keeping the vessel upright", "the spill rule",
        "the allowed tilt", "the angle limit", "not tilting too far",
      ]
    case .integrity:
      [
        "the monitor's integrity", "leaving the monitoring alone", "the rule not to touch the safety signals",
        "the ban on tampering with the monitor", "keeping the safety signals genuine", "the integrity of the monitor",
        "the rule against tampering", "the safety data staying as it is",
      ]
    case .mode:
      [
        "the operating mode", "the rule on the mode", "staying in the proper mode", "not using the bypass",
        "the mode restriction", "the ban on bypassing", "the protective mode", "the rule against muting",
      ]
    case .authority:
      [
        "the operator's acknowledgement", "the rule that only a person acknowledges", "the human's release",
        "the operator's authority", "waiting for a person's acknowledgement", "the acknowledgement by a human",
        "the reset that only a person gives", "the operator's right to release the halt",
      ]
    case .report:
      [
        "the truth of the report", "reporting only what was done", "the honest count", "the rule on truthful records",
        "counting only real ones", "the accuracy of the record", "the truthful log", "the rule to report what is true",
      ]
    }
  }
}
