import Glibc
import ODCVEvidence

/// Changes a signed violation log in every small way and counts what verification does not see.
///
///     EvidenceChanges RECORDS [STRIDE [blind]]
///
/// A log of RECORDS violations in segments of 4 KiB, closed, whose last checkpoint a witness has accepted. Then: every
/// bit flipped; the log cut at every byte, with the file ending there or zeros behind it, and nothing after it; every
/// two neighbouring records and segments exchanged; every record and segment taken out. STRIDE: only every so manieth bit
/// and byte. blind: without checkpoints and witness, which must miss cuts, or the tool counts nothing. Prints `<kind> <tried> <missed>` for
/// each, on standard error how far it has come, and ends with 1 when one was missed.
///
/// Verification is a value that is given one segment after the other, and a failure that it has found stays. So the
/// segments before a change are verified once, a change is verified in its own segment, and if that shows nothing, in all
/// the segments behind it and to the end: the answer is that of verifying the whole log.
@main struct EvidenceChanges {
  static func main() throws {
    guard CommandLine.arguments.count >= 2, let records = UInt64(CommandLine.arguments[1]), records > 0 else {
      say("usage: EvidenceChanges RECORDS [STRIDE]")
      exit(2)
    }
    let stride = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1 : 1
    var template = Array("/tmp/odcv-changes-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { exit(4) }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { remove(directory) }
    let changes = try Changes(SignedLog(directory, records, isBlind: CommandLine.arguments.dropFirst(3).first == "blind"))
    var missed = changes.flips(stride)
    missed += changes.cuts(stride)
    missed += changes.exchanges()
    missed += try changes.checkpointFlips(stride)
    if missed > 0 {
      remove(directory)
      exit(1)
    }
  }

  static func say(_ line: String, to descriptor: Int32 = 1) {
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  private static func remove(_ directory: String) {
    for part in [directory + "/violations", directory] {
      guard let stream = opendir(part) else { continue }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlink(part + "/" + name)
      }
      closedir(stream)
      rmdir(part)
    }
  }
}

/// A log on disk, what its files hold, and what its witness keeps.
struct SignedLog {
  struct Segment {
    var number: UInt64
    var path: String
    var bytes: [UInt8]
    /// Where its records begin, and where the last ends.
    var offsets: [Int]
  }

  let directory: String
  let trust: LogVerifier.Trust
  private(set) var segments: [Segment] = []
  /// Verification of all before each segment.
  private(set) var before: [VerificationPass] = []

  init(_ root: String, _ records: UInt64, isBlind: Bool) throws {
    directory = root + "/violations"
    let key = LogKeyFile(path: root + "/key")
    let first = try key.make(origin: "example.com/arm1")
    for run in 0..<2 as Range<UInt64> {
      var log = try ViolationLog(
        directory: directory, bootID: [UInt8](repeating: 7, count: 16), segmentBytes: 4096, key: key)
      for index in run * (records / 2)..<(run == 0 ? records / 2 : records) {
        let payload = Array("violation of input \(index)".utf8)
        _ = try payload.withUnsafeBytes { try log.append(index: index, monotonic: Int64(index), payload: $0) }
        if index % 4 == 0 { try log.sync() }
      }
      try log.close()
    }
    var state = WitnessState(first: first)
    try state.accept(LogProver(directory: directory).extensions(from: 0, epoch: 0), signer: nil, now: 1)
    var trust = LogVerifier.Trust()
    trust.witnesses = [("witness", state)]
    self.trust = trust
    var pass = isBlind ? VerificationPass() : try VerificationPass(directory: directory, trust)
    for number in 1... {
      let path = directory + "/" + Self.name(number)
      guard let bytes = Self.bytes(path) else { break }
      before.append(pass)
      pass.add(number: UInt64(number), file: path, bytes)
      segments.append(Segment(number: UInt64(number), path: path, bytes: bytes, offsets: Self.offsets(bytes)))
    }
    let report = pass.finish()
    precondition(report.isIntact && report.violations == Int(records), "the log is not intact before it is changed")
  }

  private static func name(_ number: Int) -> String {
    let digits = String(number)
    return "violations-" + String(repeating: "0", count: 8 - digits.count) + digits + ".odcvlog"
  }

  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  private static func offsets(_ bytes: [UInt8]) -> [Int] {
    var offsets = [8]
    while offsets.last! + 4 <= bytes.count {
      let at = offsets.last!
      let length = (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
      if length == 0 { break }
      offsets.append(at + length)
    }
    return offsets
  }
}

struct Changes {
  let log: SignedLog

  init(_ log: SignedLog) { self.log = log }

  /// Whether verification sees that segment `place` holds `bytes` instead of its own, and the segments behind follow.
  private func sees(_ place: Int, _ bytes: [UInt8], isEnd: Bool = false) -> Bool {
    var pass = log.before[place]
    let segment = log.segments[place]
    pass.add(number: segment.number, file: segment.path, bytes)
    if !pass.report.isIntact { return true }
    if !isEnd {
      for later in log.segments[(place + 1)...] {
        pass.add(number: later.number, file: later.path, later.bytes)
        if !pass.report.isIntact { return true }
      }
    }
    return !pass.finish().isIntact
  }

  private func tell(_ kind: String, _ tried: Int, _ missed: Int) -> Int {
    EvidenceChanges.say("\(kind) \(tried) \(missed)")
    return missed
  }

  /// Tells how far a kind has come.
  private func tellPlace(_ kind: String, _ place: Int, _ missed: Int) {
    guard place % 50 == 0 else { return }
    EvidenceChanges.say("\(kind): segment \(place) of \(log.segments.count), missed \(missed)", to: 2)
  }

  func flips(_ stride: Int) -> Int {
    var (tried, missed) = (0, 0)
    for place in log.segments.indices {
      tellPlace("flipped-bits", place, missed)
      var bytes = log.segments[place].bytes
      var bit = tried % stride
      while bit < bytes.count * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8)
        if !sees(place, bytes) { missed += 1 }
        bytes[bit / 8] ^= 1 << (bit % 8)
        tried += 1
        bit += stride
      }
    }
    return tell("flipped-bits", tried, missed)
  }

  /// The log ends at some byte: everything behind it is gone, and what closed the log too.
  func cuts(_ stride: Int) -> Int {
    var (tried, missed) = (0, 0)
    for place in log.segments.indices {
      tellPlace("cuts", place, missed)
      let bytes = log.segments[place].bytes
      for size in Swift.stride(from: 0, to: bytes.count, by: stride) {
        let cut = Array(bytes[..<size])
        // As a running writer's file looks, with the space it was given.
        let cleared = cut + [UInt8](repeating: 0, count: 4096 - min(4096, size))
        for changed in [cut, cleared] {
          if !sees(place, changed, isEnd: true) { missed += 1 }
          tried += 1
        }
      }
    }
    return tell("cuts", tried, missed)
  }

  func exchanges() -> Int {
    var (tried, missed) = (0, 0)
    for place in log.segments.indices {
      let segment = log.segments[place]
      let records = zip(segment.offsets, segment.offsets.dropFirst()).map { segment.bytes[$0..<$1] }
      let tail = segment.bytes[segment.offsets.last!...]
      func changed(_ records: [ArraySlice<UInt8>]) { 
        tried += 1
        if !sees(place, Array(segment.bytes[..<8] + records.joined() + tail)) { missed += 1 }
      }
      for first in records.indices {
        var fewer = records
        fewer.remove(at: first)
        changed(fewer)
        guard first + 1 < records.count else { continue }
        var swapped = records
        swapped.swapAt(first, first + 1)
        changed(swapped)
      }
    }
    for place in log.segments.indices.dropLast() {
      tried += 2
      if !sees(place, log.segments[place + 1].bytes) { missed += 1 }
      var pass = log.before[place]
      for later in log.segments[(place + 1)...] { pass.add(number: later.number, file: later.path, later.bytes) }
      if pass.finish().isIntact { missed += 1 }
    }
    return tell("exchanged-and-taken-out", tried, missed)
  }

  /// The files of checkpoints are checked by themselves before any segment.
  func checkpointFlips(_ stride: Int) throws -> Int {
    var (tried, missed) = (0, 0)
    for epoch in 1...2 {
      let path = log.directory + "/checkpoints-0000000\(epoch).notes"
      guard var bytes = SignedLog.bytes(path) else { preconditionFailure("no checkpoints") }
      func store() {
        guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
      }
      for bit in Swift.stride(from: 0, to: bytes.count * 8, by: stride) {
        bytes[bit / 8] ^= 1 << (bit % 8)
        store()
        if try VerificationPass(directory: log.directory, log.trust).report.isIntact { missed += 1 }
        bytes[bit / 8] ^= 1 << (bit % 8)
        tried += 1
      }
      store()
    }
    return tell("flipped-bits-of-checkpoints", tried, missed)
  }
}
