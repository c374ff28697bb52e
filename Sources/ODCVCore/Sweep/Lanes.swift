import Synchronization

/// A fixed block of numbers, made once, aligned for the kernel's widest loads, and never copied.
struct Lanes<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {  // owned by one value, like any of its fields
  let base: UnsafeMutablePointer<Element>
  let count: Int
  /// Never used. A value that holds an atomic has an address of its own, so that the compiler passes it, and whatever
  /// holds it, by reference; other values of several kilobytes it copies at every call.
  private let anchor = Atomic<Bool>(false)

  init(repeating value: Element, count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    base = bytes.bindMemory(to: Element.self, capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  @inline(__always)
  subscript(_ index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }
}
