import TestSupport
import Testing

@testable import ODCVEvidence

/// What a witness accepts of a log that it saw before, and what it refuses.
@Suite struct WitnessStateTests {
  static func accept(_ state: inout WitnessState, _ directory: String, signer: NoteSigner? = nil) throws {
    let known = state.checkpoint
    try state.accept(
      try LogProver(directory: directory).extensions(
        from: known?.size ?? 0, epoch: state.epoch, time: known?.time ?? .min), signer: signer, now: 1_700_000_000)
  }

  @Test func witnessFollowsAGrowingLogOverItsEpochs() throws {
    let signed = try CheckpointTests.Signed(runs: 1)
    let signer = try NoteSigner(name: "example.com/witness", kind: .cosignature, secret: SecretBytes())
    var state = WitnessState(first: signed.first)
    for run in 1..<5 as Range<UInt64> {
      try Self.accept(&state, signed.directory, signer: signer)
      #expect(state.epoch == run)
      let last = try #require(state.last)
      #expect(signer.key.signature(in: last) == 1_700_000_000)
      #expect(WitnessState(parsing: state.encoded) == state)
      try signed.write(run * 20 + 1...run * 20 + 20)
    }
    let before = state
    // As another machine is sent it.
    let steps = try LogProver(directory: signed.directory).extensions(from: state.checkpoint!.size, epoch: state.epoch)
    let sent = Array(steps.map(\.encoded).joined(separator: [0x0A]))
    #expect(LogExtension.parse(sent) == steps)
    try state.accept(steps, signer: signer, now: 1_700_000_001)
    #expect(state.seen == 1_700_000_001)
    #expect(throws: EvidenceError.self) { try state.accept(steps, signer: signer, now: 1_700_000_002) }
    #expect(try signed.verify().isIntact)
    var trust = LogVerifier.Trust()
    trust.witnesses = [("state", before), ("state", state)]
    #expect(try signed.verify(trust).isIntact)
  }

  /// The log is written anew from some point, by somebody with the key that was in force then.
  @Test func forkIsRefusedByTheWitnessAndFoundByVerify() throws {
    let signed = try CheckpointTests.Signed(runs: 2)
    let past = try signed.copy()
    let pastKey = bytes(of: signed.key.path)
    try signed.write(41...60)
    var state = WitnessState(first: signed.first)
    try Self.accept(&state, signed.directory)
    let kept = try #require(try LogProver(directory: signed.directory).newest)
    try past.putBack()
    _ = signed.scratch.file("key", pastKey)
    try signed.write(141...160)
    // By itself the new past is as good as the old.
    #expect(try signed.verify().isIntact)
    let error = #expect(throws: EvidenceError.self) { try Self.accept(&state, signed.directory) }
    #expect(error?.description.hasPrefix("REFUSED") == true)
    var trust = LogVerifier.Trust()
    trust.logKey = signed.first
    trust.kept = [("kept", kept)]
    #expect(try !signed.verify(trust).isIntact)
    trust.kept = []
    trust.witnesses = [("state", state)]
    #expect(try !signed.verify(trust).isIntact)
  }

  @Test func rollbackIsRefusedByTheWitness() throws {
    let signed = try CheckpointTests.Signed(runs: 2)
    let past = try signed.copy()
    try signed.write(41...60)
    var state = WitnessState(first: signed.first)
    try Self.accept(&state, signed.directory)
    try past.putBack()
    #expect(throws: EvidenceError.self) { try Self.accept(&state, signed.directory) }
  }
}
