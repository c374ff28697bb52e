import ODCVWire

/// Opening sockets with errors that say whose endpoint it was.
enum Sockets {
  /// A socket connected to `endpoint`; with no endpoint it talks to nobody.
  static func connected(
    _ context: Context, _ kind: SocketKind, _ endpoint: String, as role: String, to kinds: [MessageKind] = [],
    robot: String = ""
  ) throws(SimError) -> Socket {
    do {
      let socket = try Socket(context, kind)
      for kind in kinds { try socket.subscribe(Topic.subscription(kind) + robot) }
      if !endpoint.isEmpty { try socket.connect(endpoint) }
      return socket
    } catch {
      throw SimError("\(role) endpoint \(endpoint): \(error)")
    }
  }

  /// Binds, and says what was bound; nothing for no endpoint.
  static func bind(_ socket: borrowing Socket, _ endpoint: String, as role: String) throws(SimError) -> String {
    guard !endpoint.isEmpty else { return "" }
    do {
      return try socket.bind(endpoint)
    } catch {
      throw SimError("\(role) endpoint \(endpoint): \(error)")
    }
  }
}
