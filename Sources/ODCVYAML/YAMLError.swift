/// What is wrong with a file, where, and what to do about it; one line.
public struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// As the user can open it.
  public var file: String
  /// From 1; `nil` when the file as a whole is meant.
  public var line: Int?
  public var problem: String
  public var remedy: String

  public init(file: String, line: Int?, problem: String, remedy: String) {
    self.file = file
    self.line = line
    self.problem = problem
    self.remedy = remedy
  }

  /// `file:line: problem; remedy`
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return "\(place): \(problem); \(remedy)".replacing("\n", with: " ")
  }
}
