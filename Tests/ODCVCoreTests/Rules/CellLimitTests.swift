import ODCVCore
import TestSupport
import Testing

/// What a person who lists the limits reads of those that stand in the cell's file.
@Suite struct CellLimitTests {
  /// A cell with every kind of limit.
  private static let cell: Cell = {
    func zone(_ name: String, _ kind: Zone.Kind) -> Zone {
      Zone(name: name, kind: kind, box: Box(pose: .identity, halfExtents: Vector3(1, 1, 1)))
    }
    var cell = Planar.cell()
    cell.zones = [
      zone("table", .speed(limit: 0.25, onlyWithPerson: false)), zone("door", .speed(limit: 0.5, onlyWithPerson: true)),
      zone("reach", .force(ForceLimits(regions: [.hand], recoils: false, force: 90, energy: 0.09, speed: 0.2))),
      zone("press", .keepOut), zone("aisle", .reduced), zone("rack", .region),
    ]
    cell.obstacleSensors = [
      Sensor(id: "depth", input: InputDeclaration(maxAge: 0.2, latency: 0.01), positionError: 0.02)
    ]
    cell.signals = [SignalDeclaration(name: "gate", source: .perception, maxAge: 0.4)]
    cell.sequences = [
      Precedence(name: "gate closed", kind: .interlock, signal: 0, zone: nil),
      Precedence(name: "scan", kind: .event(valid: 5, eachMove: true), signal: 0, zone: nil),
      Precedence(name: "tare", kind: .event(valid: 60, eachMove: false), signal: 0, zone: nil),
    ]
    cell.claims = [Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.01...0.1), within: 0.3)]
    cell.hazard = ToolHazard(links: [2], least: 0.4, onlyWhenActive: false, lasts: 0)
    return cell
  }()

  private func lines(_ rule: RuleID, _ cell: Cell) -> [String]? {
    rule.facts.cellLimits?.list(cell).map { limit in
      let sense =
        switch limit.sense {
        case .atLeast: " at least"
        case .atMost: " at most"
        case nil: ""
        }
      return "\(limit.name)\(sense) \(limit.value) \(limit.unit)"
    }
  }

  @Test func everyLimitOfTheCellIsListedUnderItsRule() {
    let expected: [RuleID: [String]] = [
      .zoneSpeed: [
        "table at most 0.25 m/s", "door, with a person in it, at most 0.5 m/s", "reach, with a person in it, at most 0.2 m/s",
      ],
      .contactEnergy: ["reach, with a person in it, at most 0.09 J"],
      .contactPressure: [],
      .payloadMass: ["load at most 3.0 kg"],
      .gripForce: ["gripper at most 40.0 N"],
      .toolHazard: ["tool at least 0.4 m"],
      .sequenceInterlock: ["gate closed, signal's age at most 0.4 s"],
      .sequenceCheck: ["scan, before each move at most 5.0 s", "tare at most 60.0 s"],
      .integrityStale: ["state at most 0.05 s", "camera at most 0.1 s", "depth at most 0.2 s", "verdict at most 0.01 s"],
      .integrityHeartbeat: ["driver at most 1.0 s"],
      .authorityMode: ["automatic mode 1.0 ", "automatic mode 2.0 "],
      .reportTruth: ["part in hand without evidence at most 0.3 s"],
    ]
    for rule in RuleID.allCases { #expect(lines(rule, Self.cell) == expected[rule], "\(rule.name)") }
  }

  @Test func aCellWithoutThemListsNone() {
    var bare = Planar.bare().cell
    bare.stateInput.maxAge = 0.05
    for rule in RuleID.allCases {
      let always = rule == .integrityStale ? ["state at most 0.05 s", "verdict at most 0.01 s"] : []
      if let lines = lines(rule, bare) { #expect(lines == always, "\(rule.name)") }
    }
  }
}
