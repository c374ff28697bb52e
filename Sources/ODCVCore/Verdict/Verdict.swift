/// What enforce mode would do with the input.
public enum Decision: Equatable, Sendable {
  case allow
  /// Forward this joint target instead: the same path, shortened to `scale` (0...1) of the command.
  case slow(scale: Double, target: JointVector)
  /// Brake along the path to the verified hold.
  case hold
  /// The latched stop after unexpected contact.
  case halt

  public enum Kind: Sendable {
    case allow, slow, hold, halt
  }

  /// Which of them, without copying what it holds, as a comparison does: the first of those even asks the heap for a type.
  public var kind: Kind {
    switch self {
    case .allow: .allow
    case .slow: .slow
    case .hold: .hold
    case .halt: .halt
    }
  }
}

/// Which motion was judged.
public enum Judged: UInt8, Sendable {
  case commanded = 1
  /// The rows of a chunk that are not due yet: told, and judged again when they are.
  case predicted = 2
  case measured = 3
  /// Taken into the record; no motion to judge.
  case noted = 4
}

/// The findings of one step, one per rule, worst first.
///
/// They lie in the value itself, so that no step allocates: a `for` loop copies all of them once, `Verdict.finding(at:)` none but the one.
/// What the step asks of all of them is kept beside them.
public struct Findings: Sendable, Swift.Sequence {
  public private(set) var count = 0
  /// The worst outcome of all: certain, possible, unknown, pass, not applicable.
  public private(set) var worst = Outcome.notApplicable
  /// Nothing in it holds the arm back.
  public private(set) var permitMotion = true
  /// The share of the commanded way, 0...1, up to which every rule that holds the arm back says it would pass; `nil` when no
  /// share can be told, because something is unknown, or is not about the motion.
  private(set) var passable: Double? = 1
  /// s: the longest time that a rule that holds the arm back wants to do so after it passes again.
  private(set) var clearAfter = 0.0
  fileprivate var storage: PerRule<Finding>
  /// Where in `storage` each place of the order is.
  fileprivate var order = PerRule<UInt8>(repeating: 0)
  private var ranks = PerRule<UInt8>(repeating: 0)
  /// How many findings are of each rank.
  private var counts = InlineArray<5, UInt8>(repeating: 0)
  private var nearLimit = PerRule<Bool>(repeating: false)
  private let place = InPlace.always

  public init() { storage = PerRule(repeating: .notApplicable(.clearanceStatic)) }

  @_addressableSelf
  public subscript(_ index: Int) -> Finding {
    precondition(index < count)
    return storage[Int(order[index])]
  }

  public struct Iterator: IteratorProtocol, Sendable {
    private let findings: Findings
    private var index = 0

    init(_ findings: Findings) { self.findings = findings }

    public mutating func next() -> Finding? {
      guard index < findings.count else { return nil }
      index += 1
      return findings[index - 1]
    }
  }

  public func makeIterator() -> Iterator { Iterator(self) }

  public var underestimatedCount: Int { count }

  mutating func removeAll() {
    count = 0
    counts = InlineArray(repeating: 0)
    worst = .notApplicable
    permitMotion = true
    passable = 1
    clearAfter = 0
  }

  /// Adds what a rule found. That it holds the arm back is told by `holdBack`, and where all of them stand, behind the last, by
  /// `arrange`.
  @inline(__always)
  mutating func append(_ finding: Finding) {
    let rank = finding.outcome.rank
    storage[count] = finding
    ranks[count] = UInt8(rank)
    nearLimit[count] = finding.isNear(rank)
    counts[rank] += 1
    count += 1
  }

  /// This one, which was added, holds the arm back.
  mutating func holdBack(_ finding: Finding) {
    permitMotion = false
    if case .unknown = finding.outcome { passable = nil }
    if let share = passable, finding.passable < share { passable = finding.passable }
  }

  /// Orders what was added: the worst first, and those as bad as they came.
  mutating func arrange() {
    var next = InlineArray<5, Int>(repeating: 0)
    for rank in 1..<5 { next[rank] = next[rank - 1] + Int(counts[rank - 1]) }
    for index in 0..<count {
      let rank = Int(ranks[index])
      order[next[rank]] = UInt8(index)
      next[rank] += 1
    }
    worst = count > 0 ? storage[Int(order[0])].outcome : .notApplicable
  }

  /// Takes in what rules found of another stretch of the motion: each rule's worse finding stays, or its only one.
  mutating func merge(_ other: borrowing Findings) {
    var worse = PerRule<Int8>(repeating: -1)
    for index in 0..<count { worse[storage[index].rule.place] = Int8(index) }
    var refused = other.passable == nil
    if passable == nil { refused = true }
    var merged = false
    for index in 0..<other.count {
      let place = Int(worse[other.storage[index].rule.place])
      guard place >= 0 else {
        storage[count] = other.storage[index]
        count += 1
        merged = true
        continue
      }
      let (rank, margin) = (other.ranks[index], other.storage[index].margin.lower)
      guard rank < ranks[place] || (rank == ranks[place] && margin < storage[place].margin.lower) else { continue }
      storage[place] = other.storage[index]
      merged = true
    }
    guard merged else {
      if refused { passable = nil }
      return
    }
    let (total, permits) = (count, (permitMotion, other.permitMotion))
    let holds = Swift.max(clearAfter, other.clearAfter)
    removeAll()
    clearAfter = holds
    for index in 0..<total {
      append(storage[index])
      if storage[index].holdsBack { holdBack(storage[index]) }
    }
    arrange()
    // What neither holds back, as an operator ordered, the sum does not either.
    if permits == (true, true) {
      permitMotion = true
      passable = 1
    }
    if refused { passable = nil }
  }
  mutating func holdOn(_ seconds: Double) { if seconds > clearAfter { clearAfter = seconds } }

  /// A rule that no shorter way cures holds the arm back.
  mutating func refuseSlowing() { passable = nil }

  /// Rule, by its place in the book, rank, and nearness to its limit, of the finding that was added as number `index`.
  func outline(_ index: Int) -> (rule: Int, rank: Int, isNear: Bool) {
    (storage[index].rule.place, Int(ranks[index]), nearLimit[index])
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

extension Outcome {
  var isViolation: Bool { rank <= 1 }
}

extension Finding {
  /// Judged, with a slack below 5 % of the limit or, of a distance, below 5 mm: what counts as exposure.
  var isNearLimit: Bool { isNear(outcome.rank) }

  /// The same, where the outcome's rank is known.
  @inline(__always)
  fileprivate func isNear(_ rank: Int) -> Bool {
    guard rank <= 1 || rank == 3 else { return false }
    let slack = margin.lower
    if slack < 0.05 * abs(limit), limit.isFinite { return true }
    return slack < 0.005 && rule.isDistance
  }

  /// Violations and unknowns hold the arm back, unless the motion brings an arm that is outside a limit back.
  public var holdsBack: Bool { outcome.rank <= 2 && !(improving && outcome.rank <= 1) }
}

/// What one input came to.
public struct Verdict: Sendable {
  /// Place of the input in the order of arrival, from 1.
  public var index: UInt64
  public var instant: MonoInstant
  public var judged: Judged
  /// The row of a chunk: which one was judged when it became due, or the first predicted one that would be held.
  public var row: Int?
  /// Of the judged or last action.
  public var actionSequence: UInt64
  public var findings: Findings
  public var decision: Decision
  /// The latch in force; 0 when none.
  public var latch: UInt64
  public var stateAge: Double?
  public var peopleAge: Double?

  /// On no input.
  public static var absent: Verdict {
    Verdict(
      index: 0, instant: MonoInstant(nanoseconds: 0), judged: .noted, row: nil, actionSequence: 0, findings: Findings(), decision: .allow,
      latch: 0, stateAge: nil, peopleAge: nil)
  }

  /// The worst outcome of all findings: certain, possible, unknown, pass, not applicable.
  public var outcome: Outcome { findings.worst }

  /// The finding at this place of their order, worst first. By address: else all of them are copied to read one.
  @_addressableSelf
  public func finding(at place: Int) -> Finding {
    precondition(place < findings.count)
    return findings.storage[Int(findings.order[place])]
  }
}
