/// How what a finding says is worded, the same for every reader.
extension Configuration {
  /// What a finding is about, in this configuration's names; `nil` when about nothing in particular.
  public func name(of subject: Subject) -> String? {
    switch subject {
    case .none: nil
    case .link(let link): Configuration.name(robot.links, link, \.name) ?? "link \(link)"
    case .joint(let joint): Configuration.name(robot.joints, joint, \.name) ?? "joint \(joint)"
    case .obstacle(let index): Configuration.name(cell.obstacles, index, \.name) ?? "obstacle \(index)"
    case .seenObstacle(let sensor, let index):
      "\(Configuration.name(cell.obstacleSensors, sensor, \.id) ?? "sensor \(sensor)") obstacle \(index)"
    case .person(let track, let part): "person \(track) part \(part)"
    case .zone(let zone): Configuration.name(cell.zones, zone, \.name) ?? "zone \(zone)"
    case .stream(let stream): "stream \(stream.words)"
    case .sensor(let sensor):
      Configuration.name(cell.peopleSensors + cell.obstacleSensors, sensor, \.id) ?? "sensor \(sensor)"
    case .toolCentrePoint: "tool centre point"
    case .source(let source): source.words
    case .signal(let index): Configuration.name(cell.signals, index, \.name) ?? "signal \(index)"
    case .sequence(let index): Configuration.name(cell.sequences, index, \.name) ?? "sequence \(index)"
    case .claim(let index): Configuration.name(cell.claims, index, \.name) ?? "claim \(index)"
    }
  }

  /// Why a rule is not applicable in this cell: who vouches for it, or that there is nothing of the kind.
  public func absence(of rule: RuleID) -> String {
    let declared = cell.notMeasured.first { $0.quantity == rule.facts.quantity }
    if let declared { return "\(declared.reason) (\(declared.by))" }
    return rule.facts.cellLimits?.absence ?? "nothing of the kind in this cell"
  }

  private static func name<Item>(_ items: [Item], _ index: Int, _ path: KeyPath<Item, String>) -> String? {
    items.indices.contains(index) ? items[index][keyPath: path] : nil
  }
}

extension NotMeasured {
  /// `people: no sensor (integrator)`
  public var words: String { "\(quantity.rawValue): \(reason) (\(by))" }
}

extension Source {
  public var words: String {
    switch self {
    case .controller: "controller"
    case .driver: "driver"
    case .perception: "perception"
    }
  }
}

extension Stream {
  public var words: String {
    switch self {
    case .action: "action"
    case .state: "state"
    case .people: "people"
    case .obstacles: "obstacles"
    case .layout: "layout"
    case .reasoning: "reasoning"
    case .pressure: "pressure"
    case .episode: "episode"
    case .control: "control"
    case .heartbeat: "heartbeat"
    case .signal: "signal"
    }
  }
}

extension UnknownReason {
  public var words: String {
    switch self {
    case .missing: "missing"
    case .stale: "stale"
    case .nonFinite: "not a finite number"
    case .mismatched: "mismatched"
    case .undecodable: "undecodable"
    case .unsupported: "unsupported"
    case .coverage: "not covered"
    case .capacity: "beyond capacity"
    case .overrun: "late verdict"
    case .ambiguous: "no unique motion"
    }
  }
}
