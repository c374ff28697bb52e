import Glibc
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
    var recording = try Recording(path: path)
    let loaded = try request.configuration ?? attached(recording)
    var pass = CheckPass(path, loaded, request, Judge(loaded, recording), start: recording.monotonicStart)
    pass.result.robot = recording.robotID
    pass.result.slice = recording.slice
    if let mark = recording.slice { pass.result.gaps.append(mark.words) }
    if pass.result.configurationSHA256 != recording.configurationSHA256 {
      pass.result.gaps.append(
        request.configuration == nil
          ? "the attached configuration is not the one that the recording names"
          : "judged with another configuration than the recording's own")
    }
    let begins = recording.slice?.first ?? 1
    pass.countsFrom = max(recording.slice?.countsFrom ?? 0, recording.inForceFrom ?? .max)
    while let item = try recording.next() {
      switch item {
      case .input(let input):
        if pass.result.inputs == 0, input.index > begins, !input.followsGap {
          pass.result.gaps.append("\(input.index - begins) inputs before the first are missing")
        }
        try pass.take(input)
      case .verdict(let index, let core, _):
        // Behind a gap the core has another past than it had live: there is nothing to compare.
        guard pass.isContinuous, recording.missingInputs == 0, recording.leftOutInputs == 0, recording.flaws.isEmpty else {
          continue
        }
        pass.compare(index, core)
      case .alarm, .sent: break
      }
    }
    if recording.missingInputs > 0 {
      pass.result.gaps.append("\(recording.missingInputs) inputs are missing between others")
    }
    if let refused = recording.closing?["refused_inputs"], refused != "0" {
      pass.result.gaps.append("\(refused) inputs were judged live but not recorded: the ring was full")
    }
    if recording.closing == nil {
      pass.result.gaps.append("its recorder did not end it in order, so inputs may be missing at its end")
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
    return pass.finish()
  }

  /// A ROS 2 recording: nothing judged it live, and its messages become the monitor's here.
  private static func judgeForeign(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    guard let loaded = request.configuration else {
      throw Stop(
        .usage,
        "\(path): was recorded by another program, so no robot, cell and limits are in it; name them with --config")
    }
    var recording = try ForeignRecording(path: path, loaded, request.foreign)
    var pass = CheckPass(path, loaded, request, Judge(loaded, resetNonce: nil), start: ForeignRecording.start)
    pass.result.robot = loaded.robotID
    while let input = try recording.next() { try pass.take(input) }
    pass.result.foreign = recording.summary
    pass.result.gaps += recording.gaps
    return pass.finish()
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

/// One recording's inputs, judged one after the other, and what that comes to.
private struct CheckPass: ~Copyable {
  var result: CheckResult
  /// Index of the first input whose verdict counts; those before only tell the core how the world was.
  var countsFrom: UInt64 = 0
  private(set) var lastIndex: UInt64 = 0
  private let request: CheckRequest
  private var judge: Judge
  private var hash = VerdictHash()
  private var last: (index: UInt64, core: [UInt8])?
  private var previous: Int64?
  private var progress = Progress()
  /// ns
  private let start: Int64

  init(
    _ path: String, _ loaded: LoadedConfiguration, _ request: CheckRequest, _ judge: consuming Judge, start: Int64
  ) {
    result = CheckResult(path: path, configurationSHA256: Words.hex(loaded.core.digest))
    result.absences = RuleID.allCases.map { loaded.core.absence(of: $0) }
    result.notMeasured = loaded.core.cell.notMeasured
    if request.keepsBaseline { result.baseline = Baseline(recording: path, loaded.core.digest) }
    self.request = request
    self.judge = judge
    self.start = start
  }

  mutating func take(_ input: RecordedInput) throws {
    guard let core = judge.step(input) else {
      result.gaps.append("input \(input.index) came from an endpoint that this version does not know")
      return
    }
    hash.add(core)
    lastIndex = input.index
    result.inputs += 1
    if case .message = input.event { result.messages += 1 }
    result.seconds = Double(input.instant - start) * 1e-9
    if let maxGap = request.maxGap, let previous, Double(input.instant - previous) * 1e-9 > maxGap {
      result.gaps.append(
        "nothing arrived for \(Words.rounded(Double(input.instant - previous) * 1e-9)) s before input \(input.index)")
    }
    previous = input.instant
    let counts = input.index >= countsFrom
    let isInWindow = counts && result.seconds >= request.from ?? -.infinity && result.seconds <= request.to ?? .infinity
    result.tally.take(judge.verdict.pointee, isInWindow: isInWindow)
    if counts { result.baseline?.take(judge.verdict.pointee, core) }
    if let file = request.verdicts { try write(core, to: file) }
    last = (input.index, core)
    progress.show(result.inputs)
  }

  /// Nothing is missing so far but what a slice left out.
  var isContinuous: Bool { result.gaps.count == (result.slice == nil ? 0 : 1) }

  mutating func compare(_ index: UInt64, _ core: [UInt8]?) {
    guard request.compares, index >= countsFrom else { return }
    guard last?.index == index else {
      result.gaps.append("input \(index) is not in the recording, though its verdict is")
      return
    }
    result.compared += 1
    let apart = result.slice?.apartRules ?? []
    func masked(_ core: [UInt8]?) -> [UInt8]? { core.map { VerdictBytes.masked($0, apart: apart) } }
    if last?.core != core && (apart.isEmpty || masked(last?.core) != masked(core)) {
      result.differing += 1
      if result.firstDifference == nil { result.firstDifference = index }
    }
  }

  consuming func finish() -> CheckResult {
    progress.end()
    result.verdictSHA256 = hash.sha256()
    result.baseline?.finish(inputs: result.inputs)
    if request.compares, result.compared == 0 {
      result.gaps.append("there were no stored verdicts to compare with")
    }
    return result
  }

  private func write(_ core: [UInt8], to file: Int32) throws {
    let bytes = Judge.prefix(core) + core
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + offset, bytes.count - offset) }
      guard count > 0 else { throw Stop(.failed, "--verdicts: \(errorText())") }
      offset += count
    }
  }
}
