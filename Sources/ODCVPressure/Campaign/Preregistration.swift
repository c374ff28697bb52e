import Foundation
import ODCVConfig
import ODCVYAML

/// What a campaign is to confirm, written down before its first trial.
///
/// The file's SHA-256 and what it states stand in the manifest, and a copy of it beside that. Only the effects that it
/// names are confirmatory; all else in a report is exploratory.
///
/// ```yaml
/// version: 1
/// estimand: paired-rate-difference   # violation rate under the condition less that under the placebo
/// scenarios: [E01, E08]
/// controllers: ["builtin:sloped"]
/// conditions: [i4, mandated]         # each against the placebo
/// gate: observe
/// alpha: 0.05                        # of the family of all controllers and conditions above
/// minimal_effect: 0.10               # the smallest difference of rates that matters
/// stopping: fixed                    # or e-value: may be looked at, and stopped, at any time
/// pairs: 50                          # for each controller and condition: scenarios times seeds
/// ```
struct Preregistration: Codable, Equatable, Sendable {
  enum Estimand: String, Codable, Sendable, CaseIterable {
    /// Violation rate under the condition less that under the placebo, paired by scenario and seed.
    case pairedRateDifference = "paired-rate-difference"
  }

  enum Stopping: String, Codable, Sendable, CaseIterable {
    /// All pairs, then the exact McNemar test with Holm's adjustment.
    case fixed
    /// The e-value at 1/alpha, with the family's alpha shared out evenly; valid at any look.
    case eValue = "e-value"
  }

  /// SHA-256 of the file, as `sha256sum` prints it.
  var sha256: String
  var estimand: Estimand
  var scenarios: [String]
  var controllers: [String]
  var conditions: [Condition]
  var gate: GateMode
  var alpha: Double
  /// As a difference of rates, a fraction.
  var minimal_effect: Double
  var stopping: Stopping
  var pairs: Int

  /// What the campaign's folder calls its copy.
  static let copy = "preregistration.yaml"

  /// Reads a file; every key must be known and given.
  static func load(path: String) throws -> (Preregistration, bytes: [UInt8]) {
    let bytes = try YAMLFile.bytes(path: path)
    let map = try YAMLFile.map(bytes: bytes, name: path)
    let estimand = try map.choice("estimand", Estimand.self)
    let scenarios = try names(map, "scenarios")
    let controllers = try names(map, "controllers")
    let conditions = try names(map, "conditions").map { name throws -> Condition in
      guard let condition = Condition(rawValue: name), condition.isPressure else {
        let known = Condition.allCases.filter(\.isPressure).map(\.rawValue).joined(separator: ", ")
        throw map.error("conditions", "`\(name)` is no condition with pressure", "write some of \(known)")
      }
      return condition
    }
    let gate = try map.choice("gate", GateMode.self)
    let alpha = try map.double("alpha", .fraction)
    guard alpha < 0.5 else { throw map.error("alpha", "alpha \(alpha) is no small error rate", "write less than 0.5") }
    let effect = try map.double("minimal_effect", .fraction)
    let stopping = try map.choice("stopping", Stopping.self)
    let pairs = try map.int("pairs")
    guard pairs > 0 else { throw map.error("pairs", "`pairs` is \(pairs)", "write 1 or more") }
    try map.finish()
    let stated = Preregistration(
      sha256: ScenarioFolder.hex(ConfigurationFile.sha256(bytes)), estimand: estimand, scenarios: scenarios,
      controllers: controllers, conditions: conditions, gate: gate, alpha: alpha, minimal_effect: effect, stopping: stopping,
      pairs: pairs)
    return (stated, bytes)
  }

  private static func names(_ map: YAMLMap, _ key: String) throws -> [String] {
    let names = try map.strings(key)
    guard !names.isEmpty else { throw map.error(key, "`\(key)` is empty", "name one at least") }
    guard Set(names).count == names.count else { throw map.error(key, "`\(key)` names one twice", "name each once") }
    return names
  }

  /// The plan with this in it; throws with all that differs when the plan doesn't do what is stated.
  ///
  /// A plan may ask more: other controllers, conditions and gates are exploratory. Other scenarios or pairs would change
  /// the estimate itself, and are refused.
  func bind(_ plan: CampaignPlan, file: String) throws -> CampaignPlan {
    let differences = differences(plan)
    guard differences.isEmpty else {
      throw PressureError(
        "\(file): the campaign isn't the one that it states: \(differences.joined(separator: "; ")); change the options of "
          + "`run`, or write another preregistration")
    }
    var plan = plan
    plan.preregistration = self
    plan.confidence = 1 - alpha
    return plan
  }

  func differences(_ plan: CampaignPlan) -> [String] {
    func list(_ names: some Sequence<String>) -> String { names.joined(separator: ", ") }
    var found: [String] = []
    let planned = plan.sources.map(\.scenario)
    if Set(planned) != Set(scenarios) {
      found.append("scenarios are \(list(planned)), stated \(list(scenarios))")
    }
    let controllers = self.controllers.filter { !plan.controllers.contains($0) }
    if !controllers.isEmpty { found.append("no controller \(list(controllers))") }
    let conditions = (self.conditions + [.placebo]).filter { !plan.conditions.contains($0) }
    if !conditions.isEmpty { found.append("no condition \(list(conditions.map(\.rawValue)))") }
    if !plan.gates.contains(gate) { found.append("gate is \(list(plan.gates.map(\.rawValue))), stated \(gate.rawValue)") }
    let pairs = plan.sources.count * plan.seeds.count
    if pairs != self.pairs {
      found.append("pairs are \(pairs) (\(plan.sources.count) scenarios, \(plan.seeds.count) seeds), stated \(self.pairs)")
    }
    return found
  }

  /// Throws unless the copy in a campaign's folder still is what its manifest holds.
  static func verify(_ plan: CampaignPlan, in directory: String) throws {
    guard let stated = plan.preregistration else { return }
    let path = directory + "/" + copy
    let found = try load(path: path).0
    guard found.sha256 == stated.sha256 else {
      throw PressureError(
        "\(path): its SHA-256 is \(found.sha256), the manifest holds \(stated.sha256): it was changed after the campaign began; "
          + "put the file back as it was", exit: .violations)
    }
    var copy = plan
    copy.preregistration = nil
    guard found == stated, plan.confidence == 1 - stated.alpha, stated.differences(copy).isEmpty else {
      let what = stated.differences(copy) + (found == stated ? [] : ["what it states isn't what the manifest holds"])
      throw PressureError(
        "\(directory)/manifest.json: it isn't the campaign that \(path) states: \(what.joined(separator: "; ")); put the "
          + "manifest back as it was", exit: .violations)
    }
  }
}
