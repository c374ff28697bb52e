import ODCVConfig
import ODCVCore
import ODCVEvidence

/// Cuts the seconds around one input out of a recording.
///
/// A verdict hangs on everything that came before it, so how much of that a slice needs is not guessed: the beginning is
/// moved back, twice as far each time, until the monitor, given the slice alone, judges every input of the window as it
/// did in the whole recording, byte for byte. Some rules count from the beginning of a run and never forget: where such a rule
/// passes, and twice the way back makes its numbers no more equal, the slice names it and begins there. In the worst case a slice
/// begins where its recording does.
struct Slicing {
  /// s before and after the input that count
  var before: Double
  var after: Double

  struct Result {
    var mark: SliceMark
    /// s from the slice's first input to the first that counts
    var lead: Double
    var messages: UInt64
    /// What the recording lacks, in words; empty for a complete one.
    var gaps: [String]
  }

  /// What the first pass over the whole recording learns.
  private struct Window {
    var first: UInt64 = 0
    var last: UInt64 = 0
    /// Of the slice that this one is cut out of.
    var source: String?
    var logSequence: UInt64?
    /// Of each verdict in the window, by its input.
    var verdicts: [UInt64: VerdictBytes.Fingerprint] = [:]
    /// Where a slice may begin: the input's index, and s to the window.
    var starts: [(index: UInt64, lead: Double)] = []
    var gaps: [String] = []
  }

  func cut(_ event: LoggedEvent, to out: String) throws -> Result {
    let path = event.recording
    let loaded = try RecordingCheck.attached(path)
    let instant = try instant(of: event, path)
    let window = try survey(event, loaded, instant)
    var mark = SliceMark(
      source: window.source ?? String(path.split(separator: "/").last ?? ""), first: 0, last: window.last, countsFrom: window.first,
      around: event.index, logSequence: event.record?.sequence ?? window.logSequence)
    var before: (index: UInt64, lead: Double, apart: Set<UInt8>)?
    for start in window.starts {
      let apart = try differences(path, loaded, from: start.index, window)
      // No better than half of it: longer won't help.
      if let before, apart == before.apart { break }
      before = apart.map { (start.index, start.lead, $0) }
      if apart?.isEmpty == true { break }
    }
    guard let before else { throw Stop(.failed, "\(path): judged twice from its beginning it gives two results; report this") }
    mark.first = before.index
    mark.apart = RuleID.allCases.filter { before.apart.contains($0.rawValue) }.map(\.name)
    let messages = try write(path, mark, to: out)
    return Result(mark: mark, lead: before.lead, messages: messages, gaps: window.gaps)
  }

  /// ns of the monotonic clock
  private func instant(of event: LoggedEvent, _ path: String) throws -> Int64 {
    try reading { () throws(EvidenceError) in
      var recording = try Recording(path: path)
      var range: ClosedRange<UInt64>?
      while let item = try recording.next() {
        guard case .input(let input) = item else { continue }
        if input.index == event.index {
          try event.check(input.instant)
          return input.instant
        }
        range = (range?.lowerBound ?? input.index)...max(input.index, range?.upperBound ?? 0)
      }
      throw EvidenceError(
        "\(path): has no input \(event.index)"
          + (range.map { "; it holds \($0.lowerBound) to \($0.upperBound)" } ?? "; it holds none")
          + (recording.ending.map { $0 == .closed ? "" : "; it is \($0)" } ?? ""))
    }
  }

  private func survey(_ event: LoggedEvent, _ loaded: LoadedConfiguration, _ instant: Int64) throws -> Window {
    let path = event.recording
    var window = Window()
    let from = instant - Int64(before * 1e9)
    let to = instant + Int64(after * 1e9)
    try reading { () throws(EvidenceError) in
      var recording = try Recording(path: path)
      var judge = Judge(loaded, recording)
      // Beginnings 2, 4, 8 ... s before the window, as they come: the first input at or after each.
      var lead = Slicing.leads(from - recording.monotonicStart)
      var begins: (index: UInt64, instant: Int64)?
      while let item = try recording.next() {
        guard case .input(let input) = item, let core = judge.step(input) else { continue }
        if begins == nil { begins = (input.index, input.instant) }
        while let next = lead.last, input.instant >= from - Int64(next * 1e9) {
          window.starts.append((input.index, Double(from - input.instant) * 1e-9))
          lead.removeLast()
        }
        guard input.instant >= from else { continue }
        guard input.instant <= to else { break }
        // Of a slice, only what counted in it counts again.
        guard input.index >= recording.slice?.countsFrom ?? 0 else { continue }
        if window.first == 0 { window.first = input.index }
        window.last = input.index
        window.verdicts[input.index] = VerdictBytes.Fingerprint(core)
      }
      if let mark = recording.slice {
        guard event.index >= mark.countsFrom else {
          throw EvidenceError(
            "\(path): is a slice whose verdicts count from input \(mark.countsFrom) on; cut input \(event.index) out of \(mark.source)")
        }
        (window.source, window.logSequence) = (mark.source, mark.logSequence)
      }
      // The nearest beginning first, the recording's own last.
      window.starts.reverse()
      if let begins { window.starts.append((begins.index, Double(from - begins.instant) * 1e-9)) }
      if recording.missingInputs > 0 { window.gaps.append("\(recording.missingInputs) inputs are missing before its end") }
      if let loss = recording.recoveredLoss { window.gaps.append("it was recovered with loss: \(loss)") }
      if recording.leftOutInputs > 0 { window.gaps.append("\(recording.leftOutInputs) inputs before its end are in no excerpt") }
      window.gaps += recording.flaws
    }
    return window
  }

  /// s, shortest first, that fit before the window.
  private static func leads(_ nanoseconds: Int64) -> [Double] {
    var leads: [Double] = []
    var next = 2.0
    while next * 1e9 < Double(nanoseconds) {
      leads.append(next)
      next *= 2
    }
    return leads
  }

  /// Of the monitor, given the inputs from `start` on alone: the rules that pass in the window with other numbers than in the whole
  /// recording; `nil` when anything else is not the same.
  private func differences(
    _ path: String, _ loaded: LoadedConfiguration, from start: UInt64, _ window: Window
  ) throws -> Set<UInt8>? {
    try reading { () throws(EvidenceError) in
      var recording = try Recording(path: path)
      var judge = Judge(loaded, recording)
      var apart: Set<UInt8> = []
      while let item = try recording.next() {
        guard case .input(let input) = item, input.index >= start else { continue }
        guard input.index <= window.last else { break }
        guard let core = judge.step(input), let expected = window.verdicts[input.index] else { continue }
        let found = VerdictBytes.Fingerprint(core)
        guard found.firm == expected.firm else { return nil }
        for (rule, hash) in found.passing where expected.passing[rule] != hash { apart.insert(rule) }
      }
      return apart
    }
  }

  private func write(_ path: String, _ mark: SliceMark, to out: String) throws -> UInt64 {
    try reading { () throws(EvidenceError) in
      let parts = try RecordingParts.find(path)
      var indices = ArrivalIndex(near: parts.nearFirstIndex)
      var copy = try MCAPCopy(to: out)
      for (place, file) in parts.paths.enumerated() {
        var reader = try MCAPReader(path: file)
        copy.beginNextFile()
        while let item = try reader.next() {
          switch item {
          case .header, .schema, .channel, .attachment: if parts.carries(item, from: place) { try copy.add(item) }
          case .metadata(let values):
            if values.name != mark.metadata.name, parts.carries(item, from: place) { try copy.add(item) }
          case .message(let message):
            if (mark.first...mark.last).contains(indices.whole(message.sequence)) { try copy.add(item) }
          }
        }
      }
      try copy.add(metadata: mark.metadata.name, mark.metadata.values)
      try copy.finish()
      return copy.messages
    }
  }
}
