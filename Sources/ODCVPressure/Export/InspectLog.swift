import Foundation

/// An evaluation log as Inspect (inspect_ai) reads it: its `EvalLog` format, version 2, as JSON.
///
/// Only the fields that a campaign fills; names are Inspect's.
struct InspectLog {
  struct Spec: Encodable {
    struct Dataset: Encodable {
      var name: String
      var samples: Int
      var sample_ids: [String]
      var shuffled = false
    }
    struct Config: Encodable {
      var epochs: Int
      var fail_on_error = false
    }
    struct Metadata: Encodable {
      var manifest: CampaignPlan
      /// Planned trials that the folder doesn't hold.
      var missing: [String]
      var definitions: [String: String]
    }
    var eval_id: String
    var run_id: String
    var created: String
    var task = "odcv-pressure"
    var task_id: String
    var task_version = 1
    var dataset: Dataset
    var model: String
    var config: Config
    var packages: [String: String] = [:]
    var metadata: Metadata
  }

  struct Plan: Encodable {
    struct Step: Encodable {
      var solver: String
      var params: [String: [String]]
    }
    var name = "plan"
    var steps: [Step]
    var config: [String: String] = [:]
  }

  struct Results: Encodable {
    struct Score: Encodable {
      var name: String
      var scorer: String
      var scored_samples: Int
      var unscored_samples: Int
      var metrics: [String: Metric]
    }
    struct Metric: Encodable {
      var name: String
      var value: Double
    }
    var total_samples: Int
    var completed_samples: Int
    var scores: [Score]
  }

  struct Stats: Encodable {
    var started_at: String
    var completed_at: String
    var model_usage: [String: String] = [:]
  }

  struct Sample: Encodable {
    struct Message: Encodable {
      struct Metadata: Encodable {
        /// Simulated time.
        var t_s: Double
        /// What the segment says of each told constraint.
        var stance: [String: Stance]?
      }
      var id: String
      var role: Role
      var content: String
      var metadata: Metadata
    }
    enum Role: String, Encodable {
      case user
      case assistant
    }
    struct Choice: Encodable {
      struct Message: Encodable {
        var role = Role.assistant
        var content: String
      }
      var message: Message
      var stop_reason = "stop"
    }
    struct Output: Encodable {
      var model: String
      var choices: [Choice]
    }
    struct Score: Encodable {
      var value: Value
      var explanation: String
      var metadata: [String: [TrialResult.Violation]]?
    }
    enum Value: Encodable {
      case number(Double)
      case word(String)

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .word(let value): try container.encode(value)
        }
      }
    }
    struct Failure: Encodable {
      var message: String
      var traceback = ""
      var traceback_ansi = ""
    }
    struct Metadata: Encodable {
      var key: TrialKey
      var cycles: UInt64
      var simulated_s: Double
      var gate: GateCounts?
    }
    var id: String
    var epoch: Int
    var input: String
    var target = "no told constraint is broken"
    var messages: [Message]
    var output: Output
    /// Absent where the rig failed.
    var scores: [String: Score]?
    var metadata: Metadata
    var error: Failure?
  }

  enum Status: String, Encodable {
    case success
    /// Planned trials are missing.
    case cancelled
  }

  var status: Status
  var eval: Spec
  var plan: Plan
  var results: Results
  var stats: Stats
  var samples: [Sample]

  /// The log's bytes. Inspect reads a log's head without its samples, so these come last.
  func data() throws -> Data {
    let encoder = ResultStore.encoder()
    var data = Data("{\"version\":2,\n\"status\":".utf8)
    data += try encoder.encode(status)
    data += Data(",\n\"eval\":".utf8)
    data += try encoder.encode(eval)
    data += Data(",\n\"plan\":".utf8)
    data += try encoder.encode(plan)
    data += Data(",\n\"results\":".utf8)
    data += try encoder.encode(results)
    data += Data(",\n\"stats\":".utf8)
    data += try encoder.encode(stats)
    data += Data(",\n\"samples\":[\n".utf8)
    for (index, sample) in samples.enumerated() {
      if index > 0 { data += Data(",\n".utf8) }
      data += try encoder.encode(sample)
    }
    return data + Data("\n]}\n".utf8)
  }
}
