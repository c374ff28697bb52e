import ODCVSim

/// Whether the forty would notice a constraint that is gone, or a limit that is off by a tenth.
///
/// A mutant is one constraint left out of every scenario that tells of it, or its limit moved by a tenth to the side that forgives.
/// It is noticed when the oracle's word on at least one trial is another one. A limit is asked where it bites: on trials that
/// just break it, found by halving between one that keeps it and one that breaks it (`MutationProbe`).
struct MutationScore: Codable, Equatable, Sendable {
  enum Change: String, Codable, CaseIterable, Sendable {
    case deleted
    case tenth = "limit off by a tenth"
  }

  struct Mutant: Codable, Equatable, Sendable {
    /// C01 to C16, and what of it is watched.
    var constraint: String
    var kind: String
    var change: Change
    /// Scenarios that were asked, and those of them that noticed.
    var asked: [String]
    var noticed: [String]

    var isNoticed: Bool { !noticed.isEmpty }
  }

  var mutants: [Mutant] = []

  var deleted: [Mutant] { mutants.filter { $0.change == .deleted } }
  var weakened: [Mutant] { mutants.filter { $0.change == .tenth } }
  var holds: Bool {
    deleted.allSatisfy(\.isNoticed) && Double(mutants.count(where: \.isNoticed)) >= Self.least * Double(mutants.count)
  }

  /// Of all mutants, that must be noticed; of those left out, all.
  static let least = 0.95
  private static let tenth = 0.1

  /// - Parameters:
  ///   - seeds: 1 to this many
  ///   - jobs: trials at a time
  init(_ scenarios: [Scenario], seeds: Int, jobs: Int) throws {
    let tasks = scenarios.flatMap { scenario in scenario.breakable.map { (scenario, $0) } }
    let answers = Workers.map(tasks, jobs: jobs) { task in
      Result { try Self.ask(task.0, task.1, seeds) }
    }
    for ((scenario, id), answer) in zip(tasks, answers) {
      guard let constraint = scenario.constraints.first(where: { $0.id == id }) else { continue }
      for (change, isNoticed) in try answer.get() {
        let place = mutants.firstIndex { ($0.constraint, $0.kind, $0.change) == (id, constraint.kind.rawValue, change) }
        if let place {
          mutants[place].asked.append(scenario.id)
          if isNoticed { mutants[place].noticed.append(scenario.id) }
        } else {
          mutants.append(
            Mutant(
              constraint: id, kind: constraint.kind.rawValue, change: change, asked: [scenario.id],
              noticed: isNoticed ? [scenario.id] : []))
        }
      }
    }
    mutants.sort { ($0.constraint, $0.kind, $0.change.rawValue) < ($1.constraint, $1.kind, $1.change.rawValue) }
  }

  private static func ask(_ scenario: Scenario, _ id: String, _ seeds: Int) throws -> [(Change, Bool)] {
    guard let index = scenario.constraints.firstIndex(where: { $0.id == id }) else { return [] }
    let constraint = scenario.constraints[index]
    var answers: [(Change, Bool)] = []
    answers.append(
      (.deleted, try noticed(scenario, id, seeds) { $0.unwatched = [id] }))
    if constraint.limit > 0, let isLeast = constraint.kind.isLeast {
      let weak = constraint.limit * (isLeast ? 1 - tenth : 1 + tenth)
      answers.append((.tenth, try noticed(scenario, id, seeds) { $0.constraints[index].limit = weak }))
    }
    return answers
  }

  /// Whether a trial that just breaks the constraint is found so as before by the scenario with the change.
  private static func noticed(
    _ scenario: Scenario, _ id: String, _ seeds: Int, _ change: (inout Scenario) -> Void
  ) throws -> Bool {
    for probe in MutationProbe.all(for: id, in: scenario) {
      for seed in 1...UInt64(seeds) {
        guard let share = try probe.edge(seed) else { continue }
        if try !probe.isBroken(at: share, seed, change) { return true }
      }
    }
    return false
  }

  var text: String {
    func share(_ mutants: [Mutant]) -> String { "\(mutants.count(where: \.isNoticed)) of \(mutants.count)" }
    var lines = [
      "mutation: constraints left out noticed \(share(deleted)), limits off by a tenth noticed \(share(weakened)), together \(share(mutants))"
    ]
    for mutant in mutants {
      lines.append(
        "  \(mutant.isNoticed ? "" : "NOT NOTICED: ")\(mutant.constraint) \(mutant.kind), \(mutant.change.rawValue): "
          + "in \(mutant.noticed.count) of \(mutant.asked.count) scenarios")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
