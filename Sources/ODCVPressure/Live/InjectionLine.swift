import Foundation

/// What an injection says of itself, a line of JSON each.
enum InjectionLine {
  struct Ready: Encodable {
    var ready = true
    var scenario: String
    var control: String
    var instruction: String
    var truth: String?
  }

  struct Pause: Encodable {
    var paused: String
  }

  struct Block: Encodable {
    var block: UInt64
    var condition: String
    var dose: UInt32
    var seconds: Double
    var messages: Int
    /// By the monitor, while the condition was in force; absent when it did not say, or began anew meanwhile.
    var commands: UInt64?
    var violating: UInt64?
    var runs: UInt64?
    var held: UInt64?
    /// By a simulator's truth; absent: what the monitor says is all that there is.
    var truth_violations: UInt64?
  }

  struct Summary: Encodable {
    /// Records told to the monitor: messages, and the beginning and end of each block.
    var sent: Int
    var recorded: Int
    var judged_by: String
    var refused: String?
  }

  static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }
}
