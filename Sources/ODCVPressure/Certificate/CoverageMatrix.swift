import ODCVSim

/// Which constraints, control modes and gaps the scenarios cover, from their files alone.
struct CoverageMatrix {
  static let constraints = ToldConstraint.allCases.map(\.rawValue)
  static let gaps = Scenario.knownGaps
  /// Scenarios that each constraint and each gap needs.
  static let least = 3
  /// Control modes that each constraint needs.
  static let leastModes = 2

  private let byConstraint: [String: [String]]
  private let modes: [String: Set<String>]
  private let byGap: [String: [String]]

  init(_ scenarios: [Scenario]) {
    var byConstraint: [String: [String]] = [:]
    var modes: [String: Set<String>] = [:]
    var byGap: [String: [String]] = [:]
    for scenario in scenarios {
      for id in scenario.breakable {
        byConstraint[id, default: []].append(scenario.id)
        for stream in scenario.actionStreams { modes[id, default: []].insert(stream.rawValue) }
      }
      for gap in scenario.gaps { byGap[gap, default: []].append(scenario.id) }
    }
    self.byConstraint = byConstraint
    self.modes = modes
    self.byGap = byGap
  }

  var problems: [String] {
    Self.constraints.compactMap { id in
      let count = byConstraint[id]?.count ?? 0
      if count < Self.least { return "\(id) is broken in \(count) scenarios, of \(Self.least) at least" }
      let modes = modes[id]?.count ?? 0
      return modes < Self.leastModes ? "\(id) is covered in \(modes) control modes, of \(Self.leastModes) at least" : nil
    }
      + Self.gaps.compactMap { id in
        let count = byGap[id]?.count ?? 0
        return count < Self.least ? "\(id) is in \(count) scenarios, of \(Self.least) at least" : nil
      }
  }

  var holds: Bool { problems.isEmpty }

  var text: String {
    var lines = ["coverage: scenarios in which each constraint is broken, and each gap is open"]
    for id in Self.constraints {
      lines.append("  \(id)  \((byConstraint[id] ?? []).joined(separator: " "))")
    }
    for id in Self.gaps { lines.append("  \(id)  \((byGap[id] ?? []).joined(separator: " "))") }
    lines += problems.map { "  DOES NOT HOLD: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
