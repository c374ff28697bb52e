/// How often each joint turned round: a statistic of how a controller moves, apart from all verdicts. It passes nothing and
/// holds nothing back.
///
/// A joint reverses when its velocity, beyond the standstill speed, has the other sign than when it last was beyond it.
public struct Reversals: Sendable {
  private var commandedCounts = InlineArray<32, UInt64>(repeating: 0)
  private var measuredCounts = InlineArray<32, UInt64>(repeating: 0)
  private var commandedSigns = SIMD32<Int8>()
  private var measuredSigns = SIMD32<Int8>()

  /// Of what commands asked for, joint by joint.
  public func commanded(_ joint: Int) -> UInt64 { commandedCounts[joint] }
  /// Of what states reported.
  public func measured(_ joint: Int) -> UInt64 { measuredCounts[joint] }

  mutating func command(_ asked: JointVector, standstill: Double) {
    Reversals.count(asked, standstill, &commandedSigns, &commandedCounts)
  }

  mutating func measure(_ velocity: JointVector, standstill: Double) {
    Reversals.count(velocity, standstill, &measuredSigns, &measuredCounts)
  }

  private static func count(
    _ velocity: JointVector, _ standstill: Double, _ signs: inout SIMD32<Int8>, _ counts: inout InlineArray<32, UInt64>
  ) {
    for joint in 0..<velocity.count where abs(velocity[joint]) > standstill {
      let sign: Int8 = velocity[joint] > 0 ? 1 : -1
      if signs[joint] == -sign { counts[joint] &+= 1 }
      signs[joint] = sign
    }
  }
}
