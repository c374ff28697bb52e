import ODCVConfig
import ODCVCore
import ODCVEvidence

/// What is judged again: a recording, or what is made of another program's.
protocol CheckSource: ~Copyable, SendableMetatype {
  /// `nil` at the end.
  mutating func next() throws -> RecordedItem?
  /// Nothing was missing, left out or damaged up to here.
  var isWholeSoFar: Bool { get }
}

extension Recording: CheckSource {}

/// Judges a recording on three threads: one reads and decodes, one is the core's alone, and the caller's takes up what came of it.
/// What the caller sees, and in which order, hangs on the recording only, whatever the threads do.
enum JudgingLine {
  /// In flight together: bounds the memory, however long the recording is.
  private static let batches = 4

  private struct Ways: Sendable {
    let empty = HandOver((0..<batches).map { _ in JudgedBatch() })
    let read = HandOver<JudgedBatch>()
    let judged = HandOver<JudgedBatch>()

    func close() {
      empty.close()
      read.close()
      judged.close()
    }
  }

  /// - Parameter take: gets what was read, one after the other, and with an input its verdict, which stays until it returns
  /// - Returns: the source, read to its end
  /// - Throws: what the source throws, behind all that came before it, or what `take` throws
  static func run<Source: CheckSource & ~Copyable>(
    _ source: consuming Source, _ decoder: consuming RecordedDecoder, _ monitor: consuming RecordedMonitor,
    _ take: (JudgedBatch.Entry, UnsafePointer<Verdict>?) throws -> Void
  ) throws -> Source {
    let ways = Ways()
    let (sourceBox, decoderBox) = (MovingBox(source), MovingBox(decoder))
    let monitorBox = MovingBox(monitor)
    let readingThread = LoopThread(name: "odcv-read") {
      var source = sourceBox.take()
      var decoder = decoderBox.take()
      read(&source, &decoder, ways)
      sourceBox.put(source)
    }
    let judgingThread = LoopThread(name: "odcv-judge") {
      var monitor = monitorBox.take()
      judge(&monitor, ways)
    }
    do {
      defer {
        ways.close()
        readingThread.join()
        judgingThread.join()
      }
      while let batch = ways.judged.take() {
        for entry in batch.entries {
          if case .input(let slot, _) = entry { try take(entry, UnsafePointer(batch.verdicts.base + slot)) } else { try take(entry, nil) }
        }
        if let end = batch.end {
          try end.get()
          break
        }
        ways.empty.put(batch)
      }
    }
    return sourceBox.take()
  }

  private static func read<Source: CheckSource & ~Copyable>(_ source: inout Source, _ decoder: inout RecordedDecoder, _ ways: Ways) {
    while let batch = ways.empty.take() {
      batch.entries.removeAll(keepingCapacity: true)
      var slot = 0
      do {
        while batch.end == nil, batch.entries.count < JudgedBatch.capacity {
          guard let item = try source.next() else {
            batch.end = .success(())
            break
          }
          switch item {
          case .input(let input):
            guard decoder.decode(input, into: batch.inputs, slot) else {
              batch.entries.append(.unknownEndpoint(index: input.index))
              continue
            }
            batch.entries.append(.input(slot: slot, JudgedBatch.Stamp(input)))
            slot += 1
          case .verdict(let index, let core, _):
            batch.entries.append(.stored(index: index, core: core, isWhole: source.isWholeSoFar))
          case .alarm, .sent: break
          }
        }
      } catch {
        batch.end = .failure(error)
      }
      let isLast = batch.end != nil
      ways.read.put(batch)
      if isLast { return }
    }
  }

  private static func judge(_ monitor: inout RecordedMonitor, _ ways: Ways) {
    while let batch = ways.read.take() {
      for entry in batch.entries {
        guard case .input(let slot, let stamp) = entry else { continue }
        monitor.judge(batch.inputs, stamp, into: batch.verdicts, slot)
      }
      let isLast = batch.end != nil
      if isLast, monitor.rowsToCome > 0 { batch.entries.append(.rowsToCome(monitor.rowsToCome)) }
      ways.judged.put(batch)
      if isLast { return }
    }
  }
}
