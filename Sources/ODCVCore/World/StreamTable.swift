/// How a message stands in the order of its stream.
struct StreamPlace: Sendable {
  var stream: Stream
  /// Messages missing before it.
  var missing: UInt64 = 0
  /// How far it lies behind the newest one, when it is late, repeated or replayed.
  var behind: UInt64 = 0
  /// Without its number, or without the boot id that the stream's messages before had: where it stands can't be told.
  var unnumbered = false
  /// From another publisher than the one that the stream has: a second one may not speak for the first.
  var foreign = false
  /// In another frame than the stream's messages before.
  var reframed = false

  var inOrder: Bool { behind == 0 && !unnumbered && !foreign && !reframed }
}

/// The newest sequence number of each stream: one for actions, one for states, one for each declared sensor and signal.
struct StreamTable: Sendable {
  private struct Entry: Sendable {
    var id: UInt32
    var boot: UInt64
    var number: UInt64
    var frame: UInt8
    /// Boots of this source before the present one: what comes from them is old.
    var formerBoots = InlineArray<4, UInt64?>(repeating: nil)
    var restarts = 0
  }

  /// Actions, states, frames of people and of obstacles of as many sensors as there may be, and signals.
  private var entries: [Entry?] = empty()

  mutating func forget() { for slot in entries.indices { entries[slot] = nil } }

  /// Places a message and remembers its number. A new `boot` is a restarted source: its numbers start afresh; 0 is none, and a
  /// source that has named one goes on to. Another stream id is another publisher, whatever its boot.
  mutating func place(_ stream: Stream, _ sequence: Sequence, sensor: Int = 0) -> StreamPlace {
    var place = StreamPlace(stream: stream)
    guard let slot = StreamTable.slot(stream, sensor) else {
      place.foreign = true
      return place
    }
    guard let number = sequence.number else {
      place.unnumbered = true
      return place
    }
    guard var entry = entries[slot] else {
      entries[slot] = Entry(id: sequence.stream, boot: sequence.boot, number: number, frame: sequence.frame)
      return place
    }
    if entry.id != sequence.stream {
      place.foreign = true
      return place
    }
    if entry.frame != sequence.frame {
      place.reframed = true
      return place
    }
    if sequence.boot == 0, entry.boot != 0 {
      place.unnumbered = true
      return place
    }
    if entry.boot == sequence.boot {
      if number <= entry.number {
        // The newest possible number against the oldest must not overflow.
        place.behind = max(entry.number - number, entry.number - number &+ 1)
        return place
      }
      place.missing = number - entry.number - 1
    } else {
      for former in entry.formerBoots.indices where entry.formerBoots[former] == sequence.boot {
        place.behind = 1
        return place
      }
      entry.formerBoots[entry.restarts % 4] = entry.boot
      entry.restarts &+= 1
      entry.boot = sequence.boot
    }
    entry.number = number
    entries[slot] = entry
    return place
  }

  /// A table with a place for each of them, and nothing in it.
  static func empty<Entry>() -> [Entry?] { (0...slot(.signal, Capacity.signals - 1)!).map { _ in nil } }

  /// The place of a numbered stream in tables of one entry each.
  static func slot(_ stream: Stream, _ sensor: Int) -> Int? {
    switch stream {
    case .action: 0
    case .state: 1
    case .people: (0..<Capacity.sensors).contains(sensor) ? 2 + sensor : nil
    case .obstacles: (0..<Capacity.sensors).contains(sensor) ? 2 + Capacity.sensors + sensor : nil
    case .signal: (0..<Capacity.signals).contains(sensor) ? 2 + 2 * Capacity.sensors + sensor : nil
    case .layout, .reasoning, .pressure, .episode, .control, .heartbeat: nil
    }
  }
}
