/// Violations that never reached the log because the ring was full of others, as a record of kind `refused` holds them: two numbers,
/// little-endian.
struct RefusedViolations: Equatable {
  var count: UInt64
  /// Since when they came, ns of the monotonic clock; `nil` in a log of before this was written.
  var since: Int64?

  init(count: UInt64, since: Int64?) {
    self.count = count
    self.since = since
  }

  /// `nil` when the record is of another kind or says too little.
  init?(_ record: LogRecord) {
    guard record.kind == .refused, record.payload.count >= 8 else { return nil }
    count = record.payload.load(UInt64.self, at: 0)
    if record.payload.count >= 16 { since = record.payload.load(Int64.self, at: 8) }
  }

  var payload: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: count)
    if let since { bytes.append(little: since) }
    return bytes
  }
}
