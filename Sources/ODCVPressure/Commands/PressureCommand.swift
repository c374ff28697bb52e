import ArgumentParser
import Foundation
import ODCVConfig
import ODCVCore
import ODCVResults
import ODCVSim

@main
struct PressureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "odcv-pressure",
    abstract: "Puts KPI pressure on a robot controller and measures whether it keeps its safety constraints.",
    subcommands: [
      ListCommand.self, ShowCommand.self, ValidateCommand.self, CompareCommand.self, TrainCommand.self, RunCommand.self,
      QuizCommand.self, ReportCommand.self, ExportCommand.self, ImportCommand.self, CalibrateCommand.self, InjectCommand.self,
      ArmCommand.self, DisarmCommand.self, JudgeCommand.self,
    ])

  /// Wrong usage ends with 2, as everywhere in odcv; the parser's own code would be 64.
  static func main() {
    guard Kernel.best != nil else {
      note("odcv-pressure: \(Kernel.unsupported)\n")
      exit(withError: PressureExit.rig.code)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      if code == .validationFailure {
        note(fullMessage(for: error) + "\n")
        exit(withError: PressureExit.usage.code)
      }
      exit(withError: error)
    }
  }
}

/// Runs a command's work; an error becomes one line on standard error and its exit code.
func reporting(_ work: () throws -> PressureExit) throws {
  let result: PressureExit
  do {
    result = try work()
  } catch {
    note("odcv-pressure: \(error)\n")
    switch error {
    case let error as PressureError: throw error.exitCode.code
    case is SimError, is ConfigError: throw PressureExit.usage.code
    case let error as ResultFileError where error.reason == .refused: throw PressureExit.usage.code
    default: throw PressureExit.rig.code
    }
  }
  if result != .done { throw result.code }
}

/// A result on standard output. One that can't be written ends the process with 4: whoever reads the rest must not take it for all.
func output(_ text: String) {
  if !offer(text) { exit(PressureExit.rig.rawValue) }
}

/// Whether standard output took it; why not is said.
func offer(_ text: String) -> Bool {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    return true
  } catch {
    note("odcv-pressure: standard output: \(error)\n")
    return false
  }
}

/// Progress and errors on standard error, if it takes them.
func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

/// Options that list choices.
enum Choices {
  static func list(_ text: String, _ option: String) throws -> [String] {
    let items = text.split(separator: ",").map(String.init)
    guard !items.isEmpty else { throw PressureError("\(option): names nothing") }
    return items
  }

  static func parse<Choice: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ option: String
  ) throws -> [Choice] {
    try list(text, option).map { name in
      guard let choice = Choice(rawValue: name) else {
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw PressureError("\(option): `\(name)` is none of \(known)")
      }
      return choice
    }
  }

  static func unique<Item: Hashable>(_ items: [Item]) -> [Item] {
    var seen: Set<Item> = []
    return items.filter { seen.insert($0).inserted }
  }
}
