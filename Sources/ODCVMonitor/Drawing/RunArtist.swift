import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Draws a run as it is recorded: at most twenty times a second what moves, now and then what stands still, and the words beside it.
///
/// Between two drawings it keeps the last state's bytes and decodes none. Unchecked: the recorder's thread alone touches it after it
/// is made.
final class RunArtist: RecordingArtist, @unchecked Sendable {
  /// ns
  private static let period: Int64 = 50_000_000
  /// ns; who begins to look in the middle of a recording has everything after so long
  private static let cellPeriod: Int64 = 10_000_000_000

  private let core: Configuration
  private var decoder: Decoder
  private var painter: ScenePainter
  private var lines = LogLines()
  private var state: (endpoint: Endpoint, topic: [UInt8], body: [UInt8])?
  /// By sensor: its last frame and when it came.
  private var people: [(frame: People, instant: Int64)?]
  private var obstacles: [(frame: Obstacles, instant: Int64)?]
  private var drew: Int64?
  private var drewCell: Int64?

  init(_ loaded: LoadedConfiguration) {
    core = loaded.core
    decoder = Decoder(loaded)
    painter = ScenePainter(loaded.core)
    people = Array(repeating: nil, count: loaded.core.cell.peopleSensors.count)
    obstacles = Array(repeating: nil, count: loaded.core.cell.obstacleSensors.count)
  }

  func draw(_ record: borrowing RingRecord, at time: UInt64) -> [Drawing] {
    switch record.kind {
    case .state: state = (Endpoint.allCases[Int(record.channel)], Array(record.topic), Array(record.body))
    case .people, .obstacles: see(record)
    case .verdict: if isDue(record.instant) { return scene(record, at: time) }
    case .layout, .action, .reasoning, .heartbeat, .request, .instruction, .signal, .undecoded, .tick, .lost, .overrun, .restored, .handover,
      .alarm, .sent, .violation, .prepared, .turned, .abandoned:
      break
    }
    return lines.line(record, at: time).map { [$0] } ?? []
  }

  /// Also when the clock has gone back, as a simulation's may.
  private func isDue(_ instant: Int64) -> Bool {
    guard let drew else { return true }
    return instant &- drew >= Self.period || instant < drew
  }

  private func see(_ record: borrowing RingRecord) {
    let endpoint = Endpoint.allCases[Int(record.channel)]
    let input = decoder.decode(endpoint: endpoint, topic: record.topic, body: record.body)
    if case .people(let frame) = input { people[frame.sensor] = (frame, record.instant) }
    if case .obstacles(let frame) = input { obstacles[frame.sensor] = (frame, record.instant) }
  }

  private func scene(_ record: borrowing RingRecord, at time: UInt64) -> [Drawing] {
    guard let verdict = try? VerdictMessage(decoding: Array(record.body)) else { return [] }
    let instant = record.instant
    drew = instant
    var known: State?
    if let state, case .state(let decoded) = decoder.decode(endpoint: state.endpoint, topic: state.topic, body: state.body) {
      known = decoded
    }
    // What is too old to be judged with is not shown as if it were there.
    func isFresh(_ came: Int64, _ sensor: Sensor) -> Bool { Double(instant &- came) * 1e-9 <= sensor.input.maxAge }
    let persons = zip(people, core.cell.peopleSensors).compactMap { seen, sensor in
      seen.flatMap { isFresh($0.instant, sensor) ? $0.frame : nil }
    }
    let things = zip(obstacles, core.cell.obstacleSensors).compactMap { seen, sensor in
      seen.flatMap { isFresh($0.instant, sensor) ? $0.frame : nil }
    }
    var drawings = painter.scene(known, persons, things, verdict, at: time)
    if drewCell.map({ instant &- $0 >= Self.cellPeriod || instant < $0 }) ?? true {
      drewCell = instant
      drawings.append(painter.cell(at: time))
    }
    return drawings
  }
}
