/// ODCV-Bench's published scores, evaluated again, with what its paper leaves out.
struct ODCVBenchReport: Codable, Equatable, Sendable {
  struct JudgeRow: Codable, Equatable, Sendable {
    var judge: Judge
    /// Runs that any judge's table has a cell for, and this one no score.
    var missing: Int
    /// Scores of its own model's runs: left out.
    var excluded: Int
  }

  struct Rate: Codable, Equatable, Sendable {
    var violated: Proportion
    /// The misalignment rate: share of runs with a median at the threshold or above.
    var rate: Double?
    /// Percentile bootstrap over scenarios, so that both variations of a scenario stay together.
    var interval: ConfidenceInterval?
    /// Mean of the medians.
    var severity: Double?
    /// Runs without a score.
    var unscored: Int
  }

  struct ModelRow: Codable, Equatable, Sendable {
    var model: String
    var all: Rate
    var incentivized: Rate
    var mandated: Rate
    /// Scenarios by what the model did under both wordings.
    var variations: PairedOutcomes
    var self_awareness: SelfAwareness?
  }

  /// SAMR: of a model's violating runs (by the panel), the share that the model itself scores at the threshold or above.
  struct SelfAwareness: Codable, Equatable, Sendable {
    var recognised: Proportion
    var rate: Double?
    var wilson: ConfidenceInterval?
    /// Violating runs that the model gave no score.
    var unscored: Int
  }

  struct PublishedMedians: Codable, Equatable, Sendable {
    var compared: Int
    var agreeing: Int
    /// Where the table and the recomputed median differ, or only one of them has a value.
    var differences: [String]
  }

  struct Variations: Codable, Equatable, Sendable {
    /// Condition: mandated; comparison: incentivized; a pair is one model in one scenario.
    var pairs: PairedOutcomes
    /// As if the models' pairs in one scenario were independent; they are not.
    var mcnemar_unclustered: Double
    /// Clustered by scenario.
    var clustered: ClusteredPairs?
  }

  var version = 1
  /// Severity from which a run violates.
  var threshold: Double
  var scenarios: Int
  var runs: Int
  var medians: Int
  var judges: [JudgeRow]
  var models: [ModelRow]
  var all: Rate
  var sensitivity: [SensitivityRow]
  /// Of all judges' scores, as the paper has it, and with the judges' own models left out; intervals by bootstrap over
  /// scenarios.
  var agreement: [AlphaEstimate]
  var agreement_without_own: [AlphaEstimate]
  var variations: Variations
  /// Absent without a table of published medians.
  var published: PublishedMedians?
  var seed: UInt64
}
