/// How a message stands in the order of its stream.
struct StreamPlace: Sendable {
  var stream: Stream
  /// Messages missing before it.
  var missing: UInt64 = 0
  /// How far it lies behind the newest one, when it is late, repeated or replayed.
  var behind: UInt64 = 0
  var unnumbered = false
  /// No room to follow another stream of this kind.
  var untracked = false

  var inOrder: Bool { behind == 0 && !unnumbered && !untracked }
}

/// The newest sequence number of each stream seen.
struct StreamTable: Sendable {
  private struct Entry: Sendable {
    var stream: Stream
    var id: UInt32
    var sensor: Int
    var boot: UInt64
    var number: UInt64
    /// Boots of this source before the present one: what comes from them is old.
    var formerBoots = InlineArray<4, UInt64?>(repeating: nil)
    var restarts = 0
  }

  /// Streams followed at once. One that finds no room is untracked, and its messages are unknown.
  static let capacity = 16
  private var count = 0
  private var entries = InlineArray<16, Entry>(
    repeating: Entry(stream: .action, id: 0, sensor: 0, boot: 0, number: 0))

  mutating func forget() { count = 0 }

  /// Places a message and remembers its number. A new `boot` is a restarted source: its numbers start afresh.
  mutating func place(_ stream: Stream, _ sequence: Sequence, sensor: Int = 0) -> StreamPlace {
    var place = StreamPlace(stream: stream)
    guard let number = sequence.number else {
      place.unnumbered = true
      return place
    }
    for index in 0..<count
    where entries[index].stream == stream && entries[index].id == sequence.stream && entries[index].sensor == sensor {
      if entries[index].boot == sequence.boot {
        let newest = entries[index].number
        if number <= newest {
          // The newest possible number against the oldest must not overflow.
          place.behind = max(newest - number, newest - number &+ 1)
          return place
        }
        place.missing = number - newest - 1
      } else {
        for former in entries[index].formerBoots.indices where entries[index].formerBoots[former] == sequence.boot {
          place.behind = 1
          return place
        }
        entries[index].formerBoots[entries[index].restarts % 4] = entries[index].boot
        entries[index].restarts += 1
      }
      entries[index].boot = sequence.boot
      entries[index].number = number
      return place
    }
    guard count < StreamTable.capacity else {
      place.untracked = true
      return place
    }
    entries[count] = Entry(
      stream: stream, id: sequence.stream, sensor: sensor, boot: sequence.boot, number: number)
    count += 1
    return place
  }
}
