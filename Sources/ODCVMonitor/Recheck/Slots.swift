/// Room for values that are too large to be copied from hand to hand: each is made where it stays.
final class Slots<Value> {
  let base: UnsafeMutablePointer<Value>
  private let capacity: Int
  /// How many hold a value.
  private var filled = 0

  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deinitialize(count: filled)
    base.deallocate()
  }

  /// All of them hold a value.
  convenience init(capacity: Int, filledWith value: Value) {
    self.init(capacity: capacity)
    base.initialize(repeating: value, count: capacity)
    filled = capacity
  }

  /// The place for value number `slot`, which the caller initialises at once: what it held is gone.
  func empty(_ slot: Int) -> UnsafeMutablePointer<Value> {
    precondition(slot < capacity && slot <= filled, "slots are filled from the first on")
    if slot < filled { (base + slot).deinitialize(count: 1) } else { filled += 1 }
    return base + slot
  }
}
