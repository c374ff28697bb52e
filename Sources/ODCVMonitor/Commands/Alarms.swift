import ArgumentParser
import ODCVCodec
import ODCVWire

/// What stands, and clearing a latch.
struct Alarms: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what is in alarm; as an operator, reset a latch or order a release motion.", subcommands: [List.self, ResetLatch.self, Release.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what is in alarm now, and the latch with what caused it.")

    @OptionGroup var control: ControlOptions

    @Flag(help: "One JSON line.")
    var json = false

    func run() throws {
      let status = try Status.ask(control.resolved())
      if json {
        tell(Status.json(status).line)
        return
      }
      tell((status.latch ?? 0) == 0 ? "no latch" : "\(Status.latched(status)); until an operator resets it")
      tell(status.alarms.isEmpty ? "nothing is in alarm" : "in alarm now:")
      for alarm in status.alarms { tell("  \(Status.standing(alarm))") }
      tell("now: \(status.outcome ?? "nothing judged"), decision \(status.decision ?? "?")")
    }
  }

  struct ResetLatch: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reset", abstract: "Clear the latch, signed with an operator's key.")

    @OptionGroup var control: ControlOptions

    @Option(help: "The operator's private key, as `keygen` wrote it.")
    var key: String

    @Option(help: "The latch to clear, as `alarms list` shows it; the one in force when not given.")
    var latch: UInt64?

    func run() throws {
      let key = try OperatorKey.load(key)
      let endpoint = try control.resolved()
      let status = try Status.ask(endpoint)
      let latch = latch ?? status.latch ?? 0
      guard latch != 0 else { throw Stop(.nothing, "there is no latch to clear") }
      guard let nonce = status.resetNonce else {
        throw Stop(.failed, "the daemon's status names no reset nonce; it is of another version than this command")
      }
      let robot = status.robotID ?? ""
      let message = ResetSigning.message(robot: robot, operator: key.name, latch: latch, nonce: nonce)
      let reset = ResetMessage(
        header: HeaderFields(robotID: robot), operatorID: key.name, latch: latch, nonce: nonce,
        signature: try key.signature(of: message))
      let ack = try ControlClient.ask(endpoint, RequestMessage(reset: reset))
      guard ack.ok == true else { throw Stop(.failed, "the daemon refused: \(ack.error ?? "no reason given")") }
      tell("latch #\(latch) is cleared")
    }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let the arm move out a little, slowly, although somebody is too near or touched; signed with an operator's key.")

    @OptionGroup var control: ControlOptions

    @Option(help: "The operator's private key, as `keygen` wrote it.")
    var key: String

    func run() throws {
      let key = try OperatorKey.load(key)
      let endpoint = try control.resolved()
      let status = try Status.ask(endpoint)
      guard let nonce = status.resetNonce else {
        throw Stop(.failed, "the daemon's status names no reset nonce; it is of another version than this command")
      }
      let robot = status.robotID ?? ""
      // Only greater numbers are taken; the wall clock grows without anyone keeping count.
      let number = UInt64(realtimeNow())
      let message = ReleaseSigning.message(robot: robot, operator: key.name, number: number, nonce: nonce)
      let release = ReleaseMessage(
        header: HeaderFields(robotID: robot), operatorID: key.name, number: number, nonce: nonce,
        signature: try key.signature(of: message))
      let ack = try ControlClient.ask(endpoint, RequestMessage(release: release))
      guard ack.ok == true else { throw Stop(.failed, "the daemon refused: \(ack.error ?? "no reason given")") }
      guard try Status.ask(endpoint).release == number else {
        throw Stop(.failed, "the order was not taken: there is no fresh state of the arm; bring the driver back")
      }
      tell("release motion ordered: command the arm out now, within the limits of motion.release")
    }
  }
}
