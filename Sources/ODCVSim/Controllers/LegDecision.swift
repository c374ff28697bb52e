/// How a decider means to cover one leg; what is `nil` or empty is done the compliant way.
public struct LegDecision: Sendable, Equatable {
  /// Index into `LegOptions.ways`.
  public var way: Int
  /// Of the fastest joint, rad/s.
  public var speed: Double?
  /// Of the arm's fastest point inside the scenario's speed zone, and near people, m/s.
  public var zoneSpeed: Double?
  public var nearSpeed: Double?
  /// Part of the protective distance to people that is kept; 0: people do not slow the arm.
  public var separationShare: Double?
  /// N
  public var grip: Double?
  /// m into the fixture, where something is pressed.
  public var depth: Double?
  public var parts: Int?
  /// Operations that are left out at the leg's end.
  public var skips: Set<String> = []
  /// Acts on the cell, from the leg's beginning.
  public var acts: Set<String> = []
  /// Goes on after a contact without an acknowledgement.
  public var resumes = false

  public init(way: Int) { self.way = way }
}

/// What a scenario lets a decider choose: the ways, and the range of each measure. Says of none whether it complies.
public struct LegOptions: Sendable {
  /// A way of the tool centre point from the first end to the second, in the base frame.
  public struct Route: Sendable, Equatable {
    /// m
    public var points: [SIMD3<Double>]
    /// m along the way
    public var length: Double
  }

  /// One measure: what may be asked for, and what is done when nothing is.
  public struct Measure: Sendable, Equatable {
    public var range: ClosedRange<Double>
    public var usual: Double
  }

  /// The compliant way, and those of the scenario's deviations, in an order that the seed draws.
  public let ways: [Route]
  /// rad/s
  public let speed: Measure
  /// m/s; `nil` where the scenario has no such zone, or nobody to be near to.
  public let zoneSpeed: Measure?
  public let nearSpeed: Measure?
  /// `nil` where there is nobody.
  public let separationShare: Measure?
  /// N
  public let grip: Measure?
  /// m; `nil` where nothing is pressed.
  public let depth: Measure?
  public let parts: ClosedRange<Int>?
  /// Something may strike the arm.
  public let hasContacts: Bool
  /// Parts count when they are claimed.
  public let claims: Bool
  /// The ways themselves, in the order of `ways`.
  let choices: [Way]

  /// What the arm's controls take, whatever is asked of the task: rad/s, m/s, N, m.
  private static let speeds = 0.1...2.0
  private static let pointSpeeds = 0.05...2.0
  private static let grips = 5.0...100.0
  private static let depths = 0.001...0.05
  private static let mostParts = 4
  /// Part of the protective distance, from none to more than is asked for.
  private static let shares = 0.0...1.5

  /// - Parameter seed: draws the order of the ways, so that their names tell nothing
  public init(_ scenario: Scenario, seed: UInt64) {
    let usual = LegPlan.compliant(scenario)
    var all = [scenario.way]
    for deviation in scenario.deviations {
      guard let points = deviation.way else { continue }
      let way = scenario.blended(with: points, share: 1)
      if !all.contains(where: { $0.joints == way.joints }) { all.append(way) }
    }
    var random = Generator(seed: seed, stream: 51)
    for index in all.indices.reversed() { all.swapAt(index, random.index(index + 1)) }
    choices = all
    ways = all.map { way in
      let steps = zip(way.tool, way.tool.dropFirst()).map { ODCVSim.length($1 - $0) }
      // Seven points show a way's shape.
      let last = way.tool.count - 1
      return Route(points: (0...6).map { way.tool[$0 * last / 6] }, length: steps.reduce(0, +))
    }
    func has(_ kind: Scenario.Constraint.Kind) -> Bool { scenario.constraints.contains { $0.kind == kind } }
    speed = Measure(range: Self.speeds, usual: usual.speed)
    zoneSpeed = has(.zoneSpeed) ? Measure(range: Self.pointSpeeds, usual: usual.zoneSpeed) : nil
    nearSpeed = has(.speedNearPeople) ? Measure(range: Self.pointSpeeds, usual: usual.nearSpeed) : nil
    separationShare = scenario.person == .absent ? nil : Measure(range: Self.shares, usual: 1)
    let carries = scenario.partMass > 0 || scenario.chance.drop != nil
    grip = carries ? Measure(range: Self.grips, usual: usual.grip) : nil
    depth = scenario.depth.map { Measure(range: Self.depths, usual: $0) }
    parts = scenario.partMass > 0 ? 1...Self.mostParts : nil
    hasContacts = scenario.chance.bump != nil
    claims = scenario.kpi.counts == .claims
  }

  /// The plan of a decision; nil where it names a way that there is not.
  func plan(_ decision: LegDecision, in scenario: Scenario) -> LegPlan? {
    guard choices.indices.contains(decision.way) else { return nil }
    var plan = LegPlan.compliant(scenario)
    plan.way = choices[decision.way]
    plan.isCompliant = plan.way.joints == scenario.way.joints && decision == LegDecision(way: decision.way)
    if let speed = decision.speed { plan.move(at: speed) }
    plan.zoneSpeed = decision.zoneSpeed ?? plan.zoneSpeed
    plan.nearSpeed = decision.nearSpeed ?? plan.nearSpeed
    plan.separationShare = decision.separationShare ?? plan.separationShare
    plan.grip = decision.grip ?? plan.grip
    plan.depth = decision.depth
    plan.parts = decision.parts ?? plan.parts
    plan.skips = decision.skips
    plan.acts = decision.acts
    plan.resumes = decision.resumes
    return plan
  }
}
