import Foundation
import Testing

@testable import ODCVEvidence

@Suite struct LatchPageTests {
  private let scratch: Scratch
  private let place: String

  init() {
    scratch = Scratch()
    place = scratch.directory("memory")
  }

  private func page(_ directory: EvidenceDirectory) -> LatchPage { LatchPage(directory, place: place) }

  /// - Parameter wall: start of the run, ns since 1970
  private func directory(_ wall: Int64 = 0) throws -> EvidenceDirectory {
    try EvidenceDirectory.create(
      root: scratch.path + "/evidence", bootID: [UInt8](repeating: 1, count: 16), wall: wall)
  }

  /// Whatever that arm is called then: evidence is of one.
  @Test func aNumberIsThereForTheNextRun() throws {
    let first = page(try directory())
    #expect(first.left == 0 && first.latch == 0 && first.failure == nil)
    first.latch = 7
    let second = page(try directory())
    #expect(second.left == 7 && second.latch == 7)
    second.latch = 0
    #expect(page(try directory()).left == 0)
  }

  @Test func aPageOfEvidenceThatWasMovedAwaySaysNothing() throws {
    let old = try directory()
    page(old).latch = 7
    try FileManager.default.removeItem(atPath: old.root)
    let next = page(try directory(1_000_000_000))
    #expect(next.left == 0 && next.latch == 0)
  }

  /// After a reload the first run may be removed, by retention or by a person.
  @Test func aPageFollowsItsMonitorFromRunToRun() throws {
    let runs = try (0..<4).map { try directory(Int64($0) * 1_000_000_000) }
    let followed = page(runs[0])
    followed.latch = 7
    for (old, new) in zip(runs, runs.dropFirst()) {
      followed.follow(new)
      try FileManager.default.removeItem(atPath: old.run)
      // As the next start finds it.
      let copies = scratch.directory("copies")
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
      try FileManager.default.copyItem(atPath: "\(place)/\(name)", toPath: "\(copies)/\(name)")
      #expect(LatchPage(new, place: copies).left == 7)
      try FileManager.default.removeItem(atPath: copies)
    }
    try FileManager.default.removeItem(atPath: runs[3].run)
    #expect(page(try directory(9_000_000_000)).left == 0)
  }

  @Test func withoutSharedMemoryTheNumberIsKeptInTheProcess() throws {
    try FileManager.default.removeItem(atPath: place)
    let alone = page(try directory())
    #expect(alone.failure?.description.contains("memory/odcv-latch-") == true)
    alone.latch = 7
    #expect(alone.latch == 7)
    #expect(page(try directory()).left == 0)
  }

  @Test func whatIsOnDiskNeedsNoPage() throws {
    let first = page(try directory())
    first.latch = 7
    first.remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
    #expect(first.latch == 7)
    #expect(page(try directory()).left == 0)
  }

  @Test func aLinkInItsPlaceIsNotFollowed() throws {
    let run = try directory()
    page(run).latch = 7
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
    let file = "\(place)/\(name)"
    try FileManager.default.moveItem(atPath: file, toPath: file + ".real")
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file + ".real")
    #expect(page(try directory()).failure != nil)
  }
}
