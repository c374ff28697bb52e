import ODCVCore
import ODCVWire

/// Places for messages that are taken out of their socket together and judged one after the other, with when each was taken.
struct Stage: ~Copyable {
  private let places: UnsafeMutablePointer<Frames>
  private let stamps: UnsafeMutablePointer<MonoInstant>
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    places = .allocate(capacity: capacity)
    stamps = .allocate(capacity: capacity)
    stamps.initialize(repeating: MonoInstant(nanoseconds: 0), count: capacity)
    for place in 0..<capacity { (places + place).initialize(to: Frames()) }
  }

  deinit {
    places.deinitialize(count: capacity)
    places.deallocate()
    stamps.deallocate()
  }

  /// Puts the message in `frames`, taken at `now`, here: no byte is copied.
  mutating func put(_ frames: inout Frames, at place: Int, taken now: MonoInstant) {
    exchange(place, with: &frames)
    stamps[place] = now
  }

  /// Puts the message that is here into `frames`, and says when it was taken.
  mutating func get(_ place: Int, into frames: inout Frames) -> MonoInstant {
    exchange(place, with: &frames)
    return stamps[place]
  }

  private mutating func exchange(_ place: Int, with frames: inout Frames) {
    precondition(place >= 0 && place < capacity, "no such place")
    swap(&places[place], &frames)
  }
}
