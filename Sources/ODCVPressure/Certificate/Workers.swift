import Foundation
import Synchronization

/// Work on several threads, with results in the order of what was asked.
enum Workers {
  private final class Shared<Item: Sendable, Result: Sendable>: Sendable {
    private struct State {
      var next = 0
      var results: [Result?]
    }
    private let items: [Item]
    private let state: Mutex<State>

    init(_ items: [Item]) {
      self.items = items
      state = Mutex(State(results: [Result?](repeating: nil, count: items.count)))
    }

    func work(_ body: (Item) -> Result) {
      while true {
        let index = state.withLock { state in
          state.next += 1
          return state.next - 1
        }
        guard index < items.count else { return }
        let result = body(items[index])
        state.withLock { $0.results[index] = result }
      }
    }

    var results: [Result] { state.withLock { $0.results.compactMap { $0 } } }
  }

  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int, _ body: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    let shared = Shared<Item, Result>(items)
    let group = DispatchGroup()
    for _ in 0..<max(1, min(jobs, items.count)) {
      group.enter()
      let thread = Thread {
        shared.work(body)
        group.leave()
      }
      // MuJoCo and the monitor keep large values on the stack.
      thread.stackSize = 16 << 20
      thread.start()
    }
    group.wait()
    return shared.results
  }
}
