import Glibc
import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire

/// What a command's verdict takes by itself: no socket, no loop, no record.
///
/// Replays a stream of messages as `loop-load write=FILE` makes it (see Benchmarks/Loop/stream.h) through the daemon's own
/// decoder and core, with a tick every 20 ms as the loop has it. Caches are to be as cold as in the loop that it is compared with: one
/// that sleeps until the next message, or until the answer to the last one has brought it, or not at all.
///
/// - Parameters:
///   - pause: ns that pass before each action; negative: each message waits for its time. Else the core is told the same times, and
///     messages follow one another.
///   - judged: of each action, ns from its bytes to the verdict: decode and step
///   - told: of each action, ns from its bytes to the bytes that are published: as before, and both encodings
///   - capacity: how many actions the two have room for
/// - Returns: how many actions there were, all of them allowed and passed; -1 and the reason when files can't be loaded or
///   one was not.
@_cdecl("odcv_own_time")
public func ownTime(
  _ monitorFile: UnsafePointer<CChar>, _ stream: UnsafePointer<UInt8>, _ length: Int64, _ pause: Int64,
  _ judged: UnsafeMutablePointer<Int64>, _ told: UnsafeMutablePointer<Int64>, _ capacity: Int32,
  _ reason: UnsafeMutablePointer<CChar>, _ reasonCapacity: Int32
) -> Int32 {
  let configuration: LoadedConfiguration
  do throws(ConfigError) {
    configuration = try LoadedConfiguration.load(path: String(cString: monitorFile))
  } catch {
    write("\(error)", to: reason, capacity: reasonCapacity)
    return -1
  }
  var decoder = Decoder(configuration)
  var monitor = Monitor(configuration.core)
  var writer = MonitorWriter(configuration, bootID: 1)
  let start = nanoseconds() + 10_000_000
  var nextTick: Int64 = 0
  var count = 0
  var rest = UnsafeRawBufferPointer(start: stream, count: Int(length))
  while let record = StreamRecord(&rest) {
    if pause < 0 { sleep(until: start + record.due) }
    if pause > 0, record.endpoint == .action { sleep(until: nanoseconds() + pause) }
    let now = MonoInstant(nanoseconds: pause < 0 ? nanoseconds() : start + record.due)
    if record.due >= nextTick {
      _ = monitor.step(.tick, at: now)
      nextTick += 20_000_000
    }
    let begin = nanoseconds()
    let input = decoder.decode(endpoint: record.endpoint, topic: record.topic, body: record.body)
    let verdict = monitor.step(input, at: now)
    let middle = nanoseconds()
    guard case .action = input else { continue }
    let body = writer.verdict(verdict, sequence: UInt64(count), at: now, latency: middle - begin)
    let end = nanoseconds()
    precondition(count < Int(capacity) && !body.isEmpty, "room for every action")
    judged[count] = middle - begin
    told[count] = end - begin
    count += 1
    guard verdict.outcome == .pass, verdict.decision == .allow else {
      let findings = verdict.findings.filter { $0.outcome != .pass }.map { "\($0.rule.name) \($0.outcome)" }
      write("action \(count): \(verdict.decision), \(findings)", to: reason, capacity: reasonCapacity)
      return -1
    }
  }
  return Int32(count)
}

/// One message of a stream: due time (8 bytes), endpoint (1), topic's size (2), body's size (4), little-endian; then both.
private struct StreamRecord {
  var due: Int64
  var endpoint: Endpoint
  var topic: UnsafeRawBufferPointer
  var body: UnsafeRawBufferPointer

  /// The next one, or `nil` at the end.
  init?(_ rest: inout UnsafeRawBufferPointer) {
    let head = 15
    guard rest.count >= head else { return nil }
    due = Int64(littleEndian: rest.loadUnaligned(as: Int64.self))
    switch rest[8] {
    case 0: endpoint = .action
    case 1: endpoint = .state
    case 2: endpoint = .scene
    case let other: preconditionFailure("no endpoint \(other)")
    }
    let topicSize = Int(UInt16(littleEndian: rest.loadUnaligned(fromByteOffset: 9, as: UInt16.self)))
    let bodySize = Int(UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 11, as: UInt32.self)))
    precondition(rest.count >= head + topicSize + bodySize, "a stream that ends within a message")
    topic = UnsafeRawBufferPointer(rebasing: rest[head..<head + topicSize])
    body = UnsafeRawBufferPointer(rebasing: rest[head + topicSize..<head + topicSize + bodySize])
    rest = UnsafeRawBufferPointer(rebasing: rest[(head + topicSize + bodySize)...])
  }
}

private func sleep(until instant: Int64) {
  var time = timespec(tv_sec: Int(instant / 1_000_000_000), tv_nsec: Int(instant % 1_000_000_000))
  while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
}
