import ODCVCore
import TestSupport
import Testing

@testable import ODCVMonitor

/// Commands of a source that went on while the loop stood still, and come late.
@Suite struct SourceDoubtsTests {
  private static let second: Int64 = 1_000_000_000

  /// One that sends on while nothing is taken from it, and is heard faster than it sends until it has caught up.
  private struct Source {
    /// s between two messages
    var period: Double
    /// s
    var pause: Double
    /// As many times as fast as it was sent, what waited is heard.
    var haste: Double
    /// s of its clock in one of ours
    var speed = 1.0
    /// Now and then nothing comes for so many s.
    var gap = 0.0
    var stamps = true

    /// Age, s, of the oldest message that was believed, and how long after the pause it was the first time, s.
    func hear(for seconds: Double) -> (oldest: Double, first: Double?) {
      var doubts = SourceDoubts()
      doubts.doubtAll(after: Int64(pause * 1e9), at: 0)
      var (oldest, first) = (0.0, Double?.none)
      // Sent at `sent`, heard at `heard`, counted from the end of the pause.
      var (sent, heard, sinceGap) = (-pause, 0.0, 0.0)
      while heard < seconds {
        var sequence = Sequence(stream: 1, number: 1, boot: 7)
        if stamps { sequence.time = SourceTime(clock: .simulated, nanoseconds: Int64((sent + 100) * speed * 1e9)) }
        if !doubts.doubt(.command(sequence), at: MonoInstant(nanoseconds: Int64(heard * 1e9))) {
          oldest = max(oldest, heard - sent)
          first = first ?? heard
        }
        sent += period
        var next = heard + period / haste
        sinceGap += period / haste
        if gap > 0, sinceGap > gap / 3 { (next, sinceGap) = (next + gap, 0) }
        heard = max(next, sent)
      }
      return (oldest, first)
    }
  }

  @Test func whatWaitedElsewhereIsNotBelieved() {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<400 {
      let source = Source(
        period: Double.random(in: 1e-4...0.01, using: &random), pause: Double.random(in: 0.1...20, using: &random),
        haste: Double.random(in: 1.6...40, using: &random))
      let (oldest, first) = source.hear(for: 2 * source.pause + 1)
      #expect(oldest < 0.04, "\(source)")
      let caughtUp = source.pause / (source.haste - 1)
      #expect(first.map { $0 < caughtUp + 0.12 } == true, "\(source): believed \(first ?? .nan) s after the pause")
    }
  }

  @Test func aBacklogThatComesInPiecesIsNotBelievedBetweenThem() {
    for gap in [0.026, 0.03, 0.05, 0.1] {
      let source = Source(period: 2.5e-4, pause: 15, haste: 12, gap: gap)
      #expect(source.hear(for: 20).oldest < 0.1 + gap, "\(source)")
    }
  }

  @Test func whoKeepsPaceIsBelievedSoon() {
    for (period, soon) in [(0.001, 0.03), (0.01, 0.04), (0.1, 0.11)] {
      for speed in [1.0, 0.7, 1.1] {
        let source = Source(period: period, pause: 0, haste: 1, speed: speed)
        #expect(source.hear(for: 2).first.map { $0 <= soon } == true, "\(source)")
      }
    }
  }

  @Test func nobodyIsDoubtedForEver() {
    let fast = Source(period: 0.001, pause: 0.2, haste: 1, speed: 5)
    #expect(fast.hear(for: 3).first.map { $0 <= 1.001 } == true)
    let mute = Source(period: 0.001, pause: 0.2, haste: 1, stamps: false)
    #expect(mute.hear(for: 3).first.map { $0 >= 0.999 && $0 <= 1.001 } == true, "nothing tells, so for as long as anybody")
  }

  @Test func eachSourceIsDoubtedByItself() {
    var doubts = SourceDoubts()
    let first = Sequence(stream: 1, number: 1, boot: 7, 0)
    let none = doubts.doubt(.command(first), at: MonoInstant(nanoseconds: 0))
    #expect(!none, "without a pause")
    doubts.doubtAll(after: SourceDoubtsTests.second, at: 0)
    let inputs: [InputOutline] = [
      .command(first), .state(first), .signal(first), .people(first, sensor: 3, count: 1), .obstacles(first, sensor: 3),
    ]
    for input in inputs {
      let doubted = doubts.doubt(input, at: MonoInstant(nanoseconds: 0))
      #expect(doubted)
    }
    let later = MonoInstant(nanoseconds: 30_000_000)
    let state = doubts.doubt(.state(Sequence(stream: 1, number: 31, boot: 7, 30_000_000)), at: later)
    let restarted = doubts.doubt(.command(Sequence(stream: 1, number: 1, boot: 8, 30_000_000)), at: later)
    #expect(!state && restarted, "another start of a source shows it anew")
  }
}

extension Sequence {
  fileprivate init(stream: UInt32, number: UInt64?, boot: UInt64, _ nanoseconds: Int64) {
    self.init(stream: stream, number: number, boot: boot)
    time = SourceTime(clock: .monotonic, nanoseconds: nanoseconds)
  }
}
