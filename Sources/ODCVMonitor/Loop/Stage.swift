import ODCVWire

/// Places for messages that are taken out of their socket together and judged one after the other.
struct Stage: ~Copyable {
  private let places: UnsafeMutablePointer<Frames>
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    places = .allocate(capacity: capacity)
    for place in 0..<capacity { (places + place).initialize(to: Frames()) }
  }

  deinit {
    places.deinitialize(count: capacity)
    places.deallocate()
  }

  /// Puts what is in `frames` here, and what was here there: no byte is copied.
  mutating func exchange(_ place: Int, with frames: inout Frames) {
    precondition(place >= 0 && place < capacity, "no such place")
    swap(&places[place], &frames)
  }
}
