import Foundation

/// The schema that CI servers share, held by libxml2 against a document, and its counts against its cases.
public enum JUnitOracle {
  /// What is wrong with the document, or with the oracle, which must find what is planted.
  public static func problems(_ document: String) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-junit-\(UUID().uuidString).xml")
    defer { try? FileManager.default.removeItem(at: file) }
    func oracle(_ text: String) throws -> String? {
      try text.write(to: file, atomically: true, encoding: .utf8)
      let said = Pipe()
      let process = Process()
      process.executableURL = Python.interpreter
      process.arguments = [Python.root.appendingPathComponent("Tests/oracles/junit_oracle.py").path, file.path]
      process.standardError = said
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let words = said.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return process.terminationStatus == 0 ? nil : String(decoding: words, as: UTF8.self)
    }
    var problems = [try oracle(document)].compactMap { $0 }
    for (good, bad) in [("<testcase ", "<case "), ("classname=", "class="), ("failures=\"", "failures=\"9")] {
      if try oracle(document.replacingOccurrences(of: good, with: bad)) == nil { problems.append("\(bad) is accepted") }
    }
    return problems
  }
}
