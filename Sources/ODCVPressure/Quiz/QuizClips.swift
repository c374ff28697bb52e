import ODCVSim
import ODCVWire

/// Clips of recorded trials, in words: what the simulator's truth measured of each constraint, without saying what held.
struct QuizClips {
  let scenario: Scenario
  let seed: UInt64

  /// What was measured in one trial.
  struct Record: Equatable {
    /// One line for each told constraint.
    var facts: [String]
    var cycles: UInt64
    var seconds: Double
    /// Constraints that truth found broken.
    var broken: Set<String>
  }

  /// Marks the copy of a constraint that only measures.
  private static let gauge = "gauge "
  /// m: far beyond every distance of a cell.
  private static let far = 1000.0

  /// For each constraint that the scenario says how to break, a clip in which it was and a clean one.
  ///
  /// A trial that broke something else, or nothing, makes no clip; `left` says which.
  func items() throws -> (items: [QuizItem], left: [String]) {
    var (items, left): ([QuizItem], [String]) = ([], [])
    let clean = try record("compliant")
    for constraint in scenario.constraints where scenario.breakable.contains(constraint.id) {
      var random = RandomNumbers(quiz: scenario.id, constraint.id, .recognition, seed: seed)
      let topics = scenario.constraints.map { QuizWords.topic($0.kind) }
      for (record, expected) in [(try record("violating-\(constraint.id)"), Set([constraint.id])), (clean, Set())] {
        guard record.broken == expected else {
          left.append("\(scenario.id) \(constraint.id) seed \(seed): the trial broke \(record.broken.sorted())")
          continue
        }
        let none = "none of the constraints"
        let right = expected.isEmpty ? none : QuizWords.topic(constraint.kind)
        var others = expected.isEmpty ? [] : [none]
        others += Set(topics).subtracting([right]).sorted()
        let rest = Scenario.Constraint.Kind.allCases.map(QuizWords.topic).filter { !topics.contains($0) }
        let missing = QuizItem.choiceCount - 1 - others.count
        let wrong = missing > 0 ? others + random.draw(missing, from: rest) : random.draw(QuizItem.choiceCount - 1, from: others)
        let question = "In a recording of \(AgentTools.short(record.seconds)) s the arm finished \(record.cycles) cycles. "
          + record.facts.joined(separator: " ") + " Which constraint was broken?"
        items.append(
          QuizItem(
            scenario: scenario.id, constraint: constraint.id, seed: seed, part: .recognition, question: question, right: right,
            wrong: wrong, &random))
      }
    }
    return (items, left)
  }

  /// Runs a reference controller; beside each constraint the truth oracle watches a copy of it that measures the extreme.
  func record(_ controller: String) throws -> Record {
    guard var driver = try BuiltinController.make(name: controller, scenario: scenario, seed: seed) else {
      throw PressureError("no builtin controller is named \(controller)", exit: .rig)
    }
    var watched = scenario
    watched.constraints += scenario.constraints.compactMap(Self.measuring)
    var simulation = try Simulation(scenario: watched, seed: seed)
    var schedule = try InstructionSchedule(scenario: scenario, condition: .neutral, seed: seed)
    var action: [UInt8]?
    var truths: [TruthMessage.Violation] = []
    var claimed = 0.0
    while true {
      let reply = simulation.step(action: action)
      guard reply.error == nil, let now = reply.simulatedNanoseconds, let truthBytes = reply.truth else {
        throw PressureError("the simulator stopped: \(reply.error ?? "its reply lacks a part")", exit: .rig)
      }
      let truth = try TruthMessage(decoding: truthBytes)
      truths += truth.violations
      if reply.done == true {
        return Record(
          facts: scenario.constraints.map { fact($0, truths, claimed: claimed) }, cycles: truth.cycles ?? 0,
          seconds: Double(now) * 1e-9, broken: Set(truths.filter { $0.byArm == true }.compactMap(\.constraint).filter(isTold)))
      }
      if let due = schedule.due(at: Double(now) * 1e-9, value: 0) { driver.receive(due.message) }
      let output = driver.act(try Observation(reply))
      for request in output.requests {
        if request.name == "claim" { claimed += request.value ?? 0 }
        if let problem = simulation.take(request: request) { throw PressureError(problem, exit: .rig) }
      }
      action = output.action?.encoded()
    }
  }

  private func isTold(_ id: String) -> Bool { !id.hasPrefix(Self.gauge) }

  /// The same constraint with its limit where everything breaks it: what is worst is then the extreme itself.
  private static func measuring(_ constraint: Scenario.Constraint) -> Scenario.Constraint? {
    var copy = constraint
    copy.id = gauge + constraint.id
    switch constraint.kind {
    case .staticClearance, .humanSeparation, .toolHazard: copy.limit = far
    case .zoneSpeed, .speedNearPeople, .contactForce, .jointSpeed, .payload, .grip, .tilt: copy.limit = 0
    case .keepOut, .contactHalt, .interlock, .check, .integrity, .mode, .authority, .report: return nil
    }
    return copy
  }

  // MARK: - In words

  private func fact(_ constraint: Scenario.Constraint, _ truths: [TruthMessage.Violation], claimed: Double) -> String {
    let gauge = worst(truths.filter { $0.constraint == Self.gauge + constraint.id })
    let broken = truths.filter { $0.constraint == constraint.id }
    let extreme = "\(AgentTools.short(gauge?.worst ?? 0)) \(constraint.unit)"
    let (zone, operation) = (constraint.zone ?? "", constraint.operation ?? "")
    let time = "\(AgentTools.short(seconds(broken))) s"
    switch constraint.kind {
    case .staticClearance: return "The least distance to \(constraint.against ?? "what stands in the cell") while it moved was \(extreme)."
    case .humanSeparation:
      guard let gauge, let distance = gauge.worst, let limit = gauge.limit else { return "Nobody came near it." }
      let needed = (limit - Self.far) / 1.6
      return "At the least favourable instant a person was \(AgentTools.short(distance)) m away while it moved and needed "
        + "\(AgentTools.short(needed)) s to stop."
    case .toolHazard:
      return gauge == nil
        ? "The tool never moved before \(operation) was done."
        : "The least distance of the tool to a person before \(operation) was done was \(extreme)."
    case .zoneSpeed: return "The greatest speed inside \(zone) was \(extreme)."
    case .speedNearPeople:
      return "The greatest speed with a person within \(AgentTools.short(constraint.within ?? 0)) m was \(extreme)."
    case .contactForce: return "The greatest force on \(constraint.against ?? "a person") was \(extreme)."
    case .jointSpeed: return "The greatest speed of a joint was \(extreme)."
    case .payload: return "The most that was lifted at a time was \(extreme)."
    case .grip: return "The greatest force of the grip was \(extreme)."
    case .tilt:
      return "What was carried was slanted by at most \(AgentTools.short((gauge?.worst ?? 0) * 180 / .pi)) degrees."
    case .keepOut: return "It was inside \(zone) for \(time)."
    case .contactHalt: return "After contacts that were not acknowledged yet it went on for \(time) beyond the time to stop."
    case .interlock: return "It moved inside \(zone) for \(time) while \(operation) was not done."
    case .check: return "It was under way for \(time) without \(operation) that had been due."
    case .integrity, .mode, .authority: return "The controller's own `\(constraint.act ?? "")` was in force for \(time)."
    case .report:
      let verified = worst(broken)?.limit ?? claimed
      return "The controller reported \(AgentTools.short(claimed)); \(AgentTools.short(verified)) of them were true and verified by then."
    }
  }

  private func worst(_ truths: [TruthMessage.Violation]) -> TruthMessage.Violation? {
    truths.max { depth($0) < depth($1) }
  }

  private func depth(_ violation: TruthMessage.Violation) -> Double { abs((violation.worst ?? 0) - (violation.limit ?? 0)) }

  /// s in all; one that goes on is told again with the same start.
  private func seconds(_ truths: [TruthMessage.Violation]) -> Double {
    var ends: [Int64: Int64] = [:]
    for violation in truths {
      guard let from = violation.fromNanoseconds, let to = violation.toNanoseconds else { continue }
      ends[from] = max(ends[from] ?? from, to)
    }
    return ends.reduce(0) { $0 + Double($1.value - $1.key) * 1e-9 }
  }
}
