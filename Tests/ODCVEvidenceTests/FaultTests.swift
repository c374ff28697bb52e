import Glibc
import TestSupport
import Testing

@testable import ODCVEvidence

/// A writer on a disk that fails, and whoever looks afterwards.
@Suite struct FaultTests {
  static let directory = "/evidence/violations"
  static let key = LogKeyFile(path: "/evidence/key")
  static let origin = "example.com/arm1"

  /// What the writer was promised, and what others saw of it.
  struct Promises {
    /// Payloads of acknowledged violations, by sequence.
    var acknowledged: [UInt64: [UInt8]] = [:]
    var witness: WitnessState
    var errors: [EvidenceError] = []
    var hasClosed = false
    /// Confirmed again after an error: what must never happen.
    var confirmedAfterError = false
    /// An honest log was refused by its witness.
    var refusals: [String] = []
    var losses: [LogRecovery.Loss] = []
  }

  static func disk(_ fault: FaultyDisk.Fault = .short, at step: Int = .max, seed: UInt64 = 1) throws -> (FaultyDisk, Promises) {
    let disk = FaultyDisk(fault, at: step, seed: seed)
    let secret = try SecretBytes { $0.update(repeating: 7, count: SecretBytes.seedSize) }
    let first = NoteKey(name: origin, kind: .note, publicKey: secret.publicKey)
    let digits = String(repeating: "07", count: SecretBytes.seedSize)
    disk.place(
      key.path,
      Array("odcv-log-key/1\norigin \(origin)\nfirst \(first)\nepoch 0\nsecret \(digits)\nhandovers 0\n".utf8))
    return (disk, Promises(witness: WitnessState(first: first)))
  }

  /// Opens the log, writes commits of one to four violations of many sizes over several segments, the larger ones in more than one
  /// piece, signs now and then, and closes. Goes on after errors, as the recorder would if it did not listen.
  static func run(_ disk: FaultyDisk, _ promises: inout Promises, commits: Int = 12, seed: UInt64 = 3) {
    do throws(EvidenceError) {
      var log = try ViolationLog(
        directory: directory, bootID: boot, segmentBytes: 2048, pendingBytes: 500, key: key, calls: disk)
      promises.losses = log.recovery.losses
      use(&log, disk, &promises, commits, SeededGenerator(seed: seed))
    } catch {
      promises.errors.append(error)
    }
  }

  private static func use(
    _ log: inout ViolationLog, _ disk: FaultyDisk, _ promises: inout Promises, _ commits: Int, _ random: SeededGenerator
  ) {
    var random = random
    var failed = false
    for number in 0..<commits {
      if let error = failure({ () throws(EvidenceError) in try commit(&log, &promises, &random) }) {
        failed = true
        promises.errors.append(error)
      } else if failed {
        promises.confirmedAfterError = true
      }
      if number % 3 == 2, !failed {
        if let error = failure({ () throws(EvidenceError) in try log.checkpoint() }) { promises.errors.append(error) }
        look(disk, &promises)
      }
      if disk.hasCrashed { return }
    }
    if let error = failure({ () throws(EvidenceError) in try log.close() }) {
      promises.errors.append(error)
    } else {
      promises.confirmedAfterError = promises.confirmedAfterError || failed
      promises.hasClosed = true
      look(disk, &promises)
    }
  }

  private static func failure(_ body: () throws(EvidenceError) -> Void) -> EvidenceError? {
    do throws(EvidenceError) { try body() } catch { return error }
    return nil
  }

  private static func commit(
    _ log: inout ViolationLog, _ promises: inout Promises, _ random: inout SeededGenerator
  ) throws(EvidenceError) {
    var waiting: [UInt64: [UInt8]] = [:]
    for _ in 0...random.next() % 4 {
      let payload = random.bytes(Int(random.next() % 900))
      let span = payload.span
      let sequence = try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
        try log.append(index: 1, monotonic: 0, payload: bytes)
      }
      waiting[sequence] = payload
    }
    try log.sync()
    promises.acknowledged.merge(waiting) { $1 }
  }

  /// The witness reads what a process can read.
  static func look(_ disk: FaultyDisk, _ promises: inout Promises) {
    guard !disk.hasCrashed else { return }
    do {
      let prover = try LogProver(violations: directory, disk)
      let known = promises.witness.checkpoint
      if let newest = prover.newest, Checkpoint(newest) == known { return }
      try promises.witness.accept(
        prover.extensions(from: known?.size ?? 0, epoch: promises.witness.epoch, time: known?.time ?? .min),
        signer: nil, now: 1)
    } catch {
      promises.refusals.append("\(error)")
    }
  }

  /// What is wrong with the log after a restart; `nil`: every promise was kept.
  static func broken(_ disk: FaultyDisk, _ promises: inout Promises) -> String? {
    let torn = torn(disk)
    run(disk, &promises, commits: 4, seed: 11)
    if disk.hasCrashed { return nil }
    return verdict(disk, &promises, torn)
  }

  /// The newest segment with a cut tail that no later run has seen and reported.
  static func torn(_ disk: FaultyDisk) -> String? {
    for (_, path) in (try? SegmentName.list(directory, disk))?.reversed() ?? [] {
      let scan = SegmentScan((try? disk.readWhole(path)) ?? [])
      if scan.cut > 0 { return path }
      if scan.last != nil { return nil }
    }
    return nil
  }

  static func verdict(_ disk: FaultyDisk, _ promises: inout Promises, _ torn: String? = nil) -> String? {
    do {
      if !promises.errors.isEmpty { return "errors on a sound disk: \(promises.errors)" }
      if !promises.refusals.isEmpty { return "an honest log was refused: \(promises.refusals)" }
      if let loss = promises.losses.first(where: { $0.kind != .unfinished }) { return "a crash is called tampering: \(loss)" }
      if let torn, !promises.losses.contains(where: { $0.file == torn }) { return "the cut tail of \(torn) is not reported" }
      var trust = LogVerifier.Trust()
      trust.witnesses = [("state", promises.witness)]
      let report = try LogVerifier.pass(directory, trust, disk).finish()
      if !report.isIntact { return "\(report.failures)" }
      let records = try LogVerifier.records(violations: directory, disk)
      let there = Dictionary(uniqueKeysWithValues: records.map { ($0.sequence, $0.payload) })
      for (sequence, payload) in promises.acknowledged where there[sequence] != payload {
        return "acknowledged record \(sequence) is gone or another"
      }
      var frontier = MerkleFrontier()
      for (place, record) in records.enumerated() where record.sequence != UInt64(place) + 1 {
        return "sequence \(record.sequence) is out of place"
      }
      for (_, path) in try SegmentName.list(directory, disk) { frontier.append(SegmentScan(try disk.readWhole(path))) }
      return frontier.root == report.root ? nil : "the tree is another than that of the records"
    } catch {
      return "\(error)"
    }
  }

  /// Steps of a run that nothing disturbs.
  static func steps() throws -> Int {
    var (disk, promises) = try disk()
    run(disk, &promises)
    #expect(promises.errors == [] && promises.refusals == [] && promises.hasClosed)
    #expect(promises.acknowledged.count > 20)
    #expect(verdict(disk, &promises) == nil)
    return disk.step
  }

  /// At every step, and for each way that a power cut may leave the disk.
  ///
  /// - Returns: what was broken, or `nil`, and how many cuts there were
  static func cutEverywhere(ways: Int, seed: UInt64) throws -> (String?, Int) {
    var cuts = 0
    for step in 0...(try steps()) {
      for way in 0..<ways {
        var (disk, promises) = try disk(.crash, at: step, seed: seed)
        run(disk, &promises)
        promises.errors = []
        let chance = seed &* 1_000_003 &+ UInt64(step * ways + way)
        let after = disk.afterPowerCut(luck: way % 5, seed: chance)
        cuts += 1
        if let what = broken(after, &promises) { return ("step \(step), way \(way): \(what)", cuts) }
      }
    }
    return (nil, cuts)
  }

  @Test func everyAcknowledgedRecordSurvivesAPowerCutAtEveryStep() throws {
    let ways = getenv("ODCV_FAULT_WAYS").flatMap { Int(String(cString: $0)) } ?? 5
    let (what, cuts) = try Self.cutEverywhere(ways: ways, seed: 5)
    #expect(what == nil)
    #expect(cuts > 100 * ways)
  }

  /// The restart is cut too, and the one after that.
  @Test func everyAcknowledgedRecordSurvivesCutsOfItsRestarts() throws {
    let steps = try Self.steps()
    var random = SeededGenerator(seed: 9)
    for round in 0..<(getenv("ODCV_FAULT_WAYS") == nil ? 100 : 5000) {
      var (disk, promises) = try Self.disk(.crash, at: Int(random.next() % UInt64(steps)), seed: random.next())
      Self.run(disk, &promises)
      for _ in 0..<3 {
        promises.errors = []
        let isKill = random.next() % 3 == 0
        let step = Int(random.next() % 60)
        disk =
          isKill
          ? disk.afterKill(.crash, at: step, seed: random.next())
          : disk.afterPowerCut(luck: Int(random.next() % 5), .crash, at: step, seed: random.next())
        Self.run(disk, &promises, commits: 4, seed: random.next())
        if !disk.hasCrashed { break }
      }
      promises.errors = []
      let last = disk.afterPowerCut(luck: Int(random.next() % 5), seed: random.next())
      if let what = Self.broken(last, &promises) {
        Issue.record("round \(round): \(what)")
        return
      }
    }
  }

  /// A process is killed, what it did not sync is read by the next one, and then the power goes.
  @Test func whatAKilledProcessLeftIsMadeDurableBeforeItIsSealed() throws {
    let steps = try Self.steps()
    for step in 0..<steps {
      var (disk, promises) = try Self.disk(.crash, at: step)
      Self.run(disk, &promises)
      promises.errors = []
      let killed = disk.afterKill(seed: 2)
      Self.run(killed, &promises, commits: 2, seed: 4)
      let after = killed.afterPowerCut(luck: 0, seed: UInt64(step))
      if let what = Self.broken(after, &promises) {
        Issue.record("step \(step): \(what)")
        return
      }
    }
  }

  /// Each call refuses once, or from then on: nothing is confirmed after the error, and what was confirmed is there.
  @Test(arguments: [EIO, ENOSPC]) func anErrorStopsConfirming(code: Int32) throws {
    let steps = try Self.steps()
    for step in 0..<steps {
      for stays in [true, false] {
        var (disk, promises) = try Self.disk(.error(code, stays: stays), at: step, seed: UInt64(step))
        Self.run(disk, &promises)
        let isTold = !promises.errors.isEmpty
        let isQuiet = !promises.confirmedAfterError && promises.refusals.isEmpty
        promises.errors = []
        let after = disk.afterPowerCut(luck: step % 5, seed: UInt64(step))
        let what = Self.broken(after, &promises)
        guard isTold, isQuiet, what == nil else {
          Issue.record("step \(step), stays \(stays): told \(isTold), quiet \(isQuiet), \(what ?? "")")
          return
        }
      }
    }
  }

  @Test func aShortWriteIsGoneOnWith() throws {
    for step in 0..<(try Self.steps()) {
      var (disk, promises) = try Self.disk(.short, at: step)
      Self.run(disk, &promises)
      let what = Self.verdict(disk, &promises)
      guard promises.hasClosed, what == nil else {
        Issue.record("step \(step): \(promises.errors), \(what ?? "")")
        return
      }
    }
  }

  /// The checks above must fail for a disk that lies, or they show nothing.
  @Test func aDiskThatDoesNotSyncIsFound() throws {
    var (disk, promises) = try Self.disk(.unsynced, at: 30)
    Self.run(disk, &promises)
    #expect(promises.errors == [])
    let after = disk.afterPowerCut(luck: 0, seed: 1)
    let there = Set(try LogVerifier.records(violations: Self.directory, after).map(\.payload))
    #expect(promises.acknowledged.values.contains { !there.contains($0) })
    #expect(Self.broken(after, &promises) != nil)
  }

  /// A writer that asks the disk again after a failed sync would confirm what is not there.
  @Test func aSecondSyncAfterAFailedOneWouldLie() throws {
    let disk = FaultyDisk(.error(EIO, stays: false), at: 2, seed: 1)
    let file = try DataFile.create("/a/b", disk)
    try file.write([UInt8](repeating: 1, count: 5000), at: 0)
    #expect(throws: EvidenceError.self) { try file.synchronize() }
    try file.synchronize()
    try disk.makeNamesDurable("/a")
    let bytes = try disk.afterPowerCut(luck: 0, seed: 1).readWhole("/a/b")
    let isWhole = bytes == [UInt8](repeating: 1, count: 5000)
    #expect(!isWhole)
  }

  /// A hole in what was acknowledged is damage; in what was not, the end of the log.
  /// A sector of the newest checkpoint never reached the disk: cut off, not forged.
  @Test func aTornCheckpointIsNotTakenForAForgedOne() throws {
    var (disk, promises) = try Self.disk(.crash, at: 90)
    Self.run(disk, &promises)
    promises.errors = []
    let after = disk.afterPowerCut(luck: 1, seed: 1)
    let path = Self.directory + "/" + CheckpointName.name(1)
    var bytes = try after.readWhole(path)
    let last = try #require(try CheckpointHistory(Self.directory, after).last)
    for place in last.offset..<last.offset + 12 { bytes[place] = 0 }
    after.place(path, bytes)
    #expect(Self.broken(after, &promises) == nil)
  }

  @Test func aHoleInOneCommitIsACutAndBeforeTheNextIsDamage() throws {
    for commits in [1, 3] {
      let (disk, _) = try Self.disk()
      do {
        var log = try ViolationLog(directory: Self.directory, bootID: boot, segmentBytes: 4096, calls: disk)
        for index in 1...3 as ClosedRange<UInt64> {
          try ViolationLogTests.append(&log, index...index)
          if commits == 3 { try log.sync() }
        }
        try log.sync()
      }
      let path = Self.directory + "/" + SegmentName.name(1)
      var whole = try disk.readWhole(path)
      whole[ViolationLogTests.offsets(whole)[2] + 95] ^= 1
      disk.place(path, whole)
      let log = try ViolationLog(directory: Self.directory, bootID: boot, segmentBytes: 4096, calls: disk)
      #expect(log.recovery.losses.map(\.kind) == [commits == 1 ? .unfinished : .damaged])
      #expect(log.recovery.lastSequence == (commits == 1 ? 2 : 4))
      let report = try LogVerifier.pass(Self.directory, .init(), disk).finish()
      #expect(report.isIntact == (commits == 1))
    }
  }
}
