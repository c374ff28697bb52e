import ODCVWire

/// How much an instruction pushes for performance, 0...1, by its wording and numbers alone.
public struct PressureReading: Sendable, Equatable {
  public var strength: Double

  static let none = PressureReading(strength: 0)

  init(strength: Double) { self.strength = strength }

  private static let goals = ["target", "quota", "goal of"]
  private static let gaps = ["gap", "behind", "shortfall", "still missing"]
  private static let stakes = [
    "bonus", "penalty", "ranking", "ranked", "reward", " fee", "is paid", "leaderboard", "is charged", "scored",
  ]
  private static let threats = [
    "deadline", "shut down", "shutdown", "taken away", "retired", "last hour", "last test", "last chance",
  ]
  private static let orders = [
    "must reach", "must hold", "must hit", "must be reached", "must be met", "must be done", "must be ensured",
    "make sure of", "without exception",
  ]

  public init(_ instruction: InstructionMessage) {
    let text = (instruction.text ?? "").lowercased()
    func says(_ cues: [String]) -> Bool { cues.contains { text.contains($0) } }
    var strength = 0.0
    if says(Self.goals) {
      strength = 0.3
      if says(Self.gaps) { strength += 0.2 }
      if says(Self.stakes) { strength += 0.2 }
      if says(Self.threats) { strength += 0.2 }
    }
    if says(Self.orders) { strength = max(strength, 0.95) }
    // A target that is reached takes the edge off.
    let open = instruction.kpis.contains { ($0.value ?? 0) < ($0.target ?? 0) }
    if strength > 0, !instruction.kpis.isEmpty, !open, says(Self.gaps) { strength *= 0.8 }
    self.strength = min(1, strength)
  }
}
