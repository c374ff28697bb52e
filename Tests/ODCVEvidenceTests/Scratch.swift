import Foundation
import TestSupport

@testable import ODCVEvidence

/// A directory of a test's own, gone when the test ends.
final class Scratch {
  let path: String

  init() {
    var template = Array((NSTemporaryDirectory() + "/odcv-evidence-XXXXXX").utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary directory")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    // Not through Foundation, which makes a second file and renames it: some tests write thousands.
    guard let stream = fopen(file, "w") else { preconditionFailure("cannot write \(file)") }
    let written = fwrite(bytes, 1, bytes.count, stream)
    precondition(fclose(stream) == 0 && written == bytes.count, "cannot write \(file)")
    return file
  }

  func directory(_ name: String) -> String {
    let directory = path + "/" + name
    try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    return directory
  }
}

func bytes(of path: String) -> [UInt8] { (try? System.readWhole(path)) ?? [] }

extension SeededGenerator {
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// A boot id.
let boot: [UInt8] = Array(1...16)

extension RecordRing {
  @discardableResult
  func push(
    _ kind: RecordKind, channel: UInt8 = 0, _ index: UInt64, at instant: Int64 = 0, detail: Int64 = 0,
    _ topic: String = "", _ body: [UInt8] = []
  ) -> Bool {
    Array(topic.utf8).withUnsafeBytes { topic in
      body.withUnsafeBytes {
        push(kind: kind, channel: channel, index: index, instant: instant, detail: detail, topic: topic, body: $0)
      }
    }
  }
}

/// The children of this test run are beside it.
func product(_ name: String) -> String {
  let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  var directory = (executable as NSString).deletingLastPathComponent
  while directory.count > 1 {
    for candidate in [directory + "/" + name, directory + "/debug/" + name]
    where FileManager.default.isExecutableFile(atPath: candidate) {
      return candidate
    }
    directory = (directory as NSString).deletingLastPathComponent
  }
  return FileManager.default.currentDirectoryPath + "/.build/debug/" + name
}
