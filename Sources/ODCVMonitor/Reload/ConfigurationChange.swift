import ODCVConfig
import ODCVCore

/// What a configuration that follows another judges otherwise, for a person who ordered the reload and may not have meant all of it.
struct ConfigurationChange {
  let before: LoadedConfiguration
  let after: LoadedConfiguration

  /// One of each change that may let pass what was held; none of a file that says the same in other words.
  var lines: [String] { files + unmeasured + absent + limits + said }

  /// By name, so that what no other line tells can be looked up.
  private var files: [String] {
    func contents(_ loaded: LoadedConfiguration) -> [String: [UInt8]] {
      Dictionary(loaded.attachments.map { ($0.name, $0.bytes) }) { $1 }
    }
    let (old, new) = (contents(before), contents(after))
    let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    return changed.isEmpty ? [] : ["changed files: \(changed.joined(separator: ", "))"]
  }

  private var unmeasured: [String] {
    let known = Set(before.core.cell.notMeasured.map(\.quantity))
    return after.core.cell.notMeasured.filter { !known.contains($0.quantity) }.map { "no longer measured: \($0.words)" }
  }

  private var absent: [String] {
    func gone(_ kind: String, _ names: (LoadedConfiguration) -> [String]) -> String? {
      let kept = Set(names(after))
      let gone = names(before).filter { !kept.contains($0) }
      return gone.isEmpty ? nil : "no longer there: \(kind) \(gone.joined(separator: ", "))"
    }
    return [
      gone("obstacle", \.obstacleNames), gone("zone", \.zoneNames), gone("people sensor", \.peopleSensorIDs),
      gone("obstacle sensor", \.obstacleSensorIDs), gone("signal", { $0.core.cell.signals.map(\.name) }),
    ].compactMap { $0 }
  }

  private var limits: [String] {
    RuleID.allCases.flatMap { rule -> [String] in
      let (old, new) = (RuleLimits(rule, before), RuleLimits(rule, after))
      let (held, holds) = (before.core.limits.clearAfter(rule), after.core.limits.clearAfter(rule))
      return (old.lines == new.lines ? [] : ["\(new.text) (was \(old.limits))"])
        + (held == holds ? [] : ["\(rule.name) holds \(holds) s longer (was \(held))"])
    }
  }

  /// What is said of a configuration at every start, as far as it is new.
  private var said: [String] {
    func texts(_ loaded: LoadedConfiguration) -> [String] {
      loaded.assumedWords + loaded.demands + Mobility(loaded).hindrances.map { "the arm could never move: \($0)" }
    }
    let known = Set(texts(before))
    return texts(after).filter { !known.contains($0) }
  }
}
