/// What the first record of a segment says of the segments before it, so that what an earlier run left behind (a
/// tail that a crash cut off, say) is sealed into the chain and can't change afterwards.
struct SegmentOpening: Equatable {
  /// A segment before this one that no earlier opening has described.
  struct Predecessor: Equatable {
    var number: UInt64
    /// Where its last good record ends, bytes; 0 when it has none.
    var end: UInt64
    var size: UInt64
    /// Of all that follows `end`.
    var tailDigest: [UInt8]
    /// Bytes after `end` up to the last that is not zero.
    var cut: UInt64
  }

  var number: UInt64
  /// Bytes preallocated.
  var capacity: UInt64
  /// The tree of all records before this one: who continues the log need not read it from its beginning.
  var tree: MerkleFrontier
  var predecessors: [Predecessor]

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(1))
    bytes.append(little: tree.size)
    for peak in tree.peaks { bytes.append(contentsOf: peak) }
    bytes.append(little: UInt32(predecessors.count))
    bytes.append(little: number)
    bytes.append(little: capacity)
    for predecessor in predecessors {
      bytes.append(little: predecessor.number)
      bytes.append(little: predecessor.end)
      bytes.append(little: predecessor.size)
      bytes.append(little: predecessor.cut)
      bytes.append(contentsOf: predecessor.tailDigest)
    }
    return bytes
  }

  init(number: UInt64, capacity: UInt64, tree: MerkleFrontier, predecessors: [Predecessor]) {
    self.number = number
    self.capacity = capacity
    self.tree = tree
    self.predecessors = predecessors
  }

  init?(decoding bytes: [UInt8]) {
    var cursor = ByteCursor(bytes)
    guard cursor.integer(UInt32.self) == 1, let size = cursor.integer(UInt64.self) else { return nil }
    var peaks: [[UInt8]] = []
    for _ in 0..<size.nonzeroBitCount {
      guard let peak = cursor.take(SHA256.size) else { return nil }
      peaks.append(Array(peak))
    }
    guard let tree = MerkleFrontier(size: size, peaks: peaks), let count = cursor.integer(UInt32.self),
      let number = cursor.integer(UInt64.self), let capacity = cursor.integer(UInt64.self)
    else { return nil }
    var predecessors: [Predecessor] = []
    for _ in 0..<count {
      guard let number = cursor.integer(UInt64.self), let end = cursor.integer(UInt64.self),
        let size = cursor.integer(UInt64.self), let cut = cursor.integer(UInt64.self),
        let digest = cursor.take(SHA256.size)
      else { return nil }
      predecessors.append(Predecessor(number: number, end: end, size: size, tailDigest: Array(digest), cut: cut))
    }
    guard cursor.remaining == 0 else { return nil }
    self.init(number: number, capacity: capacity, tree: tree, predecessors: predecessors)
  }
}
