import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

/// CDR by hand, by another writer, and broken in every place.
@Suite struct CDRTests {
  /// A writer of the test's own, in either byte order.
  struct Writer {
    var bytes: [UInt8]
    var isLittle: Bool

    init(little: Bool) {
      isLittle = little
      bytes = [0, little ? 1 : 0, 0, 0]
    }

    mutating func put<T: FixedWidthInteger>(_ value: T) {
      while (bytes.count - 4) % MemoryLayout<T>.size != 0 { bytes.append(0) }
      withUnsafeBytes(of: isLittle ? value.littleEndian : value.bigEndian) { bytes += $0 }
    }

    mutating func put(_ value: String) {
      put(UInt32(value.utf8.count + 1))
      bytes += Array(value.utf8) + [0]
    }

    mutating func put(_ values: [Double]) {
      put(UInt32(values.count))
      for value in values { put(value.bitPattern) }
    }

    mutating func put(_ values: [String]) {
      put(UInt32(values.count))
      for value in values { put(value) }
    }
  }

  static func state(little: Bool) -> [UInt8] {
    var writer = Writer(little: little)
    writer.put(Int32(7))
    writer.put(UInt32(5))
    writer.put("base")
    writer.put(["a", "bcd"])
    writer.put([1.5, -2])
    writer.put([0.25])
    writer.put([Double]())
    return writer.bytes
  }

  static func trajectory(little: Bool) -> [UInt8] {
    var writer = Writer(little: little)
    writer.put(Int32(-1))
    writer.put(UInt32(999_999_999))
    writer.put("")
    writer.put(["a"])
    writer.put(UInt32(2))
    for place in 0..<2 {
      writer.put([Double(place)])
      writer.put([Double]())
      writer.put([3.0])
      writer.put([Double]())
      writer.put(Int32(place))
      writer.put(UInt32(1))
    }
    return writer.bytes
  }

  @Test(arguments: [true, false]) func bothByteOrdersAreRead(little: Bool) throws {
    let state = try ROSJointState(cdr: Self.state(little: little))
    #expect(state.header.stamp == 7_000_000_005 && state.header.frame == "base")
    #expect(state.names == ["a", "bcd"] && state.position == [1.5, -2] && state.velocity == [0.25] && state.effort.isEmpty)
    let trajectory = try ROSJointTrajectory(cdr: Self.trajectory(little: little))
    #expect(trajectory.header.stamp == -1_000_000_000 + 999_999_999 && trajectory.names == ["a"])
    #expect(trajectory.points.map(\.positions) == [[0], [1]] && trajectory.points.map(\.accelerations) == [[3], [3]])
    #expect(trajectory.points.map(\.time) == [1, 1_000_000_001])
  }

  /// The bytes of a little-endian joint state as they lie in a bag, written down one by one.
  @Test func bytesWrittenDownByHandAreRead() throws {
    let bytes: [UInt8] = [
      0, 1, 0, 0,  // little-endian CDR
      1, 0, 0, 0, 2, 0, 0, 0,  // stamp
      2, 0, 0, 0, 0x62, 0,  // "b"
      0, 0, 1, 0, 0, 0,  // two bytes of padding, one name
      2, 0, 0, 0, 0x6A, 0,  // "j"
      0, 0, 1, 0, 0, 0,  // two bytes of padding, one position
      0, 0, 0, 0, 0, 0, 0xF0, 0x3F,  // 1.0 at byte 36 of the file, 32 from the header: aligned
      0, 0, 0, 0, 0, 0, 0, 0,  // no velocity, no effort
    ]
    let state = try ROSJointState(cdr: bytes)
    #expect(state.header.stamp == 1_000_000_002 && state.names == ["j"] && state.position == [1])
  }

  @Test(arguments: [true, false]) func everyTruncationRefusesAndSaysWhere(little: Bool) {
    for (bytes, read) in Self.cases(little) {
      for length in 0..<bytes.count {
        do throws(CDRError) {
          try read(Array(bytes[..<length]))
          Issue.record("\(length) of \(bytes.count) bytes were taken for a message")
          return
        } catch {
          guard error.description.contains("byte") else {
            Issue.record("\(error) does not say where")
            return
          }
        }
      }
    }
  }

  /// Every byte set to every value, and random bytes: read or refused, never a trap.
  @Test func brokenBytesNeverTrap() {
    var refused = 0
    for (bytes, read) in Self.cases(true) + Self.cases(false) {
      for place in bytes.indices {
        for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
          var changed = bytes
          changed[place] = value
          do throws(CDRError) { try read(changed) } catch { refused += 1 }
        }
      }
    }
    var random = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      let bytes: [UInt8] = [0, 1, 0, 0] + random.bytes(Int(random.next() % 120))
      for (_, read) in Self.cases(true) { do throws(CDRError) { try read(bytes) } catch { refused += 1 } }
    }
    #expect(refused > 2000, "hardly anything was refused")
  }

  @Test func otherEncodingsAndSurplusBytesAreRefusedByName() {
    for encoding in [[0, 2], [0, 3], [0, 6], [0, 7], [1, 0]] as [[UInt8]] {
      let error = #expect(throws: CDRError.self) { try ROSJointState(cdr: encoding + Self.state(little: true)[2...]) }
      #expect(error?.description.contains("only CDR of version 1") == true)
    }
    #expect(throws: CDRError.self) { try ROSJointState(cdr: Self.state(little: true) + [0, 0, 0, 0]) }
    // A second or more of nanoseconds is no time.
    var late = Self.state(little: true)
    late[8...11] = [0, 0xCA, 0x9A, 0x3B]
    #expect(throws: CDRError.self) { try ROSJointState(cdr: late) }
  }

  /// What PyPI mcap-ros2-support encodes comes out as what it was given. Runs when ODCV_PYTHON is set.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil), arguments: [1, 2, 3])
  func anotherWritersMessagesAreReadAsTheyWereMeant(seed: Int) throws {
    let scratch = Scratch()
    let path = scratch.path + "/random.mcap"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
    let script = Python.root.appendingPathComponent("Tests/oracles/ros2_recording.py").path
    process.arguments = [script, "random", path, "--seed", "\(seed)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let told = output.fileHandleForReading.readDataToEndOfFile().split(separator: UInt8(ascii: "\n"))
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && told.count == 200)
    var reader = try MCAPReader(path: path)
    var names: [UInt16: String] = [:]
    var schemas: [UInt16: String] = [:]
    var place = 0
    while let item = try reader.next() {
      switch item {
      case .schema(let schema): schemas[schema.id] = schema.name
      case .channel(let channel): names[channel.id] = schemas[channel.schemaID]
      case .message(let message):
        let expected = try #require(try JSONSerialization.jsonObject(with: told[place]) as? [String: Any])
        place += 1
        if names[message.channelID] == ROSJointState.name {
          let state = try ROSJointState(cdr: message.data)
          #expect(state.names == expected["name"] as? [String] && state.position == expected["position"] as? [Double])
          #expect(state.velocity == expected["velocity"] as? [Double] && state.effort == expected["effort"] as? [Double])
          #expect(state.header.frame == (expected["header"] as? [String: Any])?["frame_id"] as? String)
        } else {
          let trajectory = try ROSJointTrajectory(cdr: message.data)
          let points = try #require(expected["points"] as? [[String: Any]])
          #expect(trajectory.names == expected["joint_names"] as? [String])
          #expect(trajectory.points.map(\.positions) == points.map { $0["positions"] as? [Double] ?? [.nan] })
          #expect(trajectory.points.map(\.effort) == points.map { $0["effort"] as? [Double] ?? [.nan] })
          let times = points.map { point -> Int64 in
            let time = point["time_from_start"] as? [String: Int] ?? [:]
            return Int64(time["sec"] ?? -1) * 1_000_000_000 + Int64(time["nanosec"] ?? -1)
          }
          #expect(trajectory.points.map(\.time) == times)
        }
      case .header, .attachment, .metadata: break
      }
    }
    #expect(reader.ending == .closed && place == 200)
  }

  private typealias Case = ([UInt8], ([UInt8]) throws(CDRError) -> Void)

  private static func cases(_ little: Bool) -> [Case] {
    let state: ([UInt8]) throws(CDRError) -> Void = { (bytes) throws(CDRError) in _ = try ROSJointState(cdr: bytes) }
    let trajectory: ([UInt8]) throws(CDRError) -> Void = { (bytes) throws(CDRError) in
      _ = try ROSJointTrajectory(cdr: bytes)
    }
    return [(self.state(little: little), state), (self.trajectory(little: little), trajectory)]
  }
}
