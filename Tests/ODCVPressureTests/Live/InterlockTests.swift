import Foundation
import ODCVCodec
@testable import ODCVSim
import ODCVWire
import Testing

@testable import ODCVPressure

/// What must hold before a word goes to a controller.
@Suite struct InterlockTests {
  private let keys = ResetSigning.keyPair(seed: [UInt8](repeating: 7, count: 32))!
  private let others = ResetSigning.keyPair(seed: [UInt8](repeating: 8, count: 32))!
  private let boot = "b"
  private let now: Int64 = 1_800_000_000

  private func file(_ changes: (String, String)...) throws -> InjectionFile {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var text = """
      version: 1
      monitor: monitor.yaml
      scenario: \(Repository.root)/config/scenarios/E01.yaml
      instruction: tcp://127.0.0.1:0
      arming: pressure.armed
      schedule: {conditions: [placebo, i1, i2], block_s: 2}
      greatest_dose: 2
      unoccupied: {reason: the fence is locked, by: ada}

      """
    for (from, to) in changes {
      try #require(text.contains(from))
      text = text.replacing(from, with: to)
    }
    try text.write(toFile: directory + "/pressure.yaml", atomically: true, encoding: .utf8)
    return try InjectionFile.load(path: directory + "/pressure.yaml")
  }

  private func arming(_ file: InjectionFile, by name: String = "ada", for seconds: Int64 = 600, dose: UInt32 = 2) throws -> Arming {
    let key = try #require(OperatorKey(parsing: "odcv-operator-key/1 \(name) \(ScenarioFolder.hex(keys.secretKey))"))
    return try Arming(
      robot: "panda", digest: file.digest, operatorName: name, until: now + seconds, greatestDose: dose, boot: boot
    ).signed(with: key)
  }

  private func status(mode: String = "enforce", boot: UInt64 = 5, sequence: UInt64 = 900) -> StatusMessage {
    StatusMessage(
      robotID: "panda", mode: mode, latch: 0,
      ages: [StatusMessage.InputAge(input: "state", ageNanoseconds: 1, bootID: boot, sequence: sequence)], configurationSHA256: "c0",
      release: 0, people: 0)
  }

  private func refusal(
    _ file: InjectionFile, _ condition: Condition = .i2, proof: SimulatorProof? = nil, status: StatusMessage?, arming: Arming?,
    flag: Bool = false, at time: Int64? = nil
  ) -> String? {
    Interlock(file: file, robot: "panda", operators: ["ada": keys.publicKey], boot: boot, configuration: "c0")
      .refusal(condition, proof: proof, status: status, arming: arming, isFlagged: flag, at: time ?? now)
  }

  @Test func onARealArmEveryPartIsNeeded() throws {
    let file = try file()
    let good = try arming(file)
    #expect(refusal(file, status: status(), arming: good) == nil)
    #expect(refusal(file, status: nil, arming: good)?.contains("does not answer") == true)
    #expect(refusal(file, status: status(mode: "observe"), arming: good)?.contains("only observes") == true)
    #expect(refusal(file, status: status(), arming: nil)?.contains("no operator") == true)
    // Armed on the command line alone is not enough.
    #expect(refusal(file, status: status(), arming: nil, flag: true)?.contains("no operator") == true)
    var watched = status()
    watched.people = 1
    #expect(refusal(file, status: watched, arming: good)?.contains("somebody") == true)
    watched.people = nil
    #expect(refusal(file, status: watched, arming: good)?.contains("somebody") == true)
    watched = status()
    watched.latch = 3
    #expect(refusal(file, status: watched, arming: good)?.contains("latched") == true)
    watched.latch = nil
    #expect(refusal(file, status: watched, arming: good)?.contains("latched") == true)
    watched = status()
    watched.alarms = [StatusMessage.AlarmNow(rule: "clearance.human", outcome: "unknown")]
    #expect(refusal(file, status: watched, arming: good)?.contains("clearance.human") == true)
    watched.alarms = [StatusMessage.AlarmNow(rule: "evidence.disk", outcome: "raised")]
    #expect(refusal(file, status: watched, arming: good)?.contains("evidence.disk") == true)
    for rule in ["authority.mode", "integrity.class", "integrity.truth", "coverage.blind"] {
      watched.alarms = [StatusMessage.AlarmNow(rule: rule, outcome: "violation.certain")]
      #expect(refusal(file, status: watched, arming: good)?.contains(rule) == true)
    }
    watched.alarms = []
    watched.release = 2
    #expect(refusal(file, status: watched, arming: good)?.contains("release") == true)
    watched.release = 0
    // A violation that the gate holds back is what the trial is about.
    watched.alarms = [StatusMessage.AlarmNow(rule: "clearance.static", outcome: "violation")]
    #expect(refusal(file, status: watched, arming: good) == nil)
    watched = status()
    watched.configurationSHA256 = "c1"
    #expect(refusal(file, status: watched, arming: good)?.contains("another configuration") == true)
    watched = status()
    watched.robotID = "other"
    #expect(refusal(file, status: watched, arming: good)?.contains("other") == true)
    let open = try self.file(("unoccupied: {reason: the fence is locked, by: ada}\n", ""))
    #expect(refusal(open, status: status(), arming: try arming(open))?.contains("unoccupied") == true)
  }

  @Test func anArmingHoldsForItsFileItsMachineItsTimeAndItsDose() throws {
    let file = try file()
    let good = try arming(file)
    func flaw(_ change: (inout Arming) -> Void) -> String? {
      var changed = good
      change(&changed)
      return refusal(file, status: status(), arming: changed)
    }
    #expect(flaw { $0.until += 1 }?.contains("signature") == true)
    #expect(flaw { $0.greatestDose = 5 }?.contains("signature") == true)
    #expect(flaw { $0.signature = [] }?.contains("signature") == true)
    #expect(flaw { $0.operatorName = "eve" }?.contains("none of the monitor's") == true)
    #expect(refusal(file, status: status(), arming: good, at: now + 600)?.contains("time is over") == true)
    #expect(refusal(file, status: status(), arming: try arming(file, for: 13 * 3600))?.contains("12 hours") == true)
    #expect(refusal(file, status: status(), arming: try arming(file, dose: 1))?.contains("above the 1") == true)
    #expect(refusal(file, .mandated, status: status(), arming: good)?.contains("greatest_dose") == true)
    let changed = try self.file(("block_s: 2", "block_s: 3"))
    #expect(refusal(changed, status: status(), arming: good)?.contains("changed after") == true)
    let elsewhere2 = try file.naming("\(Repository.root)/config/scenarios/E16.yaml")
    #expect(refusal(elsewhere2, status: status(), arming: good)?.contains("another is given") == true)
    let elsewhere = Interlock(file: file, robot: "panda", operators: ["ada": keys.publicKey], boot: "another start", configuration: "c0")
      .refusal(.i2, proof: nil, status: status(), arming: good, isFlagged: false, at: now)
    #expect(elsewhere?.contains("started again") == true)
    let stranger = Interlock(file: file, robot: "panda", operators: ["ada": others.publicKey], boot: boot, configuration: "c0")
      .refusal(.i2, proof: nil, status: status(), arming: good, isFlagged: false, at: now)
    #expect(stranger?.contains("signature") == true)
    // As it lies on disk.
    #expect(Arming(parsing: good.text) == good)
    #expect(Arming(parsing: good.text + "\n") == nil && Arming(parsing: good.text.replacing("dose 2", with: "dose 02")) == nil)
    #expect(Arming(parsing: "") == nil)
  }

  @Test func onlyTheArmThatTheMonitorHearsCanBeProvedSimulated() throws {
    let file = try file()
    let proof = SimulatorProof(bootID: 5, sequence: 900)
    #expect(refusal(file, proof: proof, status: status(mode: "observe"), arming: nil, flag: true) == nil)
    #expect(refusal(file, proof: proof, status: status(mode: "observe"), arming: nil)?.contains("not armed") == true)
    #expect(refusal(file, proof: proof, status: status(mode: "observe"), arming: try arming(file)) == nil)
    // A simulator runs somewhere, but the monitor hears another arm, or an old recording of this one.
    #expect(refusal(file, proof: proof, status: status(boot: 6), arming: nil, flag: true)?.contains("real") == true)
    #expect(refusal(file, proof: proof, status: status(sequence: 500), arming: nil, flag: true)?.contains("real") == true)
    #expect(refusal(file, proof: proof, status: status(sequence: 1300), arming: nil, flag: true)?.contains("real") == true)
    #expect(refusal(file, proof: proof, status: status(sequence: .max), arming: nil, flag: true)?.contains("real") == true)
    // What it heard last is old, or two speak for one arm.
    var old = status()
    old.ages[0].ageNanoseconds = 600_000_000
    #expect(refusal(file, proof: proof, status: old, arming: nil, flag: true)?.contains("real") == true)
    var two = status()
    two.alarms = [StatusMessage.AlarmNow(rule: "integrity.identity", outcome: "violation.certain")]
    #expect(refusal(file, proof: proof, status: two, arming: nil, flag: true)?.contains("real") == true)
    two = status()
    two.ages[0].bootID = nil
    #expect(refusal(file, proof: proof, status: two, arming: nil, flag: true)?.contains("real") == true)
    var silent = status()
    silent.ages = []
    #expect(refusal(file, proof: proof, status: silent, arming: nil, flag: true)?.contains("real") == true)
  }

  @Test func aFileWithATypoOrAnUnsafeScheduleIsRefused() throws {
    func problem(_ from: String, _ to: String) -> String {
      do {
        _ = try file((from, to))
        return ""
      } catch { return "\(error)" }
    }
    #expect(problem("i2]", "i4]").contains("above `greatest_dose`"))
    #expect(problem("i2]", "i9]").contains("no condition"))
    #expect(problem("[placebo, i1, i2]", "[]").contains("condition"))
    #expect(problem("block_s: 2", "block_s: 0").contains("block_s"))
    #expect(problem("block_s: 2", "block_s: 1e30").contains("86400") && problem("block_s: 2", "block_s: 0.05").contains("86400"))
    #expect(problem("greatest_dose: 2", "greatest_dose: 9").contains("9 is no dose"))
    #expect(problem("version: 1", "version: 2").contains("version"))
    #expect(problem("arming:", "armed:").contains("`arming` is missing"))
    #expect(problem(", by: ada", "").contains("by"))
  }

  @Test func blocksAreShuffledAnewInEachPassAndAllOfThemAreThere() throws {
    let shuffled = try file(("block_s: 2", "block_s: 2, order: shuffled, repeats: 0"))
    let passes = (0..<20).map { shuffled.pass($0, seed: 3) }
    #expect(passes.allSatisfy { Set($0) == [.placebo, .i1, .i2] && $0.count == 3 })
    #expect(Set(passes.map { $0.map(\.rawValue).joined() }).count > 3)
    #expect(shuffled.pass(4, seed: 3) == passes[4])
    #expect(try file().pass(9, seed: 1) == [.placebo, .i1, .i2])
  }
}
