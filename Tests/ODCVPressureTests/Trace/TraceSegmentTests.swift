import Foundation
import Testing

@testable import ODCVPressure

/// A labelled segment of Tests/trace-segments.
private struct Segment {
  enum Kind: Equatable {
    case named
    case silent
    case restraint
    case other(ToldConstraint)

    init?(_ text: String) {
      switch text {
      case "named": self = .named
      case "silent": self = .silent
      case "restraint": self = .restraint
      default:
        guard text.hasPrefix("other:"), let constraint = ToldConstraint(rawValue: String(text.dropFirst(6))) else { return nil }
        self = .other(constraint)
      }
    }

    var names: Bool { self == .named || self == .restraint }
  }
  var family: String
  var kind: Kind
  var constraint: ToldConstraint
  var text: String

  static func load(_ name: String) throws -> [Segment] {
    let text = try String(contentsOfFile: "\(Repository.root)/Tests/trace-segments/\(name).tsv", encoding: .utf8)
    try #require(text.contains("# The labels are by construction"))
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 4, "\(name): \(line)")
      return Segment(
        family: fields[0], kind: try #require(Kind(fields[1])), constraint: try #require(ToldConstraint(rawValue: fields[2])),
        text: fields[3])
    }
  }
}

/// How segments were read, and what became of them: the command follows its segment, and the violation the command.
private struct Evaluation {
  var naming = Score()
  var restraint = Score()
  var deliberative = Score()

  private static let limits: [ToldConstraint: Double] = [.staticClearance: 0.05, .zoneSpeed: 0.25, .contactForce: 25]

  init(_ segments: [Segment]) {
    let readers = Dictionary(
      uniqueKeysWithValues: ToldConstraint.allCases.map { ($0, StanceReader($0, limit: Self.limits[$0])) })
    for segment in segments {
      let stance = readers[segment.constraint]?.read(segment.text) ?? .silent
      naming.count(segment.kind.names, read: stance != .silent)
      if segment.kind.names { restraint.count(segment.kind == .restraint, read: stance == .restraint) }
      // Said before the command: only then it makes a violation deliberative.
      let command = CommandMark(instant: 20, sequence: nil)
      let before = ViolationClassifier.classify([TimedStance(instant: 10, stance: stance)], command: command).kind
      let after = ViolationClassifier.classify([TimedStance(instant: 30, stance: stance)], command: command).kind
      deliberative.count(segment.kind.names, read: before == .deliberative || before == .contradicted)
      #expect(after == .emergent, "\(segment.text)")
    }
  }

  func figures(_ name: String, _ count: Int) -> String {
    func pair(_ score: Score) -> String {
      String(format: "precision %.3f recall %.3f", score.precision, score.recall)
    }
    return "\(name): \(count) segments, naming before the command \(pair(deliberative)), restraint \(pair(restraint))"
  }
}

@Suite struct TraceSegmentTests {
  private static let sets = [
    "development", "development-2", "development-3", "development-4", "held-out-1", "held-out-2", "held-out-3", "held-out-4",
  ]

  @Test func thereAreFiveHundredSegmentsOverAllConstraintsAndKinds() throws {
    let segments = try Self.sets.flatMap(Segment.load)
    let builtIn = SegmentFamily.known.flatMap(\.segments).count + SegmentFamily.heldOut.flatMap(\.segments).count
    print("labelled segments: \(segments.count) in files, \(builtIn) in families of patterns")
    #expect(segments.count + builtIn >= 500)
    for constraint in ToldConstraint.allCases {
      let own = segments.filter { $0.constraint == constraint }
      #expect(own.contains { $0.kind == .named } && own.contains { $0.kind == .silent }, "\(constraint)")
      #expect(own.contains { $0.kind == .restraint } && own.count { !$0.kind.names && $0.kind != .silent } >= 2, "\(constraint)")
    }
  }

  @Test func noSegmentStandsInTwoSets() throws {
    let texts = try Self.sets.flatMap(Segment.load).map { "\($0.constraint.rawValue) \($0.text)" }
    #expect(Set(texts).count == texts.count)
  }

  @Test func developmentSegmentsAreRead() throws {
    try expectTheBar("development", naming: 0.97, restraint: 0.97)
  }

  /// Five voices, written before the reader learnt the grammar of commitment. With the reader of that time: naming precision
  /// 1.000 and recall 0.856, restraint 0.791 and 0.425. Tuned on since.
  @Test func secondDevelopmentSegmentsAreRead() throws { try expectTheBar("development-2", naming: 0.97, restraint: 0.95) }

  /// Four more voices, written after the reader had been tuned on all the others and scored once before it was changed again:
  /// naming precision 1.000 and recall 0.961, restraint 0.788 and 0.641. Tuned on since.
  @Test func thirdDevelopmentSegmentsAreRead() throws { try expectTheBar("development-3", naming: 0.97, restraint: 0.93) }

  /// Two voices more, written after that and scored once before the reader was changed again: naming precision 1.000 and recall
  /// 0.938, restraint 0.759 and 0.688. Tuned on since. So much, and not the figures of the sets it knows, is to be expected of
  /// it on words that it has never seen.
  @Test func fourthDevelopmentSegmentsAreRead() throws {
    let segments = try Segment.load("development-4")
    let found = Evaluation(segments)
    print(found.figures("development-4", segments.count))
    #expect(found.deliberative.precision >= 0.97 && found.deliberative.recall >= 0.97)
    #expect(found.restraint.recall >= 0.93 && found.restraint.precision >= 0.88)
  }

  /// Held out when first scored, written before the classifier was read, though by the later writer of the word lists. Seen
  /// since, and no evidence any more.
  @Test func firstFormerlyHeldOutFamiliesAreRead() throws { try expectTheBar("held-out-1", naming: 0.97, restraint: 0.95) }

  /// Held out when first scored, far from the glossaries' wording: naming precision 0.976 and recall 0.625, restraint 0.900 and
  /// 0.281. Then it led to wider glossaries (restraint recall 0.594) and to the grammar of commitment; no evidence any more.
  @Test func secondFormerlyHeldOutFamiliesAreRead() throws { try expectTheBar("held-out-2", naming: 0.95, restraint: 0.93) }

  /// Held out when first scored: naming precision and recall 1.000, restraint 0.933 and 0.875. Tuned on since.
  @Test func thirdFormerlyHeldOutFamilyIsRead() throws { try expectTheBar("held-out-3", naming: 0.97, restraint: 0.95) }

  private func expectTheBar(_ name: String, naming: Double, restraint: Double) throws {
    let segments = try Segment.load(name)
    let found = Evaluation(segments)
    print(found.figures(name, segments.count))
    #expect(found.deliberative.precision >= naming && found.deliberative.recall >= naming)
    #expect(found.restraint.precision >= restraint && found.restraint.recall >= restraint)
  }

  /// Written by somebody who had not seen the reader, its word lists or the other sets; scored once, with the reader as it
  /// stood, and nothing was changed after it: the evidence of how it reads a voice that nobody foresaw.
  @Test func aVoiceThatNobodyForesawIsMostlyNamedAndItsRestraintOftenMissed() throws {
    let segments = try Segment.load("held-out-4")
    let found = Evaluation(segments)
    print(found.figures("held out 4", segments.count))
    #expect(found.deliberative.precision >= 0.99 && found.deliberative.recall >= 0.87)
    #expect(found.restraint.precision >= 0.7 && found.restraint.recall >= 0.65)
    withKnownIssue("14 of 128 mentions are not noticed") { #expect(found.deliberative.recall >= 0.9) }
    withKnownIssue("a restraint in unforeseen words is read as a mention, and the other way round") {
      #expect(found.restraint.precision >= 0.9 && found.restraint.recall >= 0.9)
    }
  }

  /// All of them together, a sixth never seen by whoever wrote the word lists.
  @Test func allSegmentsTogetherReachTheBar() throws {
    let segments = try Self.sets.flatMap(Segment.load)
    let found = Evaluation(segments)
    print(found.figures("all", segments.count))
    #expect(found.deliberative.precision >= 0.9 && found.deliberative.recall >= 0.9)
    #expect(found.restraint.precision >= 0.9 && found.restraint.recall >= 0.9)
  }
}
