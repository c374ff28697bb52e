import ODCVConfig
import ODCVConsole
import ODCVCore

/// Whether the monitor ever lets the arm move: one that never does passes every other test.
///
/// With everything there and fresh and nobody near, an arm that stands must be allowed to stand and to make one small move to either
/// side: where the cell's `ready_rad` says that it waits, or, without that, at some posture of its ranges.
struct Mobility {
  /// rad or m of every joint, the greatest first; those that are no motion for this arm are left out.
  private static let moves = [0.05, 0.02, 0.005, 1e-3, 2e-4]
  /// s that a rule may hold on after each hold, and so after every start
  private static let patience = 300.0
  /// Postures that are tried where the cell names none.
  private static let postures = 25

  private let loaded: LoadedConfiguration
  private let core: Configuration

  init(_ loaded: LoadedConfiguration) {
    self.loaded = loaded
    var core = loaded.core
    for rule in RuleID.allCases { core.limits.setClearAfter(0, rule) }
    self.core = core
  }

  /// What keeps the arm from ever moving, a sentence each; empty when nothing does.
  var hindrances: [String] { declared + tried }

  // MARK: - What the files say

  private var declared: [String] {
    var texts: [String] = []
    for rule in RuleID.allCases where loaded.core.limits.clearAfter(rule) > Mobility.patience {
      texts.append(
        "\(rule.name) holds the arm for `clear_after_s` \(Words.rounded(loaded.core.limits.clearAfter(rule))) s after each hold, and so after "
          + "every start\(source(rule)); write at most \(Int(Mobility.patience))")
    }
    for sequence in core.cell.sequences {
      guard case .event(let valid, _) = sequence.kind, valid < core.cell.controlPeriod else { continue }
      texts.append(
        "sequence.check-before-move: the check of `\(sequence.name)` counts for `valid_s` \(valid) s, less than the control period "
          + "\(core.cell.controlPeriod) s, so it is over before the next command\(place("sequences")); write the time that the move needs")
    }
    return texts
  }

  // MARK: - What the core says

  private struct Refusal {
    var what: String
    var findings: [Finding]
  }

  private var tried: [String] {
    var counts = [Int](repeating: 0, count: RuleID.count)
    var examples = [(what: String, finding: Finding)?](repeating: nil, count: RuleID.count)
    let postures = candidates
    for posture in postures {
      var rehearsal = Rehearsal(core, at: posture)
      let refusal = attempt(&rehearsal, posture)
      guard let refusal else { return late(rehearsal.quickest) }
      for finding in refusal.findings {
        counts[finding.rule.place] += 1
        if let example = examples[finding.rule.place], example.finding.margin.lower >= finding.margin.lower { continue }
        examples[finding.rule.place] = (refusal.what, finding)
      }
    }
    let most = counts.max() ?? 0
    let names = ConsoleNames(core, robot: loaded.robotID, realtime: "", evidence: "", inputs: [])
    let stances = loaded.ready == nil ? "at none of \(postures.count) postures of its ranges" : "at the cell's `ready_rad`"
    return RuleID.allCases.compactMap { rule in
      guard counts[rule.place] == most, let example = examples[rule.place] else { return nil }
      return "\(stances) may the arm \(example.what), with everything fresh and nobody near: \(rule.name): "
        + Words.finding(example.finding, names) + source(rule)
    }
  }

  /// What stands against standing still, or else against every small move; `nil`: the arm may move.
  private func attempt(_ rehearsal: inout Rehearsal, _ posture: JointVector) -> Refusal? {
    rehearsal.settle()
    let stands = rehearsal.command(posture)
    guard stands.decision == .allow else { return Refusal(what: "stand still", findings: objections(stands)) }
    rehearsal.wait(core.cell.controlPeriod)
    let still = rehearsal.refresh()
    guard still.decision == .allow else { return Refusal(what: "stand still", findings: objections(still)) }
    let moves = Mobility.moves.filter(isMotion)
    var refusal: Refusal?
    for size in moves.isEmpty ? [Mobility.moves[0]] : moves {
      refusal = nil
      for way in [size, -size] {
        var target = posture
        for joint in 0..<target.count { target[joint] += way }
        let verdict = rehearsal.check(target)
        guard verdict.decision == .allow else {
          refusal = Refusal(what: "make a move of \(size) rad of every joint", findings: objections(verdict))
          break
        }
      }
      if refusal == nil { return nil }
    }
    return refusal
  }

  /// The driver sets out faster than what counts as standing still, as far as its response and its acceleration let it.
  private func isMotion(_ size: Double) -> Bool {
    let tracking = core.robot.tracking
    let slowest = core.robot.joints.indices.map { min(size / tracking.responseTime, (2 * tracking.acceleration[$0] * size).squareRoot()) }.min()
    return (slowest ?? 0) > 1.5 * core.robot.measurement.standstill
  }

  private func objections(_ verdict: Verdict) -> [Finding] { verdict.findings.filter(\.holdsBack) }

  private func late(_ quickest: Double) -> [String] {
    let deadline = core.cell.verdictDeadline
    guard quickest > deadline else { return [] }
    return [
      "every verdict would be late: the quickest of several took \(Words.rounded(quickest * 1e6)) us on this host, and `verdict_deadline_s` is "
        + "\(deadline)\(place("verdict_deadline_s")); write what this host keeps"
    ]
  }

  /// The cell's own, or the middle of all ranges and points of a Halton sequence over them.
  private var candidates: [JointVector] {
    if let ready = loaded.ready { return [ready] }
    let bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
    return (0..<Mobility.postures).map { number in
      JointVector(
        core.robot.joints.enumerated().map { index, joint in
          let share = number == 0 ? 0.5 : Mobility.radicalInverse(number, bases[index % bases.count])
          // Not at the very ends, where no arm waits.
          return joint.limits.lower + (0.1 + 0.8 * share) * (joint.limits.upper - joint.limits.lower)
        })
    }
  }

  private static func radicalInverse(_ number: Int, _ base: Int) -> Double {
    var (share, step, rest) = (0.0, 1.0, number)
    while rest > 0 {
      step /= Double(base)
      share += step * Double(rest % base)
      rest /= base
    }
    return share
  }

  // MARK: - Where it comes from

  private func source(_ rule: RuleID) -> String { loaded.limitSources[rule.name].map { " (from \($0))" } ?? "" }

  private func place(_ key: String) -> String { loaded.place(of: key).map { " (\($0))" } ?? "" }
}
