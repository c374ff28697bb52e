import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ODCVEvidence

/// Signed checkpoints and the epochs of their key.
@Suite struct CheckpointTests {
  /// A signed log of some runs, in a directory of its own.
  struct Signed {
    let scratch = Scratch()
    let first: NoteKey
    var directory: String { scratch.path + "/violations" }
    var key: LogKeyFile { LogKeyFile(path: scratch.path + "/key") }

    init(runs: Int = 3) throws {
      first = try LogKeyFile(path: scratch.path + "/key").make(origin: "example.com/arm1")
      for run in 0..<UInt64(runs) { try write(run * 20 + 1...run * 20 + 20) }
    }

    func write(_ indices: ClosedRange<UInt64>, closing: Bool = true) throws {
      try ViolationLogTests.write(directory, indices, segmentBytes: 2048, closing: closing, commits: 5, key: key)
    }

    func verify(_ trust: LogVerifier.Trust? = nil) throws -> VerifyReport {
      var own = LogVerifier.Trust()
      own.logKey = first
      return try LogVerifier.verify(directory: directory, trust: trust ?? own)
    }

    /// The directory as it is now.
    func copy() throws -> Signed.Copy {
      let path = scratch.path + "/copy-\(UInt64.random(in: 0 ... .max))"
      try FileManager.default.copyItem(atPath: directory, toPath: path)
      return Copy(path: path, directory: directory)
    }

    struct Copy {
      let path: String
      let directory: String

      func putBack() throws {
        try FileManager.default.removeItem(atPath: directory)
        try FileManager.default.copyItem(atPath: path, toPath: directory)
      }
    }
  }

  @Test func eachOpeningIsAnEpochAndAllOfThemVerify() throws {
    let signed = try Signed()
    let report = try signed.verify()
    #expect(report.failures == [])
    #expect(report.notes == [])
    // A handover and an end for each run; nothing was due between them.
    #expect(report.checkpoints == 6)
    #expect(report.lastCheckpoint?.size == report.lastSequence)
    #expect(report.lastCheckpoint?.epoch == 3)
    #expect(report.lastCheckpoint?.root == report.root)
    let other = NoteKey(name: "example.com/arm1", kind: .note, publicKey: try SecretBytes().publicKey)
    var trust = LogVerifier.Trust()
    trust.logKey = other
    #expect(try signed.verify(trust).failures.first?.what.contains("not signed with the key") == true)
    #expect(try signed.verify(.init()).notes.count == 1)
  }

  /// The notes are what others' programs read.
  @Test func notesAreOfTheirPublicForm() throws {
    // What Tests/oracles/log_oracle.py --notes prints: made by OpenSSL, from the seed 00 01 ... 1f.
    let secret = try SecretBytes { for place in 0..<32 { $0[place] = UInt8(place) } }
    let signer = NoteSigner(name: "example.com/log", kind: .note, secret: secret)
    #expect("\(signer.key)" == "example.com/log+d455c521+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    let text = "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    let note = SignedNote(text: text, signatures: [signer.sign(text)])
    #expect(String(decoding: note.encoded, as: UTF8.self) == text + "\n— example.com/log 1FXFIXIShRBLxRBEZXqVdy1Nkx+1zbp9Y0+6j7NZG/kHjr9NfsYnV9EfS77h9cSpgRjjZDwPKs8Cs27wuiMjKxk9QgE=\n")
    let witness = NoteSigner(name: "example.com/witness", kind: .cosignature, secret: secret)
    #expect(
      String(decoding: SignedNote(text: text, signatures: [witness.sign(text, time: 1_700_000_000)]).encoded, as: UTF8.self)
        == text + "\n— example.com/witness 5I+5EAAAAABlU/EA34als2Ak/8UUWWZC3//j6nZckH8wjZhF0jxY1/owIZjWjWVPh4QA4FZPcFy+ckBbF16N287smbX4kZWW0AjcCA==\n")
    #expect(NoteKey(parsing: "\(witness.key)") == witness.key)
    #expect(SignedNote(parsing: note.encoded) == note)
    #expect(signer.key.signed(note))
    #expect(NoteKey(parsing: "\(signer.key)".replacing("d455c521", with: "00000000").dropLast()) == nil)
  }

  /// Read by a program that shares no code and no library with this one.
  @Test(.enabled(if: Python.isReady, "needs scripts/install --test")) func anotherProgramFindsTheSameTreeAndSignatures() throws {
    let signed = try Signed(runs: 4)
    try signed.write(81...85, closing: false)
    let signer = try NoteSigner(name: "example.com/witness", kind: .cosignature, secret: SecretBytes())
    var state = WitnessState(first: signed.first)
    try WitnessStateTests.accept(&state, signed.directory, signer: signer)
    try state.store(signed.scratch.path + "/state")
    let oracle = Python.process(
      "Tests/oracles/log_oracle.py",
      [signed.directory, "\(signed.first)", signed.scratch.path + "/state", "\(signer.key)"], modules: Python.root)
    let output = Pipe()
    oracle.standardOutput = output
    try oracle.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    oracle.waitUntilExit()
    #expect(oracle.terminationStatus == 0)
    let found = try #require(try JSONSerialization.jsonObject(with: said) as? [String: Any])
    let report = try signed.verify()
    #expect(found["records"] as? Int == report.records)
    #expect(found["root"] as? String == Hex.string(report.root))
    #expect(found["head"] as? String == Hex.string(report.headDigest))
    #expect(found["checkpoints"] as? Int == report.checkpoints)
    #expect(found["epochs"] as? Int == 5)
    #expect(found["cosigned"] as? Int == state.checkpoint.map { Int($0.size) })
  }

  /// The small part of scripts/log-flips.
  @Test func everySmallChangeOfASignedLogIsSeen() throws {
    func change(_ arguments: [String]) throws -> (status: Int32, rows: [String: (tried: Int, missed: Int)]) {
      let tool = Process()
      tool.executableURL = URL(fileURLWithPath: product("EvidenceChanges"))
      tool.arguments = arguments
      let output = Pipe()
      tool.standardOutput = output
      try tool.run()
      let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      tool.waitUntilExit()
      var rows: [String: (tried: Int, missed: Int)] = [:]
      for line in said.split(separator: "\n") {
        let words = line.split(separator: " ")
        rows[String(words[0])] = (Int(words[1]) ?? 0, Int(words[2]) ?? -1)
      }
      return (tool.terminationStatus, rows)
    }
    let seen = try change(["80", "37"])
    #expect(seen.status == 0)
    #expect(seen.rows.count == 4 && seen.rows.values.allSatisfy { $0.tried > 100 && $0.missed == 0 })
    // Without what was signed and kept, a cut where a commit ended is a log that was killed there.
    let blind = try change(["16", "1", "blind"])
    #expect(blind.status == 1)
    #expect(blind.rows["cuts"]?.missed ?? 0 > 0)
    #expect(blind.rows["flipped-bits"]?.missed == 0)
  }

  @Test func anyFlippedBitOfTheCheckpointsIsDetected() throws {
    let signed = try Signed(runs: 2)
    let history = try CheckpointHistory(signed.directory, LinuxCalls())
    for file in history.files {
      var bytes = file.bytes
      for bit in 0..<bytes.count * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8)
        _ = signed.scratch.file("violations/" + CheckpointName.name(file.epoch), bytes)
        bytes[bit / 8] ^= 1 << (bit % 8)
        var chain = CheckpointChain(try CheckpointHistory(signed.directory, LinuxCalls()), first: signed.first)
        guard !chain.failures.isEmpty else {
          Issue.record("bit \(bit % 8) of byte \(bit / 8) of the file of epoch \(file.epoch)")
          return
        }
        chain = CheckpointChain(history, first: signed.first)
      }
      _ = signed.scratch.file("violations/" + CheckpointName.name(file.epoch), bytes)
    }
    #expect(try signed.verify().isIntact)
  }

  @Test func missingRepeatedAndRenamedFilesOfCheckpointsAreDetected() throws {
    let signed = try Signed(runs: 4)
    let whole = try signed.copy()
    let names = (1...4 as ClosedRange<UInt64>).map { signed.directory + "/" + CheckpointName.name($0) }
    for gone in 0..<3 as Range<Int> {
      try FileManager.default.removeItem(atPath: names[gone])
      #expect(try !signed.verify().isIntact, "epoch \(gone + 1)")
      try whole.putBack()
    }
    try FileManager.default.copyItem(atPath: names[3], toPath: signed.directory + "/" + CheckpointName.name(5))
    #expect(try !signed.verify().isIntact)
    try whole.putBack()
    // Taken off the end with nothing kept: not to be seen. The witness sees it.
    var state = WitnessState(first: signed.first)
    try WitnessStateTests.accept(&state, signed.directory)
    try FileManager.default.removeItem(atPath: names[3])
    #expect(try signed.verify().isIntact)
    var trust = LogVerifier.Trust()
    trust.witnesses = [("state", state)]
    #expect(try signed.verify(trust).failures.first?.what.contains("do not reach epoch 4") == true)
  }

  @Test func aKeyThatNothingIsSignedForAndAWitnessThatSawNothingVouchForNothing() throws {
    let signed = try Signed(runs: 1)
    var trust = LogVerifier.Trust()
    trust.witnesses = [("state", WitnessState(first: signed.first))]
    let report = try signed.verify(trust)
    #expect(report.isIntact && report.notes.contains { $0.contains("accepted no checkpoint yet") }, "\(report.notes)")
    for name in try FileManager.default.contentsOfDirectory(atPath: signed.directory) where CheckpointName.epoch(name) != nil {
      try FileManager.default.removeItem(atPath: signed.directory + "/" + name)
    }
    // Not asked who signed it, it is a log like any other; asked, nobody did.
    #expect(try signed.verify(LogVerifier.Trust()).isIntact)
    #expect(try signed.verify().failures.contains { $0.what.contains("no checkpoint that the given key could have signed") })
  }

  /// Whoever takes the disk finds the key of the next epoch and no key of an earlier one.
  @Test func oldSecretsAreGoneAndOldCopiesOfTheKeyAreRefused() throws {
    let signed = try Signed(runs: 0)
    let before = bytes(of: signed.key.path)
    let secret = String(decoding: before, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("secret ") }
    try signed.write(1...5)
    let after = String(decoding: bytes(of: signed.key.path), as: UTF8.self)
    #expect(secret != nil && !after.contains(secret!.dropFirst(7)))
    #expect(after.contains("epoch 1\n"))
    let attributes = try FileManager.default.attributesOfItem(atPath: signed.key.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    try signed.write(6...9)
    _ = signed.scratch.file("key", before)
    let old = #expect(throws: EvidenceError.self) { try signed.write(10...12) }
    #expect(old?.description.contains("old copy") == true)
    try FileManager.default.removeItem(atPath: signed.key.path)
    _ = try signed.key.make(origin: "example.com/arm1")
    #expect(throws: EvidenceError.self) { try signed.write(10...12) }
    #expect(try signed.verify().isIntact)
  }

  /// An old log opens as fast as a new one: it reads its newest files alone.
  @Test func anOpeningReadsOnlyTheNewestCheckpoints() throws {
    let signed = try Signed(runs: 6)
    let whole = try CheckpointHistory(signed.directory, LinuxCalls())
    let newest = try CheckpointHistory(continuing: signed.directory, LinuxCalls())
    #expect(whole.files.count == 6)
    #expect(newest.files.map(\.epoch) == [6])
    #expect(newest.last?.note == whole.last?.note)
    _ = signed.scratch.file("violations/" + CheckpointName.name(7), [])
    #expect(try CheckpointHistory(continuing: signed.directory, LinuxCalls()).files.map(\.epoch) == [6, 7])
  }

  @Test func keyOfAnotherLogIsRefused() throws {
    let signed = try Signed(runs: 2)
    let error = #expect(throws: EvidenceError.self) {
      try ViolationLogTests.write(signed.scratch.path + "/other", 1...3, key: signed.key)
    }
    #expect(error?.description.contains("another log") == true)
  }

  /// The replaced file's own blocks hold zeros: seen through a link to them.
  @Test func oldSecretIsOverwrittenWhereItStood() throws {
    let signed = try Signed(runs: 0)
    let link = signed.scratch.path + "/link"
    try FileManager.default.linkItem(atPath: signed.key.path, toPath: link)
    try signed.write(1...5)
    #expect(bytes(of: link).allSatisfy { $0 == 0 })
    #expect(!bytes(of: link).isEmpty)
  }

  @Test func keyIsEncryptedWithItsCredential() throws {
    let scratch = Scratch()
    let key = LogKeyFile(path: scratch.path + "/key", credential: scratch.path + "/credential")
    let first = try key.make(origin: "example.com/arm1")
    #expect(String(decoding: bytes(of: key.path), as: UTF8.self).contains("\nsealed "))
    for run in 0..<3 as Range<UInt64> {
      try ViolationLogTests.write(scratch.path + "/violations", run * 3 + 1...run * 3 + 3, key: key)
    }
    var trust = LogVerifier.Trust()
    trust.logKey = first
    #expect(try LogVerifier.verify(directory: scratch.path + "/violations", trust: trust).failures == [])
    let plain = #expect(throws: EvidenceError.self) {
      try ViolationLogTests.write(scratch.path + "/violations", 10...11, key: LogKeyFile(path: key.path))
    }
    #expect(plain?.description.contains("name the credential") == true)
    _ = scratch.file("credential", Array("odcv-credential/1 \(String(repeating: "ab", count: 32))\n".utf8))
    let wrong = #expect(throws: EvidenceError.self) {
      try ViolationLogTests.write(scratch.path + "/violations", 10...11, key: key)
    }
    #expect(wrong?.description.contains("does not open it") == true)
  }

  /// Records taken off the end with all that closed it: only a checkpoint tells, the log's own or one that was kept.
  @Test func truncationBeforeACheckpointIsDetected() throws {
    let signed = try Signed(runs: 1)
    let whole = try signed.copy()
    let last = try #require(try ViolationLogTests.segments(signed.directory).last)
    try FileManager.default.removeItem(atPath: last)
    #expect(try signed.verify().failures.contains { $0.what.contains("were cut off") })
    // Opened again, it says so and goes on; the old checkpoint goes on saying it.
    let log = try ViolationLog(directory: signed.directory, bootID: boot, segmentBytes: 2048, key: signed.key)
    #expect(log.recovery.losses.map(\.kind) == [.disowned])
    #expect(try !signed.verify().isIntact)
    try whole.putBack()
    #expect(try signed.verify().isIntact)
  }

  @Test func foreignAndFutureFilesAreNamedAndLeftAlone() throws {
    let scratch = Scratch()
    let directory = scratch.directory("violations")
    let future = Array("ODCVLOG2 and so on".utf8)
    let path = scratch.file("violations/" + SegmentName.name(1), future)
    #expect(try LogVerifier.verify(directory: directory).failures.first?.what.contains("form `2`") == true)
    let error = #expect(throws: EvidenceError.self) { try ViolationLogTests.write(directory, 1...2) }
    #expect(error?.description.contains("form `2`") == true)
    #expect(bytes(of: path) == future)
    for foreign in [[], Array("not a log at all".utf8), [UInt8](repeating: 0, count: 4096)] {
      _ = scratch.file("violations/" + SegmentName.name(1), foreign)
      #expect(try LogVerifier.verify(directory: directory).isIntact == foreign.allSatisfy { $0 == 0 })
    }
  }

  @Test func checkpointsThatCanNotBeWrittenAreSaidAndTheLogGoesOn() throws {
    let scratch = Scratch()
    var configuration = try RecorderTests.configuration(scratch)
    let key = LogKeyFile(path: scratch.path + "/key")
    configuration.key = key
    configuration.checkpointInterval = 1_000_000
    let first = try key.make(origin: "example.com/arm1")
    let isFull = Atomic<Bool>(false)
    let (ring, acks) = (RecordRing(), AckRing())
    let recorder = try Recorder(
      configuration, ring: ring, confirmations: acks,
      disk: .init(synchronizeLog: { file in
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(file)")) ?? ""
        if path.contains("checkpoints-"), isFull.load(ordering: .relaxed) { return ENOSPC }
        return System.synchronizeData(file)
      }))
    isFull.store(true, ordering: .relaxed)
    ring.push(.violation, 1, at: 6_000, "", [1])
    #expect(RecorderTests.waitUntil { recorder.state.checkpointError == ENOSPC })
    ring.push(.violation, 2, at: 6_000, "", [2])
    var confirmed: [UInt64] = []
    #expect(RecorderTests.waitUntil {
      while let confirmation = acks.pop() { confirmed.append(confirmation.arrivalIndex) }
      return confirmed == [1, 2]
    })
    #expect(recorder.state.logError == 0)
    let summary = recorder.stop()
    #expect(summary.violationsLogged == 2)
    #expect(summary.errors.count == 1 && summary.errors.first?.contains("checkpoints-00000001") == true)
    var trust = LogVerifier.Trust()
    trust.logKey = first
    #expect(try LogVerifier.verify(directory: configuration.directory.root, trust: trust).isIntact)
  }
}
