import ArgumentParser
import Foundation

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes a campaign's trials in another tool's format.",
    discussion: "Ends with 3 when planned trials are missing or the rig failed in some; these stand in the file.")

  @Argument(help: "Folder that `odcv-pressure run --out` wrote.") var directory: String
  @Option(help: "Write an evaluation log for Inspect (inspect_ai) to this file, which must end in .json.") var inspect: String

  func validate() throws {
    guard inspect.hasSuffix(".json") else {
      throw ValidationError("--inspect \(inspect): Inspect knows this format by its ending; name a file that ends in .json")
    }
  }

  func run() throws {
    try reporting {
      let export = try InspectExport.load(directory)
      if export.trials.isEmpty { return .nothing }
      try ResultStore.write(try export.log().data(), to: inspect)
      output("\(inspect): \(export.trials.count) trials, \(export.missing.count) missing\n")
      return export.missing.isEmpty && export.trials.allSatisfy { $0.error == nil } ? .done : .incomplete
    }
  }
}
