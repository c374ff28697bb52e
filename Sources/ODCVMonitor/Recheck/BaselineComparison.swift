import ODCVCore

/// Where a recording's verdicts are not those of its baseline.
struct BaselineComparison {
  /// The first input at which a rule's outcome is another one, or that it was judged more or less often.
  struct Deviation {
    var track: Baseline.Track
    /// `nil`: no outcome is another one.
    var index: UInt64?
    var was = Baseline.notJudged
    var now = Baseline.notJudged
    /// How often it was judged then and now.
    var counts: (was: UInt64, now: UInt64)

    var words: String {
      guard let index else {
        return "\(track.rule.name) (\(Baseline.word(track.judged))): judged \(counts.now) times, \(counts.was) in the baseline"
      }
      return "\(track.rule.name) (\(Baseline.word(track.judged))): first at input \(index), was \(Baseline.words(was)), is \(Baseline.words(now))"
    }
  }

  /// One for each rule and kind of motion, in the rule book's order.
  var deviations: [Deviation] = []
  /// First and last input of the first block whose bytes differ; `nil`: none does.
  var bytes: ClosedRange<UInt64>?
  /// Inputs then and now, where that is not the same number or not to the same end.
  var inputs: (was: UInt64, now: UInt64)?
  /// Both were judged with the same configuration.
  var isSameConfiguration: Bool

  /// An outcome, a number under the same configuration, or the inputs themselves are others.
  var isDeviating: Bool { !deviations.isEmpty || inputs != nil || (isSameConfiguration && bytes != nil) }

  init(of now: Baseline, with golden: Baseline) {
    isSameConfiguration = now.configuration == golden.configuration
    if now.inputs != golden.inputs || now.last != golden.last { inputs = (golden.inputs, now.inputs) }
    for rule in RuleID.allCases {
      for judged in Baseline.kinds {
        let track = Baseline.Track(rule: rule, judged: judged)
        let (before, after) = (golden.runs[track] ?? Baseline.Run(), now.runs[track] ?? Baseline.Run())
        if let found = Self.first(track, before, after) { deviations.append(found) }
      }
    }
    for place in 0..<max(now.blocks.count, golden.blocks.count) {
      let was = golden.blocks.indices.contains(place) ? golden.blocks[place] : nil
      let block = now.blocks.indices.contains(place) ? now.blocks[place] : nil
      guard was != block, let index = [was?.index, block?.index].compactMap({ $0 }).min() else { continue }
      bytes = index...(index + Baseline.blockInputs - 1)
      break
    }
  }

  private static func first(
    _ track: Baseline.Track, _ golden: Baseline.Run, _ current: Baseline.Run
  ) -> Deviation? {
    let (was, now, counts) = (golden.changes, current.changes, (golden.count, current.count))
    for place in 0..<max(was.count, now.count) {
      let old = was.indices.contains(place) ? was[place] : nil
      let new = now.indices.contains(place) ? now[place] : nil
      guard old != new, let index = [old?.index, new?.index].compactMap({ $0 }).min() else { continue }
      func outcome(_ changes: [Baseline.Change], _ change: Baseline.Change?) -> UInt8 {
        if let change, change.index == index { return change.outcome }
        return place > 0 ? changes[place - 1].outcome : Baseline.notJudged
      }
      return Deviation(track: track, index: index, was: outcome(was, old), now: outcome(now, new), counts: counts)
    }
    return counts.0 == counts.1 ? nil : Deviation(track: track, counts: counts)
  }

  /// What a person reads; the first line says whether it is the same.
  var lines: [String] {
    var lines: [String] = []
    if !isSameConfiguration { lines.append("another configuration than the baseline's: only outcomes are compared") }
    if let inputs { lines.append("REGRESSION: \(inputs.was) inputs in the baseline, \(inputs.now) now, or to another end") }
    lines += deviations.map { "REGRESSION: \($0.words)" }
    if deviations.isEmpty, let bytes, isSameConfiguration {
      lines.append("REGRESSION: outcomes are the same, numbers are not, first in inputs \(bytes.lowerBound) to \(bytes.upperBound)")
    }
    if !isDeviating { lines.append("the same verdicts as the baseline" + (isSameConfiguration ? ", byte for byte" : "")) }
    return lines
  }

  var json: JSON {
    .object([
      ("same", .bool(!isDeviating)), ("same_configuration", .bool(isSameConfiguration)),
      ("inputs_before", inputs.map { .count($0.was) } ?? .null),
      ("bytes_differ_from_index", bytes.map { .count($0.lowerBound) } ?? .null),
      (
        "regressions",
        .array(
          deviations.map {
            .object([
              ("rule", .string($0.track.rule.name)), ("judged", .string(Baseline.word($0.track.judged))),
              ("first_index", $0.index.map { .count($0) } ?? .null), ("judged_before", .count($0.counts.was)),
              ("judged_now", .count($0.counts.now)), ("was", .string(Baseline.words($0.was))),
              ("is", .string(Baseline.words($0.now))),
            ])
          })
      ),
    ])
  }
}
