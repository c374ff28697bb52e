// A driver without an arm, on ODCVDriver; see driver.md.
import Glibc
import ODCVDriver
import ODCVWire

func now() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

func bytes(_ hex: Substring) -> [UInt8] {
  stride(from: 0, to: hex.utf8.count, by: 2).map {
    let start = hex.index(hex.startIndex, offsetBy: $0)
    return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)!
  }
}

func answer() {
  var lease = Lease(robot: "panda")
  while let line = readLine() {
    let words = line.split(separator: " ")
    switch words[0] {
    case "new": lease = Lease(robot: "panda")
    case "settle": print(lease.settle(isDrained: words[2] == "1", at: Int64(words[1])!) ? "go" : "hold")
    default:
      let parts = [bytes(words[2]), words.count > 3 ? bytes(words[3]) : []]
      print(lease.hear(parts, at: Int64(words[1])!) == nil ? "leave" : "take")
    }
  }
}

func run(_ endpoint: String) throws {
  let context = try Context()
  var gated = try LeaseSocket(context, endpoint, robot: "panda")
  var moved: Bool?
  for _ in 0..<100_000 {
    let mayMove = try gated.poll { action in
      let hex = action.encoded().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      say("take \(hex) \(now())")
    }
    if mayMove != moved { say("\(mayMove ? "go" : "hold") \(now())") }
    moved = mayMove
    usleep(2000)
  }
}

if CommandLine.arguments.count > 1 { try run(CommandLine.arguments[1]) } else { answer() }
