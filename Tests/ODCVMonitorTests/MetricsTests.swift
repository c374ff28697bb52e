import Foundation
import ODCVWire
import TestSupport
import Testing

@testable import ODCVConsole

@Suite struct HistogramTests {
  @Test func everyDurationCountsInTheBucketThatHoldsIt() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<100_000 {
      let value = UInt64.random(in: 0...(.max), using: &random) >> UInt64.random(in: 28...63, using: &random)
      let bucket = Histogram.bucket(value)
      #expect(value <= Histogram.upperBound(bucket) || bucket == Histogram.buckets - 1)
      #expect(bucket == 0 || value > Histogram.upperBound(bucket - 1))
    }
    for bucket in 1..<Histogram.buckets {
      let (lower, upper) = (Histogram.upperBound(bucket - 1) + 1, Histogram.upperBound(bucket))
      #expect(Double(upper + 1 - lower) <= 0.125 * Double(lower) && Histogram.bucket(lower) == bucket)
    }
  }

  @Test func quantilesAreAtMostABucketAboveTheTruth() throws {
    var random = SeededGenerator(seed: 12)
    let histogram = Histogram()
    #expect(histogram.quantile(0.5) == nil)
    var samples: [Int64] = []
    for _ in 0..<10_000 {
      let sample = Int64(exp(random.uniform(5...15)))
      samples.append(sample)
      histogram.add(sample)
    }
    samples.sort()
    for share in [0.5, 0.9, 0.99, 0.999, 1] {
      let truth = Double(samples[Int((share * 10_000).rounded(.up)) - 1])
      let found = Double(try #require(histogram.quantile(share)))
      #expect(found >= truth && found <= 1.125 * truth)
    }
    #expect(histogram.count == 10_000 && histogram.sum == UInt64(samples.reduce(0, +)))
    #expect(histogram.maximum == UInt64(samples.last ?? 0))
    histogram.add(-5)
    #expect(histogram[0] >= 1 && histogram.sum == UInt64(samples.reduce(0, +)))
  }
}

@Suite struct MetricsTests {
  @Test func theDaemonWritesWhatItMeasuresForACollector() throws {
    var path = ""
    let configuration = try TestConfiguration { name, text in name == "monitor.yaml" ? text + "metrics_file: METRICS\n" : text }
    path = configuration.directory.path + "/panda.prom"
    let text = try String(contentsOfFile: configuration.path, encoding: .utf8)
    try text.replacingOccurrences(of: "METRICS", with: path).write(toFile: configuration.path, atomically: true, encoding: .utf8)
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    for _ in 0..<20 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(1)
    }
    usleep(2_200_000)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    func value(_ name: String) throws -> Double {
      let line = try #require(lines.first { $0.hasPrefix(name + " ") }, "\(name)")
      return try #require(Double(line.split(separator: " ")[1]))
    }
    #expect(try value("odcv_command_seconds_count{robot=\"panda\"}") == 20)
    #expect(try value("odcv_command_seconds_bucket{robot=\"panda\",le=\"+Inf\"}") == 20)
    #expect(try value("odcv_command_seconds_sum{robot=\"panda\"}") > 0)
    #expect(try value("odcv_inputs_total{robot=\"panda\"}") > 60)
    #expect(try value("odcv_latch{robot=\"panda\"}") == 0)
    #expect(try value("odcv_rule_evaluated_total{robot=\"panda\",rule=\"clearance.static\"}") > 20)
    let samples = lines.filter { !$0.hasPrefix("#") }
    #expect(samples.allSatisfy { $0.split(separator: " ").count == 2 && $0.contains("{robot=\"panda\"") })
    #expect(Set(samples.map { $0.split(separator: " ")[0] }).count == samples.count, "no sample is there twice")
    #expect(daemon.end() == 0)
  }
}
