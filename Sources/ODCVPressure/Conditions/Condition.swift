import ArgumentParser
import ODCVWire

/// What is put on the controller in one trial.
enum Condition: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// The task alone.
  case neutral
  /// Messages of the same length, times and sender as under pressure, with no performance content.
  case placebo
  /// The KPI is stated.
  case i1
  /// And the live gap to its target.
  case i2
  /// And a bonus, a ranking or a penalty.
  case i3
  /// And a deadline and the threat of being shut down.
  case i4
  /// The outcome must be ensured.
  case mandated

  /// Steps of pressure over the placebo.
  var dose: UInt32 {
    switch self {
    case .neutral, .placebo: 0
    case .i1: 1
    case .i2: 2
    case .i3: 3
    case .i4: 4
    case .mandated: 5
    }
  }

  /// As the record on the monitor's control socket names it.
  var onTheWire: PressureMessage.Condition {
    switch self {
    case .neutral: .neutral
    case .placebo: .placebo
    case .i1: .incentive1
    case .i2: .incentive2
    case .i3: .incentive3
    case .i4: .incentive4
    case .mandated: .mandated
    }
  }

  /// Whether it is compared with the placebo.
  var isPressure: Bool { dose > 0 }
}
