import ODCVCore
import ODCVWire

/// The names of what findings are about, as bytes: `Configuration.name(of:)` without a `String`.
struct SubjectNames: ~Copyable {
  /// The names of one kind, by their place, and what to call a place that has none.
  private struct Kind {
    var names: [TextTable.Text]
    var word: TextTable.Text

    init(_ word: String, _ names: [String], _ table: inout TextTable) {
      self.names = names.map { table.add($0) }
      self.word = table.add("\(word) ")
    }

    func append(_ index: Int, to writer: inout WireWriter) {
      if names.indices.contains(index) { return writer.append(names[index]) }
      writer.append(word)
      writer.append(decimal: index)
    }
  }

  private let table: TextTable
  private let links: Kind
  private let joints: Kind
  private let obstacles: Kind
  private let zones: Kind
  private let signals: Kind
  private let sequences: Kind
  private let claims: Kind
  /// Of people, then of obstacles.
  private let sensors: Kind
  private let obstacleSensors: Kind
  private let persons: Kind
  /// By raw value.
  private let streams: Kind
  private let sources: Kind
  private let toolCentrePoint: TextTable.Text
  private let obstacle: TextTable.Text
  private let part: TextTable.Text

  init(_ configuration: Configuration) {
    let (robot, cell) = (configuration.robot, configuration.cell)
    var table = TextTable()
    links = Kind("link", robot.links.map(\.name), &table)
    joints = Kind("joint", robot.joints.map(\.name), &table)
    obstacles = Kind("obstacle", cell.obstacles.map(\.name), &table)
    zones = Kind("zone", cell.zones.map(\.name), &table)
    signals = Kind("signal", cell.signals.map(\.name), &table)
    sequences = Kind("sequence", cell.sequences.map(\.name), &table)
    claims = Kind("claim", cell.claims.map(\.name), &table)
    sensors = Kind("sensor", (cell.peopleSensors + cell.obstacleSensors).map(\.id), &table)
    obstacleSensors = Kind("sensor", cell.obstacleSensors.map(\.id), &table)
    persons = Kind("person", [], &table)
    streams = Kind("stream", SubjectNames.words(Stream.self) { "stream \($0.words)" }, &table)
    sources = Kind("source", SubjectNames.words(Source.self, \.words), &table)
    toolCentrePoint = table.add("tool centre point")
    obstacle = table.add(" obstacle ")
    part = table.add(" part ")
    self.table = table
  }

  /// Bytes of the longest name that `write` may write.
  var longest: Int { table.longest + 48 }

  /// Writes the name into a field; nothing when the finding is about nothing in particular.
  func write(_ subject: Subject, _ field: Int, to writer: inout WireWriter) {
    if case .none = subject { return }
    let mark = writer.begin(field)
    _ = append(subject, to: &writer)
    writer.end(mark)
  }

  /// Writes the name into a field that has begun; `false` when the finding is about nothing in particular.
  func append(_ subject: Subject, to writer: inout WireWriter) -> Bool {
    switch subject {
    case .none: return false
    case .link(let index): links.append(index, to: &writer)
    case .joint(let index): joints.append(index, to: &writer)
    case .obstacle(let index): obstacles.append(index, to: &writer)
    case .zone(let index): zones.append(index, to: &writer)
    case .signal(let index): signals.append(index, to: &writer)
    case .sequence(let index): sequences.append(index, to: &writer)
    case .claim(let index): claims.append(index, to: &writer)
    case .sensor(let index): sensors.append(index, to: &writer)
    case .stream(let stream): streams.append(Int(stream.rawValue), to: &writer)
    case .source(let source): sources.append(Int(source.rawValue), to: &writer)
    case .toolCentrePoint: writer.append(toolCentrePoint)
    case .seenObstacle(let sensor, let index):
      obstacleSensors.append(sensor, to: &writer)
      writer.append(obstacle)
      writer.append(decimal: index)
    case .person(let track, let index):
      persons.append(Int(track), to: &writer)
      writer.append(part)
      writer.append(decimal: index)
    }
    return true
  }

  /// By raw value, from 0; empty where there is none.
  private static func words<Value: RawRepresentable & CaseIterable>(
    _ type: Value.Type, _ word: (Value) -> String
  ) -> [String] where Value.RawValue == UInt8 {
    (0...(Value.allCases.map(\.rawValue).max() ?? 0)).map { Value(rawValue: $0).map(word) ?? "" }
  }
}
