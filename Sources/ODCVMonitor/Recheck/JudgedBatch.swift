import ODCVCore

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

  /// The place for value number `slot`, which the caller initialises at once: what it held is gone.
  func empty(_ slot: Int) -> UnsafeMutablePointer<Value> {
    precondition(slot < capacity && slot <= filled, "slots are filled from the first on")
    if slot < filled { (base + slot).deinitialize(count: 1) } else { filled += 1 }
    return base + slot
  }
}

/// Inputs until they are judged. One is as large as its largest case, a chunk of 16 KB, and is copied to be handed to the core; so
/// what comes a thousand times a second is kept as what it is, and made an input again at the call.
final class InputSlots {
  enum Place {
    case state(Int)
    case action(Int)
    case other(Int)
  }

  let states: Slots<State>
  let actions: Slots<Action>
  let others: Slots<Input>
  private var counts = (states: 0, actions: 0, others: 0)

  init(capacity: Int) {
    states = Slots(capacity: capacity)
    actions = Slots(capacity: capacity)
    others = Slots(capacity: capacity)
  }

  func removeAll() { counts = (0, 0, 0) }

  @inline(__always)
  func add(_ input: Input) -> Place {
    switch input {
    case .state(let state):
      defer { counts.states += 1 }
      states.empty(counts.states).initialize(to: state)
      return .state(counts.states)
    case .action(let action):
      defer { counts.actions += 1 }
      actions.empty(counts.actions).initialize(to: action)
      return .action(counts.actions)
    case .layout, .chunk, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted,
      .rejected, .lost, .overrun:
      defer { counts.others += 1 }
      others.empty(counts.others).initialize(to: input)
      return .other(counts.others)
    }
  }
}

/// Some of a recording's inputs, in order, and what came of them: a thread fills it, the next judges what is in it, a third
/// takes it up, and it goes round again.
final class JudgedBatch: @unchecked Sendable {
  // Unchecked: one thread has it at a time, and hands it over.

  /// Few enough that what one thread writes is still near the processor when the next one reads it.
  static let capacity = 32

  enum Entry {
    /// Judged, or to be; its verdict is in the slot of this number.
    case input(InputSlots.Place, slot: Int, index: UInt64, instant: Int64, isMessage: Bool)
    /// It came by an endpoint that this version does not know.
    case unknownEndpoint(index: UInt64)
    /// A verdict that was stored live, and how many inputs were missing before it.
    case stored(index: UInt64, core: [UInt8]?, missing: UInt64)
  }

  var entries: [Entry] = []
  let inputs = InputSlots(capacity: capacity)
  let verdicts = Slots<Verdict>(capacity: capacity)
  /// Set in the last: all was read, or why not.
  var end: Result<Void, any Error>?

  init() { entries.reserveCapacity(Self.capacity) }
}
