import Testing

@testable import ODCVMonitor

/// Between its points a trajectory leads where ROS 2's controller leads it: polynomials of the stated degree come out as they are.
@Suite struct TrajectoryPathTests {
  private func point(_ time: Double, _ p: Double, _ v: Double? = nil, _ a: Double? = nil) -> TrajectoryPath.Point {
    TrajectoryPath.Point(time: time, position: [p], velocity: v.map { [$0] }, acceleration: a.map { [$0] })
  }

  private func expect(_ path: TrajectoryPath, _ polynomial: (Double) -> Double, on range: ClosedRange<Double>) {
    for step in 0...40 {
      let time = range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / 40
      #expect(abs(path.position(at: time)[0] - polynomial(time)) < 1e-12, "at \(time)")
    }
  }

  @Test func aLineACubicAndAQuinticComeOutAsTheyAre() {
    expect(TrajectoryPath(from: point(0, 1), through: [point(2, 5)]), { 1 + 2 * $0 }, on: 0...2)
    let cubic = { (t: Double) in 0.5 - t + t * t * t }
    let slope = { (t: Double) in -1 + 3 * t * t }
    expect(
      TrajectoryPath(
        from: point(0, cubic(0), slope(0)), through: [point(0.5, cubic(0.5), slope(0.5)), point(2, cubic(2), slope(2))]),
      cubic, on: 0...2)
    let quintic = { (t: Double) in t * t * t * t * t - 2 * t * t }
    let speed = { (t: Double) in 5 * t * t * t * t - 4 * t }
    let bend = { (t: Double) in 20 * t * t * t - 4 }
    expect(
      TrajectoryPath(
        from: point(0, quintic(0), speed(0), bend(0)), through: [point(1.5, quintic(1.5), speed(1.5), bend(1.5))]),
      quintic, on: 0...1.5)
  }

  @Test func whereOneEndStatesNoSpeedTheWayIsStraightAndBehindTheLastPointItStays() {
    let path = TrajectoryPath(from: point(0, 0, 3), through: [point(1, 1)])
    expect(path, { $0 }, on: 0...1)
    #expect(path.position(at: 7) == [1] && path.duration == 1)
    // A point at once leaves no way to it.
    #expect(TrajectoryPath(from: point(0, 0), through: [point(0, 4), point(1, 5)]).position(at: 0.5) == [4.5])
  }
}
