import Synchronization

/// Work on files that is done on a thread of its own, so that who asks for it does not wait for the disk.
final class Errand<Value: ~Copyable & Sendable>: Sendable {
  private let outcome = Outcome<Value>()
  /// `nil`: the system had no thread left, and the work was done at once.
  private let thread: OrdinaryThread?
  private let isJoined = Atomic<Bool>(false)

  /// - Parameter name: for `top` and `ps`, at most 15 characters
  init(_ name: String, _ work: @escaping @Sendable () throws(EvidenceError) -> Value) {
    let outcome = outcome
    let body: @Sendable () -> Void = { outcome.set(work) }
    thread = try? OrdinaryThread(name, body)
    if thread == nil { body() }
  }

  deinit { join() }

  var isDone: Bool { outcome.isSet }

  /// What came of it, once; waits until it is done.
  func take() throws(EvidenceError) -> Value {
    join()
    return try outcome.take()
  }

  private func join() {
    if !isJoined.exchange(true, ordering: .relaxed) { thread?.join() }
  }
}

private final class Outcome<Value: ~Copyable & Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let failure = Mutex<EvidenceError?>(nil)
  private let done = Atomic<Bool>(false)

  var isSet: Bool { done.load(ordering: .acquiring) }

  func set(_ work: () throws(EvidenceError) -> Value) {
    do throws(EvidenceError) {
      let made = try work()
      put(made)
    } catch {
      failure.withLock { $0 = error }
    }
    done.store(true, ordering: .releasing)
  }

  private func put(_ made: consuming Value) {
    var made: Value? = .some(made)
    value.withLock { swap(&$0, &made) }
  }

  func take() throws(EvidenceError) -> Value {
    if let error = failure.withLock({ $0 }) { throw error }
    guard let value = value.withLock({ $0.take() }) else { preconditionFailure("what an errand made was taken twice") }
    return value
  }
}

/// Something that can't be copied, on its way to another thread.
final class Parcel<Content: ~Copyable & Sendable>: Sendable {
  private let content: Mutex<Content?>

  init(_ content: consuming Content) { self.content = Mutex(content) }

  /// `nil` when it was taken before.
  func take() -> Content? { content.withLock { $0.take() } }
}
