/// A file of a recording that was removed because space ran out, as the violation log keeps it: lines of UTF-8, each a key, a space and
/// a value.
///
///     file run-20261123T162131Z-0a1b2c3d/recording-2.mcap
///     bytes 1048576
///     first_index 1201
///     last_index 2400
///
/// It is written before the file goes. Where that fails, a second one says so, with the line `kept yes`.
public struct RemovedFile: Sendable, Equatable {
  /// Name of its run's directory, below the evidence root.
  public var run: String
  /// Its own name.
  public var name: String
  public var bytes: UInt64
  /// Arrival indices of its first and last input; `nil` where its recorder did not live to say so.
  public var inputs: ClosedRange<UInt64>?
  /// It could not be removed, or was not for another reason.
  public var isKept = false
  /// When the log took it in, ns since 1970.
  public var wall: Int64 = 0

  public init(run: String, name: String, bytes: UInt64, inputs: ClosedRange<UInt64>?) {
    self.run = run
    self.name = name
    self.bytes = bytes
    self.inputs = inputs
  }

  /// `nil` when the record is of another kind or says too little.
  init?(_ record: LogRecord) {
    guard record.kind == .removed else { return nil }
    var values: [String: String] = [:]
    for line in String(decoding: record.payload, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    guard let file = values["file"], let slash = file.firstIndex(of: "/"), let bytes = values["bytes"].flatMap({ UInt64($0) })
    else { return nil }
    self.init(run: String(file[..<slash]), name: String(file[file.index(after: slash)...]), bytes: bytes, inputs: nil)
    func index(_ key: String) -> UInt64? { values[key].flatMap { UInt64($0) } }
    if let first = index("first_index"), let last = index("last_index"), first <= last { inputs = first...last }
    isKept = values["kept"] == "yes"
    wall = record.wall
  }

  var payload: [UInt8] {
    var text = "file \(run)/\(name)\nbytes \(bytes)\n"
    if let inputs { text += "first_index \(inputs.lowerBound)\nlast_index \(inputs.upperBound)\n" }
    if isKept { text += "kept yes\n" }
    return Array(text.utf8)
  }

  /// For a person.
  public var words: String {
    let what = inputs.map { " with inputs \($0.lowerBound) to \($0.upperBound)" } ?? ""
    return "\(run)/\(name)\(what) was removed at \(UTC.text(wall)), because space ran out"
  }
}

extension [RemovedFile] {
  /// Takes in what a record of the log says of removals.
  mutating func take(_ record: LogRecord) {
    guard let file = RemovedFile(record) else { return }
    removeAll { $0.run == file.run && $0.name == file.name }
    if !file.isKept { append(file) }
  }
}
