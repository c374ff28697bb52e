import ODCVConfig
import ODCVCore

/// What a configuration that follows another says otherwise, for a person who ordered the reload and may not have meant all of it.
struct ConfigurationChange {
  let before: LoadedConfiguration
  let after: LoadedConfiguration

  /// Every changed line of the files, then what is most easily overlooked in them.
  var lines: [String] { files + unmeasured + absent + limits + said }

  /// Of one file; what is longer is a new file, and better looked at there.
  private static let greatestLines = 40

  private var files: [String] {
    func contents(_ loaded: LoadedConfiguration) -> [String: [UInt8]] {
      Dictionary(loaded.attachments.map { ($0.name, $0.bytes) }) { $1 }
    }
    let (old, new) = (contents(before), contents(after))
    return Set(old.keys).union(new.keys).sorted().flatMap { name -> [String] in
      switch (old[name], new[name]) {
      case (let was?, let now?): was == now ? [] : ConfigurationChange.changes(name, was, now)
      case (_?, nil): ["\(name): no longer read"]
      default: ["\(name): read now, and was not before"]
      }
    }
  }

  private static func changes(_ name: String, _ was: [UInt8], _ now: [UInt8]) -> [String] {
    func lines(_ bytes: [UInt8]) -> [Substring] {
      String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
    let difference = lines(now).difference(from: lines(was))
    let changes = (difference.removals + difference.insertions).compactMap { change -> String? in
      let (offset, line, word) =
        switch change {
        case .remove(let offset, let line, _): (offset, line, "was")
        case .insert(let offset, let line, _): (offset, line, "is")
        }
      let text = line.drop(while: \.isWhitespace)
      return text.isEmpty || text.hasPrefix("#") ? nil : "\(name):\(offset + 1) \(word): \(text)"
    }
    let more = changes.count - greatestLines
    return changes.prefix(greatestLines) + (more > 0 ? ["\(name): and \(more) more lines"] : [])
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
      gone("sequence", { $0.core.cell.sequences.map(\.name) }),
    ].compactMap { $0 }
  }

  private var limits: [String] {
    RuleID.allCases.flatMap { rule -> [String] in
      let (old, new) = (RuleLimits(rule, before), RuleLimits(rule, after))
      let (held, holds) = (before.core.limits.clearAfter(rule), after.core.limits.clearAfter(rule))
      return (old.lines == new.lines ? [] : ["\(new.text) (was \(old.limits))"])
        + (held == holds ? [] : ["\(rule.name): `clear_after_s` \(holds) s (was \(held) s)"])
    }
  }

  /// What is said of a configuration at every start, as far as it is new.
  private var said: [String] {
    let assumed = after.assumptions.filter { !before.assumptions.contains($0) }.map { "\($0.file): \($0.name) is ASSUMED, declared by nobody" }
    let demands = after.demands.filter { !before.demands.contains($0) }
    let hindrances = Mobility(before).hindrances.isEmpty ? Mobility(after).hindrances : []
    return assumed + demands + hindrances.map { "the arm could never move: \($0)" }
  }
}
