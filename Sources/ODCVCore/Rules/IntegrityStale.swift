/// `integrity.stale`: every declared input is there, and young enough.
///
/// - Requirement: the arm's state and the last frame of every declared sensor are no older than the cell allows, and each
///   sensor vouches for its field; a verdict is given within its deadline.
/// - Formula: age = now - receipt + the source's declared latency, against the input's own limit; the worst is reported.
/// - Unit: s.
/// - Unknown: whenever it does not pass. An input that is missing or too old is not known to be bad, it is not known.
struct IntegrityStale: Rule {
  static let id = RuleID.integrityStale
  static let facts = RuleFacts(
    "every declared input is there and not too old",
    cellLimits: CellLimits(
      key: "inputs", remedy: "write the ages in the cell file's `inputs` and sensors", absence: "no input in this cell",
      list: limits),
    yieldsToSlowing: false, objection: .unknown)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.wait(60)
    scene.add(.tick)
  }

  private static let limits: @Sendable (Cell) -> [CellLimits.Limit] = { cell in
    let sensors = cell.peopleSensors + cell.obstacleSensors
    let inputs = [("state", cell.stateInput)] + sensors.map { ($0.id, $0.input) }
    return inputs.map { CellLimits.Limit($0.0, .atMost, $0.1.maxAge, "s") }
      + [CellLimits.Limit("verdict", .atMost, cell.verdictDeadline, "s")]
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    if world.overrun != nil { return .unknown(Self.id, .overrun) }
    if let (reason, sensor) = world.peopleUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    if let (reason, sensor) = world.obstaclesUnknown {
      return .unknown(Self.id, reason, .sensor(cell.peopleSensors.count + sensor))
    }
    guard let age = world.stateAge else { return .unknown(Self.id, .missing, .stream(.state)) }
    guard cell.stateInput.accepts(age: age) else { return .unknown(Self.id, .stale, .stream(.state)) }
    var worst = finding(age, cell.stateInput, .stream(.state))
    for sensor in world.people.indices {
      let finding = finding(world.age(ofPeople: sensor), cell.peopleSensors[sensor].input, .sensor(sensor))
      if finding.margin.lower < worst.margin.lower { worst = finding }
    }
    for sensor in world.obstacles.indices {
      let finding = finding(
        world.age(ofObstacles: sensor), cell.obstacleSensors[sensor].input, .sensor(cell.peopleSensors.count + sensor))
      if finding.margin.lower < worst.margin.lower { worst = finding }
    }
    return worst
  }

  private func finding(_ age: Double, _ input: InputDeclaration, _ subject: Subject) -> Finding {
    Finding(Self.id, value: Interval(exactly: age), .atMost, input.maxAge, subject: subject)
  }
}
