import Glibc

/// One line on a terminal for a person who waits longer than two seconds.
struct Progress {
  private let started = monotonicNow()
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = false

  mutating func show(_ inputs: UInt64) {
    guard isTerminal, inputs % 4096 == 0, monotonicNow().seconds(since: started) > 2 else { return }
    shown = true
    put("\r\(inputs) inputs judged")
  }

  func end() {
    if shown { put("\r\u{1b}[K") }
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
