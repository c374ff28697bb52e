import Testing
import WireSupport

@testable import ODCVWire

@Suite struct ArenaTests {
  @Test func aFixedArenaRefusesWhatDoesNotFitAndServesAgainAfterAReset() throws {
    var arena = Arena(capacity: 64)
    let served = [48, 17, 16, 1].map { arena.allocate($0) != nil }
    #expect(served == [true, false, true, false])
    arena.reset()
    let used = arena.used
    let whole = arena.allocate(64)
    #expect(used == 0 && whole != nil)
  }

  @Test func piecesAreAlignedAndDontOverlap() throws {
    var arena = Arena(capacity: 128, growing: true)
    var taken: [(start: UInt, end: UInt)] = []
    for size in [1, 0, 16, 17, 100, 70_000, 3] {
      let start = UInt(bitPattern: arena.allocate(size))
      #expect(start != 0)
      #expect(start % 16 == 0)
      let end = start + UInt(max(size, 1))
      #expect(!taken.contains { start < $0.end && $0.start < end })
      taken.append((start, end))
    }
  }

  @Test func unpackingIntoATooSmallArenaIsRefusedAtEverySize() throws {
    let body = StateMessage(
      header: HeaderFields(robotID: "panda"), position: [1, 2, 3], contacts: [.init(link: "a"), .init(other: "b")]
    ).encoded()
    var refused = 0
    for capacity in stride(from: 0, through: 2048, by: 16) {
      var arena = Arena(capacity: capacity)
      do {
        let state = try body.withUnsafeBytes { try arena.unpack(StateMessage.self, $0) }
        #expect(StateMessage(state.pointee).contacts.count == 2)
      } catch {
        #expect(error as? BoundsRefusal == .exhausted)
        refused += 1
      }
    }
    #expect(refused > 5 && refused < 120)
  }

  @Test func theFullestBodiesFitTheArenaOfTheHotPath() throws {
    let box = ObstaclesMessage.Obstacle(
      id: 1, shape: .box, position: VectorFields(x: 1, y: 2, z: 3), orientation: Array(repeating: 0.5, count: 32),
      size: VectorFields(x: 1, y: 1, z: 1))
    let obstacles = ObstaclesMessage(obstacles: Array(repeating: box, count: 128)).encoded()
    var arena = Arena()
    _ = try obstacles.withUnsafeBytes { try arena.unpack(ObstaclesMessage.self, $0) }
    arena.reset()
    // One field each of 2048 numbers: the form of a chunk that takes most memory to unpack.
    var chunk: [UInt8] = []
    for _ in 0..<2048 {
      chunk.add(tag: 20, 1)
      chunk.add(fixed: 0)
    }
    _ = try chunk.withUnsafeBytes { try arena.unpack(ActionMessage.self, $0) }
    arena.reset()
    // A single field of nearly the whole message.
    let blob = UndecodedMessage(body: [UInt8](repeating: 1, count: MessageBounds.messageBytes - 8)).encoded()
    _ = try blob.withUnsafeBytes { try arena.unpack(UndecodedMessage.self, $0) }
  }
}
