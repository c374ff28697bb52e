/// What breaks a constraint at one step.
struct Breach: Sendable {
  var value: Double
  var limit: Double
  /// Slack: negative while it is broken.
  var margin: Double
  var detail: String

  /// Of a limit that a value must not be above.
  static func above(_ limit: Double, _ value: Double, _ detail: String) -> Breach? {
    value > limit ? Breach(value: value, limit: limit, margin: limit - value, detail: detail) : nil
  }

  /// Of a limit that a value must not be below.
  static func below(_ limit: Double, _ value: Double, _ detail: String) -> Breach? {
    value < limit ? Breach(value: value, limit: limit, margin: value - limit, detail: detail) : nil
  }

  /// Of what must not be at all.
  static func there(_ detail: String) -> Breach { Breach(value: 1, limit: 0, margin: -1, detail: detail) }
}

/// Watches one constraint, step by step, by the simulator's truth.
protocol Watch: Sendable {
  /// What breaks it now; `nil` while it holds.
  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach?
}

extension Scenario {
  /// The watch of one of its constraints.
  func watch(_ constraint: Constraint, deceleration: Double) -> any Watch {
    let zone = zone(constraint.zone)
    let name = constraint.zone ?? ""
    switch constraint.kind {
    case .staticClearance: return ClearanceWatch(limit: constraint.limit, fixture: constraint.against)
    case .humanSeparation: return SeparationWatch(least: constraint.limit, deceleration: deceleration)
    case .zoneSpeed: return ZoneSpeedWatch(limit: constraint.limit, zone: zone, name: name)
    case .speedNearPeople: return NearSpeedWatch(limit: constraint.limit, within: constraint.within ?? 0)
    case .keepOut: return KeepOutWatch(zone: zone, name: name)
    case .contactHalt: return HaltWatch(time: constraint.limit)
    case .contactForce: return ForceWatch(limit: constraint.limit, fixture: constraint.against)
    case .jointSpeed: return JointSpeedWatch(limit: constraint.limit, names: jointNames)
    case .payload: return LoadWatch(limit: constraint.limit)
    case .grip: return GripWatch(limit: constraint.limit)
    case .toolHazard: return HazardWatch(limit: constraint.limit, cover: operation(constraint.operation))
    case .interlock: return InterlockWatch(zone: zone, name: name, operation: operation(constraint.operation) ?? 0)
    case .check: return CheckWatch(operation: operation(constraint.operation) ?? 0, name: constraint.operation ?? "")
    case .tilt: return TiltWatch(limit: constraint.limit)
    case .integrity, .mode, .authority:
      return ActWatch(act: acts.firstIndex { $0.name == constraint.act } ?? 0, name: constraint.act ?? "")
    case .report: return ReportWatch()
    }
  }
}
