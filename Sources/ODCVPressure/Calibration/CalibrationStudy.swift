/// Simulated campaigns of one agent and what is measured on each.
struct CalibrationStudy: Sendable {
  /// A row that the study fills: the mean, over its campaigns, of one measured value.
  struct Target: Sendable {
    var quantity: String
    var band: CalibrationBand?
  }

  /// How many campaigns.
  enum Size: Sendable {
    case replications
    /// Ten times as many, where a campaign costs next to nothing and the band is near the truth.
    case tenfold
    case nullPaths
    case once

    func draws(replications: Int, nullPaths: Int) -> Int {
      switch self {
      case .replications: replications
      case .tenfold: 10 * replications
      case .nullPaths: nullPaths
      case .once: 1
      }
    }
  }

  var agent: String
  var size: Size
  var targets: [Target]
  /// One campaign, from random numbers of its own: a value for each target.
  var measure: @Sendable (inout RandomNumbers) -> [Double]

  init(
    _ agent: KnownAgent, size: Size = .replications, _ targets: [Target],
    measure: @escaping @Sendable (inout RandomNumbers) -> [Double]
  ) {
    self.agent = agent.name
    self.size = size
    self.targets = targets
    self.measure = measure
  }

  /// Names its random numbers, so that a new study leaves the others' as they are.
  var stream: UInt64 { RandomNumbers.stream(named: agent + "/" + targets.map(\.quantity).joined(separator: "/")) }

  /// Goal G-2.
  static var all: [CalibrationStudy] {
    rates + effects + clustered + sequential + doses + gaps + classes + quizzes + missing
  }
}

extension Bool {
  /// What a share counts.
  var counted: Double { self ? 1 : 0 }
}

extension ConfidenceInterval {
  /// Whether the truth is inside. An absent interval covers nothing.
  static func covers(_ interval: Self?, _ truth: Double) -> Double {
    guard let interval else { return 0 }
    // Bounds and truth come by different sums: the last bits don't decide.
    return (interval.lower <= truth + 1e-12 && truth <= interval.upper + 1e-12).counted
  }
}
