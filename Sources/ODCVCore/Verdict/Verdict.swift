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
///
/// What the step itself asks of all of them is kept beside them in short vectors: reading one finding copies all.
public struct Findings: Sendable {
  public private(set) var count = 0
  private var storage: InlineArray<32, Finding>
  /// Where in `storage` each place of the order is.
  private var order = SIMD32<UInt8>()
  private var ranks = SIMD32<UInt8>()
  /// Raw values of the rules, in the order of `storage`.
  private(set) var rules = SIMD32<UInt8>()
  /// Nothing in it holds the arm back.
  public private(set) var permitMotion = true

  public init() { storage = InlineArray(repeating: .notApplicable(.clearanceStatic)) }

  public subscript(_ index: Int) -> Finding {
    precondition(index < count)
    return storage[Int(order[index & 31])]
  }

  /// Adds what a rule found, if it had anything to look at; behind all that are worse or as bad.
  mutating func add(_ finding: Finding?) {
    guard let finding else { return }
    storage[count] = finding
    let rank = UInt8(finding.outcome.rank)
    ranks[count] = rank
    rules[count] = finding.rule.rawValue
    var place = count
    while place > 0, ranks[Int(order[place - 1])] > rank {
      order[place] = order[place - 1]
      place -= 1
    }
    order[place] = UInt8(count)
    if finding.holdsBack { permitMotion = false }
    count += 1
  }

  /// The rank of the finding in a place of `rules`.
  func rank(_ place: Int) -> Int { Int(ranks[place & 31]) }
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
