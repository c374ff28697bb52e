import Foundation
import ODCVCore
import ODCVEvidence
import Testing
import TestSupport

@testable import ODCVMonitor

@Suite struct DrawingTests {
  private static let hasOracle = ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil

  private static func oracle(_ script: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
    process.arguments = [Package.root + "/Tests/oracles/" + script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test(.enabled(if: hasOracle)) func whatIsDrawnIsWhereOtherProgramsHaveItAndTheyReadTheFile() throws {
    let run = try RecordedRun.shared.get()
    let drawn = try Self.oracle("drawing_oracle.py", [run.recording, Package.root + "/config/cells/e01.yaml"])
    #expect(drawn.status == 0, "\(drawn.text)")
    let read = try Self.oracle("mcap_oracle.py", [run.recording, "--proto", Package.root + "/proto"])
    #expect(read.status == 0, "\(read.text)")
  }

  /// The oracle must be able to fail.
  @Test(.enabled(if: hasOracle)) func anArmThatIsDrawnElsewhereIsFound() throws {
    let run = try RecordedRun.shared.get()
    let text = try String(contentsOfFile: Package.root + "/config/robots/panda-sim.yaml", encoding: .utf8)
    let moved = text.replacingOccurrences(of: "from_m: [-0.090, 0, 0.060]", with: "from_m: [-0.091, 0, 0.060]")
    #expect(moved != text)
    let directory = try TemporaryDirectory()
    let robot = directory.path + "/robot.yaml"
    try moved.write(toFile: robot, atomically: true, encoding: .utf8)
    let cell = Package.root + "/config/cells/e01.yaml"
    let drawn = try Self.oracle("drawing_oracle.py", [run.recording, cell, "--robot", robot])
    #expect(drawn.status == 1 && drawn.text.contains("panda_link0"), "\(drawn.text)")
  }

  @Test func nothingIsDrawnWhereThatIsDeclined() throws {
    let configuration = try TestConfiguration { name, text in
      name == "monitor.yaml" ? text.replacing("/evidence}", with: "/evidence, draw: false, compression: none}") : text
    }
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    for _ in 0..<50 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(2)
    }
    #expect(daemon.end() == 0)
    let recording = try #require(try EvidenceDirectory.recordings(root: configuration.evidence).first)
    var reader = try MCAPReader(path: recording)
    var topics: [String] = []
    while let item = try reader.next() { if case .channel(let channel) = item { topics.append(channel.topic) } }
    #expect(topics.contains { $0.hasPrefix("verdict/") })
    #expect(!topics.contains { $0.hasPrefix("drawing/") })
  }

  @Test func thingsAreToldApartWithoutColour() {
    let tints: [Tint] = [.arm, .breaking, .person, .obstacle, .seenObstacle, .witness]
    let brightness = tints.map(\.brightness).sorted()
    for (darker, lighter) in zip(brightness, brightness.dropFirst()) { #expect(lighter - darker > 0.08) }
  }

  /// By every way through it: turns about each axis, up to half a turn.
  @Test func aQuaternionIsTheTurnThatItWasMadeOf() throws {
    var random = SeededGenerator(seed: 17)
    for place in 0..<2000 {
      func unit() -> Double { Double(random.next() % 2_000_001) / 1_000_000 - 1 }
      let axis = Vector3(unit(), unit(), unit())
      guard axis.length > 0.1 else { continue }
      let angle = place % 4 == 0 ? Double.pi : Double.pi * unit()
      let turn = Rotation(angle: angle, about: (1 / axis.length) * axis)
      let q = turn.quaternion
      let back = try #require(Rotation(quaternion: q.x, q.y, q.z, q.w))
      let off = [back.x - turn.x, back.y - turn.y, back.z - turn.z].map(\.length).max() ?? 0
      guard off < 1e-12 else {
        Issue.record("turn \(angle) about \(axis) comes back \(off) away")
        return
      }
    }
  }
}
