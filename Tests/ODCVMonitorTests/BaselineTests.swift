import Foundation
import Testing

/// Golden verdicts: the same is the same, and what differs is named by rule and input.
@Suite(.serialized) struct BaselineTests {
  private let run: RecordedRun
  private let directory: TemporaryDirectory
  private var file: String { directory.path + "/golden" }

  init() throws {
    run = try RecordedRun.shared.get()
    directory = try TemporaryDirectory()
  }

  @Test func theSameVerdictsAreTheSameAndAChangedOutcomeIsARegressionWithItsFirstInput() throws {
    let written = try odcvMonitor(["check", run.recording, "--write-baseline", file])
    #expect(written.status == 1, "it holds a violation, as without")
    let same = try odcvMonitor(["check", run.recording, "--baseline", file, "--json", "-"])
    let result = try RecordedRun.result(same.output)
    #expect((result["baseline"] as? [String: Any])?["same"] as? Bool == true, "\(result["baseline"] ?? "")")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.utf8.count < 40_000, "\(text.utf8.count) bytes are not compact")
    // The violation taken out of the golden verdicts: a new violation is found at its very input.
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("rule clearance.static commanded") })
    let words = line.split(separator: " ")
    let place = try #require(words.firstIndex { $0.hasSuffix("\(run.index)c") }, "\(line)")
    let without = words[..<place].joined(separator: " ")
    try text.replacingOccurrences(of: line, with: without).write(toFile: file, atomically: true, encoding: .utf8)
    let worse = try odcvMonitor(["check", run.recording, "--baseline", file])
    #expect(worse.status == 1)
    #expect(
      worse.output.contains(
        "REGRESSION: clearance.static (commanded): first at input \(run.index), was pass, is violation.certain"),
      "\(worse.output)")
    // One digit of one digest: numbers differ, outcomes don't.
    let digest = try #require(text.range(of: "digest 257 "))
    var changed = text
    let digit = changed[digest.upperBound]
    changed.replaceSubrange(digest.upperBound...digest.upperBound, with: digit == "0" ? "1" : "0")
    try changed.write(toFile: file, atomically: true, encoding: .utf8)
    let numbers = try odcvMonitor(["check", run.recording, "--baseline", file])
    #expect(numbers.status == 1 && numbers.output.contains("numbers are not, first in inputs 257 to 512"), "\(numbers.output)")
  }

  @Test func aRegressionAloneEndsWithOne() throws {
    // Of seconds in which nothing is violated; states are too old sooner than when they were golden.
    let strict = try TestConfiguration { name, text in
      name == "cells/e01.yaml" ? text.replacingOccurrences(of: "state: {max_age_s: 0.1,", with: "state: {max_age_s: 0.006,") : text
    }
    let window = ["--from", "1", "--to", "2"]
    _ = try odcvMonitor(["check", run.recording, "--write-baseline", file] + window)
    let before = try odcvMonitor(["check", run.recording, "--baseline", file] + window)
    #expect(before.status == 0, "\(before.output)")
    let now = try odcvMonitor(["check", run.recording, "--baseline", file, "--config", strict.path] + window)
    #expect(now.status == 1 && now.output.contains("REGRESSION: clearance.static"), "\(now.output) \(now.error)")
    #expect(now.output.contains("another configuration than the baseline's: only outcomes are compared"))
    let junit = directory.path + "/junit.xml"
    _ = try odcvMonitor(["check", run.recording, "--baseline", file, "--config", strict.path, "--junit", junit])
    #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("name=\"recording.baseline\"><failure"))
  }

  @Test func aFileThatIsNoBaselineEndsWithTwoAndNamesTheLine() throws {
    for (text, part) in [
      ("", "is empty"), ("hello\n", ":1: is no baseline"), ("odcv-baseline 2\n", ":1: a baseline of another version"),
      ("odcv-baseline 1\nrule nothing commanded 1 1p\n", ":2: `rule nothing commanded 1 1p` is no line"),
      ("odcv-baseline 1\nrule clearance.static commanded 2 5p 4c\n", ":2:"),
      ("odcv-baseline 1\nodcv-baseline 1\n", "holds 2 recordings"),
    ] {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try odcvMonitor(["check", run.recording, "--baseline", file])
      #expect(result.status == 2 && result.error.contains(part), "\(text): \(result.error)")
    }
    #expect(try odcvMonitor(["check", run.recording, "--baseline", directory.path + "/none"]).status == 2)
    #expect(try odcvMonitor(["check", run.recording, "--baseline", file, "--write-baseline", file]).status == 2)
  }
}
