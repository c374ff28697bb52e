import Foundation
import Testing

@testable import ODCVEvidence

/// What was saved of a damaged file does not look whole, and a slice says what it is.
@Suite struct RecoveryMarkTests {
  @Test func aRecoveryWithLossSaysSoInTheFileAndOneWithoutDoesNot() throws {
    let scratch = Scratch()
    let whole = scratch.path + "/whole.mcap"
    _ = try MCAPTests.write(whole)
    _ = try MCAPRecovery.recover(from: whole, to: scratch.path + "/same.mcap")
    let same = try MCAPReader.sidecars(path: scratch.path + "/same.mcap").metadata
    #expect(!same.contains { $0.name == RecoveryMark.name })
    let cut = scratch.file("cut.mcap", Array(bytes(of: whole).dropLast(200)))
    let report = try MCAPRecovery.recover(from: cut, to: scratch.path + "/saved.mcap")
    #expect(report.isLossy)
    let saved = try MCAPReader.sidecars(path: scratch.path + "/saved.mcap").metadata
    let mark = try #require(saved.first { $0.name == RecoveryMark.name })
    #expect(mark.values["loss"]?.contains("offset") == true)
    #expect(try MCAPIndexCheck.problems(path: scratch.path + "/saved.mcap").isEmpty)
  }

  @Test func aMarkThatContradictsItselfIsNone() {
    let good = SliceMark(source: "a.mcap", first: 5, last: 9, countsFrom: 6, around: 7, logSequence: nil)
    #expect(SliceMark(good.metadata.values) == good)
    for key in ["first_index", "last_index", "counts_from_index", "around_index", "source"] {
      var values = good.metadata.values
      values[key] = nil
      #expect(SliceMark(values) == nil, "without \(key)")
    }
    for (key, value) in [("first_index", "7"), ("counts_from_index", "8"), ("last_index", "6"), ("first_index", "0")] {
      var values = good.metadata.values
      values[key] = value
      #expect(SliceMark(values) == nil, "\(key) \(value)")
    }
  }

  @Test func arrivalIndicesAreWholeBeyondThirtyTwoBits() {
    var indices = ArrivalIndex()
    #expect(indices.whole(4_294_967_290) == 4_294_967_290)
    #expect(indices.whole(4) == 4_294_967_300)
    #expect(indices.whole(4_294_967_295) == 4_294_967_295)
    var late = ArrivalIndex(near: 10_000_000_000)
    #expect(late.whole(UInt32(truncatingIfNeeded: 10_000_000_007 as UInt64)) == 10_000_000_007)
  }
}
