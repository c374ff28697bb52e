/// Results as JUnit XML, in the schema that CI servers share.
///
/// A failure says that what was tested is not so, an error that it could not be told: the rig or the data is to blame. What is skipped
/// does not apply.
public struct JUnitDocument: Sendable {
  /// What a case came to, and why in one line.
  public enum Outcome: Sendable {
    case passed
    case failure(String)
    case error(String)
    case skipped(String)
  }

  public struct Case: Sendable {
    let group: String
    let name: String
    let outcome: Outcome

    /// - Parameter group: What servers sort cases by, as `a.b`.
    public init(_ group: String, _ name: String, _ outcome: Outcome) {
      (self.group, self.name, self.outcome) = (group, name, outcome)
    }
  }

  public struct Suite: Sendable {
    let name: String
    let seconds: String?
    let properties: [(name: String, value: String)]
    let cases: [Case]

    /// - Parameter seconds: How long what was tested took, s, as it is to be written.
    public init(_ name: String, seconds: String? = nil, properties: [(name: String, value: String)] = [], cases: [Case]) {
      (self.name, self.seconds, self.properties, self.cases) = (name, seconds, properties, cases)
    }
  }

  /// Every document begins with this.
  public static let kind = ResultFile.Kind(startingWith: head)
  private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"

  private let name: String
  private let suites: [Suite]

  /// - Parameter name: Of the command that made it.
  public init(_ name: String, _ suites: [Suite]) {
    self.name = name
    self.suites = suites
  }

  public var text: String {
    let counts = Counts(suites.flatMap(\.cases))
    return "\(Self.head) name=\"\(escape(name))\" \(counts.attributes)>\n\(suites.map(\.element).joined())</testsuites>\n"
  }
}

private struct Counts {
  private var failures = 0
  private var errors = 0
  private var skipped = 0
  private let tests: Int

  init(_ cases: [JUnitDocument.Case]) {
    tests = cases.count
    for item in cases {
      switch item.outcome {
      case .passed: break
      case .failure: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
  }

  var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\"" }
}

extension JUnitDocument.Suite {
  fileprivate var element: String {
    let time = seconds.map { " time=\"\($0)\"" } ?? ""
    let lines = properties.map { "      <property name=\"\(escape($0.name))\" value=\"\(escape($0.value))\"/>\n" }
    let list = lines.isEmpty ? "" : "    <properties>\n\(lines.joined())    </properties>\n"
    return "  <testsuite name=\"\(escape(name))\" \(Counts(cases).attributes)\(time)>\n"
      + "\(list)\(cases.map(\.element).joined())  </testsuite>\n"
  }
}

extension JUnitDocument.Case {
  fileprivate var element: String {
    let body =
      switch outcome {
      case .passed: ""
      case .failure(let text): "<failure type=\"violation\" message=\"\(escape(text))\"/>"
      case .error(let text): "<error type=\"data\" message=\"\(escape(text))\"/>"
      case .skipped(let text): "<skipped message=\"\(escape(text))\"/>"
      }
    return "    <testcase classname=\"\(escape(group))\" name=\"\(escape(name))\">\(body)</testcase>\n"
  }
}

/// As an attribute's value, in which a line's end would become a space.
private func escape(_ text: String) -> String { XMLText.escape(text.split(separator: "\n").joined(separator: "; ")) }
