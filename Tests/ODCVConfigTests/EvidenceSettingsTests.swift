import Testing

@testable import ODCVConfig

/// What a monitor's file says of its recordings.
@Suite struct EvidenceSettingsTests {
  private func settings(_ keys: String) throws -> EvidenceSettings {
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == "monitor.yaml" })
    let text = String(decoding: files[index].bytes, as: UTF8.self)
    files[index].bytes = Array(text.replacing("{directory: evidence}", with: "{directory: evidence\(keys)}").utf8)
    return try LoadedConfiguration.load(attachments: files).evidence
  }

  @Test func withoutAWordOneWholeFileIsKeptForEver() throws {
    let settings = try settings("")
    #expect(settings.split == SplitSettings() && settings.retention == nil && settings.excerpts == nil)
    #expect(try self.settings(", full: true").excerpts == nil)
  }

  @Test func whatIsSaidIsRead() throws {
    let split = try settings(", split_s: 3600, split_mb: 500").split
    #expect(split == SplitSettings(time: 3600, megabytes: 500))
    let stop = try settings(", min_free_mb: 500").retention
    #expect(stop == RetentionSettings(minFreeMegabytes: 500, policy: .stop))
    let oldest = try settings(", min_free_mb: 500, policy: oldest, lock_days: 30").retention
    #expect(oldest == RetentionSettings(minFreeMegabytes: 500, policy: .oldest, lockDays: 30))
    #expect(try settings(", full: false, before_s: 10, after_s: 2.5").excerpts == ExcerptSettings(before: 10, after: 2.5))
  }
}
