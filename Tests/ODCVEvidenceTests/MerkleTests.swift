import TestSupport
import Testing

@testable import ODCVEvidence

@Suite struct MerkleTests {
  /// The eight leaves of the Certificate Transparency test vectors, and the roots of their first 0 to 8.
  static let inputs: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  /// RFC 6962, 2.1, word for word.
  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    switch leaves.count {
    case 0: return SHA256.digest([])
    case 1: return leaves.first!
    default:
      var split = 1
      while split * 2 < leaves.count { split *= 2 }
      let middle = leaves.startIndex + split
      return SHA256.digest([1] + root(leaves[..<middle]) + root(leaves[middle...]))
    }
  }

  static func leaves(_ count: Int) -> [[UInt8]] { (0..<count).map { Merkle.leaf([UInt8($0 & 255), UInt8($0 >> 8)][...]) } }

  @Test func rootsAreThoseOfTheTestVectors() {
    var frontier = MerkleFrontier()
    for (size, root) in Self.roots.enumerated() {
      #expect(Hex.string(frontier.root) == root)
      if size < 8 { frontier.append(leaf: Merkle.leaf(Self.inputs[size][...])) }
    }
  }

  @Test func growingTreeIsTheRecursiveOne() {
    let leaves = Self.leaves(300)
    var frontier = MerkleFrontier()
    for size in 0...300 {
      guard frontier.root == Self.root(leaves[..<size]), frontier.peaks.count == size.nonzeroBitCount,
        MerkleFrontier(size: UInt64(size), peaks: frontier.peaks) == frontier
      else {
        Issue.record("size \(size)")
        return
      }
      if size < 300 { frontier.append(leaf: leaves[size]) }
    }
  }

  @Test func everyInclusionProofHoldsAndNoOther() {
    let tree = MerkleTree(leaves: Self.leaves(40))
    for size in 1...40 {
      let root = tree.root(size: size)
      for index in 0..<size {
        let proof = tree.inclusion(of: index, size: size)
        func shows(_ place: Int, _ size: Int, _ proof: [[UInt8]], _ leaf: Int) -> Bool {
          MerkleProof.shows(leaf: tree.leaves[leaf], at: UInt64(place), in: root, size: UInt64(size), by: proof)
        }
        var isRight = shows(index, size, proof, index)
        for other in 0..<size where other != index {
          isRight = isRight && !shows(other, size, proof, index) && !shows(index, size, proof, other)
        }
        for place in proof.indices {
          var changed = proof
          changed[place][3] ^= 1
          isRight = isRight && !shows(index, size, changed, index)
          changed.remove(at: place)
          isRight = isRight && !shows(index, size, changed, index)
        }
        isRight = isRight && !shows(index, size, proof + [root], index)
        guard isRight else {
          Issue.record("leaf \(index) of \(size)")
          return
        }
      }
    }
  }

  @Test func everyConsistencyProofHoldsAndNoOther() {
    let tree = MerkleTree(leaves: Self.leaves(40))
    for size in 0...40 {
      for old in 0...size {
        let proof = tree.consistency(from: old, size: size)
        func shows(_ root: [UInt8], _ oldRoot: [UInt8], _ proof: [[UInt8]]) -> Bool {
          MerkleProof.shows(root, size: UInt64(size), extends: oldRoot, oldSize: UInt64(old), by: proof)
        }
        let (root, oldRoot) = (tree.root(size: size), tree.root(size: old))
        var isRight = shows(root, oldRoot, proof) && !shows(root, [9] + oldRoot.dropFirst(), proof)
        if old > 0 { isRight = isRight && !shows([9] + root.dropFirst(), oldRoot, proof) }
        for place in proof.indices {
          var changed = proof
          changed[place][3] ^= 1
          isRight = isRight && !shows(root, oldRoot, changed)
          changed.remove(at: place)
          isRight = isRight && !shows(root, oldRoot, changed)
        }
        isRight = isRight && !shows(root, oldRoot, proof + [root])
        guard isRight else {
          Issue.record("from \(old) to \(size)")
          return
        }
      }
    }
  }

  /// A tree whose past is another has no proof, whatever is tried from the other tree's.
  @Test func anotherPastHasNoProof() {
    let tree = MerkleTree(leaves: Self.leaves(40))
    for changed in 0..<20 {
      var leaves = tree.leaves
      leaves[changed] = Merkle.leaf([9, 9, 9][...])
      let forged = MerkleTree(leaves: leaves)
      for proof in [tree.consistency(from: 20, size: 40), forged.consistency(from: 20, size: 40)] {
        #expect(
          !MerkleProof.shows(forged.root(size: 40), size: 40, extends: tree.root(size: 20), oldSize: 20, by: proof))
      }
    }
  }
}
