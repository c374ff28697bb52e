/// What a recovery kept and left out.
public struct MCAPRecoveryReport: Sendable, Equatable {
  public var messages: UInt64 = 0
  public var attachments = 0
  public var metadata = 0
  public var ending: MCAPEnding = .closed
  public var problems: [MCAPProblem] = []

  /// Something was, or may have been, lost: a file that was not closed may have had an open chunk in its writer's
  /// memory.
  public var isLossy: Bool { ending != .closed || !problems.isEmpty }
}

/// Writes what can be read of a cut or damaged MCAP file into a new one, with its indexes and summary made anew, and
/// says in it what is or may be lost: what was saved must not look whole.
public enum MCAPRecovery {
  /// - Parameters:
  ///   - source: stays as it is
  ///   - target: must not exist yet; it is read back before this returns
  public static func recover(
    from source: String, to target: String
  ) throws(EvidenceError) -> MCAPRecoveryReport {
    var reader = try MCAPReader(path: source)
    var report = MCAPRecoveryReport()
    var item = try reader.next()
    var names = (profile: "", library: "")
    if case .header(let profile, let library)? = item {
      names = (profile, library)
      item = try reader.next()
    }
    var copy = try MCAPCopy(to: target, profile: names.profile, library: names.library + " (recovered by odcv)")
    while let found = item {
      try copy.add(found)
      item = try reader.next()
    }
    (report.messages, report.attachments, report.metadata) = (copy.messages, copy.attachments, copy.metadata)
    report.ending = reader.ending ?? .closed
    report.problems = reader.problems
    if report.isLossy { try copy.add(metadata: RecoveryMark.name, RecoveryMark.metadata(report)) }
    try copy.finish()
    if let problem = try MCAPIndexCheck.problems(path: target).first {
      throw EvidenceError(
        "\(target): what was recovered does not read back: \(problem); keep the original and report this")
    }
    return report
  }
}
