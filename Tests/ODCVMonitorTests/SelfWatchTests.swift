import ODCVConfig
import ODCVCore
import Testing

@testable import ODCVMonitor

@Suite struct SelfWatchTests {
  private func seconds(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: Int64(seconds * 1e9)) }

  @Test func aRuleThatJudgesNothingForAMinuteIsAnAlarmOnce() throws {
    let loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    let monitor = Monitor(loaded.core)
    var watch = SelfWatch(at: seconds(0))
    let early = watch.look(monitor.coverage, silent: 0, at: seconds(59))
    #expect(!early)
    let due = watch.look(monitor.coverage, silent: 0, at: seconds(60))
    #expect(due)
    let changes = watch.changes
    let change = try #require(changes.first)
    #expect(changes.count == 1 && change.id == "coverage.idle" && change.raised)
    #expect(change.text.contains("clearance.static") && change.text.contains("motion.jump"))
    #expect(!change.text.contains("authority.reset"), "resets may not come for hours")
    let again = watch.look(monitor.coverage, silent: 0, at: seconds(61))
    #expect(!again)
    #expect(watch.standing.count == 1)
  }

  @Test func itIsClearedWhenTheRuleJudgesAgain() throws {
    let loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    var monitor = Monitor(loaded.core)
    var watch = SelfWatch(at: seconds(0))
    _ = watch.look(monitor.coverage, silent: 0, at: seconds(60))
    for (input, instant) in Provocation(of: .motionPosition, loaded.core).inputs { _ = monitor.step(input, at: instant) }
    let news = watch.look(monitor.coverage, silent: 0, at: seconds(61))
    #expect(news)
    let change = try #require(watch.changes.first)
    #expect(change.id == "coverage.idle" && change.raised)
    #expect(change.text.contains("motion.jump") && !change.text.contains("motion.position"))
  }

  @Test func aRuleThatCannotFireIsAnAlarmUntilItCan() throws {
    var loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    #expect(SelfTest(loaded.core).silentRules == 0)
    loaded.core.limits[.contactForce, "greatest_n"] = .infinity
    let silent = SelfTest(loaded.core).silentRules
    #expect(silent == 1 << UInt64(RuleID.contactForce.place))
    let monitor = Monitor(loaded.core)
    var watch = SelfWatch(at: seconds(0))
    let failed = watch.look(monitor.coverage, silent: silent, at: seconds(1))
    #expect(failed)
    let raised = try #require(watch.changes.first)
    #expect(raised.id == "coverage.self-test" && raised.raised && raised.text.hasPrefix("contact.force: "))
    let repeated = watch.look(monitor.coverage, silent: silent, at: seconds(2))
    #expect(!repeated)
    let mended = watch.look(monitor.coverage, silent: 0, at: seconds(3))
    #expect(mended)
    let cleared = try #require(watch.changes.first)
    #expect(!cleared.raised && watch.standing.isEmpty)
  }
}
