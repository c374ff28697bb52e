import ArgumentParser
import Glibc
import ODCVCore
import ODCVResults

/// What a process of this command ends with.
enum Exit: Int32 {
  case done = 0
  case violations = 1
  case usage = 2
  case incomplete = 3
  case failed = 4
  case nothing = 5
}

/// A reason to end, in one line, with its exit status.
struct Stop: Error, CustomStringConvertible {
  var exit: Exit
  var description: String

  init(_ exit: Exit, _ description: String) {
    self.exit = exit
    self.description = description
  }

  /// Nothing is at the path of a file that a command makes; a link to nothing is something, too.
  static func unlessNew(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) != 0 else { throw Stop(.usage, "\(path): exists already; name another file with --out") }
  }
}

@main
struct OdcvMonitor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "odcv-monitor",
    abstract: "Watches a robot arm that a learned controller drives, and can hold back what would break its limits.",
    discussion: "Not a certified safety function: the category 0/1/2 stop stays in the robot.",
    version: "odcv-monitor \(Versions.odcv)",
    subcommands: [
      Run.self, Check.self, Explain.self, Slice.self, Replay.self, Verify.self, CheckpointCommand.self, WitnessCommand.self, Strip.self,
      Recover.self, CheckConfig.self, Status.self, Alarms.self, Keygen.self,
      Kinematics.self, DynamicsCommand.self, Standard.self, Clearance.self, Sweep.self, Model.self, Rules.self, SelfTestCommand.self, Doctor.self,
    ])

  private static func end(_ stop: Stop) -> Never {
    if !stop.description.isEmpty { say("odcv-monitor: \(stop.description)") }
    Glibc.exit(stop.exit.rawValue)
  }

  /// As ParsableCommand's, with the exit statuses of this command line: 2 for usage, 4 for what nobody expected.
  static func main() {
    do {
      guard Kernel.best != nil else { throw Stop(.failed, Kernel.unsupported) }
      var command = try parseAsRoot()
      try command.run()
    } catch let stop as Stop {
      end(stop)
    } catch let error as ResultFileError {
      end(Stop(error))
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let text = fullMessage(for: error)
      switch exitCode(for: error) {
      case .success:
        tell(text)
        Glibc.exit(Exit.done.rawValue)
      case .validationFailure:
        say(text)
        Glibc.exit(Exit.usage.rawValue)
      default:
        say(text)
        Glibc.exit(Exit.failed.rawValue)
      }
    }
  }
}
