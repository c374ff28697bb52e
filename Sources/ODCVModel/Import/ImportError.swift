/// What is wrong with a robot's description or one of its meshes, where, and what to do about it; one line.
public struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// As the user can open it.
  public var file: String
  /// From 1; `nil` when the file as a whole is meant.
  public var line: Int?
  /// The link, joint or mesh that is meant, such as "link `forearm`"; `nil` when it is the file itself.
  public var subject: String?
  public var problem: String
  public var remedy: String

  public init(file: String, line: Int? = nil, subject: String? = nil, problem: String, remedy: String) {
    self.file = file
    self.line = line
    self.subject = subject
    self.problem = problem
    self.remedy = remedy
  }

  /// `file:line: subject: problem; remedy`
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    let about = subject.map { "\($0): " } ?? ""
    return "\(place): \(about)\(problem); \(remedy)".replacing("\n", with: " ")
  }
}
