/// The hashes of RFC 6962 section 2.1: SHA-256, with a prefix that tells a leaf from a node.
///
/// Leaf `i` of a log is its record of sequence `i + 1`, exactly as stored. A record that damage has taken counts as an
/// empty leaf, so that the tree's size is always the last sequence.
public enum Merkle {
  /// Root of the tree of no leaves.
  public static let empty = SHA256.digest([])

  public static func leaf(_ record: ArraySlice<UInt8>) -> [UInt8] { SHA256.digest(prefix: 0, record, [][...]) }

  public static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    SHA256.digest(prefix: 1, left[...], right[...])
  }

  static let lostLeaf = leaf([])
}

/// A growing tree, kept as the roots of its full subtrees: O(log n) memory, amortised two hashes a leaf.
public struct MerkleFrontier: Sendable, Equatable {
  /// Leaves.
  public private(set) var size: UInt64
  /// Roots of the full subtrees that the leaves fall into, from the left; one for each bit of `size`.
  public private(set) var peaks: [[UInt8]]

  public init() {
    size = 0
    peaks = []
  }

  /// `nil` when the number of peaks is not that of a tree of this size.
  public init?(size: UInt64, peaks: [[UInt8]]) {
    guard peaks.count == size.nonzeroBitCount, peaks.allSatisfy({ $0.count == SHA256.size }) else { return nil }
    self.size = size
    self.peaks = peaks
  }

  public mutating func append(leaf: [UInt8]) {
    var root = leaf
    var full = size
    while full & 1 == 1 {
      root = Merkle.node(peaks.removeLast(), root)
      full >>= 1
    }
    peaks.append(root)
    size += 1
  }

  /// The root of the whole tree.
  public var root: [UInt8] {
    guard var root = peaks.last else { return Merkle.empty }
    for peak in peaks.dropLast().reversed() { root = Merkle.node(peak, root) }
    return root
  }
}

/// A tree whose leaves are all at hand, for proofs.
public struct MerkleTree: Sendable {
  /// Hashes of the leaves, in order.
  public let leaves: [[UInt8]]

  public init(leaves: [[UInt8]]) { self.leaves = leaves }

  /// Root of the first `size` leaves (RFC 6962, 2.1).
  public func root(size: Int) -> [UInt8] { root(0..<size) }

  /// That leaf `index` is in the tree of the first `size` leaves (RFC 6962, 2.1.1); from the leaf up.
  public func inclusion(of index: Int, size: Int) -> [[UInt8]] {
    precondition(index >= 0 && index < size && size <= leaves.count, "no such leaf in a tree of this size")
    return path(index, 0..<size)
  }

  /// That the tree of the first `size` leaves goes on from the one of the first `old` (RFC 6962, 2.1.2).
  public func consistency(from old: Int, size: Int) -> [[UInt8]] {
    precondition(old >= 0 && old <= size && size <= leaves.count, "no such trees")
    return old == 0 || old == size ? [] : subproof(old, 0..<size, isWhole: true)
  }

  /// The largest power of two below `count`.
  private func split(_ range: Range<Int>) -> Int {
    range.lowerBound + 1 << (Int.bitWidth - 1 - (range.count - 1).leadingZeroBitCount)
  }

  private func root(_ range: Range<Int>) -> [UInt8] {
    var frontier = MerkleFrontier()
    for leaf in leaves[range] { frontier.append(leaf: leaf) }
    return frontier.root
  }

  private func path(_ index: Int, _ range: Range<Int>) -> [[UInt8]] {
    guard range.count > 1 else { return [] }
    let middle = split(range)
    return index < middle
      ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
      : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
  }

  private func subproof(_ old: Int, _ range: Range<Int>, isWhole: Bool) -> [[UInt8]] {
    if old == range.upperBound { return isWhole ? [] : [root(range)] }
    let middle = split(range)
    return old <= middle
      ? subproof(old, range.lowerBound..<middle, isWhole: isWhole) + [root(middle..<range.upperBound)]
      : subproof(old, middle..<range.upperBound, isWhole: false) + [root(range.lowerBound..<middle)]
  }
}

/// Proofs checked by someone who has no leaves (RFC 9162, 2.1.3.2 and 2.1.4.2, which are RFC 6962's proofs).
public enum MerkleProof {
  public static func shows(
    leaf: [UInt8], at index: UInt64, in root: [UInt8], size: UInt64, by proof: [[UInt8]]
  ) -> Bool {
    guard index < size else { return false }
    var (place, last) = (index, size - 1)
    var hash = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if place & 1 == 1 || place == last {
        hash = Merkle.node(sibling, hash)
        while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        hash = Merkle.node(hash, sibling)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && hash == root
  }

  /// That a tree of `size` leaves holds, unchanged and first, the `oldSize` leaves of the older one.
  public static func shows(
    _ root: [UInt8], size: UInt64, extends oldRoot: [UInt8], oldSize: UInt64, by proof: [[UInt8]]
  ) -> Bool {
    if oldSize == size { return proof.isEmpty && oldRoot == root }
    guard oldSize < size else { return false }
    if oldSize == 0 { return proof.isEmpty && oldRoot == Merkle.empty }
    var path = proof[...]
    if oldSize.nonzeroBitCount == 1 { path = [oldRoot] + path }
    guard let first = path.popFirst() else { return false }
    var (place, last) = (oldSize - 1, size - 1)
    while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
    var (old, new) = (first, first)
    for hash in path {
      guard last > 0 else { return false }
      if place & 1 == 1 || place == last {
        old = Merkle.node(hash, old)
        new = Merkle.node(hash, new)
        while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        new = Merkle.node(new, hash)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && old == oldRoot && new == root
  }
}
