import ODCVConfig
import ODCVCore
import ODCVEvidence

/// Judges one recording again from its raw inputs. Stored verdicts decide nothing; they can be compared with.
enum RecordingCheck {
  static func run(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    do {
      if try ForeignRecording.isForeign(path) { return try judgeForeign(path, request) }
      return try judge(path, request)
    } catch let error as EvidenceError {
      throw Stop(.usage, "\(error)")
    }
  }

  private static func judge(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    let begun = try Recording(path: path, withVerdicts: request.compares)
    let loaded = try request.configuration ?? attached(begun)
    var pass = CheckPass(path, loaded, request, start: begun.monotonicStart)
    pass.result.robot = begun.robotID
    pass.result.slice = begun.slice
    if let mark = begun.slice { pass.result.gaps.append(mark.words) }
    if pass.result.configurationSHA256 != begun.configurationSHA256 {
      pass.result.gaps.append(
        request.configuration == nil
          ? "the attached configuration is not the one that the recording names"
          : "judged with another configuration than the recording's own")
    }
    if begun.robotID != loaded.robotID {
      pass.result.gaps.append("it names the arm `\(begun.robotID)`, and its configuration is of `\(loaded.robotID)`")
    }
    pass.begins = begun.slice?.first ?? 1
    pass.countsFrom = max(begun.slice?.countsFrom ?? 0, begun.inForceFrom ?? .max)
    let decoder = RecordedDecoder(loaded, resetNonce: begun.resetNonce)
    let recording = try JudgingLine.run(begun, decoder, RecordedMonitor(loaded)) { try pass.take($0, $1) }
    if recording.missingInputs > 0 {
      pass.result.gaps.append("\(recording.missingInputs) inputs are missing between others")
    }
    pass.result.gaps += endFlaws(of: recording)
    if recording.excerpts == nil, recording.leftOutInputs > 0 {
      pass.result.gaps.append("\(recording.leftOutInputs) inputs were left out, and its run was not to leave any out")
    }
    if let mark = recording.slice, pass.lastIndex < mark.last {
      pass.result.gaps.append("the slice should go on to input \(mark.last) and ends with \(pass.lastIndex)")
    }
    if let loss = recording.recoveredLoss { pass.result.gaps.append("it was recovered with loss: \(loss)") }
    if recording.foreignMessages > 0 {
      pass.result.gaps.append("\(recording.foreignMessages) messages are on channels of another program")
    }
    if recording.inForceFrom == nil {
      pass.result.gaps.append("nothing in it says that its configuration came into force: it was tried beside another, or the file was cut off before")
    }
    if let reason = recording.endedEarly { pass.result.gaps.append("its recording ended before its run did: \(reason)") }
    if let excerpts = recording.excerpts { pass.result.gaps.append(excerpts.words(leftOut: recording.leftOutInputs)) }
    pass.result.gaps += recording.flaws
    return try pass.finish()
  }

  /// What its recorder said of its end and is not so, or should have said and did not.
  private static func endFlaws(of recording: borrowing Recording) -> [String] {
    guard let closing = recording.closing else { return ["its recorder did not end it in order, so inputs may be missing at its end"] }
    var flaws: [String] = []
    switch closing["refused_inputs"].flatMap({ UInt64($0) }) {
    case 0?: break
    case let refused?: flaws.append("\(refused) inputs were judged live but not recorded: the ring was full")
    case nil: flaws.append("its end does not say how many inputs were not recorded")
    }
    guard recording.slice == nil, recording.excerpts == nil else { return flaws }
    let last = recording.lastInput ?? 0
    guard let named = closing["last_index"].flatMap({ UInt64($0) }) else {
      return flaws + ["its end does not say which input was the last, so inputs may be missing there"]
    }
    if named > last { flaws.append("its last input was of number \(named), and it ends with \(last): its end was taken out") }
    if named < last { flaws.append("its last input was of number \(named), and there are more, up to \(last)") }
    return flaws
  }

  /// A ROS 2 recording: nothing judged it live, and its messages become the monitor's here.
  private static func judgeForeign(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    guard let loaded = request.configuration else {
      throw Stop(
        .usage,
        "\(path): was recorded by another program, so no robot, cell and limits are in it; name them with --config")
    }
    var pass = CheckPass(path, loaded, request, start: ForeignRecording.start)
    pass.result.robot = loaded.robotID
    let recording = try JudgingLine.run(
      ForeignRecording(path: path, loaded, request.foreign), RecordedDecoder(loaded, resetNonce: nil), RecordedMonitor(loaded)
    ) { try pass.take($0, $1) }
    pass.result.foreign = recording.summary
    pass.result.gaps += recording.gaps
    return try pass.finish()
  }

  /// The configuration that a recording carries.
  static func attached(_ path: String) throws -> LoadedConfiguration {
    let recording = try reading { () throws(EvidenceError) in try Recording(path: path) }
    return try attached(recording)
  }

  static func attached(_ recording: borrowing Recording) throws -> LoadedConfiguration {
    let files = recording.attachments.map { ConfigurationFile(name: $0.name, bytes: $0.bytes) }
    do throws(ConfigError) {
      return try LoadedConfiguration.load(attachments: files)
    } catch {
      throw Stop(.usage, "\(recording.path): its attached configuration: \(error); or give one with --config")
    }
  }
}

/// What the verdicts on one recording's inputs come to, one after the other.
private struct CheckPass: ~Copyable {
  var result: CheckResult
  /// Index of the first input that there should be.
  var begins: UInt64 = 1
  /// Index of the first input whose verdict counts; those before only tell the core how the world was.
  var countsFrom: UInt64 = 0
  private(set) var lastIndex: UInt64 = 0
  /// Inputs that a verdict should be stored of.
  private var comparable: UInt64 = 0
  private var comparedLast: UInt64?
  /// The last chunk, when some of its rows were foreseen to break a rule.
  private var foreseen: UInt64?
  /// Gaps in which nothing arrived: nothing is missing there.
  private var silences = 0
  private let request: CheckRequest
  private var cores: VerdictCores
  /// Somebody wants the verdicts' bytes.
  private let needsCores: Bool
  /// The last verdict's bytes, where somebody wants them.
  private var last: (index: UInt64, core: UnsafeRawBufferPointer)?
  private var previous: Int64?
  private var written: VerdictFile?
  private var progress = Progress()
  /// ns
  private let start: Int64

  init(_ path: String, _ loaded: LoadedConfiguration, _ request: CheckRequest, start: Int64) {
    result = CheckResult(path: path, configurationSHA256: Words.hex(loaded.core.digest))
    result.absences = RuleID.allCases.map { loaded.core.absence(of: $0) }
    result.notMeasured = loaded.core.cell.notMeasured
    if request.keepsBaseline { result.baseline = Baseline(recording: path, loaded.core.digest) }
    cores = VerdictCores(configuration: loaded.core.digest, digests: request.digests)
    needsCores = request.digests || request.compares || request.keepsBaseline || request.verdicts != nil
    written = request.verdicts.map { VerdictFile($0) }
    self.request = request
    self.start = start
  }

  /// - Parameter verdict: on an input
  mutating func take(_ entry: JudgedBatch.Entry, _ verdict: UnsafePointer<Verdict>?) throws {
    switch entry {
    case .input(_, let stamp):
      guard let verdict else { preconditionFailure("an input without a verdict") }
      if !stamp.followsGap { noteBeginning(stamp.index) }
      try take(verdict, stamp)
    case .unknownEndpoint(let index):
      noteBeginning(index)
      result.gaps.append("input \(index) came from an endpoint that this version does not know")
    case .stored(let index, let core, let isWhole):
      // Behind a gap the core has another past than it had live: there is nothing to compare.
      guard isContinuous, isWhole else { return }
      compare(index, core)
    case .rowsToCome(let count):
      guard let foreseen else { return }
      result.gaps.append(
        "\(count) rows of the chunk that input \(foreseen) brought were to come when the recording ended: a violation was foreseen in "
          + "them, and nothing judged them")
    }
  }

  private mutating func noteBeginning(_ index: UInt64) {
    if result.inputs == 0, index > begins { result.gaps.append("\(index - begins) inputs before the first are missing") }
  }

  private mutating func take(_ verdict: UnsafePointer<Verdict>, _ stamp: JudgedBatch.Stamp) throws {
    let (index, instant) = (stamp.index, stamp.instant)
    let core = needsCores ? cores.add(verdict) : nil
    lastIndex = index
    result.inputs += 1
    if stamp.isMessage { result.messages += 1 }
    result.seconds = Double(instant - start) * 1e-9
    if let maxGap = request.maxGap, let previous, Double(instant - previous) * 1e-9 > maxGap {
      result.gaps.append("nothing arrived for \(Words.rounded(Double(instant - previous) * 1e-9)) s before input \(index)")
      silences += 1
    }
    previous = instant
    let counts = index >= countsFrom
    let isInWindow = counts && result.seconds >= request.from ?? -.infinity && result.seconds <= request.to ?? .infinity
    if isInWindow { result.counted += 1 }
    if counts, isContinuous { comparable += 1 }
    if verdict.pointee.judged == .predicted { foreseen = AlarmBook.severity(verdict.pointee.outcome) > 1 ? index : nil }
    result.tally.take(verdict, isInWindow: isInWindow)
    if let core {
      if counts { result.baseline?.take(verdict.pointee, Array(core)) }
      try written?.add(core)
    }
    last = core.map { (index, $0) }
    progress.show(result.inputs)
  }

  /// Nothing is missing so far but what a slice left out.
  private var isContinuous: Bool { result.gaps.count - silences == (result.slice == nil ? 0 : 1) }

  private mutating func compare(_ index: UInt64, _ core: [UInt8]?) {
    guard request.compares, index >= countsFrom else { return }
    guard let last, last.index == index else {
      result.gaps.append("input \(index) is not in the recording, though its verdict is")
      return
    }
    guard comparedLast != index else {
      result.gaps.append("input \(index) has a second stored verdict")
      return
    }
    comparedLast = index
    result.compared += 1
    let isSame = core.map { $0.withUnsafeBytes { $0.elementsEqual(last.core) } } ?? false
    if !isSame && !isSameApart(Array(last.core), core) {
      result.differing += 1
      if result.firstDifference == nil { result.firstDifference = index }
    }
  }

  /// But for the numbers of the rules that a slice names.
  private func isSameApart(_ judged: [UInt8], _ stored: [UInt8]?) -> Bool {
    guard let stored, let apart = result.slice?.apartRules, !apart.isEmpty else { return false }
    return VerdictBytes.masked(judged, apart: apart) == VerdictBytes.masked(stored, apart: apart)
  }

  consuming func finish() throws -> CheckResult {
    progress.end()
    try written?.end()
    result.verdictDigest = cores.finish()
    result.baseline?.finish(inputs: result.inputs)
    if request.compares, result.compared == 0 {
      result.gaps.append("there were no stored verdicts to compare with")
    } else if request.compares, isContinuous, result.compared < comparable {
      result.gaps.append("\(comparable - result.compared) inputs have no stored verdict to compare with")
    }
    return result
  }
}
