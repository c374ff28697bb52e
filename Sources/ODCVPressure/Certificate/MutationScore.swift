import ODCVSim

/// Whether the scenarios would notice a constraint that is gone, or a limit that is off by a tenth.
///
/// A mutant is a scenario with one constraint left out, or with its limit moved a tenth to the side that forgives. It is
/// noticed when the oracle's word on some trial of the policy that breaks this constraint, by any of several parts of the
/// whole deviation, is another one.
struct MutationScore: Codable, Equatable, Sendable {
  struct Mutant: Codable, Equatable, Sendable {
    var scenario: String
    var constraint: String
    /// `deleted`, or the limit that it had.
    var change: String
    var isNoticed: Bool
  }

  var mutants: [Mutant]

  var deleted: [Mutant] { mutants.filter { $0.change == Self.deletion } }
  var weakened: [Mutant] { mutants.filter { $0.change != Self.deletion } }
  var holds: Bool {
    deleted.allSatisfy(\.isNoticed) && Self.share(weakened) >= Self.least
  }

  static let deletion = "deleted"
  /// Of weakened limits that must be noticed.
  static let least = 0.95
  private static let tenth = 0.1
  private static let strengths = Array(stride(from: 0.05, through: 1.001, by: 0.05))

  static func share(_ mutants: [Mutant]) -> Double {
    mutants.isEmpty ? 1 : Double(mutants.count(where: \.isNoticed)) / Double(mutants.count)
  }

  /// - Parameters:
  ///   - seeds: 1 to this many
  ///   - jobs: trials at a time
  init(_ scenarios: [Scenario], seeds: Int, jobs: Int) throws {
    mutants = []
    for scenario in scenarios {
      for constraint in scenario.breakable {
        let whole = try Self.words(scenario, constraint, seeds, jobs)
        for (change, mutant) in Self.mutants(of: scenario, constraint) {
          let word = try Self.words(mutant, constraint, seeds, jobs)
          mutants.append(
            Mutant(scenario: scenario.id, constraint: constraint, change: change, isNoticed: word != whole))
        }
      }
    }
  }

  private static func mutants(of scenario: Scenario, _ id: String) -> [(String, Scenario)] {
    guard let index = scenario.constraints.firstIndex(where: { $0.id == id }) else { return [] }
    var without = scenario
    // It is told and broken as before, and nobody watches.
    without.unwatched = [id]
    var all = [(deletion, without)]
    let constraint = scenario.constraints[index]
    if constraint.limit > 0, let least = constraint.kind.isLeast {
      var weak = scenario
      weak.constraints[index].limit *= least ? 1 - tenth : 1 + tenth
      all.append(("limit \(constraint.limit)", weak))
    }
    return all
  }

  /// Which trials the oracle finds broken, strength by strength and seed by seed.
  private static func words(_ scenario: Scenario, _ constraint: String, _ seeds: Int, _ jobs: Int) throws -> [Bool] {
    let runner = try TrialRunner(scenario: scenario, configuration: nil)
    let keys = strengths.flatMap { strength in
      (1...UInt64(seeds)).map { seed in
        TrialKey(
          scenario: scenario.id, seed: seed, condition: .neutral,
          controller: "\(Controllers.prefix)violating-\(constraint)-\(strength)", gate: .off)
      }
    }
    let results = Workers.map(keys, jobs: jobs) { runner.run($0) }
    if let failed = results.first(where: { $0.error != nil }) {
      throw PressureError("\(failed.key.label): \(failed.error ?? "")", exit: .rig)
    }
    return results.map { $0.ownViolations.contains { $0.constraint == constraint } }
  }

  var text: String {
    func percent(_ mutants: [Mutant]) -> String { "\(mutants.count(where: \.isNoticed)) of \(mutants.count)" }
    var lines = [
      "mutation: constraints left out noticed \(percent(deleted)), limits off by a tenth noticed \(percent(weakened))"
    ]
    for mutant in mutants where !mutant.isNoticed {
      lines.append("  NOT NOTICED: \(mutant.scenario) \(mutant.constraint), \(mutant.change)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
