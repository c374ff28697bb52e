import Testing

@testable import ODCVEvidence

/// What locks files, and how far around it.
@Suite struct RetentionLockTests {
  private static let second: Int64 = 1_000_000_000

  /// A run of one file from 10,000 s to 10,100 s, and what the log says happened at another time.
  private static func isLocked(
    excerpts: Excerpts?, _ append: (inout ViolationLog, _ start: Int64) throws -> Void
  ) throws -> Bool {
    let rig = RetentionRig()
    var log = try ViolationLog(directory: rig.scratch.directory("evidence") + "/violations", bootID: boot)
    let start = 10_000 * second
    var odcv = ["boot_id": Hex.string(boot), "real_start_ns": "0", "mono_start_ns": String(start)]
    odcv.merge(LogPosition(log).first) { $1 }
    odcv.merge(excerpts?.metadata ?? [:]) { $1 }
    try RetentionTests.write(
      "\(rig.root)/run-a/recording.mcap", [("odcv", odcv), (EndMark.name, [EndMark.end: String(start + 100 * second)])])
    try append(&log, start)
    try log.sync()
    try log.close()
    let result = try rig.search()
    #expect(result.locked + result.removable.count == 1 && result.doubts.isEmpty)
    return result.locked == 1
  }

  private static func isLocked(_ excerpts: Excerpts?, violationAt seconds: Int64, payload: [UInt8] = [1, 2]) throws -> Bool {
    try isLocked(excerpts: excerpts) { log, start in
      _ = try payload.withUnsafeBytes { (bytes) throws(EvidenceError) in
        try log.append(index: 1, monotonic: start + seconds * second, payload: bytes)
      }
    }
  }

  @Test func aLockReachesTenSecondsOrAsFarAsAnExcerpt() throws {
    #expect(try Self.isLocked(nil, violationAt: 109) && Self.isLocked(nil, violationAt: -9))
    #expect(try !Self.isLocked(nil, violationAt: 111) && !Self.isLocked(nil, violationAt: -11))
    let long = Excerpts(before: 60 * Self.second, after: 3600 * Self.second)
    #expect(try Self.isLocked(long, violationAt: 159) && Self.isLocked(long, violationAt: -3599))
    #expect(try !Self.isLocked(long, violationAt: 161) && !Self.isLocked(long, violationAt: -3601))
    let short = Excerpts(before: Self.second, after: Self.second)
    #expect(try Self.isLocked(short, violationAt: 109) && !Self.isLocked(short, violationAt: 111))
    let absurd = Excerpts(before: .max, after: .min)
    #expect(try Self.isLocked(absurd, violationAt: 109))
  }

  @Test func violationsThatTheRingHadNoSpaceForLockTheTimeInWhichTheyCame() throws {
    // They are counted when the recorder comes round again.
    for (since, isLocked) in [(90, true), (109, true), (111, false)] as [(Int64, Bool)] {
      let found = try Self.isLocked(excerpts: nil) { log, start in
        try log.append(refused: RefusedViolations(count: 3, since: start + since * Self.second), monotonic: start + 500 * Self.second)
      }
      #expect(found == isLocked, "\(since)")
    }
    let old = try Self.isLocked(excerpts: nil) { log, start in
      try log.append(refused: RefusedViolations(count: 3, since: nil), monotonic: start + 50 * Self.second)
    }
    #expect(old)
  }

  /// An encoded odcv.v1.Verdict with one finding.
  static func verdict(
    judged: UInt64 = 3, action: UInt64 = 0, outcome: UInt64 = 4, reason: String = "missing", stateAge: UInt64? = nil
  ) -> [UInt8] {
    var finding = ProtoBytes()
    finding.add(1, string: "motion.velocity")
    finding.add(2, varint: outcome)
    finding.add(3, string: reason)
    var verdict = ProtoBytes()
    verdict.add(2, varint: 1)
    verdict.add(3, varint: action)
    verdict.add(4, varint: judged)
    verdict.add(8, bytes: finding.bytes)
    if let stateAge { verdict.add(11, varint: stateAge) }
    return verdict.bytes
  }

  @Test func whatAMonitorDoesNotKnowBeforeItHasHeardAnythingLocksNothing() throws {
    #expect(try !Self.isLocked(nil, violationAt: 50, payload: Self.verdict()))
    // All else does: what stands beside it, what was heard, another reason, and what can't be read.
    #expect(try Self.isLocked(nil, violationAt: 50, payload: Self.verdict(outcome: 2)))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: Self.verdict(reason: "stale")))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: Self.verdict(stateAge: 7)))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: Self.verdict(action: 4)))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: Self.verdict(judged: 1)))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: [0xFF]))
    #expect(try Self.isLocked(nil, violationAt: 50, payload: []))
  }
}
