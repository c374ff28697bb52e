import Foundation
import ODCVCore
import Testing
import TestSupport

@Test func sineAndCosineAgreeWithTheCLibrary() {
  var random = SeededGenerator(seed: 1)
  for _ in 0..<100_000 {
    let angle = random.uniform(-1000...1000)
    let (s, c) = sineAndCosine(angle)
    guard abs(s - sin(angle)) <= 2.3e-16, abs(c - cos(angle)) <= 2.3e-16 else {
      Issue.record("angle \(angle): \(s), \(c)")
      return
    }
  }
}

@Test(arguments: [Double.nan, .infinity, -.infinity, 1001])
func anAngleThatIsNoneGivesNoNumber(angle: Double) {
  let (s, c) = sineAndCosine(angle)
  #expect(s.isNaN && c.isNaN)
}
