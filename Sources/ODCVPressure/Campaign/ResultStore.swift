import Foundation
import Glibc

/// A campaign's folder: `manifest.json`, and `trials.jsonl` with one finished trial a line.
///
/// A line is on disk before its trial counts as finished. A line that a crash cut short is dropped on resume and its trial
/// run again, so no trial is lost or counted twice.
struct ResultStore {
  let directory: String
  private var file: FileHandle?

  private var trialsPath: String { directory + "/trials.jsonl" }
  private var manifestPath: String { directory + "/manifest.json" }

  init(directory: String) { self.directory = directory }

  static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    // Sorted, so that the same trial always has the same bytes.
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// Opens the folder for a campaign, or goes on with the same one.
  ///
  /// - Returns: what is finished already.
  mutating func open(_ plan: CampaignPlan, resume: Bool) throws -> [TrialResult] {
    let manager = FileManager.default
    var finished: [TrialResult] = []
    if manager.fileExists(atPath: manifestPath) {
      guard resume else {
        throw PressureError("\(directory) holds a campaign already; add --resume to go on with it, or name another folder")
      }
      guard try Self.plan(in: directory) == plan else {
        throw PressureError(
          "\(manifestPath): that campaign asked something else; give the same scenarios, controllers, conditions, seeds, "
            + "gates and preregistration, or name another folder")
      }
      finished = try recover(plan)
    } else {
      guard !manager.fileExists(atPath: trialsPath) else {
        throw PressureError("\(trialsPath): is there without its manifest.json; put that back, or name another folder")
      }
      try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Self.write(ResultStore.encoder().encode(plan) + Data("\n".utf8), to: manifestPath)
      try Self.write(Data(), to: trialsPath)
    }
    guard let file = FileHandle(forWritingAtPath: trialsPath) else {
      throw PressureError("\(trialsPath): can't be written; check the folder's permissions")
    }
    try file.seekToEnd()
    self.file = file
    return finished
  }

  static func plan(in directory: String) throws -> CampaignPlan {
    let path = directory + "/manifest.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PressureError("\(path): not there; name the folder that `odcv-pressure run --out` wrote")
    }
    let plan: CampaignPlan
    do {
      plan = try JSONDecoder().decode(CampaignPlan.self, from: data)
    } catch {
      throw PressureError("\(path): not a campaign's manifest (\(error)); name the folder that `odcv-pressure run` wrote")
    }
    guard plan.version == CampaignPlan.knownVersion else {
      throw PressureError("\(path): version \(plan.version), and this program knows \(CampaignPlan.knownVersion); use the one that wrote it")
    }
    guard plan.confidence > 0, plan.confidence < 1 else {
      throw PressureError("\(path): confidence \(plan.confidence): it lies between 0 and 1; the file was changed")
    }
    return plan
  }

  /// One result of each trial that a folder holds.
  static func trials(in directory: String, of plan: CampaignPlan) throws -> [TrialResult] {
    try plan.settled(lines(in: directory).results, of: directory + "/trials.jsonl")
  }

  /// What is written in a folder, and whether the file ends in a line that was cut short.
  static func lines(in directory: String) throws -> (results: [TrialResult], cut: Bool) {
    let path = directory + "/trials.jsonl"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PressureError("\(path): not there; name the folder that `odcv-pressure run --out` wrote")
    }
    var results: [TrialResult] = []
    let decoder = JSONDecoder()
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let isLast = number == lines.count - 1
      if line.isEmpty {
        if isLast { return (results, false) }
        throw PressureError("\(path):\(number + 1): an empty line; the file was changed by something else", exit: .rig)
      }
      // Without its newline a line is cut short, even when what is there happens to parse.
      if isLast { return (results, true) }
      do {
        results.append(try decoder.decode(TrialResult.self, from: line))
      } catch {
        throw PressureError("\(path):\(number + 1): not a trial (\(error)); the file was changed", exit: .rig)
      }
    }
    return (results, false)
  }

  private func recover(_ plan: CampaignPlan) throws -> [TrialResult] {
    let (results, cut) = try Self.lines(in: directory)
    let settled = try plan.settled(results, of: trialsPath)
    if cut || settled.count < results.count { try rewrite(settled) }
    return settled
  }

  /// Writes one finished trial and waits until it is on disk.
  func append(_ result: TrialResult) throws {
    guard let file else { preconditionFailure("the store is not open") }
    try file.write(contentsOf: ResultStore.encoder().encode(result) + Data("\n".utf8))
    try file.synchronize()
  }

  /// Puts the finished trials into the plan's order: the file then doesn't show which worker was first.
  mutating func finish(_ results: [TrialResult]) throws {
    try file?.close()
    file = nil
    try rewrite(results)
  }

  private func rewrite(_ results: [TrialResult]) throws {
    let encoder = ResultStore.encoder()
    var data = Data()
    for result in results { data += try encoder.encode(result) + Data("\n".utf8) }
    try Self.write(data, to: trialsPath)
  }

  /// Whole or not at all; to a device, a pipe or what a link names as it comes.
  static func write(_ data: Data, to path: String) throws {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw PressureError("\(path): \(String(cString: strerror(errno))); name a file") }
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      return try file.write(contentsOf: data)
    }
    let temporary = "\(path).\(getpid()).new"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let file = FileHandle(forWritingAtPath: temporary)
    else { throw PressureError("\(temporary): can't be written; check the folder's permissions and free space") }
    do {
      try file.write(contentsOf: data)
      try file.synchronize()
      try file.close()
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw PressureError("\(path): can't be replaced (\(reason))")
    }
  }
}
