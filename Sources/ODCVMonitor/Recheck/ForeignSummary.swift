import ArgumentParser

/// How a person says what the topics of a foreign recording are.
struct ForeignOptions {
  /// Units that a person vouches for where the recording names none.
  enum Units: String, ExpressibleByArgument, CaseIterable {
    /// rad, rad/s, Nm; m, m/s, N of prismatic joints
    case si
  }

  var stateTopic: String?
  var actionTopic: String?
  var units: Units?

  /// Something was said that only a foreign recording needs.
  var isSet: Bool { stateTopic != nil || actionTopic != nil || units != nil }
}

/// What was read of a foreign recording, and what of it could not be believed.
struct ForeignSummary {
  /// The profile and library that the file names.
  var profile = ""
  var library = ""
  var stateTopic = ""
  /// `nil`: no command is in it, so measured motion alone is judged.
  var actionTopic: String?
  var actionIsTrajectory = false
  var states: UInt64 = 0
  var trajectories: UInt64 = 0
  /// Commands that trajectories were taken apart into, or that came as joint states.
  var commands: UInt64 = 0
  /// Messages that were not believed.
  var refused: UInt64 = 0
  /// Messages of the two topics that name none of this robot's joints.
  var others: UInt64 = 0
  /// What was refused or left aside and why, each with how often, in the order in which they came up.
  private(set) var remarks: [(text: String, count: UInt64)] = []

  /// A recording can be wrong in only so many ways that are worth reading.
  private static let greatestRemarks = 20

  mutating func remark(_ text: String) {
    if let place = remarks.firstIndex(where: { $0.text == text }) {
      remarks[place].count += 1
    } else if remarks.count < Self.greatestRemarks {
      remarks.append((text, 1))
    } else if remarks.count == Self.greatestRemarks {
      remarks.append(("and for other reasons", 1))
    } else {
      remarks[Self.greatestRemarks].count += 1
    }
  }

  var words: String {
    "no monitor saw this: inputs were made from ROS 2 messages, states of \(stateTopic), "
      + (actionTopic.map { "commands of \($0)" } ?? "no commands")
      + "; instants are log times; messages carry no numbers, so that none is missing can't be shown"
  }

  var lines: [String] {
    ["FOREIGN: \(words)", "FOREIGN: \(states) states, \(trajectories) trajectories, \(commands) commands, \(refused) messages refused, \(others) of other joints"]
      + remarks.map { "FOREIGN: \($0.text) (\($0.count) times)" }
  }

  var json: JSON {
    .object([
      ("profile", .string(profile)), ("library", .string(library)), ("state_topic", .string(stateTopic)),
      ("action_topic", actionTopic.map { .string($0) } ?? .null), ("states", .count(states)),
      ("trajectories", .count(trajectories)), ("commands", .count(commands)), ("refused", .count(refused)),
      ("of_other_joints", .count(others)),
      (
        "remarks",
        .array(remarks.map { .object([("text", .string($0.text)), ("count", .count($0.count))]) })
      ),
    ])
  }
}
