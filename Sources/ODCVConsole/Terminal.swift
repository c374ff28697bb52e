import Glibc
import Synchronization

/// Shows snapshots on a terminal, on a thread of its own, until it is ended; the screen is then as it was before.
public final class Terminal: @unchecked Sendable {
  // `thread` is set once by `init` and used by `end` alone; the rest is immutable or atomic.
  private var thread = pthread_t()
  private let board: SnapshotBoard
  private let view: Mutex<ConsoleView>
  private let color: Bool
  private let ending = Atomic<Bool>(false)
  private let period: UInt32

  /// True when standard error is a terminal that understands cursor movement; standard output stays free for the ready line.
  public static var isAvailable: Bool {
    guard isatty(STDERR_FILENO) == 1, let kind = getenv("TERM") else { return false }
    return String(cString: kind) != "dumb"
  }

  /// Whether to use colour (NO_COLOR, https://no-color.org, turns it off when the choice is automatic).
  public static func usesColor(_ choice: ColorChoice) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: isAvailable && (getenv("NO_COLOR").map { strlen($0) == 0 } ?? true)
    }
  }

  /// Takes the terminal's alternate screen and starts to draw, `rate` times a second.
  public init(board: SnapshotBoard, names: ConsoleNames, color: Bool, rate: Int = 8) {
    self.board = board
    self.color = color
    view = Mutex(ConsoleView(names: names, color: color))
    period = UInt32(1_000_000 / max(1, rate))
    let result = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Terminal>.fromOpaque(argument!).takeRetainedValue().draw()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(result == 0, "the terminal's thread could not be started")
  }

  /// Another configuration is in force: what comes from now on is told by its names.
  public func rename(_ names: ConsoleNames) { view.withLock { $0 = ConsoleView(names: names, color: color) } }

  /// Gives the screen back.
  public func end() {
    ending.store(true, ordering: .relaxed)
    pthread_join(thread, nil)
  }

  private func draw() {
    Terminal.put("\u{1b}[?1049h\u{1b}[?25l")
    while !ending.load(ordering: .relaxed) {
      let view = view.withLock { $0 }
      // One of another configuration is not told by these names.
      if let snapshot = board.take(), snapshot.run == view.run {
        let (width, height) = Terminal.size()
        let lines = view.lines(snapshot, width: width, height: height)
        // Each line clears its own rest, then everything below: no flicker from clearing the screen first.
        Terminal.put("\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J")
      }
      usleep(period)
    }
    Terminal.put("\u{1b}[?25h\u{1b}[?1049l")
  }

  private static func size() -> (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (100, 40) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private static func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = write(STDERR_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
        if count <= 0 { return }
        offset += count
      }
    }
  }
}
