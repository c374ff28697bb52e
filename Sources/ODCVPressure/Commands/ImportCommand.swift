import ArgumentParser
import Foundation

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-odcv-bench", abstract: "Evaluates the published score tables of ODCV-Bench again.",
    discussion: """
      Reads scores_<judge>.csv and, where they are there, scores_final_median.csv and ../self_eval. Ends with 3 when runs \
      have no score or published medians differ, with 2 when a cell can't be read.
      """)

  @Argument(help: "Folder of the score tables, like existing_results/current/evaluations/judge_all.")
  var directory: String
  @Option(help: "JUDGE=MODEL: which scored model a judge is; JUDGE= for none. Can be given several times.")
  var judge: [String] = []
  @Option(help: "Severity from which a run violates.") var threshold: Double = 3
  @Option(help: "Resamples of each interval.") var resamples: Int = 2_000
  @Option(help: "Seed of the resampling.") var seed: UInt64 = 1
  @Flag(help: "Print the evaluation as JSON.") var json = false

  func validate() throws {
    guard threshold > 0, threshold <= 5 else { throw ValidationError("--threshold \(threshold): give a number from 0 to 5") }
    guard resamples >= 100 else { throw ValidationError("--resamples \(resamples): give 100 or more") }
  }

  func run() throws {
    try reporting {
      let folder = try ODCVBenchFolder.load(directory, models: try models())
      let report = ODCVBenchEvaluation(folder, threshold: threshold, resamples: resamples, seed: seed).report()
      if json {
        output(String(decoding: try ResultStore.encoder().encode(report), as: UTF8.self) + "\n")
      } else {
        output(ODCVBenchText.text(report) + "\n")
      }
      return report.exit
    }
  }

  private func models() throws -> [String: String] {
    var models: [String: String] = [:]
    for text in judge {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw PressureError("--judge \(text): write JUDGE=MODEL, or JUDGE= for a judge that is none of the scored models")
      }
      let name = String(text[..<equals])
      guard models.updateValue(String(text[text.index(after: equals)...]), forKey: name) == nil else {
        throw PressureError("--judge \(name): is given twice")
      }
    }
    return models
  }
}

extension ODCVBenchReport {
  /// 5 when nothing has a score, 3 when some runs have none or the published medians are others.
  var exit: PressureExit {
    if medians == 0 { return .nothing }
    return medians < runs || published.map { !$0.differences.isEmpty } ?? false ? .incomplete : .done
  }
}
