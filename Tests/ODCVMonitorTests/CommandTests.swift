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

  /// What only a source can say is asked for before the arm is held for it.
  @Test func aPayloadOfWhichNobodySaysWhatIsCarriedIsAWarning() throws {
    for isThere in [true, false] {
      let configuration = try TestConfiguration { name, content in
        guard name == "cells/e01.yaml", !isThere else { return content }
        return content.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("greatest_part_kg") }.joined(separator: "\n")
      }
      let result = try odcvMonitor(["check-config", configuration.path])
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("WARNING: payload.mass is unknown") == !isThere, "\(result.output)")
    }
  }

  @Test func everyErrorThatCanBeToldWithoutAnotherIsTold() throws {
    let mistakes = [
      ("monitor.yaml", "mode: observe", "mode: obey"), ("monitor.yaml", "priority: 80", "priority: 0"),
      ("cells/e01.yaml", "max_age_s: 0.1", "max_age_s: .nan"), ("cells/e01.yaml", "control_period_s: 0.02", "control_period_s: 0"),
      ("robots/panda-sim.yaml", "reaction_time_s: 0.02", "reaction_time_s: -1"), ("robots/panda-sim.yaml", "  force_n: 1\n", "  force_n: x\n"),
      ("rules/site.yaml", "margin_rad: 0.01", "margin_rad: -1"), ("rules/site.yaml", "  clearance.self:", "  clearance.elf:"),
    ]
    let configuration = try TestConfiguration { name, content in
      mistakes.filter { $0.0 == name }.reduce(content) { $0.replacingOccurrences(of: $1.1, with: $1.2) }
    }
    let result = try odcvMonitor(["check-config", "--json", configuration.path])
    #expect(result.status == 2)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let errors = try #require(object["errors"] as? [[String: Any]])
    #expect(errors.count == mistakes.count, "\(result.error)")
    #expect(result.error.split(separator: "\n").count == errors.count)
    for (file, _, word) in mistakes {
      let key = word.trimmingCharacters(in: .whitespaces).prefix { $0 != ":" }
      #expect(
        errors.contains { ($0["file"] as? String)?.hasSuffix(file) == true && ($0["problem"] as? String)?.contains(key) == true && $0["line"] is Int },
        "\(file) \(key): \(result.error)")
    }
    let missing = try odcvMonitor(["check-config", "--json", "/nonexistent.yaml"])
    #expect(missing.status == 2 && missing.output.contains("\"line\":null"), "\(missing.output)")
  }

  @Test func whatNobodyHasMeasuredIsListed() throws {
    let configuration = try TestConfiguration { name, text in
      guard name == "robots/panda-sim.yaml" else { return text }
      return "# ASSUMED, declared by nobody: tracking\n"
        + text.replacingOccurrences(of: "  reaction_time_s: 0.02", with: "  reaction_time_s: 0.02  # ASSUMED")
    }
    let checked = try odcvMonitor(["check-config", configuration.path])
    #expect(
      checked.output.contains("WARNING: robots/panda-sim.yaml: 2 marked ASSUMED, declared by nobody: tracking, reaction_time_s (line "),
      "\(checked.output)")
    let lines = try odcvMonitor(["check-config", "--json", configuration.path])
    #expect(lines.output.contains("\"assumed\":[{\"file\":\"robots/panda-sim.yaml\",\"value\":\"tracking\"}"), "\(lines.output)")
    let run = try odcvMonitor(["run", "--config", configuration.path, "--seconds", "0.1"])
    #expect(run.status == 0 && run.error.contains("2 marked ASSUMED"), "\(run.error)")
    let shipped = try TestConfiguration()
    let measured = try odcvMonitor(["check-config", shipped.path])
    #expect(measured.status == 0 && !measured.output.contains("ASSUMED"), "\(measured.output)")
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

  @Test func everyLimitIsShownWithItsNumberItsUnitAndItsSense() throws {
    let configuration = try TestConfiguration()
    for command in [["rules", "list", "--config"], ["check-config"], ["check-config", "--config"]] {
      let result = try odcvMonitor(command + [configuration.path])
      #expect(result.status == 0, "\(command): \(result.error)")
      #expect(result.output.contains("clearance.static >= 0.050 m\n"), "\(result.output)")
      #expect(result.output.contains("contact.force <= 65.0 N\n"))
      #expect(result.output.contains("motion.tcp-speed: <= 1.7 m/s, in reduced mode <= 0.25 m/s\n"))
      #expect(result.output.contains("intrusion 0.100 m"))
      #expect(result.output.components(separatedBy: "ISO/TS 15066:2016, 5.5.4").count == 2, "its source is repeated")
      #expect(result.output.contains("zone.speed: no speed zone in this cell\n"))
    }
    let listed = try odcvMonitor(["rules", "list", "--json", "--config", configuration.path])
    let rules = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
    let first = try #require((rules[0]["limits"] as? [[String: Any]])?.first)
    #expect(first["value"] as? Double == 0.05 && first["unit"] as? String == "m")
    #expect(first["sense"] as? String == "at_least")
    let zone = try #require(rules.first { $0["rule"] as? String == "zone.speed" })
    #expect((zone["limits"] as? [Any])?.isEmpty == true && zone["source"] is NSNull)
    let checked = try odcvMonitor(["check-config", "--json", configuration.path])
    let object = try JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any]
    #expect((object?["rules"] as? [Any])?.count == rules.count)
  }

  @Test func aSpeedZoneHasItsLimitAndItsSource() throws {
    let result = try odcvMonitor(["rules", "list", "--config", Package.root + "/config/monitor-e32.yaml"])
    #expect(result.output.contains("handover <= 0.25 m/s, reach, with a person in it, <= 1.0 m/s\n"), "\(result.output)")
    #expect(result.output.contains("cells/e32.yaml"))
  }

  @Test func aConfigurationIsNamedOnce() throws {
    let configuration = try TestConfiguration()
    #expect(try odcvMonitor(["check-config"]).status == 2)
    #expect(try odcvMonitor(["check-config", configuration.path, "--config", configuration.path]).status == 2)
  }

  @Test(
    .enabled(if: !FileManager.default.fileExists(atPath: "/etc/odcv/monitor.yaml")),
    arguments: [["status"], ["alarms", "list"]])
  func withoutAConfigurationTheErrorSaysHowToNameTheDaemon(command: [String]) throws {
    let result = try odcvMonitor(command)
    #expect(result.status == 2)
    #expect(result.error.contains("--config") && result.error.contains("--endpoint"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
  }
}
