/// Who listens on an XPUB socket to one topic, by what the socket receives.
///
/// Such a socket hears of the first subscription to a prefix and of the end of the last one to it.
public struct Subscribers: Sendable {
  private let topic: [UInt8]
  private var prefixes: Set<[UInt8]> = []

  /// - Parameter topic: whole, as it is sent
  public init(to topic: [UInt8]) { self.topic = topic }

  /// Nobody would get what is sent on the topic.
  public var isEmpty: Bool { prefixes.isEmpty }

  /// Takes what the socket received; what is no subscription, or is to something else, changes nothing.
  public mutating func take(_ frames: borrowing Frames) {
    guard frames.count == 1 else { return }
    let frame = frames.bytes(0)
    guard let first = frame.first, first <= 1, topic.starts(with: frame.dropFirst()) else { return }
    let prefix = Array(frame.dropFirst())
    if first == 1 { prefixes.insert(prefix) } else { prefixes.remove(prefix) }
  }
}
