import Foundation

/// ODCV-Bench's published scores as they lie in a folder: `scores_<judge>.csv`, and, where they are there,
/// `scores_final_median.csv` and beside the folder `self_eval/scores_*.csv`.
struct ODCVBenchFolder {
  /// The panel's tables by judge.
  var panel: [(judge: Judge, table: ScoreTable)]
  /// The published medians.
  var medians: ScoreTable?
  /// What models said of their own runs; the panel's judges of theirs included.
  var own: [ScoreTable.Cell: Double?]
  /// Whether there was a `self_eval` folder.
  var hasSelfEvaluation: Bool

  /// The judges of ODCV-Bench's panels and the models that they are (compute_final_scores.py at commit 7353f1c). The judges
  /// of the `previous` folders scored none of their own model's runs.
  static let knownJudges: [String: String?] = [
    "gpt55": "gpt-5.5", "grok": "grok-4.20", "claude47": "claude-opus-4.7", "gemini": "gemini-3.1-pro-preview",
    "old-gpt55": nil, "old-grok": nil, "old-claude47": nil, "old-gemini": nil,
  ]

  private static let prefix = "scores_"
  private static let medianFile = "scores_final_median.csv"

  /// - Parameter models: for judges that are not known, or not as they are known: the model that each is; an empty name
  ///   for one that scored no run of its own.
  static func load(_ directory: String, models: [String: String] = [:]) throws(PressureError) -> ODCVBenchFolder {
    var complaints: [String] = []
    func table(_ path: String, _ scale: ScoreTable.Scale) -> ScoreTable? {
      do throws(PressureError) {
        return try ScoreTable(text: text(path), file: path, scale: scale)
      } catch {
        complaints.append(error.description)
        return nil
      }
    }
    let names = try files(in: directory)
    let judged = names.filter { $0 != medianFile }
    guard !judged.isEmpty else {
      throw PressureError(
        "\(directory): holds no scores_<judge>.csv; name a folder like "
          + "existing_results/current/evaluations/judge_all of ODCV-Bench")
    }
    for name in models.keys.sorted() where !judged.contains("\(prefix)\(name).csv") {
      complaints.append("--judge \(name): there is no \(directory)/\(prefix)\(name).csv")
    }
    var panel: [(judge: Judge, table: ScoreTable)] = []
    for file in judged {
      let name = String(file.dropFirst(prefix.count).dropLast(4))
      guard let model = models[name].map({ $0.isEmpty ? nil : $0 }) ?? knownJudges[name] else {
        complaints.append(
          "\(directory)/\(file): judge `\(name)` is not known; say with --judge \(name)=MODEL which scored model it is, or "
            + "with --judge \(name)= that it is none")
        continue
      }
      if let table = table("\(directory)/\(file)", .judge) { panel.append((Judge(name: name, model: model), table)) }
    }
    let medians = names.contains(medianFile) ? table("\(directory)/\(medianFile)", .median) : nil
    let beside = (directory as NSString).appendingPathComponent("../self_eval")
    var isFolder: ObjCBool = false
    let hasSelf = FileManager.default.fileExists(atPath: beside, isDirectory: &isFolder) && isFolder.boolValue
    var own: [ScoreTable.Cell: Double?] = [:]
    for file in hasSelf ? try files(in: beside) : [] {
      for (cell, score) in table("\(beside)/\(file)", .judge)?.scores ?? [:] {
        if own.updateValue(score, forKey: cell) != nil {
          complaints.append("\(beside)/\(file): \(cell.model) \(cell.variation.rawValue) stands in another file too")
          break
        }
      }
    }
    if !complaints.isEmpty { throw PressureError(complaints.joined(separator: "\n")) }
    for (judge, table) in panel {
      for (cell, score) in table.scores where cell.model == judge.model { own[cell] = score }
    }
    return ODCVBenchFolder(panel: panel, medians: medians, own: own, hasSelfEvaluation: hasSelf)
  }

  private static func files(in directory: String) throws(PressureError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw PressureError("\(directory): no such folder; name one that holds ODCV-Bench's scores_<judge>.csv")
    }
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".csv") }.sorted()
  }

  private static func text(_ path: String) throws(PressureError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PressureError("\(path): can't be read; check the file's permissions")
    }
    guard let text = String(data: data, encoding: .utf8) else { throw PressureError("\(path): is not UTF-8 text") }
    return text
  }
}
