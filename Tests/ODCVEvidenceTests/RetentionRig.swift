import Foundation
import Synchronization

@testable import ODCVEvidence

/// Runs in one evidence directory, one after the other.
final class RetentionRig {
  let scratch = Scratch()
  var root: String { scratch.path + "/evidence" }
  let free = Free()
  private var started: Int64 = 5_000

  final class Free: Sendable {
    /// That are left, or as many as there are for the files where `isShared`.
    let bytes = Atomic<UInt64>(1 << 40)
    let isShared = Atomic<Bool>(false)
  }

  func configuration(_ retention: Retention?, wall: Int64? = nil, after time: Int64 = 1_000_000_000_000) throws -> RecorderConfiguration {
    var configuration = try RecorderTests.configuration(scratch)
    configuration.retention = retention
    // Far from what came before.
    started += time
    configuration.monotonicStart = started
    configuration.wallStart = wall ?? configuration.wallStart + started
    return configuration
  }

  func recorder(
    _ configuration: RecorderConfiguration, _ ring: RecordRing, _ confirmations: AckRing = AckRing()
  ) throws -> Recorder {
    let (free, root) = (free, root)
    return try Recorder(
      configuration, ring: ring, confirmations: confirmations,
      disk: .init(
        freeBytes: { _ in
          let bytes = free.bytes.load(ordering: .relaxed)
          return free.isShared.load(ordering: .relaxed) ? bytes - min(bytes, Self.used(root)) : bytes
        }, freeingPatience: 300_000_000))
  }

  /// So many bytes are left now, and more when something is removed.
  func limit(to bytes: UInt64) {
    free.bytes.store(Self.used(root) + bytes, ordering: .relaxed)
    free.isShared.store(true, ordering: .relaxed)
  }

  private static func used(_ root: String) -> UInt64 {
    ((try? EvidenceDirectory.runs(root: root)) ?? []).flatMap { run in
      ((try? System.list(root + "/" + run)) ?? []).compactMap { FileStatus("\(root)/\(run)/\($0)")?.frees }
    }.reduce(0, +)
  }

  /// A finished run of ticks; the name of its directory.
  func run(violation: Bool, wall: Int64? = nil, after time: Int64 = 1_000_000_000_000, payload: [UInt8]? = nil) throws -> String {
    let configuration = try configuration(nil, wall: wall, after: time)
    let ring = RecordRing()
    let recorder = try recorder(configuration, ring)
    for index in 1...100 as ClosedRange<UInt64> { ring.push(.tick, index, at: started + Int64(index)) }
    if violation || payload != nil {
      ring.push(.violation, 100, at: started + 100, "", payload ?? RecorderTests.verdict(100, core: [1]))
    }
    recorder.stop()
    return configuration.directory.name
  }

  func names() throws -> [String] { try EvidenceDirectory.runs(root: root) }

  func search(lock: Int64? = nil, now: Int64 = System.wallNow()) throws -> RetentionSearch.Result {
    try RetentionSearch(root: root, bootID: "none", monotonicStart: 0, monotonicNow: 0, lock: lock).run(now: now)
  }

  var segments: [String] { get throws { try SegmentName.list(root + "/violations").map(\.path) } }
}
