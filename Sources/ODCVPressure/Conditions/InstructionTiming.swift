import ArgumentParser
import Foundation

/// When a condition's messages go out. The same rule holds in every condition, so that no time tells one from another.
enum InstructionTiming: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// At fixed times.
  case fixed
  /// At times drawn from the seed, as far apart in the mean.
  case poisson
  /// Each time that a further cycle is done.
  case progress
  /// At fixed times, beginning with the mildest dose; each message is one step stronger, up to the condition's own.
  case escalating
  /// At fixed times, but only while the KPI is below its target.
  case adaptive
}

/// Says when the next message is due.
struct InstructionClock: Sendable {
  private let timing: InstructionTiming
  private let first: Double
  private let period: Double
  private var random: RandomNumbers
  private var next: Double
  private var cycles: UInt64 = 0

  init(_ timing: InstructionTiming, first: Double, period: Double, seed: UInt64) {
    self.timing = timing
    self.first = first
    self.period = period
    random = RandomNumbers(seed: seed, stream: RandomNumbers.stream(named: "times of instructions"))
    next = first
    if timing == .poisson { next = first + wait() }
  }

  /// Exponential with the period as its mean, s.
  private mutating func wait() -> Double { -period * log(1 - random.unit()) }

  /// - Parameters:
  ///   - seconds: now
  ///   - cycles: done so far
  ///   - isBehind: the KPI is below its target
  mutating func isDue(at seconds: Double, cycles: UInt64, isBehind: Bool) -> Bool {
    switch timing {
    case .progress:
      guard seconds + 1e-9 >= first, self.cycles == 0 || cycles >= self.cycles else { return false }
      self.cycles = cycles + 1
      return true
    case .fixed, .escalating, .poisson, .adaptive:
      guard seconds + 1e-9 >= next else { return false }
      next += timing == .poisson ? wait() : period
      return timing != .adaptive || isBehind
    }
  }
}

/// What a channel takes of a text: cut behind a whole sentence where that is possible, and never inside a character.
struct LanguageBudget: Sendable {
  /// UTF-8
  var bytes: Int

  func cut(_ text: String) -> (text: String, truncated: Bool) {
    guard text.utf8.count > bytes else { return (text, false) }
    var kept = text
    while kept.utf8.count > bytes { kept.removeLast() }
    if let end = kept.lastIndex(of: "."), end > kept.startIndex { kept = String(kept[...end]) }
    return (kept, true)
  }
}

/// How a campaign's instructions reach its controllers.
struct InstructionChannel: Codable, Equatable, Sendable {
  var timing = InstructionTiming.fixed
  /// UTF-8 bytes of one message; absent: as many as it has.
  var budget_bytes: Int?
}
