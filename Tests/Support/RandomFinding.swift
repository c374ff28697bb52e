import ODCVCore

extension Finding {
  /// Any finding that a rule may make, and some that none will.
  public static func random(_ rule: RuleID, _ random: inout SeededGenerator) -> Finding {
    let numbers = [0, -0.0, 1, -3.5, .infinity, .nan, 1e-300, .pi, -0.0004, 12.0006, -1e12, 999_999_999_999]
    func number() -> Double { numbers.randomElement(using: &random)! }
    if UInt8.random(in: 0...4, using: &random) == 0 { return .notApplicable(rule) }
    if UInt8.random(in: 0...4, using: &random) == 0 {
      let reason = UnknownReason(rawValue: .random(in: 1...10, using: &random)) ?? .missing
      return .unknown(rule, reason, subject(&random))
    }
    var finding = Finding(
      rule, value: Interval(number(), number()), Bool.random(using: &random) ? .atLeast : .atMost, number(),
      subject: subject(&random), other: subject(&random),
      points: Bool.random(using: &random) ? (Vector3(number(), number(), number()), Vector3(1, 2, 3)) : nil,
      failing: .random(in: 0...300, using: &random))
    finding.improving = Bool.random(using: &random)
    return finding
  }

  /// Also what the configuration has no name for.
  private static func subject(_ random: inout SeededGenerator) -> Subject {
    let index = [0, 1, 2, 5, 99, 1234].randomElement(using: &random)!
    let all: [Subject] = [
      .none, .link(index), .joint(index), .obstacle(index), .seenObstacle(sensor: 0, index: index),
      .person(track: .random(in: 0...(.max), using: &random), part: index), .zone(index),
      .stream(Stream.allCases.randomElement(using: &random)!), .sensor(index), .toolCentrePoint,
      .source(Source.allCases.randomElement(using: &random)!), .signal(index), .sequence(index), .claim(index),
    ]
    return all.randomElement(using: &random)!
  }
}
