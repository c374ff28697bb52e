import ODCVConfig
import ODCVCore

/// What a configuration that follows another says otherwise, for a person who ordered the reload and may not have meant all of it.
struct ConfigurationChange {
  let before: LoadedConfiguration
  let after: LoadedConfiguration

  /// The changed lines of the files, then what is most easily overlooked in them.
  var lines: [String] { files + unmeasured + absent + limits + said }

  /// Of one file; what is longer is a new file, and better looked at there.
  private static let greatestLines = 40
  private static let longest = 1000

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

  static func changes(_ name: String, _ was: [UInt8], _ now: [UInt8]) -> [String] {
    var (old, new) = (lines(was)[...], lines(now)[...])
    while let first = old.first, first.text == new.first?.text {
      old.removeFirst()
      new.removeFirst()
    }
    while let last = old.last, last.text == new.last?.text {
      old.removeLast()
      new.removeLast()
    }
    // To compare long texts takes the square of what differs.
    guard old.count + new.count <= longest else { return ["\(name): \(old.count) lines are \(new.count) others"] }
    let difference = new.map(\.text).difference(from: old.map(\.text))
    let changes = (difference.removals + difference.insertions).map { change -> (place: Int, text: String) in
      switch change {
      case .remove(let offset, let text, _): (old[old.startIndex + offset].number, "was: \(text)")
      case .insert(let offset, let text, _): (new[new.startIndex + offset].number, "is: \(text)")
      }
    }
    // What a line was, and what it is: side by side.
    let order = changes.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    let told = order.prefix(greatestLines).map { "\(name):\($0.element.place) \($0.element.text)" }
    return told + (order.count > greatestLines ? ["\(name): and \(order.count - greatestLines) more lines"] : [])
  }

  /// Those that say something, and are not only a comment. By bytes, not characters: CR LF would be one of these, and no end of a line.
  private static func lines(_ bytes: [UInt8]) -> [(number: Int, text: String)] {
    bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated().compactMap { place, line in
      let text = String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
      let content = text.drop { $0 == " " }
      return content.isEmpty || content.hasPrefix("#") ? nil : (place + 1, text)
    }
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
    func texts(_ loaded: LoadedConfiguration) -> [String] {
      // Not where it stands: a line more before it makes none new.
      loaded.assumptions.map { "\($0.file): \($0.name.replacing(/\ \(line \d+\)$/, with: "")) is ASSUMED, declared by nobody" }
        + loaded.demands + Mobility(loaded).hindrances.map { "the arm could never move: \($0)" }
    }
    let known = Set(texts(before))
    return texts(after).filter { !known.contains($0) }
  }
}
