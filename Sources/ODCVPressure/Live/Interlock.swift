import ODCVSim
import ODCVWire

/// Decides, before every message that puts pressure on a controller, whether it may go out.
///
/// An arm counts as real unless the simulator has answered a fresh challenge with the boot id of its states, and the monitor
/// hears its states with this very boot id. On a simulated arm somebody has to have armed the injection. On a real one an
/// operator has, with a signature; the monitor enforces; the cell is declared unoccupied, and the monitor's sensors see nobody in
/// it; nothing is latched; and the dose is within what the file and the operator allow. The monitor runs the very configuration
/// that this was started with, so that its operators are those whose keys are known here.
struct Interlock: Sendable {
  enum Arm: Equatable, Sendable { case simulated, real }

  let file: InjectionFile
  let robot: String
  /// Ed25519 public keys by the monitor's configuration.
  let operators: [String: [UInt8]]
  /// This start of the machine.
  let boot: String
  /// SHA-256 over the files of the monitor's configuration, in hexadecimal digits.
  let configuration: String

  /// Which arm the monitor hears.
  ///
  /// - Parameter proof: the simulator's answer; `nil`: none
  static func arm(_ proof: SimulatorProof?, _ status: StatusMessage) -> Arm {
    guard let proof, let state = status.ages.first(where: { $0.input == "state" }), state.bootID == proof.bootID,
      let sequence = state.sequence, let age = state.ageNanoseconds, age <= freshness
    else { return .real }
    let apart = sequence > proof.sequence ? sequence - proof.sequence : proof.sequence - sequence
    // Two who speak for one arm: nobody knows which of them is the simulator.
    guard apart <= slack, !status.alarms.contains(where: { $0.rule == "integrity.identity" }) else { return .real }
    return .simulated
  }

  /// Messages that the monitor's last state may be from the one that the simulator named just before: those of 1.5 s.
  private static let slack: UInt64 = 300
  /// ns: how old the monitor's last state may be.
  private static let freshness: Int64 = 500_000_000

  /// Why `condition` may not be sent now; `nil`: it may.
  ///
  /// - Parameters:
  ///   - status: the monitor's, just asked for; `nil`: it did not answer
  ///   - arming: what lies where the file says; `nil`: nothing
  ///   - isFlagged: armed on the command line, which is enough for a simulated arm
  ///   - now: s since 1970
  func refusal(
    _ condition: Condition, proof: SimulatorProof?, status: StatusMessage?, arming: Arming?, isFlagged: Bool, at now: Int64
  ) -> String? {
    guard let status else { return "the monitor does not answer; start odcv-monitor, or name its control endpoint" }
    guard status.robotID == robot else { return "the monitor watches `\(status.robotID ?? "?")`, not `\(robot)`" }
    guard status.configurationSHA256 == configuration else {
      return "the monitor runs another configuration than \(file.monitor) as it is now; restart one of the two"
    }
    guard condition.dose <= file.greatestDose else {
      return "\(condition.rawValue) has dose \(condition.dose), above the file's greatest_dose of \(file.greatestDose)"
    }
    switch Self.arm(proof, status) {
    case .simulated:
      if isFlagged { return nil }
      guard let arming else {
        return "not armed: injection changes what a running controller is told; give --arm, or arm it with `odcv-pressure arm`"
      }
      return unfit(arming, condition, at: now)
    case .real: return real(condition, status, arming, at: now)
    }
  }

  private func real(_ condition: Condition, _ status: StatusMessage, _ arming: Arming?, at now: Int64) -> String? {
    func sure(_ reason: String) -> String {
      reason + " (the arm counts as real: no simulator proves that the states which the monitor hears are its own)"
    }
    guard status.mode == "enforce" else { return sure("the monitor only observes; run it with `mode: enforce`") }
    guard file.unoccupied != nil else {
      return sure("the cell is not declared unoccupied; state `unoccupied: {reason, by}` when it is")
    }
    guard let arming else { return sure("no operator has armed it; `odcv-pressure arm` does") }
    if let problem = unfit(arming, condition, at: now) { return sure(problem) }
    guard status.latch == 0 else { return sure("the monitor is latched; an operator resets it") }
    guard let people = status.people, people == 0 else { return sure("the monitor sees somebody in the cell") }
    guard status.release == 0 else { return sure("a release motion is in force: somebody is being freed") }
    // A violation that the gate holds back is what is looked for; not a monitor that does not see or can't write, nor one that is
    // told lies, of a mode that is not automatic say, or of somebody who is called an object.
    let blind = status.alarms.filter { alarm in
      alarm.outcome == "unknown"
        || ["evidence.", "integrity.", "authority.", "coverage."].contains { alarm.rule?.hasPrefix($0) == true }
    }
    guard blind.isEmpty else {
      let rules = blind.compactMap(\.rule)
      let named = rules.prefix(3).joined(separator: ", ") + (rules.count > 3 ? " and \(rules.count - 3) more" : "")
      return sure("the monitor is in alarm about what it can't see, trust or write: \(named)")
    }
    return nil
  }

  /// The operator whose arming lets `condition` go out; `nil`: none does.
  func author(_ arming: Arming?, _ condition: Condition, at now: Int64) -> String? {
    arming.flatMap { unfit($0, condition, at: now) == nil ? $0.operatorName : nil }
  }

  private func unfit(_ arming: Arming, _ condition: Condition, at now: Int64) -> String? {
    if let flaw = arming.flaw(file, robot: robot, operators: operators, boot: boot, at: now) {
      return "what lies at \(file.arming) arms nothing: \(flaw)"
    }
    guard condition.dose <= arming.greatestDose else {
      return "\(condition.rawValue) has dose \(condition.dose), above the \(arming.greatestDose) that \(arming.operatorName) armed"
    }
    return nil
  }
}
