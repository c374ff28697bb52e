import TestSupport
import Testing

@testable import ODCVCore

/// Reads little-endian bytes one after the other.
private struct Reader {
  let bytes: [UInt8]
  var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
    var number: Number = 0
    for index in 0..<Number.bitWidth / 8 { number |= Number(truncatingIfNeeded: UInt64(bytes[place + index]) << (8 * UInt64(index))) }
    place += Number.bitWidth / 8
    return number
  }

  mutating func number() -> Double { Double(bitPattern: take(UInt64.self)) }
}

/// The bytes of a verdict, read again by the layout that their page states.
@Suite struct CanonicalBytesTests {
  private let digest = (0..<32).map { UInt8($0 + 1) }

  private func bytes(_ verdict: Verdict) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Capacity.verdictBytes) { buffer, count in
      count = verdict.encode(into: UnsafeMutableRawBufferPointer(buffer), configuration: digest)
    }
  }

  private func verdict(
    _ findings: [Finding] = [], decision: Decision = .allow, row: Int? = nil, stateAge: Double? = nil, peopleAge: Double? = nil
  ) -> Verdict {
    var all = Findings()
    for finding in findings { all.add(finding) }
    return Verdict(
      index: 0x0102_0304_0506_0708, instant: MonoInstant(nanoseconds: -2), judged: .measured, row: row,
      actionSequence: 0x1112_1314_1516_1718, findings: all, decision: decision, latch: 0x2122_2324_2526_2728,
      stateAge: stateAge, peopleAge: peopleAge)
  }

  /// Behind what stands before the decision.
  private func decisionReader(_ verdict: Verdict) -> Reader {
    var reader = Reader(bytes(verdict))
    reader.place = 4 + 2 + 32 + 8 + 8 + 1 + 1 + 8
    return reader
  }

  /// Behind everything but the findings, of which the count comes next.
  private func findingReader(_ findings: [Finding]) -> Reader {
    var reader = decisionReader(verdict(findings))
    reader.place += 1 + 8 + 1 + 8 + 8 + 8
    return reader
  }

  /// The encoder asks for room once and then writes without asking: what it asks for must be what it writes.
  @Test func asMuchRoomIsAskedForAsIsWritten() {
    let head = Verdict.headBytes + digest.count
    #expect(bytes(verdict()).count == head)
    let target = JointVector([Double](repeating: 0.1, count: Capacity.joints))
    let slow = Decision.slow(scale: 0.5, target: target)
    #expect(bytes(verdict(decision: slow)).count == head + 8 * Capacity.joints)
    let all = RuleID.allCases.map { Finding.unknown($0, .stale, .person(track: 1, part: 2)) }
    let most = bytes(verdict(all, decision: slow)).count
    #expect(most == head + 8 * Capacity.joints + all.count * Verdict.findingBytes)
    #expect(head + 8 * Capacity.joints + Capacity.rules * Verdict.findingBytes <= Capacity.verdictBytes)
    let exact = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: most)
      count = verdict(all, decision: slow).encode(into: room, configuration: digest)
    }
    #expect(exact.count == most)
  }

  @Test func itBeginsWithWhoWroteWhatAboutWhich() {
    var reader = Reader(bytes(verdict(row: 7)))
    #expect((0..<4).map { _ in reader.take(UInt8.self) } == Array("ODCV".utf8))
    #expect(reader.take(UInt16.self) == 1)
    #expect((0..<32).map { _ in reader.take(UInt8.self) } == digest)
    #expect(reader.take(UInt64.self) == 0x0102_0304_0506_0708)
    #expect(reader.take(Int64.self) == -2)
    #expect(reader.take(UInt8.self) == 3)
    #expect(reader.take(UInt8.self) == 7)
    #expect(reader.take(UInt64.self) == 0x1112_1314_1516_1718)
  }

  @Test func noRowIs255() {
    var reader = decisionReader(verdict())
    reader.place -= 9
    #expect(reader.take(UInt8.self) == 255)
  }

  @Test func eachDecisionIsItself() {
    let target = JointVector([0.5, -1.5])
    for (decision, kind, scale, numbers) in [
      (Decision.allow, 1, 1.0, []), (.slow(scale: 0.25, target: target), 2, 0.25, [0.5, -1.5]), (.hold, 3, 0.0, []),
      (.halt, 4, 0.0, []),
    ] as [(Decision, UInt8, Double, [Double])] {
      var reader = decisionReader(verdict(decision: decision))
      #expect(reader.take(UInt8.self) == kind)
      #expect(reader.number() == scale)
      #expect(reader.take(UInt8.self) == UInt8(numbers.count))
      for number in numbers { #expect(reader.number() == number) }
      #expect(reader.take(UInt64.self) == 0x2122_2324_2526_2728)
    }
  }

  @Test func agesAreNumbersOrTheOneNaN() {
    var reader = decisionReader(verdict(stateAge: 0.5, peopleAge: 0.75))
    reader.place += 18
    #expect(reader.number() == 0.5)
    #expect(reader.number() == 0.75)
    #expect(reader.take(UInt8.self) == 0)
    #expect(reader.place == reader.bytes.count)
    var none = decisionReader(verdict())
    none.place += 18
    #expect(none.take(UInt64.self) == 0x7FF8_0000_0000_0000)
    #expect(none.take(UInt64.self) == 0x7FF8_0000_0000_0000)
  }

  @Test func aFindingIsWhole() {
    var finding = Finding(
      .motionJump, value: Interval(0.125, 0.25), .atMost, 0.5, subject: .joint(3), other: .person(track: 9, part: 2),
      points: (Vector3(1, 2, 3), Vector3(4, 5, 6)), failing: 11)
    finding.improving = true
    var reader = findingReader([finding])
    #expect(reader.take(UInt8.self) == 1)
    #expect(reader.take(UInt8.self) == RuleID.motionJump.rawValue)
    #expect(reader.take(UInt8.self) == 4)
    #expect(reader.take(UInt8.self) == 0)
    #expect(reader.take(UInt8.self) == 2)
    #expect(reader.take(UInt8.self) == 1)
    #expect((0..<5).map { _ in reader.number() } == [0.125, 0.25, 0.5, 0.25, 0.375])
    #expect(reader.take(UInt8.self) == 2)
    #expect(reader.take(UInt32.self) == 3)
    #expect(reader.take(UInt32.self) == 0)
    #expect(reader.take(UInt8.self) == 5)
    #expect(reader.take(UInt32.self) == 9)
    #expect(reader.take(UInt32.self) == 2)
    #expect(reader.take(UInt8.self) == 1)
    #expect((0..<6).map { _ in reader.number() } == [1, 2, 3, 4, 5, 6])
    #expect(reader.take(UInt32.self) == 11)
    #expect(reader.place == reader.bytes.count)
  }

  @Test func aFindingWithoutPointsHasZerosInTheirPlace() {
    var reader = findingReader([Finding(.motionJump, value: Interval(0.125, 0.25), .atLeast, 0.5)])
    reader.place += 4
    #expect(reader.take(UInt8.self) == 1)
    #expect(reader.take(UInt8.self) == 0)
    reader.place += 40 + 18
    #expect(reader.take(UInt8.self) == 0)
    for _ in 0..<6 { #expect(reader.number() == 0) }
    #expect(reader.take(UInt32.self) == 0)
  }

  @Test func eachOutcomeIsItself() {
    for (finding, kind, reason) in [
      (Finding(.motionJump, value: Interval(2, 2), .atMost, 1), 1, 0), (Finding(.motionJump, value: Interval(0, 2), .atMost, 1), 2, 0),
      (.unknown(.motionJump, .coverage), 3, 7), (Finding(.motionJump, value: Interval(0, 0), .atMost, 1), 4, 0),
      (.notApplicable(.motionJump), 5, 0),
    ] as [(Finding, UInt8, UInt8)] {
      var reader = findingReader([finding])
      reader.place += 2
      #expect(reader.take(UInt8.self) == kind)
      #expect(reader.take(UInt8.self) == reason)
    }
  }

  @Test func eachSubjectIsItself() {
    let subjects: [(Subject, UInt8, UInt32, UInt32)] = [
      (.none, 0, 0, 0), (.link(5), 1, 5, 0), (.joint(5), 2, 5, 0), (.obstacle(5), 3, 5, 0),
      (.seenObstacle(sensor: 5, index: 6), 4, 5, 6), (.person(track: 5, part: 6), 5, 5, 6), (.zone(5), 6, 5, 0),
      (.stream(.people), 7, 3, 0), (.sensor(5), 8, 5, 0), (.toolCentrePoint, 9, 0, 0), (.source(.perception), 10, 3, 0),
      (.signal(5), 11, 5, 0), (.sequence(5), 12, 5, 0), (.claim(5), 13, 5, 0),
    ]
    for (subject, kind, first, second) in subjects {
      var reader = findingReader([Finding(.motionJump, value: Interval(0, 0), .atMost, 1, subject: subject, other: subject)])
      reader.place += 1 + 5 + 40
      for _ in 0..<2 {
        #expect(reader.take(UInt8.self) == kind)
        #expect(reader.take(UInt32.self) == first)
        #expect(reader.take(UInt32.self) == second)
      }
    }
  }
}
