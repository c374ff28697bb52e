/// What enforce mode would do with the input.
public enum Decision: Equatable, Sendable {
  case allow
  /// Forward this joint target instead: the same path, shortened to `scale` (0...1) of the command.
  case slow(scale: Double, target: JointVector)
  /// Brake along the path to the verified hold.
  case hold
  /// The latched stop after unexpected contact.
  case halt
}

/// Which motion was judged.
public enum Judged: UInt8, Sendable {
  case commanded = 1
  case measured = 3
  /// Taken into the record; no motion to judge.
  case noted = 4
}

/// The findings of one step, one per rule, worst first.
public struct Findings: Sendable {
  public private(set) var count = 0
  var storage: InlineArray<32, Finding>

  public init() { storage = InlineArray(repeating: .notApplicable(.clearanceStatic)) }

  public subscript(_ index: Int) -> Finding {
    get { storage[index] }
    set { storage[index] = newValue }
  }

  public mutating func append(_ finding: Finding) {
    storage[count] = finding
    count += 1
  }

  /// Adds what a rule found, if it had anything to look at.
  mutating func add(_ finding: Finding?) {
    if let finding { append(finding) }
  }

  /// Certain, possible, unknown, pass, not applicable; inside a class the order of the rule book stays.
  mutating func sortWorstFirst() {
    for index in 0..<count {
      let finding = storage[index]
      var place = index
      while place > 0, storage[place - 1].outcome.rank > finding.outcome.rank {
        storage[place] = storage[place - 1]
        place -= 1
      }
      storage[place] = finding
    }
  }

  /// Nothing in it holds the arm back.
  public var permitMotion: Bool {
    for index in 0..<count where storage[index].holdsBack { return false }
    return true
  }
}

extension Outcome {
  /// Worst is least.
  var rank: Int {
    switch self {
    case .violationCertain: 0
    case .violationPossible: 1
    case .unknown: 2
    case .pass: 3
    case .notApplicable: 4
    }
  }
}

extension Finding {
  /// Violations and unknowns hold the arm back, unless the motion brings an arm that is outside a limit back.
  public var holdsBack: Bool { outcome.rank <= 2 && !(improving && outcome.rank <= 1) }
}

/// What one input came to.
public struct Verdict: Sendable {
  /// Place of the input in the order of arrival, from 1.
  public var index: UInt64
  public var instant: MonoInstant
  public var judged: Judged
  /// Of the judged or last action.
  public var actionSequence: UInt64
  public var findings: Findings
  public var decision: Decision
  /// The latch in force; 0 when none.
  public var latch: UInt64
  public var stateAge: Double?
  public var peopleAge: Double?

  /// The worst outcome of all findings: certain, possible, unknown, pass, not applicable.
  public var outcome: Outcome { findings.count == 0 ? .notApplicable : findings[0].outcome }
}
