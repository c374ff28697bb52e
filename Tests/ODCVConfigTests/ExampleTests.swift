import ODCVConfig
import ODCVCore
import ODCVYAML
import Testing

/// The example in docs/configuration.md is what a reader copies.
@Suite struct ExampleTests {
  private let page: String

  init() throws {
    page = String(decoding: try YAMLFile.bytes(path: "\(Shipped.top)/docs/configuration.md"), as: UTF8.self)
  }

  /// The page's blocks that stand after a line that names their file.
  private var files: [ConfigurationFile] {
    page.split(separator: "```yaml\n").dropFirst().enumerated().compactMap { index, rest in
      let before = page.split(separator: "```yaml\n")[index].split(separator: "\n").last ?? ""
      guard before.hasSuffix(".yaml`"), let body = rest.firstRange(of: "```") else { return nil }
      return ConfigurationFile(
        name: String(before.filter { $0 != "`" }), bytes: Array(rest[..<body.lowerBound].utf8))
    }
  }

  @Test func theExampleInTheDocumentationLoads() throws {
    #expect(files.map(\.name) == ["monitor.yaml", "arm.yaml", "cell.yaml", "rules.yaml"])
    let loaded = try LoadedConfiguration.load(attachments: files)
    #expect(loaded.robotID == "arm1")
    #expect(loaded.jointNames == ["shoulder", "elbow"])
    #expect(loaded.core.cell.peopleSensors.isEmpty)
    #expect(
      loaded.core.cell.notMeasured.map(\.quantity)
        == [.people, .payload, .grip, .pressure, .sourceTime, .heartbeat, .mode, .toolPose])
    #expect(loaded.realtime.core == nil)
  }

  @Test func theErrorInTheDocumentationIsTheOneThatIsGiven() throws {
    let changed = files.map { file in
      guard file.name == "arm.yaml" else { return file }
      let text = String(decoding: file.bytes, as: UTF8.self).replacing("radius_m: 0.06", with: "radius: 0.06")
      return ConfigurationFile(name: file.name, bytes: Array(text.utf8))
    }
    let error = try #require(Shipped.error(changed))
    #expect(page.contains(error.description), "\(error)")
  }

  @Test func everyKeyOfTheShippedFilesIsDocumented() throws {
    for name in ["monitor.yaml", "robots/panda-sim.yaml", "cells/e32.yaml", "rules/site.yaml", "tables/iso-ts-15066.yaml"] {
      let map = try YAMLMap.load(path: Shipped.path(name))
      for key in map.keys { #expect(page.contains("`\(key)"), "\(key) of \(name)") }
    }
  }
}
