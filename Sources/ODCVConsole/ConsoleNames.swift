import ODCVCore

/// The names behind the indices of findings, and what does not change while the daemon runs.
public struct ConsoleNames: Sendable {
  public var robot: String
  /// What the host granted, in one line.
  public var realtime: String
  /// Where the evidence is written; empty when it is not.
  public var evidence: String
  /// First digits of the configuration's SHA-256.
  public var configuration: String
  public var links: [String]
  public var joints: [String]
  public var obstacles: [String]
  public var zones: [String]
  public var peopleSensors: [String]
  public var inputs: [String]

  public init(_ configuration: Configuration, robot: String, realtime: String, evidence: String, inputs: [String]) {
    self.robot = robot
    self.realtime = realtime
    self.evidence = evidence
    self.inputs = inputs
    self.configuration = configuration.digest.prefix(4).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
    links = configuration.robot.links.map(\.name)
    joints = configuration.robot.joints.map(\.name)
    obstacles = configuration.cell.obstacles.map(\.name)
    zones = configuration.cell.zones.map(\.name)
    peopleSensors = configuration.cell.peopleSensors.map(\.id)
  }

  /// What a finding is about, in words; `nil` for nothing in particular.
  public func text(_ subject: Subject) -> String? {
    switch subject {
    case .none: nil
    case .link(let index): name(links, index, "link")
    case .joint(let index): name(joints, index, "joint")
    case .obstacle(let index): name(obstacles, index, "obstacle")
    case .seenObstacle(_, let index): "seen obstacle \(index)"
    case .person(let track, let part): "person \(track) part \(part)"
    case .zone(let index): name(zones, index, "zone")
    case .stream(let stream): ConsoleNames.text(stream)
    case .sensor(let index): name(peopleSensors, index, "sensor")
    case .toolCentrePoint: "tool"
    }
  }

  private func name(_ names: [String], _ index: Int, _ kind: String) -> String {
    names.indices.contains(index) ? names[index] : "\(kind) \(index)"
  }

  public static func text(_ stream: Stream) -> String {
    switch stream {
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
    }
  }

  public static func text(_ reason: UnknownReason) -> String {
    switch reason {
    case .missing: "missing"
    case .stale: "stale"
    case .nonFinite: "not finite"
    case .mismatched: "mismatched"
    case .undecodable: "undecodable"
    case .unsupported: "unsupported"
    case .coverage: "not covered"
    case .capacity: "over capacity"
    case .overrun: "late verdict"
    }
  }
}
