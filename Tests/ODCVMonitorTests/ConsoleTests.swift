import ODCVConfig
import ODCVCore
import Testing

@testable import ODCVConsole

@Suite struct ConsoleTests {
  private func names() throws -> ConsoleNames {
    let loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    return ConsoleNames(
      loaded.core, robot: "panda", realtime: "none", evidence: "evidence/run-1",
      inputs: ["action", "state", "cell-camera", "control"])
  }

  private func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.now = MonoInstant(nanoseconds: 10_000_000_000)
    snapshot.enforcing = true
    snapshot.outcome = .violationCertain
    snapshot.decision = .hold
    let near = Finding(
      .clearanceStatic, value: Interval(exactly: 0.031), .atLeast, 0.05, subject: .link(5), other: .obstacle(1))
    for finding in [
      Finding(.motionTCPSpeed, value: Interval(exactly: 0.5), .atMost, 1.7), .notApplicable(.zoneSpeed), near,
      .unknown(.clearanceHuman, .stale, .sensor(0)),
    ] { snapshot.append(Snapshot.RuleRow(finding: finding, at: snapshot.now)) }
    var state = Snapshot.InputRow(name: 1)
    state.received = MonoInstant(nanoseconds: 9_990_000_000)
    state.maxAge = 0.1
    var camera = Snapshot.InputRow(name: 2)
    camera.received = MonoInstant(nanoseconds: 9_000_000_000)
    camera.maxAge = 0.2
    snapshot.append(state)
    snapshot.append(camera)
    snapshot.append(Snapshot.Violation(finding: near, at: MonoInstant(nanoseconds: 8_500_000_000), index: 42))
    snapshot.pressure.condition = 5
    var text = "Faster\u{1b}[2J please"
    text.withUTF8 { snapshot.pressure.setText(UnsafeRawBufferPointer($0)) }
    return snapshot
  }

  @Test func theWorstStateComesFirst() throws {
    let lines = ConsoleView(names: try names(), color: false).lines(snapshot(), width: 160, height: 60)
    #expect(lines[1].hasPrefix("VIOLATION"))
    let order = ["clearance.static", "clearance.human", "motion.tcp-speed", "zone.speed"].map { name in
      lines.firstIndex { $0.hasPrefix(name) } ?? -1
    }
    #expect(order == order.sorted() && order[0] > 0, "\(lines)")
  }

  @Test func everythingIsReadableWithoutColour() throws {
    let text = ConsoleView(names: try names(), color: false).lines(snapshot(), width: 160, height: 60).joined(
      separator: "\n")
    for part in [
      "ENFORCE", "VIOLATED", "panda_link5 - post", "-0.019", "0.031 >= 0.050", "UNKNOWN", "stale: cell-camera", "STALE",
      "1.5 s ago", "input 42", "i3", "hold",
    ] { #expect(text.contains(part), "\(part) is missing in\n\(text)") }
    #expect(!text.contains("\u{1b}"), "a control character of a message reached the terminal")
  }

  @Test func colourAddsNothingButEscapes() throws {
    let plain = ConsoleView(names: try names(), color: false).lines(snapshot(), width: 120, height: 60)
    let colored = ConsoleView(names: try names(), color: true).lines(snapshot(), width: 120, height: 60)
    #expect(colored != plain)
    let stripped = colored.map { $0.replacing(try! Regex("\u{1b}\\[[0-9;]*m"), with: "") }
    #expect(stripped == plain)
  }

  @Test func linesKeepToTheTerminal() throws {
    for (width, height) in [(20, 5), (80, 24), (1, 1), (300, 100)] {
      let lines = ConsoleView(names: try names(), color: false).lines(snapshot(), width: width, height: height)
      #expect(lines.count <= height)
      #expect(lines.allSatisfy { $0.count <= width })
    }
  }

  @Test func aBarShowsOnWhichSideOfTheLimitAMarginLies() {
    #expect(ConsoleView.bar(-0.01, full: 0.3) == "[  <|        ]")
    #expect(ConsoleView.bar(-5, full: 0.3) == "[<<<|        ]")
    #expect(ConsoleView.bar(0.15, full: 0.3) == "[   |>>>>    ]")
    #expect(ConsoleView.bar(9, full: 0.3) == "[   |>>>>>>>>]")
    #expect(ConsoleView.bar(.nan, full: 0.3).contains("?"))
  }

  @Test func theBoardGivesTheNewestSnapshotOnceAndNeverATornOne() async {
    let board = SnapshotBoard()
    #expect(board.take() == nil)
    let writer = Task.detached {
      for count in 1...20_000 as ClosedRange<UInt64> {
        board.slot.pointee.counters.inputs = count
        board.slot.pointee.evidence.raised = count
        board.slot.pointee.latch = count
        board.publish()
      }
    }
    var last: UInt64 = 0
    while last < 20_000 {
      guard let snapshot = board.take() else {
        await Task.yield()
        continue
      }
      #expect(snapshot.counters.inputs == snapshot.latch && snapshot.evidence.raised == snapshot.latch)
      #expect(snapshot.latch > last)
      last = snapshot.latch
    }
    await writer.value
    #expect(board.take() == nil)
  }
}
