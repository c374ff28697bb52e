import COdcvProto

/// A condition of the cell, or an event in it: a door, a scanner, a scale, an acknowledging button.
public struct SignalMessage: Equatable, Sendable {
  public var header: HeaderFields?
  /// As the cell declares it.
  public var name: String?
  /// Above 0: set. An event is a value that rises.
  public var value: Double?

  public init(header: HeaderFields? = nil, name: String? = nil, value: Double? = nil) {
    self.header = header
    self.name = name
    self.value = value
  }
}

extension SignalMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__signal__init)

  public init(_ c: Odcv__V1__Signal) {
    header = unsafe read(c.header)
    name = unsafe read(c.name)
    value = unsafe read(c.has_value, c.value)
  }

  public func fill(_ c: inout Odcv__V1__Signal, _ arena: inout Arena) {
    unsafe odcv__v1__signal__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(name, &c.name, &arena)
    unsafe write(value, &c.has_value, &c.value)
  }
}
