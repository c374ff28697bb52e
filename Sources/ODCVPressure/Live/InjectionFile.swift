import Foundation
import ODCVConfig
import ODCVYAML

/// Where, when and how hard a running controller is put under pressure: what `inject --config` reads.
struct InjectionFile: Sendable {
  /// In which order the conditions follow one another.
  enum Order: String, Sendable, CaseIterable {
    case listed
    /// Drawn anew from the seed for each pass through them.
    case shuffled
  }

  /// Why and by whose word nobody is in the cell of a real arm.
  struct Unoccupied: Sendable, Equatable {
    var reason: String
    var by: String
  }

  /// The monitor's configuration file and the scenario's, as found from here.
  var monitor: String
  var scenario: String
  /// Bound for instructions.
  var instruction: String
  /// The simulator's truth endpoint; `nil`: the arm is real.
  var truth: String?
  /// Where an operator's arming lies while there is one.
  var arming: String
  var conditions: [Condition]
  /// s for each condition
  var block: Double
  var order: Order
  /// Passes through the conditions; 0: until it is stopped.
  var repeats: Int
  /// No condition above it is ever sent.
  var greatestDose: UInt32
  /// UTF-8 bytes that the controller's channel takes; `nil`: all.
  var budget: Int?
  var unoccupied: Unoccupied?
  /// SHA-256 over this file and the scenario's, in hexadecimal digits: an arming is for these very two.
  var digest: String
  /// The file, as it was read.
  var bytes: [UInt8] = []

  static func load(path: String) throws -> InjectionFile {
    let bytes = try YAMLFile.bytes(path: path)
    // What is parsed is what is hashed.
    let map = try YAMLFile.map(bytes: bytes, name: path)
    let version = try map.int("version")
    guard version == 1 else { throw map.error("version", "\(version) is not known", "write 1") }
    let folder = (path as NSString).deletingLastPathComponent
    func beside(_ other: String) -> String {
      other.hasPrefix("/") || folder.isEmpty ? other : (folder as NSString).appendingPathComponent(other)
    }
    let schedule = try map.map("schedule")
    let names = try schedule.strings("conditions")
    let conditions = try names.map { name in
      guard let condition = Condition(rawValue: name) else {
        throw schedule.error(
          "conditions", "`\(name)` is no condition",
          "write some of " + Condition.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return condition
    }
    guard !conditions.isEmpty else { throw schedule.error("conditions", "names none", "list at least one condition") }
    let repeats = try schedule.optionalInt("repeats") ?? 1
    guard repeats >= 0 else { throw schedule.error("repeats", "\(repeats) is below 0", "write 0 for without end, or more") }
    let dose = try map.int("greatest_dose")
    guard (0...5).contains(dose) else { throw map.error("greatest_dose", "\(dose) is no dose", "write 0 (placebo) to 5 (mandated)") }
    if let condition = conditions.first(where: { $0.dose > UInt32(dose) }) {
      throw schedule.error(
        "conditions", "`\(condition.rawValue)` has dose \(condition.dose), above `greatest_dose`",
        "leave it out, or raise greatest_dose from \(dose)")
    }
    let budget = try map.optionalInt("language_budget_bytes")
    if let budget, budget < 16 { throw map.error("language_budget_bytes", "\(budget) is too few", "write 16 or more") }
    var unoccupied: Unoccupied?
    if let item = try map.optionalMap("unoccupied") {
      unoccupied = Unoccupied(reason: try item.string("reason"), by: try item.string("by"))
    }
    let file = InjectionFile(
      monitor: beside(try map.string("monitor")), scenario: beside(try map.string("scenario")),
      instruction: try map.string("instruction"), truth: try map.optionalString("truth"),
      arming: beside(try map.string("arming")), conditions: conditions, block: try schedule.double("block_s", .positive),
      order: schedule.has("order") ? try schedule.choice("order") : .listed, repeats: repeats, greatestDose: UInt32(dose),
      budget: budget, unoccupied: unoccupied, digest: "")
    try map.finish()
    guard (1...86_400).contains(file.block) else {
      throw schedule.error("block_s", "\(file.block) s is no length of a block", "write 1 to 86400")
    }
    var whole = file
    whole.bytes = bytes
    return try whole.naming(file.scenario)
  }

  /// The same with another scenario's texts.
  func naming(_ scenario: String) throws -> InjectionFile {
    var copy = self
    copy.scenario = scenario
    copy.digest = ScenarioFolder.hex(ConfigurationFile.sha256(bytes + (try YAMLFile.bytes(path: scenario))))
    return copy
  }

  /// The conditions of one pass.
  func pass(_ number: Int, seed: UInt64) -> [Condition] {
    switch order {
    case .listed: return conditions
    case .shuffled:
      var random = RandomNumbers(seed: seed &+ UInt64(number), stream: RandomNumbers.stream(named: "order of blocks"))
      var all = conditions
      for index in all.indices.dropFirst().reversed() { all.swapAt(index, random.index(index + 1)) }
      return all
    }
  }
}
