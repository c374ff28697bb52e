import ODCVWire

/// Proof that an arm is a simulated one: nobody else answers a fresh random word on the simulator's truth endpoint with
/// what it just said of its arm.
///
/// Whoever asks subscribes there to `odcv/2/proof/<nonce>`, a nonce of 16 to 64 lower-case hexadecimal digits. The
/// simulator answers once, on that very topic, with a `Heartbeat` whose header is that of the state it sent last. Whoever
/// then hears a state with this boot id and about this number on a monitor's side knows that it is this simulator's.
public struct SimulatorProof: Equatable, Sendable {
  /// Of the simulator's states.
  public let bootID: UInt64
  /// Of the state that was sent last when it answered.
  public let sequence: UInt64

  public init(bootID: UInt64, sequence: UInt64) {
    self.bootID = bootID
    self.sequence = sequence
  }

  static let prefix = "odcv/2/proof/"
  private static let nonceDigits = 16...64

  /// Asks the simulator at `truth` for proof that it moves `robot`.
  ///
  /// - Returns: `nil` when no proof comes in time, or one for another robot.
  /// - Throws: when the endpoint is no endpoint.
  public static func ask(
    _ context: Context, truth: String, robot: String, within time: Duration
  ) throws(SimError) -> SimulatorProof? {
    var random = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    let topic = prefix + String((0..<32).map { _ in digits.randomElement(using: &random)! })
    do {
      let socket = try Socket(context, .sub)
      try socket.subscribe(topic)
      try socket.connect(truth)
      var frames = Frames()
      let end = ContinuousClock.now + time
      while true {
        let left = end - ContinuousClock.now
        guard left > .zero else { return nil }
        let milliseconds = Int(left / .milliseconds(1)) + 1
        guard try socket.receive(into: &frames, timeoutMilliseconds: milliseconds) else { continue }
        // A subscription takes longer topics too: only this very one answers.
        guard frames.count == 2, frames.bytes(0) == Array(topic.utf8) else { continue }
        return SimulatorProof(frames.bytes(1), robot: robot)
      }
    } catch {
      throw SimError("truth endpoint \(truth): \(error)")
    }
  }

  private init?(_ body: [UInt8], robot: String) {
    guard let header = (try? HeartbeatMessage(decoding: body))?.header, header.robotID == robot,
      let bootID = header.bootID, let sequence = header.sequence
    else { return nil }
    self.bootID = bootID
    self.sequence = sequence
  }

  /// The topic that somebody subscribed to, if that asks for proof; `nil` for any other frame of an XPUB socket.
  static func topic(ofSubscription frame: UnsafeRawBufferPointer) -> [UInt8]? {
    guard frame.count <= 1 + prefix.utf8.count + nonceDigits.upperBound, frame.first == 1 else { return nil }
    let topic = frame.dropFirst()
    let nonce = topic.dropFirst(prefix.utf8.count)
    guard topic.starts(with: prefix.utf8), nonceDigits.contains(nonce.count), nonce.allSatisfy(isDigit) else { return nil }
    return Array(topic)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
