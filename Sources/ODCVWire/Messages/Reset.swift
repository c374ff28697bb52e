import COdcvProto

/// Signed with the operator's Ed25519 key over "odcv-reset/1\n" robot_id "\n" operator "\n" latch "\n" nonce.
public struct ResetMessage: Equatable, Sendable {
  public var header: HeaderFields?
  public var operatorID: String?
  /// The latch it clears, as status shows it.
  public var latch: UInt64?
  public var nonce: UInt64?
  /// Ed25519, 64 bytes.
  public var signature: [UInt8]?

  public init(
    header: HeaderFields? = nil, operatorID: String? = nil, latch: UInt64? = nil, nonce: UInt64? = nil,
    signature: [UInt8]? = nil
  ) {
    self.header = header
    self.operatorID = operatorID
    self.latch = latch
    self.nonce = nonce
    self.signature = signature
  }
}

extension ResetMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__reset__init)

  public init(_ c: Odcv__V1__Reset) {
    header = unsafe read(c.header)
    operatorID = unsafe read(c.operator_id)
    latch = unsafe read(c.has_latch, c.latch)
    nonce = unsafe read(c.has_nonce, c.nonce)
    signature = unsafe read(c.has_signature, c.signature)
  }

  public func fill(_ c: inout Odcv__V1__Reset, _ arena: inout Arena) {
    unsafe odcv__v1__reset__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(operatorID, &c.operator_id, &arena)
    unsafe write(latch, &c.has_latch, &c.latch)
    unsafe write(nonce, &c.has_nonce, &c.nonce)
    unsafe write(signature, &c.has_signature, &c.signature, &arena)
  }
}
