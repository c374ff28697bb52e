import ArgumentParser
import Foundation
import Synchronization

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate", abstract: "Measures the statistics on simulated agents whose truth is known.",
    discussion: """
      Coverage of intervals, size of tests, power and what is found of set behaviour, each beside the band it has to be in. \
      Ends with 1 when a row is outside its band. The same seed gives the same numbers with any --jobs.
      """)

  @Option(help: "Simulated campaigns per row.") var replications = 10_000
  @Option(help: "Paths without effect for the sequential tests.") var nullPaths = 100_000
  @Option(help: "Seed of all random numbers.") var seed: UInt64 = 1
  @Option(help: "Threads.") var jobs = ProcessInfo.processInfo.activeProcessorCount
  @Flag(help: "Print the rows as JSON.") var json = false

  func validate() throws {
    guard replications > 0 else { throw ValidationError("--replications \(replications): give 1 or more") }
    guard nullPaths > 0 else { throw ValidationError("--null-paths \(nullPaths): give 1 or more") }
    guard jobs > 0 else { throw ValidationError("--jobs \(jobs): give 1 or more") }
  }

  func run() throws {
    try reporting {
      Campaign.stopOnSignal()
      let run = CalibrationRun(
        studies: CalibrationStudy.all, replications: replications, nullPaths: nullPaths, seed: seed)
      let progress = PercentLine()
      let report = run.report(jobs: jobs) { progress.show($0, of: $1) }
      progress.end()
      guard let report else { throw PressureError("calibrate: interrupted; run it again", exit: .incomplete) }
      if json {
        output(String(decoding: try ResultStore.encoder().encode(report), as: UTF8.self) + "\n")
      } else {
        output(CalibrationTable.text(report) + "\n")
      }
      return report.within ? .done : .violations
    }
  }
}

/// How much is done, on a terminal only and from the third second on.
private final class PercentLine: Sendable {
  private let started = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private let shown = Mutex(-1)

  func show(_ done: Int, of total: Int) {
    guard isTerminal, ContinuousClock.now - started > .seconds(2) else { return }
    let percent = 100 * done / total
    shown.withLock { last in
      guard percent > last else { return }
      last = percent
      note("\r\u{1b}[K\(percent) %")
    }
  }

  func end() {
    if shown.withLock({ $0 >= 0 }) { note("\n") }
  }
}
