import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import WireSupport

/// Any bytes, as a message that arrives on an endpoint or as one that a tool reads: taken whole, or refused.
struct DecodeTarget: ~Copyable {
  /// A shipped cell and the one that declares everything: what the others know, these know.
  private let shipped: FuzzCell
  private let everything: FuzzCell
  private var shippedDecoder: Decoder
  private var everythingDecoder: Decoder
  private let plant: Plant?

  init(_ cells: [FuzzCell], plant: Plant? = nil) {
    shipped = cells[0]
    everything = cells[cells.count - 1]
    shippedDecoder = Decoder(shipped.loaded, resetNonce: FuzzCell.nonce)
    everythingDecoder = Decoder(everything.loaded, resetNonce: FuzzCell.nonce)
    self.plant = plant
  }

  /// The first byte says what the rest is: a message for an endpoint, with its topic, or one of the schema.
  mutating func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    var reader = ByteReader(bytes)
    let choice = reader.byte()
    if choice < 128 {
      let endpoint = Endpoint.allCases[Int(choice % 64) % Endpoint.allCases.count]
      let isShipped = choice < 64
      let cell = isShipped ? shipped : everything
      let topic = topic(&reader, cell.loaded.robotID)
      let body = reader.rest()
      let input = isShipped
        ? shippedDecoder.decode(endpoint: endpoint, topic: topic, body: body)
        : everythingDecoder.decode(endpoint: endpoint, topic: topic, body: body)
      try check(input, cell, endpoint, body)
    } else {
      let type = allMessages[reader.index(allMessages.count)]
      try read(type, reader.rest())
    }
  }

  /// The bytes of which `run` makes this message, in the shipped cell or the other; `nil` when its topic is none of ours.
  static func bytes(_ endpoint: Endpoint, topic: [UInt8], body: [UInt8], isShipped: Bool) -> [UInt8]? {
    let place = UInt8(Endpoint.allCases.firstIndex(of: endpoint)!) + (isShipped ? 0 : 64)
    if topic.isEmpty { return [place, 15, 0] + body }
    guard let kind = Topic.parse(topic)?.kind else { return nil }
    return [place, UInt8(MessageKind.allCases.firstIndex(of: kind)!)] + body
  }

  /// A good one, or other bytes.
  private func topic(_ reader: inout ByteReader, _ robot: String) -> [UInt8] {
    let kind = reader.index(16)
    guard kind >= MessageKind.allCases.count else { return Topic.bytes(MessageKind.allCases[kind], robot: robot) }
    return reader.take(reader.index(96))
  }

  private func check(
    _ input: Input, _ cell: FuzzCell, _ endpoint: Endpoint, _ body: [UInt8]
  ) throws(FuzzFinding) {
    if plant == .trap, case .action(let action) = input, case .jointPosition(let target) = action.command {
      precondition(target[0] <= 0.5, "planted")
    }
    guard input.isFinite(joints: cell.core.robot.joints.count) else {
      throw FuzzFinding("\(endpoint): \(input.name) with a number that is not finite, or too few of them")
    }
    let isStatus = body.withUnsafeBytes { Decoder.isStatusRequest($0) }
    guard endpoint == .control, isStatus else { return }
    guard case .noted(.control) = input else { throw FuzzFinding("a status request is taken for \(input.name)") }
  }

  /// What is read is within the bounds, and what it is written as reads as the same.
  private func read<Message: WireMessage>(_ type: Message.Type, _ body: [UInt8]) throws(FuzzFinding) {
    let refusal = body.withUnsafeBytes { MessageBounds.refusal(of: Message.schema, in: $0) }
    let message = try? Message(decoding: body)
    guard (refusal == nil) == (message != nil) else {
      throw FuzzFinding("\(Message.schema.name): the bounds and the decoder disagree")
    }
    guard let message else { return }
    let once = message.encoded()
    guard once.count <= MessageBounds.messageBytes else { return }
    guard let again = try? Message(decoding: once), again.encoded() == once else {
      throw FuzzFinding("\(Message.schema.name) reads as another message after it was written")
    }
  }
}
