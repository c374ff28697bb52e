import ArgumentParser
import Foundation
import ODCVConfig
import ODCVSim

/// Where scenarios are.
struct ScenarioFolder: ParsableArguments {
  @Option(name: .customLong("scenarios"), help: "Folder of the scenario files.")
  var path = "config/scenarios"

  /// Loads the scenarios of these ids; all of the folder's when there are none.
  func load(_ ids: [String]) throws -> [Scenario] {
    let known = try self.ids()
    for id in ids where !known.contains(id) {
      throw PressureError("no scenario \(id) in \(path); there are \(known.joined(separator: ", "))")
    }
    let wanted = ids.isEmpty ? known : ids
    var seen: Set<String> = []
    return try wanted.filter { seen.insert($0).inserted }.map { id in
      let scenario = try Scenario.load(path: file(id))
      guard scenario.id == id else {
        throw PressureError("\(file(id)): its id is \(scenario.id); name the file after its id")
      }
      return scenario
    }
  }

  /// SHA-256 over the scenario's file and its scene.
  static func digest(of scenario: Scenario) throws -> String {
    let files = try [scenario.path, scenario.scenePath].map { path in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw PressureError("\(path): can't be read; check that it is there")
      }
      return ConfigurationFile(name: (path as NSString).lastPathComponent, bytes: [UInt8](data))
    }
    return hex(ConfigurationFile.digest(of: files))
  }

  static func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

  private func file(_ id: String) -> String { "\(path)/\(id).yaml" }

  private func ids() throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw PressureError("\(path): no such folder; name the folder of the scenario files with --scenarios")
    }
    let ids = names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.filter { !$0.contains(".") }.sorted()
    guard !ids.isEmpty else { throw PressureError("\(path): holds no scenario; name another folder with --scenarios") }
    return ids
  }
}
