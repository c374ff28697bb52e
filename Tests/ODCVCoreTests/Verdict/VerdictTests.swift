import ODCVCore
import Testing
import TestSupport

/// A minute of random commands, states, people and refused messages.
private func stream(seed: UInt64, length: Int) -> [(Input, MonoInstant)] {
  var random = SeededGenerator(seed: seed)
  var feed = Feed()
  var inputs: [(Input, MonoInstant)] = []
  for _ in 0..<length {
    feed.wait(random.uniform(0...0.01))
    let q = [random.uniform(-3...3), random.uniform(-3...3)]
    let input: Input
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: input = feed.move(to: q)
    case 2, 3: input = feed.state(q, velocity: [random.uniform(-2.5...2.5), random.uniform(-2.5...2.5)])
    case 4: input = feed.people([[Generate.capsule(1.5, &random)]])
    default: input = .tick
    }
    inputs.append((input, feed.now))
  }
  return inputs
}

@Test func theSameInputsGiveTheSameBytes() {
  let configuration = Planar.configuration()
  let inputs = stream(seed: 10, length: 2_000)
  var first = Monitor(configuration)
  var second = Monitor(configuration)
  for (input, instant) in inputs {
    let a = first.step(input, at: instant).bytes(configuration)
    let b = second.step(input, at: instant).bytes(configuration)
    guard a == b else {
      Issue.record("verdicts differ")
      return
    }
  }
}

@Test func findingsComeWorstFirstAndOnceARule() {
  let configuration = Planar.configuration()
  var monitor = Monitor(configuration)
  var seen: Set<UInt8> = []
  for (input, instant) in stream(seed: 11, length: 2_000) {
    let verdict = monitor.step(input, at: instant)
    var rank = 0
    var rules: Set<UInt8> = []
    for index in 0..<verdict.findings.count {
      let finding = verdict.findings[index]
      let own: Int
      switch finding.outcome {
      case .violationCertain: own = 0
      case .violationPossible: own = 1
      case .unknown: own = 2
      case .pass: own = 3
      case .notApplicable: own = 4
      }
      #expect(own >= rank)
      rank = own
      #expect(rules.insert(finding.rule.rawValue).inserted)
      if own < 2 { seen.insert(finding.rule.rawValue) }
      #expect(finding.value.lower <= finding.value.upper)
    }
  }
  // A stream of random commands breaks most limits: rules that never fire would read as safety.
  #expect(seen.count >= 6)
}

@Test func anAllowedCommandHasNoFindingThatHoldsBack() {
  let configuration = Planar.configuration()
  var monitor = Monitor(configuration)
  for (input, instant) in stream(seed: 12, length: 3_000) {
    let verdict = monitor.step(input, at: instant)
    if verdict.decision == .allow { #expect(verdict.findings.permitMotion) }
  }
}

@Test func aMarginThatIsNoNumberNeverPasses() {
  let finding = Finding(.clearanceStatic, value: Interval(.nan, 1), .atLeast, 0.05)
  #expect(finding.outcome == .unknown(.nonFinite))
  #expect(Finding(.motionTCPSpeed, value: Interval(0, .nan), .atMost, 1).outcome == .unknown(.nonFinite))
}

@Test(arguments: [
  (Interval(0.06, 0.07), Sense.atLeast, Outcome.pass), (Interval(0.04, 0.07), .atLeast, .violationPossible),
  (Interval(0.03, 0.04), .atLeast, .violationCertain), (Interval(0.03, 0.04), .atMost, .pass),
  (Interval(0.04, 0.06), .atMost, .violationPossible), (Interval(0.06, 0.07), .atMost, .violationCertain),
])
func theOutcomeFollowsFromTheMargin(value: Interval, sense: Sense, outcome: Outcome) {
  #expect(Finding(.clearanceStatic, value: value, sense, 0.05).outcome == outcome)
}

@Test func everyFieldOfAnInputReachesTheBytes() {
  let configuration = Planar.configuration()
  func bytes(_ change: (inout [(Input, MonoInstant)]) -> Void) -> [UInt8] {
    var feed = Feed()
    var inputs: [(Input, MonoInstant)] = []
    inputs.append((feed.people([[Capsule(a: .zero, b: Vector3(1, 1, 1), radius: 0.1)]]), feed.now))
    inputs.append((feed.state([-1, 0.1]), feed.now))
    inputs.append((feed.move(to: [-1.01, 0.1]), feed.now))
    change(&inputs)
    var monitor = Monitor(configuration)
    return inputs.flatMap { monitor.step($0.0, at: $0.1).bytes(configuration) }
  }
  let plain = bytes { _ in }
  var feed = Feed()
  _ = feed.state([0, 0])
  #expect(plain == bytes { _ in })
  #expect(plain != bytes { $0[2].1.nanoseconds += 1 })
  #expect(plain != bytes { inputs in
    var feed = Feed()
    inputs[1].0 = feed.state([-1, 0.1 + 1e-12])
  })
  #expect(plain != bytes { inputs in
    var feed = Feed()
    inputs[2].0 = feed.move(to: [-1.01, 0.1 + 1e-12])
  })
}

@Test func aVerdictFitsItsCapacity() {
  let configuration = Planar.configuration()
  var monitor = Monitor(configuration)
  var longest = 0
  for (input, instant) in stream(seed: 13, length: 500) {
    longest = max(longest, monitor.step(input, at: instant).bytes(configuration).count)
  }
  #expect(longest < Capacity.verdictBytes)
}
