import Foundation
import Synchronization

/// Runs the trials of a plan on several threads.
final class Campaign: Sendable {
  private struct State {
    var next = 0
    var results: [TrialKey: TrialResult] = [:]
    var failure: (any Error)?
  }

  private let plan: CampaignPlan
  private let runners: [String: TrialRunner]
  private let pending: [TrialKey]
  private let store: Mutex<ResultStore>
  private let state: Mutex<State>
  /// Set to stop after the trials that are running.
  static let interrupted = Atomic<Bool>(false)

  /// Ctrl-C and a service's stop end the work after what is running; that and all before is kept.
  static func stopOnSignal() {
    interrupted.store(false, ordering: .relaxed)
    // Whoever started this may have handed down a mask that blocks them.
    var all = sigset_t()
    sigemptyset(&all)
    sigaddset(&all, SIGINT)
    sigaddset(&all, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in Campaign.interrupted.store(true, ordering: .relaxed) }
    }
  }

  init(plan: CampaignPlan, runners: [String: TrialRunner], store: ResultStore, finished: [TrialResult]) {
    self.plan = plan
    self.runners = runners
    self.store = Mutex(store)
    let done = Dictionary(finished.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    // A trial in which the rig failed is run again.
    let kept = done.filter { $0.value.error == nil }
    pending = plan.trials.filter { kept[$0] == nil }
    state = Mutex(State(results: kept))
  }

  /// Runs what is pending; on return the results are on disk, in the plan's order.
  ///
  /// - Returns: all finished trials.
  func run(jobs: Int, progress: Progress) throws -> [TrialResult] {
    let group = DispatchGroup()
    for _ in 0..<max(1, min(jobs, pending.count)) {
      group.enter()
      let thread = Thread { [self] in
        work(progress)
        group.leave()
      }
      // MuJoCo and the monitor keep large values on the stack.
      thread.stackSize = 16 << 20
      thread.start()
    }
    group.wait()
    progress.end()
    let (results, failure) = state.withLock { state in
      (plan.trials.compactMap { state.results[$0] }, state.failure)
    }
    try store.withLock { try $0.finish(results) }
    if let failure { throw failure }
    return results
  }

  private func work(_ progress: Progress) {
    while !Self.interrupted.load(ordering: .relaxed) {
      let key: TrialKey? = state.withLock { state in
        guard state.next < pending.count, state.failure == nil else { return nil }
        state.next += 1
        return pending[state.next - 1]
      }
      guard let key, let runner = runners[key.scenario] else { return }
      let result = runner.run(key)
      do {
        try store.withLock { try $0.append(result) }
        let done = state.withLock { state in
          state.results[key] = result
          return state.results.count
        }
        progress.show(done: done, of: plan.trials.count, last: key)
      } catch {
        state.withLock { $0.failure = error }
        return
      }
    }
  }
}

/// The line on standard error that says how far a campaign is.
final class Progress: Sendable {
  private struct State {
    var started = ContinuousClock.now
    var first: Int?
    var shown = ContinuousClock.now
    var any = false
  }
  private let state = Mutex(State())
  private let isTerminal: Bool
  private let interval: Duration

  init() {
    isTerminal = isatty(STDERR_FILENO) != 0
    interval = isTerminal ? .milliseconds(200) : .seconds(15)
  }

  func show(done: Int, of total: Int, last: TrialKey) {
    state.withLock { state in
      let now = ContinuousClock.now
      let first = state.first ?? done - 1
      state.first = first
      guard now - state.shown >= interval || done == total else { return }
      state.shown = now
      state.any = true
      let elapsed = Double((now - state.started).components.seconds) + 1e-3
      let rate = Double(done - first) / elapsed
      let left = rate > 0 ? Int(Double(total - done) / rate) : 0
      let line = "trial \(done) of \(total), about \(left) s left  (\(last.label))"
      note(isTerminal ? "\r\u{1b}[K\(line)" : line + "\n")
    }
  }

  func end() {
    if isTerminal, state.withLock({ $0.any }) { note("\n") }
  }
}
