import Glibc

/// The way of things from one thread to another, in order. Who takes waits until something is there; after `close` nobody waits and
/// nothing is given out any more.
final class HandOver<Element: Sendable>: @unchecked Sendable {
  // Unchecked: `mutex` guards both.
  private var waiting: [Element] = []
  private var isClosed = false

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ elements: [Element] = []) {
    waiting = elements
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func put(_ element: Element) {
    pthread_mutex_lock(mutex)
    waiting.append(element)
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }

  /// `nil` once it is closed.
  func take() -> Element? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting.isEmpty, !isClosed { pthread_cond_wait(changed, mutex) }
    return isClosed ? nil : waiting.removeFirst()
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }
}

/// Brings what can't be copied into a thread and out of it again.
final class MovingBox<Value: ~Copyable>: @unchecked Sendable {
  // Unchecked: set before the thread starts, taken out by it, and touched again by the thread that joined it.
  private var value: Value?

  init(_ value: consuming Value) { self.value = consume value }

  /// - Precondition: it is there
  func take() -> Value {
    guard let value = value.take() else { preconditionFailure("the box is empty") }
    return value
  }

  func put(_ value: consuming Value) { self.value = consume value }
}
