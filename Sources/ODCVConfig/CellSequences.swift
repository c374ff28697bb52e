import ODCVCore
import ODCVYAML

/// What a cell file says must come before what, and what is not believed without evidence.
enum CellSequences {
  /// `signals: {NAME: {from: driver|perception, max_age_s}}`
  static func signals(_ map: YAMLMap) throws(ConfigError) -> [SignalDeclaration] {
    let entries = try map.named("signals")
    guard entries.count <= Capacity.signals else {
      throw map.error("signals", "\(entries.count) signals", "declare at most \(Capacity.signals)")
    }
    var signals: [SignalDeclaration] = []
    for (name, entry) in entries {
      let sender: Sender = try entry.choice("from")
      signals.append(
        SignalDeclaration(name: name, source: sender.core, maxAge: try entry.double("max_age_s", .positive)))
    }
    return signals
  }

  /// `sequences: {NAME: {kind: interlock|check_before_move, signal, zone, valid_s, each_move}}`
  static func sequences(_ map: YAMLMap, _ cell: Cell) throws(ConfigError) -> [Precedence] {
    var sequences: [Precedence] = []
    for (name, entry) in try map.named("sequences") {
      let kind: Kind = try entry.choice("kind")
      let core: Precedence.Kind
      switch kind {
      case .interlock: core = .interlock
      case .check_before_move:
        core = .event(valid: try entry.double("valid_s", .positive), eachMove: try entry.bool("each_move"))
      }
      sequences.append(
        Precedence(
          name: name, kind: core, signal: try signal(entry, cell),
          zone: try place(entry, "zone", cell.zones.map(\.name), "zones")))
    }
    return sequences
  }

  /// `claims: {NAME: {claim: grasped|success|terminated, least_fraction, evidence: {gripper|force|signal}, within_s}}`
  static func claims(_ map: YAMLMap, _ cell: Cell) throws(ConfigError) -> [Claim] {
    let entries = try map.named("claims")
    guard entries.count <= Capacity.claims else {
      throw map.error("claims", "\(entries.count) claims", "declare at most \(Capacity.claims)")
    }
    var claims: [Claim] = []
    for (name, entry) in entries {
      let statement: Statement = try entry.choice("claim")
      let core: Claim.Statement
      switch statement {
      case .grasped: core = .grasped
      case .success: core = .success(atLeast: try entry.double("least_fraction", .fraction))
      case .terminated: core = .terminated
      }
      claims.append(
        Claim(
          name: name, statement: core, evidence: try evidence(entry.map("evidence"), cell),
          within: try entry.double("within_s", .notNegative)))
    }
    return claims
  }

  private static func evidence(_ map: YAMLMap, _ cell: Cell) throws(ConfigError) -> Claim.Evidence {
    guard map.keys.count == 1, let key = map.keys.first, let kind = Proof(rawValue: key) else {
      throw map.error(
        "`evidence` is not one of what can be evidence",
        "write one of `gripper: {least_m, greatest_m}`, `force: {least_n}`, `signal: {name}`")
    }
    let inner = try map.map(key)
    switch kind {
    case .gripper:
      let least = try inner.double("least_m", .notNegative)
      let greatest = try inner.double("greatest_m", .positive)
      guard least <= greatest else {
        throw inner.error("least_m", "`least_m` \(least) is above `greatest_m` \(greatest)", "exchange them")
      }
      return .gripper(least...greatest)
    case .force: return .force(atLeast: try inner.double("least_n", .positive))
    case .signal: return .signal(try signal(inner, cell, key: "name"))
    }
  }

  private static func signal(_ map: YAMLMap, _ cell: Cell, key: String = "signal") throws(ConfigError) -> Int {
    guard let place = try place(map, key, cell.signals.map(\.name), "signals") else {
      throw map.error(key, "no signal is named", "name one of the cell's `signals`")
    }
    return place
  }

  /// The place of what a key names; `nil` when it is left out.
  private static func place(
    _ map: YAMLMap, _ key: String, _ names: [String], _ list: String
  ) throws(ConfigError) -> Int? {
    guard let name = try map.optionalString(key) else { return nil }
    guard let place = names.firstIndex(of: name) else {
      throw map.error(key, "`\(name)` is none of the cell's `\(list)`", "declare it there, or correct the name")
    }
    return place
  }

  private enum Sender: String, CaseIterable {
    case driver, perception

    var core: Source {
      switch self {
      case .driver: .driver
      case .perception: .perception
      }
    }
  }
  private enum Kind: String, CaseIterable { case interlock, check_before_move }
  private enum Statement: String, CaseIterable { case grasped, success, terminated }
  private enum Proof: String { case gripper, force, signal }
}
