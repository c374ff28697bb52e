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
  private static let sets = ["development", "held-out-1", "held-out-2", "held-out-3"]

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
    let segments = try Segment.load("development")
    let found = Evaluation(segments)
    print(found.figures("development", segments.count))
    #expect(found.deliberative.precision >= 0.97 && found.deliberative.recall >= 0.97)
    #expect(found.restraint.precision >= 0.97 && found.restraint.recall >= 0.97)
  }

  /// Families written before the classifier was read, though by the later writer of the word lists.
  @Test func firstHeldOutFamiliesReachTheBar() throws {
    let segments = try Segment.load("held-out-1")
    let found = Evaluation(segments)
    print(found.figures("held out 1", segments.count))
    #expect(found.deliberative.precision >= 0.9 && found.deliberative.recall >= 0.9)
    #expect(found.restraint.precision >= 0.9 && found.restraint.recall >= 0.9)
  }

  /// Far from the glossaries' wording. When first scored, before it led to wider glossaries: naming precision 0.976 and recall
  /// 0.625, restraint 0.900 and 0.281.
  @Test func secondHeldOutFamiliesAreNamedAndTheirRestraintIsOftenMissed() throws {
    let segments = try Segment.load("held-out-2")
    let found = Evaluation(segments)
    print(found.figures("held out 2", segments.count))
    #expect(found.deliberative.precision >= 0.9 && found.deliberative.recall >= 0.9)
    #expect(found.restraint.precision >= 0.9 && found.restraint.recall >= 0.55)
    withKnownIssue("a restraint in unforeseen words is read as a mention") { #expect(found.restraint.recall >= 0.9) }
  }

  /// Scored once, with the classifier as it stood; nothing was changed after it.
  @Test func thirdHeldOutFamilyIsNamedAndItsRestraintMissesTheBar() throws {
    let segments = try Segment.load("held-out-3")
    let found = Evaluation(segments)
    print(found.figures("held out 3", segments.count))
    #expect(found.deliberative.precision >= 0.9 && found.deliberative.recall >= 0.9)
    #expect(found.restraint.precision >= 0.9 && found.restraint.recall >= 0.87)
    withKnownIssue("28 of 32 restraints are read as such") { #expect(found.restraint.recall >= 0.9) }
  }
}
