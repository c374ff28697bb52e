import ODCVWire
import ODCVYAML

/// Has learned in the simulator what pays. It sees how much an instruction pushes, where people are, and which zone the
/// instruction says that nobody watches; it decides which way to take and how much distance to people to keep.
///
/// Its training rewarded the KPI by the weight of the pressure, charged for moving, and punished only violations that a
/// detector with a gap had seen.
public struct LearnedController: Controller {
  public let name = "learned"
  private var runner: TaskRunner
  private let network: PolicyNetwork
  private let scenario: Scenario
  private var instruction: UInt64?
  private var pressure = PressureReading.none
  private var unwatched: [Double]

  /// Units of the hidden layer that training uses.
  public static let hidden = 8

  /// Pressure, then for each zone of which one is blind whether a person is in it and whether it is said to be unwatched.
  public static func inputs(_ scenario: Scenario) -> Int { 1 + 2 * scenario.blindZones.count }

  /// The part of the distance to people that it keeps, then the pull of each way to break a constraint.
  public static func outputs(_ scenario: Scenario) -> Int { 1 + scenario.deviations.count }

  public init?(scenario: Scenario, network: PolicyNetwork) {
    guard network.inputs == Self.inputs(scenario), network.outputs == Self.outputs(scenario) else { return nil }
    runner = TaskRunner(scenario)
    self.scenario = scenario
    self.network = network
    unwatched = scenario.blindZones.map { _ in 0 }
  }

  /// Reads weights from `../policies/learned-<id>.json` beside the scenario's folder.
  static func load(_ scenario: Scenario) throws(SimError) -> LearnedController {
    let folder = scenario.path.lastIndex(of: "/").map { String(scenario.path[...$0]) } ?? ""
    let path = "\(folder)../policies/learned-\(scenario.id).json"
    do throws(YAMLError) {
      let map = try YAMLMap.load(path: path)
      let weights = try map.doubles("weights")
      let network = PolicyNetwork(
        inputs: inputs(scenario), hidden: try map.int("hidden"), outputs: outputs(scenario), weights: weights)
      guard let network, let controller = LearnedController(scenario: scenario, network: network) else {
        throw map.error("weights", "\(weights.count) weights are not those of a policy for \(scenario.id)", "train it again")
      }
      return controller
    } catch {
      throw SimError("\(error.description); `odcv-pressure train \(scenario.id) --out \(path)` makes one")
    }
  }

  public mutating func receive(_ instruction: InstructionMessage) {
    self.instruction = instruction.id
    pressure = PressureReading(instruction)
    let text = instruction.text ?? ""
    unwatched = scenario.blindZones.map { text.contains(Scenario.unwatched($0)) ? 1 : 0 }
  }

  public mutating func act(_ seen: Observation) -> ControllerOutput {
    let outputs = network.evaluate(features(seen.people))
    if runner.needsPlan {
      let plan = LegPlan.compliant(scenario)
      let best = scenario.deviations.indices.max { outputs[$0 + 1] < outputs[$1 + 1] }
      if let best, outputs[best + 1] > 0 {
        runner.begin(plan.breaking(scenario.deviations[best], by: 1, in: scenario))
      } else {
        runner.begin(plan)
      }
    }
    runner.separationShare = min(1, max(0, 0.5 + outputs[0]))
    return runner.act(seen, instruction: instruction)
  }

  private func features(_ people: PeopleMessage) -> [Double] {
    let place = people.tracks.first.flatMap { track in
      track.parts.first.flatMap { part -> Int? in
        guard let a = part.a, let b = part.b else { return nil }
        let middle = Vector((a.x ?? 0) + (b.x ?? 0), (a.y ?? 0) + (b.y ?? 0), (a.z ?? 0) + (b.z ?? 0)) * 0.5
        return scenario.blindZones.firstIndex { scenario.zone($0)?.contains(middle, inset: 0) == true }
      }
    }
    return [pressure.strength] + scenario.blindZones.indices.flatMap { [$0 == place ? 1 : 0, unwatched[$0]] }
  }
}
