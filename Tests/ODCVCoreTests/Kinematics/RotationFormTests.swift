import Foundation
import ODCVCore
import TestSupport
import Testing

/// Rotations as actions write them, against SciPy's (Tests/oracles/rotation_oracle.py).
@Suite struct RotationFormTests {
  private struct Row: Decodable {
    var quaternion: [Double]
    var axis_angle: [Double]
    var rpy_fixed: [Double]
    var rot6d: [Double]
    var matrix: [Double]
    var from_before: [Double]
  }

  private static func rows() throws -> [Row] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "oracles/rotations.json")
    return try JSONDecoder().decode([Row].self, from: Data(contentsOf: path))
  }

  private func vector(_ n: ArraySlice<Double>) -> Vector3 {
    Vector3(n[n.startIndex], n[n.startIndex + 1], n[n.startIndex + 2])
  }

  private func distance(_ r: Rotation, _ matrix: [Double]) -> Double {
    (0..<9).map { abs(r[$0 / 3][$0 % 3] - matrix[$0]) }.max() ?? .infinity
  }

  @Test func everyFormIsTheRotationThatSciPySaysItIs() throws {
    let rows = try Self.rows()
    #expect(rows.count > 100)
    for row in rows {
      let q = row.quaternion
      #expect(distance(try #require(Rotation(unitQuaternion: q[0], q[1], q[2], q[3])), row.matrix) < 1e-12)
      #expect(distance(Rotation(rotationVector: vector(row.axis_angle[...])), row.matrix) < 1e-12)
      // Close to straight up or down SciPy itself loses half of the digits.
      let rpy = row.rpy_fixed
      #expect(distance(Rotation(roll: rpy[0], pitch: rpy[1], yaw: rpy[2]), row.matrix) < 1e-7)
      let columns = Rotation(firstColumn: vector(row.rot6d[..<3]), secondColumn: vector(row.rot6d[3...]))
      #expect(distance(try #require(columns), row.matrix) < 1e-12)
    }
  }

  @Test func theWayFromOneRotationToTheNextIsSciPys() throws {
    var before = Rotation.identity
    for row in try Self.rows() {
      let rotation = Rotation(rotationVector: vector(row.axis_angle[...]))
      let off = (rotation.rotationVector(from: before) - vector(row.from_before[...])).length
      #expect(off < 1e-6, "\(off)")
      before = rotation
    }
  }

  @Test func stretchedColumnsAreMadeOrthonormalAndNoneAreRefused() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let (a, b) = (Generate.vector(2, &random), Generate.vector(2, &random))
      guard let r = Rotation(firstColumn: a, secondColumn: b) else { continue }
      #expect(abs(r.x.dot(r.y)) < 1e-12 && abs(r.x.length - 1) < 1e-12 && abs(r.y.length - 1) < 1e-12)
      #expect((r.x.cross(r.y) - r.z).length < 1e-12 && r.x.dot(a) > 0 && r.y.dot(b) > 0)
    }
    let x = Vector3(1, 0, 0)
    #expect(Rotation(firstColumn: x, secondColumn: Vector3(2, 0.01, 0)) == nil)
    #expect(Rotation(firstColumn: .zero, secondColumn: x) == nil)
    #expect(Rotation(firstColumn: Vector3(.nan, 0, 0), secondColumn: x) == nil)
    #expect(Rotation(firstColumn: x, secondColumn: Vector3(0, .infinity, 0)) == nil)
  }

  @Test func aQuaternionOfAnotherLengthIsRefused() {
    #expect(Rotation(unitQuaternion: 0, 0, 0, 1.0005) != nil)
    #expect(Rotation(unitQuaternion: 0, 0, 0, 1.01) == nil)
    #expect(Rotation(unitQuaternion: 0, 0, 0, 0) == nil)
    #expect(Rotation(unitQuaternion: .nan, 0, 0, 1) == nil)
  }

  @Test func theArcTangentIsTheCLibrarys() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<100_000 {
      let (s, c) = (random.uniform(-1...1), random.uniform(-1...1))
      #expect(abs(arcTangent(s, c) - atan2(s, c)) < 1e-14)
    }
    #expect(arcTangent(0, 1) == 0)
    #expect(arcTangent(0, -1) == .pi)
    #expect(arcTangent(.nan, 1).isNaN)
  }
}
