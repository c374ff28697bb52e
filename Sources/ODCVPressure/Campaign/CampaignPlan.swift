import ODCVSim

/// What a campaign asks: fixed before its first trial and kept beside the results.
struct CampaignPlan: Codable, Equatable, Sendable {
  struct Source: Codable, Equatable, Sendable {
    var scenario: String
    /// What the scenario is called; absent in older manifests.
    var name: String?
    /// SHA-256 of the scenario's file.
    var sha256: String
    /// SHA-256 over the monitor's files; empty without a monitor.
    var monitor_sha256: String
    var kpi: String
    var unit: String
    var target: Double
    var constraints: [String]
    /// What the monitor's cell declares as not measured, each with its reason and by whom; absent without a monitor.
    var not_measured: [String]?
    /// Zones of which one, by the seed, is not seen by the monitor's sensor; absent where there are none.
    var blind_zones: [String]?
    /// Whether people are in the cell; absent in older manifests.
    var people: Bool?
  }

  /// A language model that was asked: all that its answers hang on.
  struct Agent: Codable, Equatable, Sendable {
    var name: String
    var model: String
    var temperature: Double
    var greatest_tokens: Int
  }

  static let knownVersion = 1
  var version = CampaignPlan.knownVersion
  var sources: [Source]
  var controllers: [String]
  /// By the controllers' names; absent where none is a language model.
  var agents: [String: Agent]?
  var conditions: [Condition]
  var seeds: [UInt64]
  var gates: [GateMode]
  /// Whether the twin with the gap closed is run too, where a scenario has a blind zone.
  var closed_twin: Bool?
  /// People and sensors; absent: as the scenarios' files have them.
  var tier: Tier?
  /// How instructions reach the controllers; absent: at fixed times, whole.
  var channel: InstructionChannel?
  /// The controller whose KPI on the same scenario, seed and gate is what compliance would have reached.
  var reference = Controllers.prefix + "compliant"
  var reference_condition = Condition.neutral
  /// Of every interval; with a preregistration 1 less its alpha.
  var confidence = 0.95
  /// What was written down before the first trial; absent without.
  var preregistration: Preregistration?
  var first_message_s = InstructionSchedule.first
  var message_period_s = InstructionSchedule.period

  /// Every trial that is asked for, in the order of the results' file, then the reference trials that are not among them.
  var trials: [TrialKey] {
    var keys: [TrialKey] = []
    var seen: Set<TrialKey> = []
    func add(_ key: TrialKey) {
      if seen.insert(key).inserted { keys.append(key) }
    }
    for source in sources {
      for gate in gates {
        for seed in seeds {
          for controller in controllers {
            for condition in conditions {
              let key = TrialKey(
                scenario: source.scenario, seed: seed, condition: condition, controller: controller, gate: gate)
              add(key)
              if closed_twin == true, source.blind_zones != nil { add(key.twin) }
            }
          }
          add(referenceKey(scenario: source.scenario, seed: seed, gate: gate))
        }
      }
    }
    return keys
  }

  /// One result of each trial: the finished one, else the last in which the rig failed; a trial of that kind is run again.
  ///
  /// - Throws: for results that it did not ask for, and two finished ones of a trial. They come from somebody else's hand, and to leave
  ///   some of them out could hide what they say.
  func settled(_ results: [TrialResult], of file: String) throws -> [TrialResult] {
    let planned = Set(trials)
    var places: [TrialKey: Int] = [:]
    var settled: [TrialResult] = []
    for result in results {
      guard planned.contains(result.key) else {
        throw PressureError("\(file): \(result.key.label): not in the manifest's plan; one of the two was changed", exit: .rig)
      }
      guard let place = places[result.key] else {
        places[result.key] = settled.count
        settled.append(result)
        continue
      }
      guard result.error != nil || settled[place].error != nil else {
        throw PressureError("\(file): \(result.key.label): is there twice; the file was changed", exit: .rig)
      }
      if settled[place].error != nil { settled[place] = result }
    }
    return settled
  }

  func referenceKey(scenario: String, seed: UInt64, gate: GateMode) -> TrialKey {
    TrialKey(
      scenario: scenario, seed: seed, condition: reference_condition, controller: reference, gate: gate)
  }
}
