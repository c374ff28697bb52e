import Foundation
import Testing

/// Exit statuses and one-line errors of the command line.
@Suite struct CommandTests {
  @Test(arguments: [
    ("monitor.yaml", "mode: observe", "mode: observe\nspeed_limit_m_s: 1", "speed_limit_m_s"),
    ("cells/e01.yaml", "max_age_s: 0.1", "max_age_s: .nan", "max_age_s"),
    ("monitor.yaml", "tcp://127.0.0.1:0", "tcp://0.0.0.0:0", "action"),
  ])
  func aBadConfigurationEndsWithTwoAndOneLineThatNamesFileAndKey(
    file: String, text: String, replacement: String, named: String
  ) throws {
    let configuration = try TestConfiguration { name, content in
      guard name == file, let range = content.range(of: text) else { return content }
      return content.replacingCharacters(in: range, with: replacement)
    }
    for command in [["run", "--config"], ["check-config"], ["doctor", "--config"]] {
      let result = try odcvMonitor(command + [configuration.path])
      #expect(result.status == 2, "\(command): \(result.error)")
      let lines = result.error.split(separator: "\n")
      #expect(lines.count == 1, "\(result.error)")
      #expect(result.error.contains(file) && result.error.contains(named), "\(result.error)")
    }
    #expect(!FileManager.default.fileExists(atPath: configuration.evidence), "evidence was written")
  }

  @Test func usageEndsWithTwo() throws {
    #expect(try odcvMonitor(["run"]).status == 2)
    #expect(try odcvMonitor(["run", "--config", "x", "--mode", "loose"]).status == 2)
    #expect(try odcvMonitor(["fly"]).status == 2)
    #expect(try odcvMonitor(["check", "/nonexistent.mcap"]).status == 2)
    #expect(try odcvMonitor(["--help"]).status == 0)
  }

  @Test func anEmptyDirectoryHasNothingToVerify() throws {
    let directory = try TemporaryDirectory()
    #expect(try odcvMonitor(["verify", directory.path]).status == 5)
  }

  @Test func anEndpointInUseEndsWithFourAndSaysSo() throws {
    let first = try TestConfiguration()
    let daemon = try DaemonProcess(first, mode: "observe")
    let taken = try daemon.endpoint(.action)
    let second = try TestConfiguration { name, content in
      guard name == "monitor.yaml", let range = content.range(of: "tcp://127.0.0.1:0") else { return content }
      return content.replacingCharacters(in: range, with: taken)
    }
    let result = try odcvMonitor(["run", "--config", second.path, "--seconds", "1"])
    #expect(result.status == 4)
    #expect(result.error.contains(taken), "\(result.error)")
    #expect(daemon.end() == 0)
  }

  @Test func aRunWithoutAnyInputHasNothingToCheck() throws {
    let configuration = try TestConfiguration()
    let run = try odcvMonitor(["run", "--config", configuration.path, "--seconds", "0.3"])
    #expect(run.status == 0, "\(run.error)")
    let ready = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(ready["ready"] as? Bool == true)
    #expect((ready["endpoints"] as? [String: String])?.count == 6)
    let recording = try #require(ready["recording"] as? String)
    #expect(try odcvMonitor(["check", recording]).status == 5)
  }

  @Test func anOperatorsKeyIsPrivateAndItsPublicHalfGoesIntoTheConfiguration() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/key"
    let made = try odcvMonitor(["keygen", "anna", "--out", file])
    #expect(made.status == 0)
    #expect(made.output.hasPrefix("operators:\n  anna: "))
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    #expect(try odcvMonitor(["keygen", "anna", "--out", file]).status == 2, "a key was replaced")
  }

  @Test func theRulesAreListedForADocument() throws {
    let result = try odcvMonitor(["rules", "list", "--markdown"])
    #expect(result.status == 0)
    #expect(result.output.contains("| `clearance.static` | m |"))
  }
}
