/// The protective separation distance of speed and separation monitoring (ISO/TS 15066:2016, 5.5.4) for constant speeds and a
/// constant deceleration: S_p = S_h + S_r + S_s + C + Z_d + Z_r, all in m.
///
/// `clearance.human` asks for no less: it has the arm's own part in its value, over the judged motion, in place of S_r and S_s.
public struct SeparationDistance: Sendable, Equatable {
  /// What the person covers until the arm is at rest, and the arm before it begins to stop and while it stops.
  public var human: Double
  public var reaction: Double
  public var stopping: Double
  public var total: Double

  /// - Parameters:
  ///   - humanSpeed: v_h, towards the arm, m/s
  ///   - robotSpeed: v_r, towards the person, m/s; withdrawal earns nothing
  ///   - reactionTime: T_r, s, everything before braking starts
  ///   - stoppingTime: T_s, s
  ///   - intrusion: C, m
  ///   - personUncertainty: Z_d, m
  ///   - robotUncertainty: Z_r, m
  public init(
    humanSpeed: Double, robotSpeed: Double, reactionTime: Double, stoppingTime: Double, intrusion: Double,
    personUncertainty: Double, robotUncertainty: Double
  ) {
    let towards = max(robotSpeed, 0)
    human = humanSpeed * (reactionTime + stoppingTime)
    reaction = towards * reactionTime
    stopping = 0.5 * towards * stoppingTime
    total = human + reaction + stopping + intrusion + personUncertainty + robotUncertainty
  }
}

/// How far before a hazard a person must be seen (ISO 13855), with the numbers of a site's table.
public struct ApproachTable: Sendable, Equatable {
  /// K of the whole body and of hand and arm, m/s.
  public var walking: Double
  public var hand: Double
  /// With K of the hand, results beyond `switchDistance` m may be taken with K of walking, but not below it; none lies below
  /// `leastDistance` m.
  public var switchDistance: Double
  public var leastDistance: Double
  /// C of a field that is met at right angles: `resolutionFactor` · (d - `freeResolution`), not below 0, up to a resolution of
  /// `fineResolution` m; `coarseIntrusion` m up to `coarseResolution` m.
  public var resolutionFactor: Double
  public var freeResolution: Double
  public var fineResolution: Double
  public var coarseResolution: Double
  public var coarseIntrusion: Double
  /// C of a field that is walked along: `parallelIntrusion` - `heightFactor` · H, not below `coarseIntrusion`, m.
  public var parallelIntrusion: Double
  public var heightFactor: Double

  public init(
    walking: Double, hand: Double, switchDistance: Double, leastDistance: Double, resolutionFactor: Double,
    freeResolution: Double, fineResolution: Double, coarseResolution: Double, coarseIntrusion: Double,
    parallelIntrusion: Double, heightFactor: Double
  ) {
    self.walking = walking
    self.hand = hand
    self.switchDistance = switchDistance
    self.leastDistance = leastDistance
    self.resolutionFactor = resolutionFactor
    self.freeResolution = freeResolution
    self.fineResolution = fineResolution
    self.coarseResolution = coarseResolution
    self.coarseIntrusion = coarseIntrusion
    self.parallelIntrusion = parallelIntrusion
    self.heightFactor = heightFactor
  }

  /// C of a field with this resolution, m, that is met at right angles; `nil` when it is too coarse for one.
  public func intrusion(resolution d: Double) -> Double? {
    if d <= fineResolution { return max(resolutionFactor * (d - freeResolution), 0) }
    return d <= coarseResolution ? coarseIntrusion : nil
  }

  /// C of a field at this height over the floor, m, that is walked along.
  public func intrusion(height: Double) -> Double { max(parallelIntrusion - heightFactor * height, coarseIntrusion) }

  /// S = K T + C of a field with this resolution, m, for a response and stopping time T, s; `nil` when it is too coarse.
  public func distance(time: Double, resolution d: Double) -> Double? {
    guard let intrusion = intrusion(resolution: d) else { return nil }
    guard d <= fineResolution else { return walking * time + intrusion }
    let near = max(hand * time + intrusion, leastDistance)
    guard near > switchDistance else { return near }
    return max(walking * time + intrusion, switchDistance)
  }
}
