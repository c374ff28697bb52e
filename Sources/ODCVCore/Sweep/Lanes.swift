/// A fixed block of numbers, made once, aligned for the kernel's widest loads, and never copied.
struct Lanes<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {  // owned by one value, like any of its fields
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating value: Element, count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    base = bytes.bindMemory(to: Element.self, capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
  }

  /// A copy of `values`.
  init(_ values: [Element]) {
    count = values.count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    base = bytes.bindMemory(to: Element.self, capacity: max(count, 1))
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
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

extension Lanes where Element: SIMDScalar {
  /// The first sixteen at once.
  var vector: SIMD16<Element> {
    precondition(count >= 16)
    return UnsafeRawPointer(base).load(as: SIMD16<Element>.self)
  }
}
