import ArgumentParser

/// Something that a person has to put right: what, where, and what to do, in one line.
struct PressureError: Error, CustomStringConvertible {
  var description: String
  var exitCode: PressureExit

  init(_ description: String, exit: PressureExit = .usage) {
    self.description = description
    exitCode = exit
  }
}

/// Exit codes of every odcv command.
enum PressureExit: Int32 {
  case done = 0
  case violations = 1
  case usage = 2
  case incomplete = 3
  case rig = 4
  case nothing = 5

  var code: ExitCode { ExitCode(rawValue) }
}
