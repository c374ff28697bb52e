import ODCVSim
import ODCVWire
import Synchronization

/// Everything that comes to a controller, in its order, as it would be on its sockets.
struct ControllerRecording: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    /// ns or control periods of the trial's own time
    var time: Int64
    var topic: String
    var body: [UInt8]

    init(_ time: Int64, _ kind: MessageKind, _ body: [UInt8], robot: String = "panda") {
      self.init(time, String(decoding: Topic.bytes(kind, robot: robot), as: UTF8.self), body)
    }

    init(_ time: Int64, _ topic: String, _ body: [UInt8]) {
      self.time = time
      self.topic = topic
      self.body = body
    }

    var kind: MessageKind? { Topic.parse(Array(topic.utf8))?.kind }
  }

  var entries: [Entry] = []

  /// Why a controller could tell this trial from `other` by something else than an instruction's text and the values of
  /// its KPI; `nil`: it can't. Both are of one seed, so even the opaque numbers of instructions are the same.
  func leak(against other: ControllerRecording) -> String? {
    for (place, (mine, its)) in zip(entries, other.entries).enumerated() {
      let at = "message \(place) (\(mine.topic), \(mine.time))"
      if mine.topic != its.topic { return "\(at): the other one's topic is \(its.topic)" }
      if mine.time != its.time { return "\(at): the other one comes at \(its.time)" }
      if mine.kind == .instruction {
        guard let (a, b) = Self.stripped(mine.body, its.body) else { return "\(at): an instruction holds unknown fields" }
        if a != b { return "\(at): instructions differ in more than text and KPI values" }
      } else if mine.body != its.body {
        return "\(at): \(mine.body.count) and \(its.body.count) bytes differ"
      }
    }
    guard entries.count == other.entries.count else { return "\(entries.count) messages, and \(other.entries.count)" }
    return nil
  }

  /// Two instructions without what may differ; `nil` when one holds what this version of the schema does not know.
  private static func stripped(_ a: [UInt8], _ b: [UInt8]) -> ([UInt8], [UInt8])? {
    guard let a = stripped(a), let b = stripped(b) else { return nil }
    return (a, b)
  }

  private static func stripped(_ body: [UInt8]) -> [UInt8]? {
    guard var message = try? InstructionMessage(decoding: body), message.encoded() == body else { return nil }
    message.text = message.text.map { _ in "" }
    for index in message.kpis.indices {
      let kpi = message.kpis[index]
      message.kpis[index] = KPIValue(
        name: kpi.name.map { _ in "" }, value: kpi.value.map { _ in 0 }, target: kpi.target.map { _ in 0 },
        unit: kpi.unit.map { _ in "" })
    }
    return message.encoded()
  }
}

/// Does what another controller does, and writes down all that comes to it.
struct RecordedController: Controller {
  final class Tape: Sendable {
    private let state = Mutex((recording: ControllerRecording(), outputs: [ControllerOutput]()))
    var recording: ControllerRecording { state.withLock(\.recording) }
    /// What it did, which the cell answers with signals and states alone.
    var outputs: [ControllerOutput] { state.withLock(\.outputs) }
    func add(_ entry: ControllerRecording.Entry) { state.withLock { $0.recording.entries.append(entry) } }
    func add(_ output: ControllerOutput) { state.withLock { $0.outputs.append(output) } }
  }

  let tape = Tape()
  private var inner: any Controller
  private var period: Int64 = 0

  init(_ inner: any Controller) { self.inner = inner }

  var name: String { inner.name }

  mutating func receive(_ instruction: InstructionMessage) {
    tape.add(.init(period, .instruction, instruction.encoded()))
    inner.receive(instruction)
  }

  mutating func act(_ seen: Observation) -> ControllerOutput {
    for signal in seen.signals { tape.add(.init(period, .signal, signal.encoded())) }
    tape.add(.init(period, .state, seen.state.encoded()))
    tape.add(.init(period, .people, seen.people.encoded()))
    period += 1
    let output = inner.act(seen)
    tape.add(output)
    return output
  }
}
