/// What an SRDF file says about collisions.
public struct CollisionMatrix: Equatable, Sendable {
  /// A pair of links whose collision the file's author does not want checked.
  public struct Disabled: Equatable, Sendable {
    public var first: String
    public var second: String
    /// As the file says: `Adjacent`, `Never`, `Default`, `User` ...; empty when it says none.
    public var reason: String
    public var line: Int
  }

  public var file: String
  public var disabled: [Disabled]
  /// What is passed over, in words.
  public var notes: [String]

  /// The entry for a pair of links, in either order.
  public func entry(_ first: String, _ second: String) -> Disabled? {
    disabled.first { ($0.first == first && $0.second == second) || ($0.first == second && $0.second == first) }
  }
}

/// Reads the disabled collision pairs of an SRDF file. Groups, states and end effectors are passed over.
public enum SRDFReader {
  public static func load(path: String, robot: RobotDescription) throws(ImportError) -> CollisionMatrix {
    try read(SourceFile.bytes(path: path), file: path, robot: robot)
  }

  public static func read(_ bytes: [UInt8], file: String, robot: RobotDescription) throws(ImportError) -> CollisionMatrix {
    let top = try MarkupElement.read(bytes, file: file, root: "robot")
    if let link = top.first("link") {
      throw ImportError(
        file: file, line: link.line, problem: "it describes links, so it is a URDF and no SRDF", remedy: "name the SRDF with --srdf")
    }
    var matrix = CollisionMatrix(file: file, disabled: [], notes: [])
    if let name = top.attributes["name"], name != robot.name {
      matrix.notes.append("\(file) is for the robot `\(name)`, and the URDF describes `\(robot.name)`")
    }
    for element in top.children {
      switch element.name {
      case "disable_collisions":
        guard let first = element.attributes["link1"], let second = element.attributes["link2"] else {
          throw ImportError(
            file: file, line: element.line, problem: "a disabled pair without `link1` and `link2`",
            remedy: "name both links")
        }
        guard first != second else {
          throw ImportError(
            file: file, line: element.line, subject: "link `\(first)`", problem: "it is paired with itself",
            remedy: "name two links")
        }
        let unknown = [first, second].filter { robot.link(named: $0) == nil }
        guard unknown.isEmpty else {
          matrix.notes.append(
            "\(file):\(element.line): a disabled pair names \(unknown.map { "`\($0)`" }.joined(separator: " and "))"
              + ", no link of this robot; it is passed over")
          continue
        }
        if matrix.entry(first, second) != nil { continue }
        matrix.disabled.append(
          .init(first: first, second: second, reason: element.attributes["reason"] ?? "", line: element.line))
      case "disable_default_collisions", "enable_collisions":
        matrix.notes.append("\(file):\(element.line): <\(element.name)> is passed over: the pairs stay checked")
      default: continue
      }
    }
    return matrix
  }
}
