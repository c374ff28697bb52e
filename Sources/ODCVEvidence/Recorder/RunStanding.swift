/// What a run has come to, for the end of its recording or of a file of it.
struct RunStanding {
  var records: UInt64 = 0
  var refusedRecords: UInt64 = 0
  var refusedInputs: UInt64 = 0
  var violationsLogged: UInt64 = 0
  var violationsLost: UInt64 = 0
  var log: LogPosition

  /// For the metadata record `odcv.end`.
  var values: [String: String] {
    [
      "records": String(records), "refused_records": String(refusedRecords), "refused_inputs": String(refusedInputs),
      "violations_logged": String(violationsLogged), "violations_lost": String(violationsLost),
      "log_last_sequence": String(log.sequence), "log_head_sha256": Hex.string(log.digest),
    ]
  }
}

/// How far the violation log has come on disk: what a recording beside it can be compared with, also when the log fails next.
struct LogPosition {
  var sequence: UInt64
  var digest: [UInt8]

  init(_ log: borrowing ViolationLog) {
    sequence = log.durableSequence
    digest = log.durableDigest
  }

  /// For a metadata record.
  var first: [String: String] { ["log_first_sequence": String(sequence), "log_first_sha256": Hex.string(digest)] }
}
