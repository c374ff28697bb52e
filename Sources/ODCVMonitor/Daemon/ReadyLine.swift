import Glibc
import ODCVConfig

/// The one line that says that every endpoint is bound, and where: of one arm, or of all in `arms`.
struct ReadyLine {
  let text: String

  init(_ fleet: Fleet, _ arms: [ArmService], _ ready: [Ready]) {
    let settings = fleet.loops.flatMap { loop in loop.arms.map { _ in loop.realtime } }
    let fields = arms.indices.map { ReadyLine.fields(arms[$0], ready[$0], settings[$0]) }
    let process: [(String, JSON)] = [("pid", .integer(Int64(getpid())))]
    let first: [(String, JSON)] = [("ready", .bool(true))]
    text = JSON.object(
      first + (arms.count == 1 ? fields[0] : [("arms", .array(fields.map { .object($0) }))]) + process
    ).line
  }

  private static func fields(_ arm: ArmService, _ ready: Ready, _ realtime: RealtimeSettings) -> [(String, JSON)] {
    [
      ("robot", .string(arm.loaded.robotID)), ("mode", .string(arm.loaded.mode.rawValue)),
      ("endpoints", .object(ready.bound.map { ($0.endpoint.rawValue, .string($0.address)) })),
      (
        "realtime",
        .object([
          ("mode", .string(realtime.mode.rawValue)), ("fifo", .bool(ready.grant.scheduled)),
          ("core", ready.grant.core.map { .integer(Int64($0)) } ?? .null), ("locked", .bool(ready.grant.locked)),
          ("receive", .string(ready.grant.isBusy ? "busy" : "blocking")),
          ("refused", .array(ready.grant.refused.map { .string($0) })),
        ])
      ),
      ("recording", .string(arm.directory.recording)), ("violations", .string(arm.directory.violations)),
      ("configuration_sha256", .string(Words.hex(arm.loaded.core.digest))),
    ]
  }
}
