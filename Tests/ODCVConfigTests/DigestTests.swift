import ODCVConfig
import ODCVYAML
import Testing
import Foundation

@Suite struct DigestTests {
  @Test(arguments: Shipped.monitors) func attachmentsOfARecordingGiveTheSameConfigurationAndDigest(monitor: String) throws {
    let live = try LoadedConfiguration.load(path: Shipped.path(monitor))
    let replayed = try LoadedConfiguration.load(attachments: live.attachments.reversed())
    #expect(replayed.core.digest == live.core.digest)
    #expect(replayed.attachments == live.attachments)
    #expect(replayed.endpoints == live.endpoints)
    #expect(replayed.core.robot.capsules.map(\.capsule) == live.core.robot.capsules.map(\.capsule))
  }

  @Test func theDigestDoesNotHangOnWhereTheFilesLie() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "odcv-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let live = try LoadedConfiguration.load(path: Shipped.path("monitor.yaml"))
    for file in live.attachments {
      let path = directory.appending(path: file.name)
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: path)
    }
    let moved = try LoadedConfiguration.load(path: directory.appending(path: "monitor.yaml").path)
    #expect(moved.core.digest == live.core.digest)
  }

  @Test func everyByteOfEveryFileAndEveryNameCounts() throws {
    let files = try Shipped.files()
    let digest = ConfigurationFile.digest(of: files)
    for index in files.indices {
      var changed = files
      changed[index].bytes[changed[index].bytes.count / 2] ^= 1
      #expect(ConfigurationFile.digest(of: changed) != digest)
      changed = files
      changed[index].name += "x"
      #expect(ConfigurationFile.digest(of: changed) != digest)
      changed = files
      let last = changed[index].bytes.removeLast()
      changed[index].name.append(Character(Unicode.Scalar(last)))
      #expect(ConfigurationFile.digest(of: changed) != digest)
    }
  }

  /// SHA-256 of `01 00 00 00 00 00 00 00 61 02 00 00 00 00 00 00 00 62 63`, as `sha256sum` computes it.
  @Test func theDigestIsSHA256OfLengthsNamesAndContents() {
    let digest = ConfigurationFile.digest(of: [ConfigurationFile(name: "a", bytes: Array("bc".utf8))])
    let hex = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    #expect(hex == "9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21")
  }

  @Test func attachmentsWithoutOneOfTheFilesAreRefused() throws {
    let files = try Shipped.files()
    for file in files {
      let error = try #require(Shipped.error(files.filter { $0.name != file.name }))
      #expect(error.description.contains(file.name == "monitor.yaml" ? "robot_id" : file.name))
    }
  }

  @Test func twoMonitorFilesAmongTheAttachmentsAreRefused() throws {
    let files = try Shipped.files()
    let monitor = try #require(files.first { $0.name == "monitor.yaml" })
    let error = try #require(Shipped.error(files + [ConfigurationFile(name: "other.yaml", bytes: monitor.bytes)]))
    #expect(error.description.contains("2 of the attached files"))
  }
}
