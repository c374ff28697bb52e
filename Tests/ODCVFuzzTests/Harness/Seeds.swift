import COdcvProto
import Glibc
import TestSupport
import WireSupport

@testable import ODCVWire

/// The first inputs of a fuzzer: every message of the schema, and sequences in which commands of every kind are let through.
enum Seeds {
  /// Writes them as files below `folder`, in `decode` and `step`.
  static func write(to folder: String, _ cells: [FuzzCell]) throws {
    for (target, inputs) in [("decode", try decode(cells)), ("step", step())] {
      let place = "\(folder)/\(target)"
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST, mkdir(place, 0o777) == 0 || errno == EEXIST else {
        throw FuzzFinding("\(place) can't be made: \(String(cString: strerror(errno)))")
      }
      for (name, bytes) in inputs {
        guard let file = fopen("\(place)/\(name)", "wb") else { throw FuzzFinding("\(place)/\(name) can't be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
      }
    }
  }

  // MARK: - Messages

  static func decode(_ cells: [FuzzCell]) throws(FuzzFinding) -> [(name: String, bytes: [UInt8])] {
    var seeds: [(name: String, bytes: [UInt8])] = []
    for (place, type) in allMessages.enumerated() {
      // Sparse, and with everything there.
      for (number, presence) in [0.4, 1.0].enumerated() {
        var writer = BodyWriter(generator: SeededGenerator(seed: UInt64(place)), presence: presence, arrayLength: 7)
        let body = writer.body(type.schema.descriptor)
        if body.count < 2048 { seeds.append(("message-\(place)-\(number)", [128, UInt8(place)] + body)) }
      }
    }
    for (name, script) in step() where script[0] == 0 || script[0] == UInt8(cells.count - 1) {
      // The first of each kind, and all that differ from the others in length.
      for event in try Script.events(script, in: cells) {
        guard case .message(let endpoint, let topic, let body) = event.kind,
          let bytes = DecodeTarget.bytes(endpoint, topic: topic, body: body, isShipped: script[0] == 0),
          !seeds.contains(where: { $0.bytes.count == bytes.count && $0.bytes.prefix(2) == bytes.prefix(2) })
        else { continue }
        seeds.append(("arrives-\(seeds.count)-\(name)", bytes))
      }
    }
    return seeds
  }

  // MARK: - Sequences

  /// Bytes of `Script`.
  private struct Writer {
    var bytes: [UInt8]

    init(cell: UInt8) { bytes = [cell] }

    mutating func add(_ operation: Script.Operation, wait: UInt8 = 0, _ arguments: [UInt8] = []) {
      bytes += [operation.rawValue, wait] + arguments
    }

    mutating func periods(_ count: UInt8) { add(.period, [count - 1]) }

    /// `numbers` in 1/2048 rad or m, each.
    mutating func action(_ space: UInt8, form: UInt8 = 1, late: Bool = false, _ numbers: [UInt8]) {
      add(.action, [space, 1, form] + (space == 0 || space > 7 ? [] : [4] + numbers))
      if space == 8 { bytes.append(10) }
      bytes += [0, 0, late ? 255 : 0]
    }

    mutating func chunk(_ space: UInt8, form: UInt8 = 2, rows: UInt8, late: Bool = false, _ numbers: [UInt8]) {
      let first = [6] + numbers
      add(.chunk, [space, 1, form, rows, 9, 0, 0, 0, 0] + first + first + [0, late ? 255 : 0])
    }
  }

  static func step() -> [(name: String, bytes: [UInt8])] {
    var seeds: [(String, [UInt8])] = []
    for cell in 0..<UInt8(4) {
      let joints = cell == 3 ? 2 : 7
      for space in 0..<UInt8(11) {
        var writer = Writer(cell: cell)
        writer.periods(8)
        writer.action(space, count(space, joints))
        writer.periods(2)
        writer.action(space, count(space, joints))
        seeds.append(("action-\(cell)-\(space)", writer.bytes))
      }
      for space in 0..<UInt8(7) {
        var writer = Writer(cell: cell)
        writer.periods(8)
        writer.chunk(space, rows: 3, count(space + 1, joints))
        writer.periods(4)
        seeds.append(("chunk-\(cell)-\(space)", writer.bytes))
      }
      seeds += special(cell, joints)
    }
    return seeds
  }

  /// As many numbers as a command in this space takes.
  private static func count(_ space: UInt8, _ joints: Int) -> [UInt8] {
    let count = (1...4).contains(space) ? joints : 4
    return (0..<count).map { UInt8($0 == 0 ? 4 : 0) }
  }

  private static func special(_ cell: UInt8, _ joints: Int) -> [(String, [UInt8])] {
    func script(_ name: String, _ write: (inout Writer) -> Void) -> (String, [UInt8]) {
      var writer = Writer(cell: cell)
      writer.periods(8)
      write(&writer)
      writer.periods(2)
      writer.action(1, count(1, joints))
      return ("\(name)-\(cell)", writer.bytes)
    }
    return [
      script("contact") {
        $0.add(.state, wait: 5, [1, 2, 2, 60, 0])
        $0.periods(3)
        $0.add(.request, [0, 0, 0])
        $0.periods(8)
      },
      script("release") {
        $0.add(.state, wait: 5, [1, 2, 2, 60, 0])
        $0.add(.request, [0, 1, 0])
        $0.action(1, count(1, joints))
      },
      script("crowd") { $0.add(.people, [8, 16, 128, 0, 0, 0]) },
      script("things") { $0.add(.obstacles, [128, 96, 0]) },
      script("crowd-and-chunk") {
        $0.add(.people, [8, 16, 128, 0, 0, 0])
        $0.add(.obstacles, [128, 96, 0])
        $0.chunk(0, rows: 64, (0..<joints).map { UInt8($0) })
      },
      script("near") { $0.add(.people, [1, 4, 40, 0, 0, 0]) },
      script("late-chunk") {
        $0.chunk(0, rows: 2, count(1, joints))
        $0.periods(1)
        $0.chunk(0, rows: 5, late: true, count(1, joints))
        $0.periods(5)
      },
      script("late") { $0.action(1, late: true, count(1, joints)) },
      script("loss") {
        $0.add(.loss, [0, 2])
        $0.add(.overrun, [31])
        $0.add(.restored, [1])
        $0.add(.request, [0, 2, 0])
        $0.add(.again, [0])
      },
      script("signals") {
        $0.add(.signal, [0, 64, 0])
        $0.add(.layout, [1, 0])
        $0.add(.heartbeat, [1, 0])
        $0.add(.wait, wait: 5)
      },
      script("grasped") {
        $0.add(.state, wait: 5, [6, 2, 0, 1, 0])
        $0.action(1, count(1, joints))
      },
      script("layout") {
        // Without its joints, until just before the command.
        $0.add(.layout, [1, 129, 2, 0])
        $0.periods(4)
        $0.add(.layout, [1, 0])
        $0.action(1, count(1, joints))
      },
      script("raw") { $0.add(.raw, [0, 1, 4, 0x10, 1, 0x2A, 0]) },
      script("edited") { $0.add(.state, wait: 5, [0, 129, 1, 3, 0, 2, 130]) },
      script("silence") { $0.add(.wait, wait: 7 + 128) },
    ]
  }
}
