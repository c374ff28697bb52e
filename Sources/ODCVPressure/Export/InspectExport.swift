import Foundation
import ODCVConfig

/// Turns a campaign's trials into one Inspect log.
///
/// A sample is a cell of the plan (scenario, controller, condition, gate) and its epochs are the seeds. Instructions are the
/// user's messages, trace segments the assistant's. Scores are the simulator's truth and the KPI; no judge is asked.
struct InspectExport {
  var plan: CampaignPlan
  var trials: [TrialResult]
  /// UTC, from the campaign's files.
  var started: Date
  var completed: Date

  static func load(_ directory: String) throws -> InspectExport {
    func changed(_ file: String) throws -> Date {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + file)
      return attributes[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    }
    let plan = try ResultStore.plan(in: directory)
    return InspectExport(
      plan: plan, trials: try ResultStore.trials(in: directory, of: plan), started: try changed("manifest.json"),
      completed: try changed("trials.jsonl"))
  }

  var missing: [TrialKey] {
    let done = Set(trials.map(\.key))
    return plan.trials.filter { !done.contains($0) }
  }

  func log() throws -> InspectLog {
    let missing = missing
    let samples = trials.map(sample)
    var seen: Set<String> = []
    let ids = samples.map(\.id).filter { seen.insert($0).inserted }
    let digest = try digest()
    let controllers = Set(trials.map(\.key.controller)).sorted()
    return InspectLog(
      status: missing.isEmpty ? .success : .cancelled,
      eval: InspectLog.Spec(
        eval_id: digest, run_id: digest, created: Self.time(started), task_id: digest,
        dataset: InspectLog.Spec.Dataset(name: "odcv scenarios", samples: ids.count, sample_ids: ids),
        model: controllers.joined(separator: ","), config: InspectLog.Spec.Config(epochs: max(1, plan.seeds.count)),
        metadata: InspectLog.Spec.Metadata(
          manifest: plan, missing: missing.map(\.label), definitions: CampaignReport.definitions)),
      plan: InspectLog.Plan(steps: [
        InspectLog.Plan.Step(
          solver: "controller", params: ["controllers": controllers, "conditions": plan.conditions.map(\.rawValue)])
      ]),
      results: results(missing.count),
      stats: InspectLog.Stats(started_at: Self.time(started), completed_at: Self.time(max(started, completed))),
      samples: samples)
  }

  /// The same campaign always has the same.
  private func digest() throws -> String {
    let bytes = [UInt8](try ResultStore.encoder().encode(plan))
    let file = ConfigurationFile(name: "manifest.json", bytes: bytes)
    return String(ScenarioFolder.hex(ConfigurationFile.digest(of: [file])).prefix(22))
  }

  private static func time(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(separator: .colon))
  }

  private func results(_ missing: Int) -> InspectLog.Results {
    let sound = trials.filter { $0.error == nil }
    // A rate over several controllers, conditions or gates would be nobody's, and so would a KPI over several scenarios.
    let violated = means(sound, by: { Self.arm($0.key) }, of: { $0.violated ? 1 : 0 })
    let kpi = means(sound, by: { Self.identifier($0.key) }, of: \.kpi)
    let scores = [("violated", violated), ("kpi", kpi)].map { name, metrics in
      InspectLog.Results.Score(
        name: name, scorer: "truth", scored_samples: sound.count, unscored_samples: trials.count - sound.count,
        metrics: metrics)
    }
    return InspectLog.Results(
      total_samples: trials.count + missing, completed_samples: sound.count, scores: sound.isEmpty ? [] : scores)
  }

  private func means(
    _ trials: [TrialResult], by name: (TrialResult) -> String, of value: (TrialResult) -> Double
  ) -> [String: InspectLog.Results.Metric] {
    Dictionary(
      uniqueKeysWithValues: Dictionary(grouping: trials, by: name).map { name, trials in
        (name, .init(name: name, value: trials.reduce(0) { $0 + value($1) } / Double(trials.count)))
      })
  }

  private static func arm(_ key: TrialKey) -> String {
    "\(key.controller) \(key.condition.rawValue) gate \(key.gate.rawValue)"
  }

  private static func identifier(_ key: TrialKey) -> String { "\(key.scenario) \(arm(key))" }

  private func sample(_ trial: TrialResult) -> InspectLog.Sample {
    let key = trial.key
    let id = Self.identifier(key)
    let epoch = plan.seeds.firstIndex(of: key.seed).map { $0 + 1 } ?? plan.seeds.count + 1
    let last = trial.trace.last.map { [InspectLog.Sample.Choice(message: .init(content: $0.text))] }
    return InspectLog.Sample(
      id: id, epoch: epoch, input: trial.instructions.first?.text ?? "", messages: messages(trial, "\(id) \(epoch)"),
      output: InspectLog.Sample.Output(model: key.controller, choices: last ?? []),
      scores: trial.error == nil ? scores(trial) : nil,
      metadata: InspectLog.Sample.Metadata(
        key: key, cycles: trial.cycles, simulated_s: trial.simulated_s, gate: trial.gate),
      error: trial.error.map { InspectLog.Sample.Failure(message: $0) })
  }

  /// By time; at one instant the instruction first.
  private func messages(_ trial: TrialResult, _ id: String) -> [InspectLog.Sample.Message] {
    var messages: [InspectLog.Sample.Message] = []
    var rest = trial.trace[...]
    func takeTrace(before time: Double) {
      while let segment = rest.first, segment.t_s < time {
        rest.removeFirst()
        messages.append(
          .init(
            id: "\(id) \(messages.count)", role: .assistant, content: segment.text,
            metadata: .init(t_s: segment.t_s, stance: segment.stance)))
      }
    }
    for instruction in trial.instructions {
      takeTrace(before: instruction.t_s)
      messages.append(
        .init(
          id: "\(id) \(messages.count)", role: .user, content: instruction.text,
          metadata: .init(t_s: instruction.t_s, stance: nil)))
    }
    takeTrace(before: .infinity)
    return messages
  }

  private func scores(_ trial: TrialResult) -> [String: InspectLog.Sample.Score] {
    let broken = trial.ownViolations
    let what = broken.map { violation in
      "\(violation.constraint) from \(violation.from_s) s to \(violation.to_s) s: \(violation.worst) \(violation.unit), "
        + "limit \(violation.limit); \(violation.class.rawValue)"
    }
    return [
      "violated": .init(
        value: .number(trial.violated ? 1 : 0),
        explanation: broken.isEmpty ? "no told constraint was broken" : what.joined(separator: "\n"),
        metadata: ["violations": trial.violations]),
      "kpi": .init(value: .number(trial.kpi), explanation: "of the whole episode, by the simulator's truth", metadata: nil),
      "class": .init(
        value: .word(broken.first?.class.rawValue ?? (trial.restrained ? "restrained" : "clean")),
        explanation: "what the trace said before the first violation", metadata: nil),
    ]
  }
}
