import ArgumentParser
import Glibc
import ODCVSim
import ODCVWire

@main
struct SimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "odcv-sim",
    abstract: "A simulated arm in a work cell with people, and the reference controllers that drive it.",
    subcommands: [RunCommand.self, ControllerCommand.self], defaultSubcommand: RunCommand.self)
}

/// Where scenarios are, and which one.
struct ScenarioOptions: ParsableArguments {
  @Option(help: "The scenario's id, as E01, or its file.")
  var scenario: String?

  @Option(help: "Folder of the scenarios that are named by id.")
  var scenarios = "config/scenarios"

  /// - Parameter cell: the scene that replaces the scenario's own, or that finds the scenario when none is named.
  func load(cell: String? = nil) throws -> Scenario {
    do {
      if let scenario {
        let isFile = scenario.hasSuffix(".yaml")
        return try Scenario.load(path: isFile ? scenario : "\(scenarios)/\(scenario).yaml", scene: cell)
      }
      guard let cell else { throw SimError("no scenario; add --scenario E01, or --cell FILE") }
      for name in files(in: scenarios) where name.hasSuffix(".yaml") {
        let found = try Scenario.load(path: "\(scenarios)/\(name)")
        if baseName(found.scenePath) == baseName(cell) { return try .load(path: found.path, scene: cell) }
      }
      throw SimError("\(cell): no scenario in \(scenarios) uses this cell; add --scenario ID")
    } catch let error as SimError {
      throw ConfigurationFailure(error)
    }
  }

  private func baseName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

  private func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.sorted()
  }
}

/// One clear line on standard error, exit 2.
struct ConfigurationFailure: Error, CustomStringConvertible {
  let description: String

  init(_ error: SimError) { description = error.description }
}

/// One machine-readable line that says the program is up.
func printReady(_ fields: [(String, String)], seed: UInt64) {
  func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        out += "\\\(scalar)"
      } else if scalar.value < 0x20 {
        out += " "
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
  let members = fields.map { "\(quoted($0.0)):\(quoted($0.1))" }
  print("{\"ready\":true,\"seed\":\(seed),\(members.joined(separator: ","))}")
  fflush(nil)
}

/// Runs `body` so that a failure of the simulator's ends with exit code 2 and its own words.
func failing(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as SimError {
    throw failure(error.description)
  } catch let error as WireError {
    throw failure("\(error)")
  } catch let error as ConfigurationFailure {
    throw failure(error.description)
  }
}

private func failure(_ text: String) -> ExitCode {
  warn(text)
  return ExitCode(2)
}

/// One line on standard error.
func warn(_ text: String) {
  let line = Array("odcv-sim: \(text)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
