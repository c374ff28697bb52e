/// The recording of one run, in one file or in several that follow each other without a gap, and the run's own clock.
///
/// The next file is made while the one before is still written, and that one is ended while the next one is: both on threads of their
/// own, because the disk may take its time. In between the recorder changes files before an input, so that what answers an input is in
/// its file. Whatever goes wrong before that leaves the recording where it is: it only grows.
struct RunRecording: ~Copyable {
  let configuration: RecorderConfiguration
  /// Of the file that is written; from 1.
  private(set) var number = 1
  /// What the run has come to, kept up to date for the end of a file.
  var standing: RunStanding?

  private let calls: any FileCalls
  /// The `odcv` metadata, the same in every file.
  private let identity: [String: String]
  private var part: PartFile
  /// From its input of this index on the run is in force; `nil`: not yet.
  private var inForceFrom: UInt64?
  /// Of the last input that is in a file.
  private var lastIndex: UInt64 = 0
  /// When it was received, on the clock of all instants of the run, ns.
  private var lastInstant: Int64
  /// ns of the monotonic clock
  private var partBegan = System.monotonicNow()
  private var synced = System.monotonicNow()
  /// This file holds an input.
  private var hasInput = false
  /// The next file, while it is made and until it is used.
  private var preparation: Errand<PartFile>?
  /// Files before, while they are ended.
  private var endings: [Errand<Void>] = []
  /// When the next file could not be made.
  private var failedPreparation: Int64?
  /// Why, until it is taken.
  private var complaint: EvidenceError?
  private var excerpt: ExcerptWindow?
  /// The file has lost its name: the next one is due.
  private var isMisplaced = false

  /// Another try to make the next file, ns after one that failed.
  private static let retryInterval: Int64 = 10_000_000_000

  /// Creates the first file, on disk when this returns.
  ///
  /// - Parameters:
  ///   - log: Where the violation log stands at the start; `nil`: this run is not in force yet.
  ///   - calls: stand for the disk in tests
  init(_ configuration: RecorderConfiguration, log: LogPosition?, calls: any FileCalls) throws(EvidenceError) {
    var identity = configuration.metadata
    identity["mono_start_ns"] = String(configuration.monotonicStart)
    identity["real_start_ns"] = String(configuration.wallStart)
    identity["robot_id"] = configuration.robotID
    identity["configuration_sha256"] = configuration.configurationSHA256
    identity["boot_id"] = Hex.string(configuration.directory.bootID)
    if let excerpts = configuration.excerpts { identity.merge(excerpts.metadata) { $1 } }
    if let log { identity.merge(log.first) { $1 } } else { identity["in_force"] = "later" }
    part = try PartFile(configuration.directory.recording, configuration, identity: identity, calls)
    inForceFrom = log == nil ? nil : 1
    lastInstant = configuration.monotonicStart
    self.identity = identity
    self.configuration = configuration
    self.calls = calls
    excerpt = configuration.excerpts.map { ExcerptWindow($0, capacity: configuration.excerptBytes) }
  }

  /// - Parameter index: arrival index in this run
  mutating func write(_ record: borrowing RingRecord, index: UInt64) throws(EvidenceError) {
    guard excerpt != nil else { return try put(record, index: index) }
    while !excerpt!.hold(record, index: index) { try release(atMost: 1, isFull: true) }
  }

  /// Shows a record of the violation log to the artist and writes what comes of it; an excerpt surrounds it.
  mutating func show(violation record: borrowing RingRecord) throws(EvidenceError) {
    excerpt?.trigger(record.instant...record.instant)
    try write(record, index: record.index)
  }

  /// An excerpt surrounds this time, ns of the monotonic clock.
  mutating func surround(_ time: ClosedRange<Int64>) { excerpt?.trigger(time) }

  /// On the recording's clock, ns.
  private func time(of record: borrowing RingRecord) -> UInt64 {
    UInt64(bitPattern: configuration.wallStart &+ (record.instant &- configuration.monotonicStart))
  }

  private mutating func put(_ record: borrowing RingRecord, index: UInt64) throws(EvidenceError) {
    if record.kind.isInput {
      if preparation?.isDone == true { try goOn(at: record.instant) }
      (lastIndex, lastInstant) = (index, record.instant)
      hasInput = true
    }
    let time = time(of: record)
    if record.kind != .violation { try part.write(record, index: index, time: time) }
    guard let artist = configuration.artist else { return }
    for drawing in artist.draw(record, at: time) { try part.write(drawing, index: index, time: time) }
  }

  /// Closes what is open for long enough, makes the file durable when that is due, and sees to the files before and after.
  mutating func keep(at now: Int64) throws(EvidenceError) {
    try release(atMost: ExcerptWindow.greatestRelease, isFull: false)
    try part.closeChunk(olderThan: configuration.chunkAge, now: now)
    if now - synced >= configuration.recordingSyncInterval {
      try part.sync()
      synced = now
    }
    if !endings.isEmpty { try settle(waits: false) }
    if isLongEnough(at: now) { prepareNext() }
  }

  /// What became of the file's name while it is written, in words. The recording then goes on in a next file.
  mutating func keepPlace() -> String? {
    let misplacement = part.misplacement
    isMisplaced = misplacement != nil
    return misplacement
  }

  /// It is in force from the input `index` on; so far its inputs were judged beside another run.
  mutating func begin(at index: UInt64, after previous: EvidenceDirectory, log: LogPosition) throws(EvidenceError) {
    inForceFrom = index
    var values = log.first
    values["from_index"] = String(index)
    values["previous"] = previous.name
    try part.add(metadata: "odcv.in_force", values)
    try part.sync()
  }

  /// Removes the file and the run's directory: it was never in force.
  consuming func remove() throws(EvidenceError) {
    let directory = configuration.directory
    try part.remove()
    try System.removeDirectory(directory.run)
  }

  /// Ends the recording, because another run follows it while the loop goes on: what led there is kept as it is before a violation, as
  /// that run has not seen it.
  mutating func finish(_ closing: [String: String], followedAt instant: Int64) throws(EvidenceError) {
    surround(instant...instant)
    try finish(closing)
  }

  /// Ends the recording with its summary.
  mutating func finish(_ closing: [String: String]) throws(EvidenceError) {
    try release(atMost: .max, isFull: false)
    discardNext()
    try part.finish(ending(closing))
    try settle(waits: true)
  }

  /// Why the next file could not be made, once.
  mutating func takeComplaint() -> EvidenceError? { complaint.take() }

  private func ending(_ closing: [String: String]) -> [String: String] {
    var values = closing
    values[EndMark.lastIndex] = String(lastIndex)
    values[EndMark.end] = String(lastInstant)
    return values
  }

  // MARK: - From one file to the next

  private func isLongEnough(at now: Int64) -> Bool {
    guard preparation == nil, hasInput, inForceFrom != nil else { return false }
    if let failedPreparation, now - failedPreparation < Self.retryInterval { return false }
    if isMisplaced { return true }
    if let bytes = configuration.splitBytes, part.bytes >= bytes { return true }
    if let interval = configuration.splitInterval, now - partBegan >= interval { return true }
    return false
  }

  /// Until its turn the next file has a name that no reader takes for a part.
  private static func preparedName(_ number: Int) -> String { PartMark.fileName(number) + ".next" }

  private mutating func prepareNext() {
    let path = configuration.directory.run + "/" + Self.preparedName(number + 1)
    let (configuration, identity, calls) = (configuration, identity, calls)
    preparation = Errand("odcv-part") { () throws(EvidenceError) in
      try PartFile(path, configuration, identity: identity, calls)
    }
  }

  /// Makes the next file at once and goes on in it.
  mutating func split() throws(EvidenceError) {
    prepareNext()
    try goOn(at: lastInstant)
  }

  /// Goes on in the next file, which has been made; when that could not be, in this one.
  private mutating func goOn(at instant: Int64) throws(EvidenceError) {
    guard let made = preparation.take() else { return }
    // What was taken in is in this file before the next one begins.
    do throws(EvidenceError) {
      try part.closeChunk()
    } catch {
      if let unused = try? made.take() { try? unused.remove() }
      throw error
    }
    let (name, mark) = (
      PartMark.fileName(number + 1),
      PartMark(number: number + 1, previousLast: lastIndex, begins: instant, inForceFrom: inForceFrom ?? 1)
    )
    var following: PartFile
    do throws(EvidenceError) {
      following = try made.take()
    } catch {
      return postpone(error)
    }
    do throws(EvidenceError) {
      try following.add(metadata: PartMark.name, mark.values.merging(standing?.log.first ?? [:]) { $1 })
      try following.rename(to: configuration.directory.run + "/" + name)
    } catch {
      try? following.remove()
      return postpone(error)
    }
    swap(&part, &following)
    number += 1
    partBegan = System.monotonicNow()
    (hasInput, isMisplaced) = (false, false)
    end(following, next: name)
  }

  private mutating func postpone(_ error: EvidenceError) {
    failedPreparation = System.monotonicNow()
    complaint = error
  }

  /// Ends the file before.
  private mutating func end(_ before: consuming PartFile, next: String) {
    var values = ending(standing?.values ?? [:])
    values[EndMark.nextPart] = next
    let (parcel, run, calls) = (Parcel(before), configuration.directory.run, calls)
    let closing = values
    endings.append(
      Errand("odcv-part") { () throws(EvidenceError) in
        guard var file = parcel.take() else { preconditionFailure("a file was ended twice") }
        try file.finish(closing)
        try calls.makeNamesDurable(run)
      })
  }

  /// Learns how the ending of files before went; a failure is one of the recording.
  private mutating func settle(waits: Bool) throws(EvidenceError) {
    while let first = endings.first, waits || first.isDone {
      endings.removeFirst()
      try first.take()
    }
  }

  private mutating func discardNext() {
    guard let made = preparation.take(), let unused = try? made.take() else { return }
    try? unused.remove()
  }

  // MARK: - Excerpts

  /// Writes what surrounds a violation, lets go of what does not, and keeps the rest.
  ///
  /// - Parameters:
  ///   - limit: bytes, then the rest waits for the next call
  ///   - isFull: What is oldest must go, whether it is written or not.
  private mutating func release(atMost limit: Int, isFull: Bool) throws(EvidenceError) {
    guard excerpt != nil else { return }
    var record = RingRecord(capacity: 64)
    var written = 0
    while written < limit {
      switch excerpt!.next(isFull: isFull && written == 0) {
      case .wait: return
      case .write(let mark):
        if let mark { try part.add(metadata: ExcerptMark.name, mark.values) }
        excerpt!.take(into: &record)
        try put(record, index: record.index)
        written += 1 + record.topic.count + record.body.count
      }
    }
  }
}
