import Foundation
import ODCVConfig
import ODCVYAML
import Testing

@Suite struct YAMLTests {
  private func refusal(_ text: String, _ read: (YAMLMap) throws -> Void = { try $0.finish() }) throws -> String {
    let error = #expect(throws: YAMLError.self) { try read(YAMLMap.parse(text: text, name: "a.yaml")) }
    return try #require(error).description
  }

  @Test func aFileWithoutItsVersionIsRefused() throws {
    #expect(try refusal("name: x\n") == "a.yaml:1: `version` is missing in the file; add `version: <whole number>`")
    #expect(try refusal("version: 2\n").contains("version 2 is not known"))
    #expect(try refusal("version: \"1\"\n").contains("not a whole number"))
  }

  @Test func whatIsNoMappingIsRefused() throws {
    #expect(try refusal("").contains("the file is empty"))
    #expect(try refusal("# nothing\n").contains("the file is empty"))
    #expect(try refusal("- 1\n- 2\n").contains("not a mapping"))
    #expect(try refusal("version: 1\n---\nversion: 1\n").contains("not YAML"))
    #expect(try refusal("version: 1\nname: [a\n").contains("not YAML"))
    #expect(try refusal("version: 1\n\tname: a\n").hasPrefix("a.yaml:2: not YAML"))
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let error = #expect(throws: YAMLError.self) {
      try YAMLFile.map(bytes: Array("version: 1\nname: ".utf8) + [0xFF, 0xFE], name: "a.yaml")
    }
    #expect(try #require(error).description == "a.yaml: is not UTF-8 text; save it as UTF-8")
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let missing = #expect(throws: YAMLError.self) { try YAMLMap.load(path: "/nonexistent/a.yaml") }
    #expect(try #require(missing).description.hasPrefix("/nonexistent/a.yaml: cannot be read: No such file"))
    let directory = #expect(throws: YAMLError.self) { try YAMLMap.load(path: "/tmp") }
    #expect(try #require(directory).description.contains("directory"))
    #expect(try #require(directory).description.contains("not a regular file"))
    let endless = #expect(throws: YAMLError.self) { try YAMLMap.load(path: "/dev/zero") }
    #expect(try #require(endless).description.contains("not a regular file"))
    let path = "/tmp/odcv-yaml-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let file = try #require(fopen(path, "w"))
    defer { unlink(path) }
    #expect(ftruncate(fileno(file), off_t(YAMLFile.maximumSize) + 1) == 0)
    fclose(file)
    let large = #expect(throws: YAMLError.self) { try YAMLMap.load(path: path) }
    #expect(try #require(large).description.contains("larger than"))
  }

  @Test(arguments: ["[", "{a: ", "- "]) func deepNestingIsRefusedAndDoesNotExhaustTheStack(opening: String) throws {
    _ = try refusal("version: 1\nname: " + (opening == "- " ? "\n  " : "") + String(repeating: opening, count: 100_000))
  }

  @Test func aliasesThatMultiplyAreRefusedQuickly() throws {
    var text = "version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let list = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(list)]\n"
    }
    #expect(try refusal(text).contains("`a0`"))
  }

  @Test func keysThatDifferOnlyInTheirQuotesAreOneKey() throws {
    let text = "version: 1\nnames: {1: a, \"1\": b}\n"
    let message = try refusal(text) { map in
      _ = try map.namedStrings("names")
      try map.finish()
    }
    #expect(message.contains("`1` is given twice") && message.contains(":2:"), "\(message)")
  }

  @Test func mergeKeysAreUnknownKeys() throws {
    let message = try refusal("version: 1\nbase: &b {x: 1}\na: {<<: *b, y: 2}\n") { map in
      _ = try map.map("base").double("x")
      _ = try map.map("a").double("y")
      try map.finish()
    }
    #expect(message.contains("unknown key `<<` in `a`"))
  }

  @Test(
    arguments: [
      ".nan", ".inf", "-.inf", "nan", "inf", "0x10", "1_000", "1:30", "010", "1e999", "1,5", "5 m", "\"5\"", "'5'", "", "~",
      "true", "[5]", "--5", "+-5", ".", "e5",
    ])
  func whatIsNoPlainDecimalNumberIsRefused(text: String) throws {
    let message = try refusal("version: 1\nx_m: \(text)\n") { _ = try $0.double("x_m") }
    #expect(message.hasPrefix("a.yaml:2: `x_m`"), "\(message)")
  }

  @Test(arguments: [("5", 5.0), ("-0.25", -0.25), ("+1", 1), ("1e-3", 0.001), ("1.5E2", 150), ("0.0", 0), ("0", 0), ("-0", 0)])
  func plainDecimalNumbersAreRead(text: String, value: Double) throws {
    #expect(try YAMLMap.parse(text: "version: 1\nx_m: \(text)\n", name: "a.yaml").double("x_m") == value)
  }

  @Test func aKeyWithoutItsUnitIsToldTheUnit() throws {
    let message = try refusal("version: 1\nradius: 5\n") { _ = try $0.double("radius_m") }
    #expect(message == "a.yaml:2: `radius` has no unit in the file; write `radius_m`, with the value in m")
    let other = try refusal("version: 1\nspeed_mm_s: 5\n") { _ = try $0.double("speed_m_s") }
    #expect(other == "a.yaml:2: `speed_mm_s` is in another unit in the file; write `speed_m_s`, with the value in m/s")
  }

  @Test func aMisspeltOptionalKeyIsNotSilentlyAbsent() throws {
    let message = try refusal("version: 1\ncoer: 1\n") { _ = try $0.optionalInt("core") }
    #expect(message == "a.yaml:2: unknown key `coer` in the file; did you mean `core`?")
  }

  @Test func unknownKeysDeepInTheFileAreFound() throws {
    let message = try refusal("version: 1\na:\n  b:\n    - {x: 1}\n    - {x: 1, z: 2}\n") { map in
      for entry in try map.map("a").maps("b") { _ = try entry.double("x") }
      try map.finish()
    }
    #expect(message == "a.yaml:5: unknown key `z` in `a.b[2]`; remove it; known keys: x")
  }
}
