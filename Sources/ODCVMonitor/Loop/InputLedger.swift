import ODCVConfig
import ODCVConsole
import ODCVCore

/// When each source of inputs was last heard, how often, and what was refused of it.
struct InputLedger: Sendable {
  struct Line: Sendable {
    var received: MonoInstant?
    var messages: UInt64 = 0
    var rejected: UInt64 = 0
    /// s; `nil` when the cell's file states none
    var maxAge: Double?
    /// messages per second, over the last second
    var rate: Double = 0
    var counted: UInt64 = 0
    /// Where the source's numbering is; `nil` before its first message and after a reset of the episode.
    var sequence: Sequence?
    /// When another start of the source, or another source, was heard last.
    var changed: MonoInstant?
    /// Of a sensor of people: how many its last frame shows.
    var people: UInt32 = 0
  }

  /// `action`, `state`, each people sensor, each obstacle sensor, `control`.
  let names: [String]
  private var lines: InlineArray<12, Line>
  private let firstPeople = 2
  private let firstObstacles: Int
  private let control: Int
  private var rateFrom: MonoInstant

  init(_ configuration: LoadedConfiguration, at now: MonoInstant) {
    let cell = configuration.core.cell
    let sensors = cell.peopleSensors + cell.obstacleSensors
    names = ["action", "state"] + sensors.map(\.id) + ["control"]
    firstObstacles = firstPeople + cell.peopleSensors.count
    control = names.count - 1
    lines = InlineArray(repeating: Line())
    lines[1].maxAge = cell.stateInput.maxAge
    for (place, sensor) in sensors.enumerated() { lines[firstPeople + place].maxAge = sensor.input.maxAge }
    rateFrom = now
  }

  var count: Int { names.count }

  /// People in the last frames of all sensors together.
  var people: UInt32 { (0..<count).reduce(0) { $0 + lines[$1].people } }

  subscript(_ place: Int) -> Line { lines[place] }

  /// Takes an input in; the result is how many messages of its source are missing before it. The core judges the same
  /// from the same numbers (`integrity.sequence`); this count is for those who look on.
  mutating func take(_ input: InputOutline, at now: MonoInstant) -> UInt64 {
    switch input {
    case .command(let sequence): return hear(0, now, sequence)
    case .state(let sequence): return hear(1, now, sequence)
    case .people(let sequence, let sensor, let count):
      lines[firstPeople + sensor].people = UInt32(count)
      return hear(firstPeople + sensor, now, sequence)
    case .obstacles(let sequence, let sensor): return hear(firstObstacles + sensor, now, sequence)
    case .episode(let phase):
      hear(control, now)
      if phase == .reset { for place in 0..<count { lines[place].sequence = nil } }
    case .reset, .release: hear(control, now)
    case .noted(let stream): if stream == .pressure { hear(control, now) }
    case .rejected(let rejection): if let place = place(of: rejection.stream) { lines[place].rejected += 1 }
    case .lost(_, let count): return count
    case .layout, .signal, .restored, .handover, .tick, .heartbeat, .overrun: break
    }
    return 0
  }

  /// Once a second: messages since the last call.
  mutating func measureRates(at now: MonoInstant) {
    let elapsed = now.seconds(since: rateFrom)
    guard elapsed >= 1 else { return }
    for place in 0..<count {
      lines[place].rate = Double(lines[place].messages - lines[place].counted) / elapsed
      lines[place].counted = lines[place].messages
    }
    rateFrom = now
  }

  private mutating func hear(_ place: Int, _ now: MonoInstant) {
    lines[place].received = now
    lines[place].messages += 1
  }

  private mutating func hear(_ place: Int, _ now: MonoInstant, _ sequence: Sequence) -> UInt64 {
    hear(place, now)
    guard let number = sequence.number else { return 0 }
    guard let last = lines[place].sequence, last.stream == sequence.stream, last.boot == sequence.boot else {
      if lines[place].sequence != nil { lines[place].changed = now }
      lines[place].sequence = sequence
      return 0
    }
    guard let previous = last.number, number > previous else { return 0 }
    lines[place].sequence = sequence
    return number - previous - 1
  }

  private func place(of stream: Stream) -> Int? {
    switch stream {
    case .action, .reasoning: 0
    case .state: 1
    case .people: firstObstacles > firstPeople ? firstPeople : nil
    case .obstacles: control > firstObstacles ? firstObstacles : nil
    case .control, .episode, .pressure: control
    case .layout, .signal, .heartbeat: nil
    }
  }
}
