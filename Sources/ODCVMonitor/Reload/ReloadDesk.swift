import ODCVConfig
import ODCVConsole
import ODCVCore

/// Where orders to reload come in, one after the other, and where it is told what became of each. Of the main thread.
struct ReloadDesk {
  private let fleet: Fleet
  private let arms: [ArmService]
  /// By arm, what the host granted.
  private let realtime: [String]
  private let read: @Sendable () throws -> Fleet
  private let notifier: ServiceNotifier
  private var isAsked = false
  private var isToldToWait = false
  private var reload: (Reload, LoopThread)?
  /// By arm, while its loop tries it.
  private var trials: [PreparedRun?]
  private var runs: [UInt32]
  private var refusals: [String] = []

  init(
    _ fleet: Fleet, _ arms: [ArmService], realtime: [String], notifier: ServiceNotifier, read: @escaping @Sendable () throws -> Fleet
  ) {
    self.fleet = fleet
    self.arms = arms
    self.realtime = realtime
    self.notifier = notifier
    self.read = read
    trials = arms.map { _ in nil }
    runs = arms.map { _ in 0 }
  }

  /// One that comes while another is under way is carried out after it.
  mutating func ask() { isAsked = true }

  /// Goes on with what is under way.
  ///
  /// - Parameters:
  ///   - say: Tells of an arm, by its place.
  ///   - rename: An arm is told by other names from now on.
  mutating func attend(_ say: (Int, String) -> Void, _ rename: (ConsoleNames) -> Void) {
    if reload == nil, isAsked { begin() }
    if isAsked, !isToldToWait {
      isToldToWait = true
      for place in arms.indices { say(place, "reload: another is under way; this one follows it") }
    }
    guard let (reload, thread) = reload else { return }
    if let result = reload.result, trials.allSatisfy({ $0 == nil }), refusals.isEmpty {
      switch result {
      case .success(let prepared): trials = prepared
      case .failure(let stop):
        refusals.append(stop.description)
        for place in arms.indices { say(place, refusal(stop.description)) }
      }
    }
    guard reload.result != nil else { return }
    for place in arms.indices {
      guard let trial = trials[place], let outcome = arms[place].link.handover.outcome() else { continue }
      trials[place] = nil
      switch outcome {
      case .pending: preconditionFailure("a successor came back undecided")
      case .turned(let index, let stopped):
        runs[place] += 1
        say(place, text(arms[place].loaded, trial, index, stopped))
        arms[place].follow(trial)
        rename(trial.names)
        for change in trial.changes { say(place, "reloaded: \(change)") }
      case .declined(let reason):
        arms[place].recorder.discardPrepared(trial.recording)
        refusals.append(reason)
        say(place, refusal(reason))
      }
    }
    guard trials.allSatisfy({ $0 == nil }) else { return }
    thread.join()
    self.reload = nil
    notifier.ready(refusals.isEmpty ? "reloaded" : "reload refused: \(refusals.joined(separator: "; "))")
    refusals = []
  }

  /// After the loops have ended. A reload whose files can't be read to their end is left where it is.
  func end(_ say: (String) -> Void) {
    guard let (reload, thread) = reload else { return }
    if reload.result != nil { thread.join() } else { say("the configuration is still being read; the reload is given up") }
  }

  private mutating func begin() {
    isAsked = false
    isToldToWait = false
    notifier.reloading()
    let parts = arms.indices.map { place in
      Reload.Arm(
        link: arms[place].link, recorder: arms[place].recorder, inForce: arms[place].loaded, root: arms[place].directory.root,
        realtime: realtime[place], run: runs[place] + 1)
    }
    reload = Reload.begin(beside: fleet, parts, read: read)
  }

  private func refusal(_ reason: String) -> String { "reload refused, the configuration in force stays: \(reason)" }

  private func text(_ before: LoadedConfiguration, _ trial: PreparedRun, _ index: UInt64, _ stopped: Bool) -> String {
    let mode = before.mode == trial.loaded.mode ? "" : "; \(trial.loaded.mode.rawValue) instead of \(before.mode.rawValue)"
    return "reloaded: configuration \(trial.names.digest) instead of \(Words.hex(before.core.digest).prefix(8)) "
      + "from its input \(index) on, recorded in \(trial.directory.run)\(mode)"
      + (stopped ? "; the arm was told to stop, because the two did not agree on what was under way" : "")
  }
}
