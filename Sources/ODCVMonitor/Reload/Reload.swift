import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVEvidence
import Synchronization

/// What may follow for one arm.
struct PreparedRun: Sendable {
  var loaded: LoadedConfiguration
  var directory: EvidenceDirectory
  var names: ConsoleNames
  /// Of its recording, at the recorder.
  var recording: UInt64
  /// What it judges otherwise than the one in force.
  var changes: [String]
}

/// A configuration that is read, checked and handed to the loops beside the running one, on a thread of its own: the main thread goes
/// on feeding the watchdog and keeping what is latched.
///
/// Sockets, evidence and real-time settings stay what they were made at the start; files that change them are refused.
final class Reload: Sendable {
  /// What is used of an arm.
  struct Arm: Sendable {
    let link: LoopLink
    let recorder: Recorder
    let inForce: LoadedConfiguration
    /// Of its evidence.
    let root: String
    /// What the host granted, in one line.
    let realtime: String
    /// Configurations that were in force before the one to come.
    let run: UInt32
  }

  private let content = Mutex<Result<[PreparedRun], Stop>?>(nil)

  /// - Parameter read: Reads the files as they are now.
  static func begin(beside running: Fleet, _ arms: [Arm], read: @escaping @Sendable () throws -> Fleet) -> (Reload, LoopThread) {
    let reload = Reload()
    let thread = LoopThread(name: "odcv-reload") {
      let result = Result { try Reload.prepare(read(), beside: running, arms) }
        .mapError { $0 as? Stop ?? Stop(.usage, "\($0)") }
      reload.content.withLock { $0 = result }
    }
    return (reload, thread)
  }

  /// By arm, what was handed to its loop, or why nothing was; `nil` while it is prepared.
  var result: Result<[PreparedRun], Stop>? { content.withLock { $0 } }

  private static func prepare(_ fleet: Fleet, beside running: Fleet, _ arms: [Arm]) throws -> [PreparedRun] {
    if let difference = difference(fleet, running) {
      throw Stop(.usage, "\(difference): a reload keeps what the daemon was started with; start it again for that")
    }
    let loaded = fleet.loops.flatMap(\.arms)
    for arm in loaded { try SelfTest.requireEveryRuleFires(arm) }
    var prepared: [(run: PreparedRun, resetNonce: UInt64)] = []
    do throws(EvidenceError) {
      for (arm, loaded) in zip(arms, loaded) {
        let changes = ConfigurationChange(before: arm.inForce, after: loaded).lines
        let resetNonce = UInt64.random(in: 1 ... .max)
        let directory = try EvidenceDirectory.create(root: arm.root)
        let recording = try arm.recorder.prepare(RecorderConfiguration(loaded, directory, resetNonce: resetNonce))
        var names = ConsoleNames(
          loaded.core, robot: loaded.robotID, realtime: arm.realtime, evidence: directory.run,
          inputs: InputLedger(loaded, at: monotonicNow()).names)
        names.run = arm.run
        prepared.append(
          (PreparedRun(loaded: loaded, directory: directory, names: names, recording: recording, changes: changes), resetNonce))
      }
    } catch {
      for (arm, next) in zip(arms, prepared) { arm.recorder.discardPrepared(next.run.recording) }
      throw Stop(.failed, "\(error)")
    }
    // From here on each arm decides by itself.
    for (arm, next) in zip(arms, prepared) {
      arm.link.handover.offer(
        Successor(
          Regime(
            next.run.loaded, names: next.run.names, resetNonce: next.resetNonce, bootID: arm.link.bootID, at: monotonicNow()),
          recording: next.run.recording))
    }
    return prepared.map(\.run)
  }

  /// What can't change while the daemon runs, in words; `nil` when nothing of it does.
  static func difference(_ next: Fleet, _ running: Fleet) -> String? {
    func name(_ fleet: Fleet) -> String { fleet.loops.map { $0.arms.map(\.robotID).joined(separator: ", ") }.joined(separator: "; ") }
    guard name(next) == name(running) else { return "the arms are now \(name(next)), not \(name(running))" }
    for (next, running) in zip(next.loops, running.loops) {
      if next.realtime != running.realtime { return "`realtime` of the loop of `\(next.arms[0].robotID)` is another" }
      for (next, running) in zip(next.arms, running.arms) {
        if next.endpoints != running.endpoints { return "`endpoints` of `\(next.robotID)` are others" }
        if next.evidence != running.evidence { return "`evidence` of `\(next.robotID)` is another" }
      }
    }
    return nil
  }
}
