import ODCVConsole
import ODCVCore
import ODCVWire

extension ArmLoop {
  /// How the monitor is doing, for whoever asks on the control endpoint.
  func status(at now: MonoInstant) -> StatusMessage {
    var ages: [StatusMessage.InputAge] = []
    for place in 0..<regime.ledger.count {
      let line = regime.ledger[place]
      let age = line.received.map { now.nanoseconds - $0.nanoseconds }
      // Of two that speak in turns neither is named.
      let isSure = line.changed.map { now.nanoseconds - $0.nanoseconds > 10_000_000_000 } ?? true
      ages.append(
        StatusMessage.InputAge(
          input: regime.ledger.names[place], ageNanoseconds: age, bootID: isSure ? line.sequence?.boot : nil,
          sequence: isSure ? line.sequence?.number : nil))
    }
    let rules = RuleID.allCases.map { rule in
      let count = regime.monitor.coverage[rule]
      return StatusMessage.RuleCount(
        rule: rule.name, evaluated: count.evaluated, skipped: count.skipped, unknown: count.unknown,
        violated: count.violated, notApplicable: count.notApplicable, nearLimit: count.exposure)
    }
    let recorder = evidence.recorderState
    return StatusMessage(
      robotID: regime.configuration.robotID, mode: regime.isEnforcing ? "enforce" : "observe", inputs: counters.inputs,
      verdicts: counters.inputs, lost: counters.lost, overruns: counters.overruns, latch: latch,
      outcome: last.map { Words.outcome($0.outcome) }, decision: last.map { Words.decision($0.decision) },
      ages: ages, rules: rules, violationsLogged: evidence.summary.confirmed,
      configurationSHA256: Words.hex(regime.configuration.core.digest), resetNonce: regime.resetNonce,
      alarms: standingAlarms(at: now), latchCause: latchCause?.message(at: now),
      refused: refusals.rows, reversals: reversals, release: regime.monitor.release,
      pressure: pressure.inForce(at: now), pressureCounts: pressure.rows, people: regime.ledger.people,
      recordingPart: recorder.flatMap { $0.recordingEnded || $0.recordingError != 0 ? nil : $0.part },
      evidenceFreeBytes: recorder?.freeBytes)
  }

  private var reversals: [StatusMessage.JointReversals] {
    let counts = regime.monitor.reversals
    return regime.configuration.core.robot.joints.enumerated().map { joint, declared in
      StatusMessage.JointReversals(
        joint: declared.name, commanded: counts.commanded(joint), measured: counts.measured(joint))
    }
  }

  private func standingAlarms(at now: MonoInstant) -> [StatusMessage.AlarmNow] {
    var standing: [StatusMessage.AlarmNow] = []
    for rule in RuleID.allCases where alarms[rule].isRaised {
      let entry = alarms[rule]
      standing.append(
        StatusMessage.AlarmNow(
          rule: rule.name, outcome: Words.outcome(entry.finding.outcome), reason: Words.finding(entry.finding, regime.names),
          ageNanoseconds: now.nanoseconds - entry.since.nanoseconds, logSequence: entry.logSequence))
    }
    for alarm in watch.standing {
      standing.append(
        StatusMessage.AlarmNow(
          rule: alarm.change.id, outcome: "raised", reason: alarm.change.text,
          ageNanoseconds: now.nanoseconds - alarm.since.nanoseconds))
    }
    for alarm in [
      evidence.standingDisk, evidence.standingLog, evidence.standingRing, evidence.standingCheckpoints, evidence.standingRecording,
      evidence.standingFiles, evidence.standingRetention,
    ] {
      guard let alarm else { continue }
      standing.append(
        StatusMessage.AlarmNow(
          rule: alarm.change.id, outcome: "raised", reason: alarm.change.text,
          ageNanoseconds: now.nanoseconds - alarm.since.nanoseconds))
    }
    return standing
  }
}
