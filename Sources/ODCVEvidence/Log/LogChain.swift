import COdcvProto

/// A place in the violation log that a recording names: a record and its SHA-256, hex digits.
struct LogAnchor: Sendable {
  var sequence: UInt64
  var digest: String
}

/// The violation log as whoever removes recordings must know it: what lies where, and which of it is as it was written.
///
/// A record that is damaged, missing or another's may have been a violation, so it does not count as none.
struct LogChain: Sendable {
  /// A violation, or violations that the ring had no space for.
  struct Event: Sendable {
    var sequence: UInt64
    /// ns of the monotonic clock, both of them in it
    var from: Int64
    var until: Int64
    /// ns since 1970
    var wall: Int64
    /// Hex digits.
    var bootID: String
  }

  /// Sequences that follow each other, each record with the digest of the one before.
  private struct Stretch: Sendable {
    var first: UInt64
    var last: UInt64
  }

  /// What locks the files around it, in the log's order.
  private(set) var events: [Event] = []
  private var stretches: [Stretch] = []
  private var digests: [UInt64: String] = [:]
  /// Of all records of kind violation, also those that lock nothing; ascending where the log is whole.
  private var violations: [UInt64] = []

  /// Of the last record; 0 in an empty log.
  var last: UInt64 { stretches.map(\.last).max() ?? 0 }

  /// - Parameters:
  ///   - directory: of the log
  ///   - anchors: records whose digests will be asked for
  init(_ directory: String, anchors: Set<UInt64>) throws(EvidenceError) {
    let calls = LinuxCalls()
    var last: (sequence: UInt64, digest: [UInt8])?
    for (_, path) in try SegmentName.list(directory, calls) {
      // One that can't be read is a gap as one that is missing.
      guard let bytes = try? calls.readWhole(path) else { continue }
      for case .record(let record, _, let digest, _) in SegmentScan(bytes).entries {
        take(record, follows: last.map { $0.sequence &+ 1 == record.sequence && $0.digest == record.previousDigest } ?? false)
        if anchors.contains(record.sequence) { digests[record.sequence] = Hex.string(digest) }
        last = (record.sequence, digest)
      }
    }
  }

  private mutating func take(_ record: LogRecord, follows: Bool) {
    if follows, !stretches.isEmpty {
      stretches[stretches.count - 1].last = record.sequence
    } else {
      stretches.append(Stretch(first: record.sequence, last: record.sequence))
    }
    switch record.kind {
    case .opened, .closed, .removed: return
    case .violation:
      violations.append(record.sequence)
      if Self.isOfTheStart(record) { return }
    case .refused: break
    }
    let from = record.kind == .refused ? RefusedViolations(record)?.since ?? record.monotonic : record.monotonic
    events.append(
      Event(
        sequence: record.sequence, from: min(from, record.monotonic), until: record.monotonic, wall: record.wall,
        bootID: Hex.string(record.bootID)))
  }

  /// What a monitor says before it has heard anything: every rule is unknown, because what it needs has never come. There is nothing
  /// around it, and each start has one.
  static func isOfTheStart(_ record: LogRecord) -> Bool {
    guard let verdict = odcv__v1__verdict__unpack(nil, record.payload.count, record.payload) else { return false }
    defer { odcv__v1__verdict__free_unpacked(verdict, nil) }
    let c = verdict.pointee
    guard c.has_state_age_ns == 0, c.has_people_age_ns == 0, c.action_seq == 0, c.n_finding > 0,
      c.has_judged != 0, c.judged != ODCV__V1__JUDGED__COMMANDED, c.judged != ODCV__V1__JUDGED__PREDICTED
    else { return false }
    for place in 0..<c.n_finding {
      guard let finding = c.finding[place]?.pointee else { return false }
      switch finding.outcome {
      case ODCV__V1__OUTCOME__PASS, ODCV__V1__OUTCOME__NOT_APPLICABLE: continue
      case ODCV__V1__OUTCOME__UNKNOWN:
        guard let reason = finding.reason, String(cString: reason) == "missing" else { return false }
      default: return false
      }
    }
    return true
  }

  /// Why the log can't say what happened in a run, in words; `nil` when it can.
  ///
  /// - Parameters:
  ///   - first: where the log stood when the run began
  ///   - last: where it stood at its end
  ///   - anchors: what is known from elsewhere
  ///   - counts: violations that were logged from `first` up to a record
  func flaw(
    from first: UInt64, to last: UInt64, anchors: [LogAnchor], counts: [(upTo: UInt64, violations: UInt64)]
  ) -> String? {
    for anchor in anchors where digests[anchor.sequence] != anchor.digest {
      return "its record \(anchor.sequence) is missing or another than it was"
    }
    if first <= last {
      let near = stretches.filter { $0.first <= last && $0.last >= first }
      guard near.count == 1, near[0].first <= first, near[0].last >= last else {
        return "not all of its records \(first) to \(last) are there as they were written"
      }
    }
    for count in counts {
      let found = violations.reduce(into: UInt64(0)) { if $1 > first, $1 <= count.upTo { $0 += 1 } }
      if found < count.violations {
        return "it holds \(found) of the \(count.violations) violations that were logged up to record \(count.upTo)"
      }
    }
    return nil
  }
}
