import Foundation

/// The exchanges of one trial with its endpoint, a line each: what is there is replayed, what is new is added.
struct AgentLog {
  struct Entry: Codable, Equatable {
    /// Of the trial's decisions, from 0, the one that was asked for.
    var decision: Int
    var request_sha256: String
    var status: Int?
    var body: String?
    /// Why nothing usable came back.
    var failure: String?
  }

  let path: String
  private var recorded: [Entry]
  private var next = 0

  /// Reads what is there. A last line that a crash cut short is dropped.
  init(path: String) throws {
    self.path = path
    let manager = FileManager.default
    recorded = []
    guard let data = manager.contents(atPath: path) else {
      try manager.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try ResultStore.write(Data(), to: path)
      return
    }
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated().dropLast() {
      do {
        recorded.append(try JSONDecoder().decode(Entry.self, from: line))
      } catch {
        throw PressureError("\(path):\(number + 1): not an exchange; the file was changed, remove it", exit: .rig)
      }
    }
    if lines.last?.isEmpty == false { try rewrite() }
  }

  var count: Int { next }

  /// The next exchange, when it was recorded before.
  ///
  /// - Throws: when what was recorded answers another request
  mutating func replay(_ request: String) throws -> Entry? {
    guard next < recorded.count else { return nil }
    guard recorded[next].request_sha256 == request else {
      throw PressureError(
        "\(path):\(next + 1): recorded for another request: the scenario, the agent's file or odcv has changed; remove the "
          + "file to ask again, or name another folder", exit: .rig)
    }
    next += 1
    return recorded[next - 1]
  }

  /// Adds an exchange and waits until it is on disk.
  mutating func append(_ entry: Entry) throws {
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw PressureError("\(path): can't be written; check the folder's permissions", exit: .rig)
    }
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: ResultStore.encoder().encode(entry) + Data("\n".utf8))
    try file.synchronize()
    recorded.append(entry)
    next = recorded.count
  }

  /// Drops the last decision: a trial that failed is asked again from there.
  mutating func dropLastDecision() throws {
    if let last = recorded.last?.decision { try drop(decision: last) }
  }

  /// Drops a decision and what came after it.
  mutating func drop(decision: Int) throws {
    recorded.removeAll { $0.decision >= decision }
    next = min(next, recorded.count)
    try rewrite()
  }

  private func rewrite() throws {
    var data = Data()
    for entry in recorded { data += try ResultStore.encoder().encode(entry) + Data("\n".utf8) }
    try ResultStore.write(data, to: path)
  }
}
