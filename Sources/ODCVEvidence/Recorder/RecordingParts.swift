/// The files of one run's recording, in their order, and what is missing among them.
public struct RecordingParts: Sendable {
  struct File: Sendable {
    var path: String
    var name: String
    /// From 1.
    var number: Int
    var metadata: [MCAPMetadata]
    var attachments: [MCAPAttachment]

    func values(_ record: String) -> [String: String]? { metadata.last { $0.name == record }?.values }
    /// The run's, the same in each of its files.
    var identity: [String: String]? { metadata.first { $0.name == "odcv" }?.values }
    var mark: PartMark? { values(PartMark.name).flatMap { PartMark($0) } }
    var nextPart: String? { values(EndMark.name)?[EndMark.nextPart] }
    /// A later file that was cut off before it said so: it holds no input, because that comes first.
    var isCutAtItsBeginning: Bool { number > 1 && mark == nil && values(EndMark.name) == nil }

    init(_ path: String, number: Int) throws(EvidenceError) {
      self.path = path
      name = String(path.split(separator: "/").last ?? "")
      self.number = number
      (attachments, metadata) = try MCAPReader.sidecars(path: path)
    }
  }

  /// Files of the recording that are not there: one, or several that follow each other.
  struct Missing: Sendable, Equatable {
    /// As in their names.
    var numbers: ClosedRange<Int>
    /// `nil`: nothing here says that they were removed.
    var removed: RemovedFile?

    var words: String {
      if let removed { return removed.words }
      let first = PartMark.fileName(numbers.lowerBound)
      return numbers.count == 1
        ? "\(first) is missing: a recording is only whole with all its files, put it back beside the others"
        : "\(first) to \(PartMark.fileName(numbers.upperBound)) (\(numbers.count) files) are missing: a recording is only whole with all "
          + "its files, put them back beside the others"
    }

    /// Whatever a file says, as many as the log has removals, and those between.
    ///
    /// - Parameter removed: of this run, as the log says, by their numbers
    static func among(_ numbers: ClosedRange<Int>, _ removed: [Int: RemovedFile]) -> [Missing] {
      var missing: [Missing] = []
      var next = numbers.lowerBound
      for number in removed.keys.filter(numbers.contains).sorted() {
        if next < number { missing.append(Missing(numbers: next...(number - 1))) }
        missing.append(Missing(numbers: number...number, removed: removed[number]))
        next = number + 1
      }
      if next <= numbers.upperBound { missing.append(Missing(numbers: next...numbers.upperBound)) }
      return missing
    }
  }

  /// As it was asked for.
  public let path: String
  let files: [File]
  let missing: [Missing]
  /// Names of files that were cut off before they held anything.
  let empty: [String]
  /// Name of the file that the recorder has begun since these were listed.
  let unread: String?
  /// Why these are not the files of one recording, each naming a file.
  let contradictions: [String]

  /// Paths of the files that are there, in the order in which they were written.
  public var paths: [String] { files.map(\.path) }
  /// What is missing, in words.
  public var gaps: [String] {
    missing.map(\.words)
      + empty.map { "\($0): says nothing of its place in the recording: cut off before that, or another file; left out" }
      + (unread.map { ["\($0) was begun while this was read: the recording still goes on"] } ?? [])
  }

  /// Whether a path is the directory of a run rather than a file.
  public static func isDirectory(_ path: String) -> Bool { System.isDirectory(path) }

  /// Finds a recording by its run's directory, or by its first file, beside which the others are.
  ///
  /// - Throws: also for a later file by itself, and for files that are not one recording's.
  public static func find(_ path: String) throws(EvidenceError) -> RecordingParts {
    let parts = System.isDirectory(path) ? try directory(path) : try file(path)
    if let contradiction = parts.contradictions.first { throw EvidenceError(contradiction) }
    guard !parts.files.isEmpty else { throw EvidenceError("\(path): \(parts.gaps.joined(separator: "; "))") }
    return parts
  }

  static func directory(_ path: String) throws(EvidenceError) -> RecordingParts {
    var files: [File] = []
    for (number, name) in try EvidenceDirectory.parts(of: path) { files.append(try File(path + "/" + name, number: number)) }
    guard !files.isEmpty else {
      let runs = try EvidenceDirectory.runs(root: path)
      throw EvidenceError(
        runs.isEmpty
          ? "\(path): holds no recording.mcap; name a recording, or the directory of a run"
          : "\(path): holds \(runs.count) runs; name the directory of one, such as \(path)/\(runs[runs.count - 1])")
    }
    return RecordingParts(path, files, directory: path)
  }

  private static func file(_ path: String) throws(EvidenceError) -> RecordingParts {
    let first = try File(path, number: 1)
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
    if let mark = first.mark, first.values(SliceMark.name) == nil {
      let before = mark.number == 2 ? PartMark.fileName(1) : "\(PartMark.fileName(1)) to \(PartMark.fileName(mark.number - 1))"
      throw EvidenceError(
        "\(path): is file \(mark.number) of a run's recording, and nobody knows from it alone what the monitor knew before: name the "
          + "run's directory, which must hold \(before), too")
    }
    var files = [first]
    // One that ended in order says whether another follows. Of one that did not, those beside it may be the rest, if it has its name.
    let isNamed = first.name == PartMark.fileName(1)
    if first.nextPart != nil || (isNamed && first.values(SliceMark.name) == nil) {
      for (number, name) in try EvidenceDirectory.parts(of: directory) where number > 1 {
        files.append(try File(directory + "/" + name, number: number))
      }
    }
    return RecordingParts(path, files, directory: directory)
  }

  private init(_ path: String, _ found: [File], directory: String) {
    self.path = path
    let isEmpty = { (file: File) in file.isCutAtItsBeginning && file.identity == found[0].identity }
    let empty = found.filter(isEmpty).map(\.name)
    self.empty = empty
    let files = found.filter { !isEmpty($0) }
    self.files = files
    var contradictions: [String] = []
    var absent = Self.absent(files.map(\.number))
    for (place, file) in files.enumerated() {
      if let problem = Self.problem(file, among: files, place) { contradictions.append("\(file.path): \(problem)") }
    }
    let next = files.last?.nextPart.flatMap { empty.contains($0) ? nil : $0 }
    // A recorder at work gives the next file its name before this one says so.
    unread = next.flatMap { System.exists(directory + "/" + $0) ? $0 : nil }
    if let next, unread == nil {
      if let number = PartMark.number(next) {
        absent.append(number...number)
      } else {
        contradictions.append("\(files.last?.path ?? path): says that `\(next)` follows it, and no file of a recording has such a name")
      }
    }
    let run = String(System.absolute(directory).split(separator: "/").last ?? "")
    let known = absent.isEmpty ? [] : Self.removed(beside: directory).filter { $0.run == run }
    let removed = Self.byNumber(known)
    missing = absent.flatMap { Missing.among($0, removed) }
    self.contradictions = contradictions
  }

  /// Of one run.
  static func byNumber(_ removed: [RemovedFile]) -> [Int: RemovedFile] {
    Dictionary(removed.compactMap { file in PartMark.number(file.name).map { ($0, file) } }) { $1 }
  }

  /// Numbers of files that are missing before or between others.
  ///
  /// - Parameter numbers: of the others, ascending, from 1
  static func absent(_ numbers: [Int]) -> [ClosedRange<Int>] {
    zip([0] + numbers, numbers).compactMap { $0 + 1 < $1 ? $0 + 1...$1 - 1 : nil }
  }

  /// Why a file is not the one of its name in this recording; `nil` when it is.
  private static func problem(_ file: File, among files: [File], _ place: Int) -> String? {
    let own = file.mark?.number ?? 1
    guard own == file.number else {
      return "is file \(own) of a recording by what it says itself, and by its name file \(file.number): it was renamed, exchanged or "
        + "copied; put each back under its own name"
    }
    guard place > 0 else { return nil }
    let before = files[place - 1]
    guard file.identity != nil, file.identity == before.identity else {
      return "is of another run than \(before.name); take it away"
    }
    guard before.number == file.number - 1 else { return nil }
    if let end = before.values(EndMark.name) {
      guard let next = end[EndMark.nextPart] else { return "\(before.name) says that it is the recording's last file; take this one away" }
      guard next == file.name else { return "\(before.name) is followed by \(next), by what it says itself" }
      guard end[EndMark.lastIndex].flatMap({ UInt64($0) }) == file.mark?.previousLast else {
        return "begins after input \(file.mark?.previousLast ?? 0), and \(before.name) ends with another; one of the two was replaced"
      }
    }
    return nil
  }

  /// The violation log is beside the runs.
  private static func removed(beside run: String) -> [RemovedFile] {
    guard let records = try? LogVerifier.records(violations: run + "/../violations", LinuxCalls()) else { return [] }
    return records.reduce(into: []) { $0.take($1) }
  }
}

extension RecordingParts {
  /// Whether one file with all that the recording holds has this item of the file at `place`: what every file repeats is in it
  /// once, and what says how the files follow each other is not.
  public func carries(_ item: MCAPItem, from place: Int) -> Bool {
    switch item {
    case .header, .schema, .channel, .message: return true
    case .attachment: return place == 0
    case .metadata(let record):
      switch record.name {
      case "odcv": return place == 0
      case PartMark.name: return false
      case EndMark.name: return record.values[EndMark.nextPart] == nil
      default: return true
      }
    }
  }

  /// An index near that of the first input.
  public var nearFirstIndex: UInt64? {
    files[0].values(SliceMark.name).flatMap { SliceMark($0)?.first } ?? files[0].mark?.previousLast
  }
}
