import ODCVConfig
import ODCVCore
import ODCVWire

/// A verdict as a message with its findings in names, packed by protobuf-c: what `MonitorWriter` must write, byte for byte.
enum VerdictEncoder {
  /// - Parameters:
  ///   - core: the verdict's canonical bytes.
  ///   - header: of the verdict stream; the robot id is filled in.
  ///   - latencyNanoseconds: from receipt of the input to this verdict.
  static func message(
    _ verdict: Verdict, core: [UInt8], configuration: LoadedConfiguration, header: HeaderFields = HeaderFields(),
    latencyNanoseconds: Int64? = nil, durable: Bool? = nil
  ) -> VerdictMessage {
    var header = header
    header.robotID = configuration.robotID
    let (decision, scale): (VerdictMessage.DecisionKind, Double?) =
      switch verdict.decision {
      case .allow: (.allow, nil)
      case .slow(let scale, _): (.slow, scale)
      case .hold: (.hold, nil)
      case .halt: (.halt, nil)
      }
    return VerdictMessage(
      header: header, index: verdict.index, actionSequence: verdict.actionSequence, judged: judged(verdict.judged),
      outcome: outcome(verdict.outcome), decision: decision, scale: scale,
      findings: verdict.findings.map { finding($0, configuration) }, core: core,
      latencyNanoseconds: latencyNanoseconds, stateAgeNanoseconds: verdict.stateAge.map(nanoseconds),
      peopleAgeNanoseconds: verdict.peopleAge.map(nanoseconds), durable: durable,
      chunkRow: verdict.row.map { UInt32($0) })
  }

  /// The outcome as the wire says it.
  static func outcome(_ outcome: ODCVCore.Outcome) -> VerdictMessage.Outcome {
    switch outcome {
    case .pass: .pass
    case .violationCertain: .violationCertain
    case .violationPossible: .violationPossible
    case .unknown: .unknown
    case .notApplicable: .notApplicable
    }
  }

  private static func finding(_ finding: Finding, _ configuration: LoadedConfiguration) -> VerdictMessage.Finding {
    var message = VerdictMessage.Finding(
      rule: finding.rule.name, outcome: outcome(finding.outcome), reason: reason(finding, configuration),
      subject: configuration.core.name(of: finding.subject), other: configuration.core.name(of: finding.other),
      subjectPoint: finding.points.map { point($0.0) }, otherPoint: finding.points.map { point($0.1) })
    switch finding.outcome {
    case .pass, .violationCertain, .violationPossible:
      message.valueLower = finding.value.lower
      message.valueUpper = finding.value.upper
      message.limit = finding.limit
      message.unit = finding.rule.unit
      message.marginLower = finding.margin.lower
      message.marginUpper = finding.margin.upper
      message.failing = finding.failing
    // Without a value there is no margin either.
    case .unknown, .notApplicable: break
    }
    return message
  }

  private static func reason(_ finding: Finding, _ configuration: LoadedConfiguration) -> String? {
    switch finding.outcome {
    case .pass: nil
    case .violationCertain, .violationPossible: finding.improving ? "this motion brings it back" : nil
    case .unknown(let reason): reason.words
    case .notApplicable: configuration.core.absence(of: finding.rule)
    }
  }

  private static func judged(_ judged: ODCVCore.Judged) -> VerdictMessage.Judged {
    switch judged {
    case .commanded: .commanded
    case .predicted: .predicted
    case .measured: .measuredMotion
    case .noted: .noted
    }
  }

  private static func point(_ p: Vector3) -> VectorFields { VectorFields(x: p.x, y: p.y, z: p.z) }

  private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(exactly: (seconds * 1e9).rounded()) ?? .max }
}
