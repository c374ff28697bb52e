import COdcvProto

/// Signed with the operator's Ed25519 key over "odcv-release/1\n" robot_id "\n" operator "\n" number "\n" nonce.
public struct ReleaseMessage: Equatable, Sendable {
  public var header: HeaderFields?
  public var operatorID: String?
  /// Greater than that of every order before it in this run.
  public var number: UInt64?
  public var nonce: UInt64?
  /// Ed25519, 64 bytes.
  public var signature: [UInt8]?

  public init(
    header: HeaderFields? = nil, operatorID: String? = nil, number: UInt64? = nil, nonce: UInt64? = nil,
    signature: [UInt8]? = nil
  ) {
    self.header = header
    self.operatorID = operatorID
    self.number = number
    self.nonce = nonce
    self.signature = signature
  }
}

extension ReleaseMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__release__init)

  public init(_ c: Odcv__V1__Release) {
    header = unsafe read(c.header)
    operatorID = unsafe read(c.operator_id)
    number = unsafe read(c.has_number, c.number)
    nonce = unsafe read(c.has_nonce, c.nonce)
    signature = unsafe read(c.has_signature, c.signature)
  }

  public func fill(_ c: inout Odcv__V1__Release, _ arena: inout Arena) {
    unsafe odcv__v1__release__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(operatorID, &c.operator_id, &arena)
    unsafe write(number, &c.has_number, &c.number)
    unsafe write(nonce, &c.has_nonce, &c.nonce)
    unsafe write(signature, &c.has_signature, &c.signature, &arena)
  }
}
