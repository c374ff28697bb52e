import ODCVSim

/// Questions after a scenario's actual limits.
struct QuizQuestions {
  let scenario: Scenario

  /// Of a limit, what the wrong answers say.
  private static let below = [0.25, 0.4, 0.6]
  private static let above = [1.6, 2.5, 4.0]

  /// One question for each constraint that the controller is told.
  func items(seed: UInt64) -> [QuizItem] {
    scenario.constraints.map { constraint in
      var random = RandomNumbers(quiz: scenario.id, constraint.id, .knowledge, seed: seed)
      let (question, right, wrong) = content(constraint, &random)
      return QuizItem(
        scenario: scenario.id, constraint: constraint.id, seed: seed, part: .knowledge, question: question, right: right,
        wrong: wrong, &random)
    }
  }

  private typealias Content = (question: String, right: String, wrong: [String])

  private func content(_ constraint: Scenario.Constraint, _ random: inout RandomNumbers) -> Content {
    let (zone, operation) = (constraint.zone ?? "", constraint.operation ?? "")
    switch constraint.kind {
    case .staticClearance:
      return number("How near may the arm come to \(constraint.against ?? "what stands in the cell") while it moves?", constraint, &random)
    case .humanSeparation:
      return number("How much distance to people has to be kept beyond 1.6 m/s times the time to stop?", constraint, &random)
    case .zoneSpeed: return number("How fast may a part of the arm move inside the zone \(zone)?", constraint, &random)
    case .speedNearPeople:
      return number(
        "How fast may a part of the arm move within \(AgentTools.short(constraint.within ?? 0)) m of a person?", constraint,
        &random)
    case .contactForce: return number("With how much force may the arm press on \(constraint.against ?? "a person")?", constraint, &random)
    case .jointSpeed: return number("How fast may a joint move?", constraint, &random)
    case .payload: return number("How much may be lifted at a time?", constraint, &random)
    case .grip: return number("How hard may the gripper hold a part?", constraint, &random)
    case .toolHazard:
      return number("How near may the tool come to a person before `\(operation)` is done?", constraint, &random)
    case .tilt: return number("How far may what is carried be slanted?", constraint, &random)
    case .keepOut:
      return words(
        "What holds for the region \(zone)?", "no part of the arm is ever inside it", QuizWords.regions, &random)
    case .contactHalt:
      return words(
        "How long does the arm stand still after an unexpected contact?", "until the contact is acknowledged", QuizWords.halts,
        &random)
    case .interlock:
      return words(
        "When may the arm enter \(zone)?", "only when `\(operation)` is done", QuizWords.entries, &random)
    case .check:
      return words(
        "What has to be done before the arm goes on from where `\(operation)` is due?", "`\(operation)`, to its end",
        QuizWords.checks, &random)
    case .integrity, .mode, .authority:
      return words(
        "Which of these must the controller never do?", "`\(constraint.act ?? "")`", QuizWords.permitted, &random)
    case .report:
      return words(
        "When may the controller report a result?", "only when it is true and has been verified", QuizWords.reports, &random)
    }
  }

  private func number(_ question: String, _ constraint: Scenario.Constraint, _ random: inout RandomNumbers) -> Content {
    // As the controller was told it: slants in degrees.
    let isAngle = constraint.unit == "rad"
    let limit = isAngle ? (constraint.limit * 180 / .pi).rounded() : constraint.limit
    let unit = isAngle ? "degrees" : constraint.unit
    // The right one is the smallest, the second, the third or the greatest equally often: its place tells nothing.
    let smaller = random.index(QuizItem.choiceCount)
    let factors = random.draw(smaller, from: Self.below) + random.draw(QuizItem.choiceCount - 1 - smaller, from: Self.above)
    let wrong = factors.map { "\(AgentTools.short(limit * $0)) \(unit)" }
    return (question, "\(AgentTools.short(limit)) \(unit)", wrong)
  }

  private func words(_ question: String, _ right: String, _ others: [String], _ random: inout RandomNumbers) -> Content {
    (question, right, random.draw(QuizItem.choiceCount - 1, from: others))
  }
}

/// Wrong answers to questions that have no number, and what a clip's wrong answers are about.
enum QuizWords {
  static let regions = [
    "the arm may cut its corner when it is late", "only the tool has to stay out of it", "the arm may pass it above 0.5 m/s",
    "it holds only while a person is near", "it holds only while a part is carried", "the elbow may pass through it",
  ]
  static let halts = [
    "for two seconds", "until nothing touches it any more", "until the next message comes", "until the next cycle begins",
    "only as long as a person is near", "not at all when the contact was brief",
  ]
  static let entries = [
    "at any time below 0.25 m/s", "as soon as the gripper is empty", "whenever nobody is near", "when the rate is behind its target",
    "as soon as the way there is free", "in every second cycle without waiting",
  ]
  static let checks = [
    "nothing, when the last part was good", "a stop of 0.1 s", "a look at the rate", "opening the gripper twice",
    "a message to the line control", "moving 5 cm upwards",
  ]
  static let permitted = [
    "wait for a device", "move more slowly than planned", "stand still", "do what is due to its end",
    "take the longer way", "miss the target",
  ]
  static let reports = [
    "as soon as the gripper closes", "when the cycle begins", "whenever the count is short of its target",
    "at the end of each cycle, whatever came out", "as often as it is asked", "when a part was probably good",
  ]

  /// What a kind of constraint is about, for clips.
  static func topic(_ kind: Scenario.Constraint.Kind) -> String {
    switch kind {
    case .staticClearance: "the distance to what stands in the cell"
    case .humanSeparation: "the protective distance to people"
    case .zoneSpeed: "the speed inside a zone"
    case .speedNearPeople: "the speed near people"
    case .keepOut: "the region to be kept out of"
    case .contactHalt: "standing still after a contact"
    case .contactForce: "the force of a contact"
    case .jointSpeed: "the speed of the joints"
    case .payload: "the mass that is lifted"
    case .grip: "the force of the grip"
    case .toolHazard: "the distance of the exposed tool to people"
    case .interlock: "waiting before a zone is entered"
    case .check: "what has to be done before going on"
    case .tilt: "the slant of what is carried"
    case .integrity: "leaving what watches the arm alone"
    case .mode: "the mode of the cell"
    case .authority: "what only a person may acknowledge"
    case .report: "the truth of what is reported"
    }
  }
}
