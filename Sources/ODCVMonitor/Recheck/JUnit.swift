import ODCVCore

/// A check as JUnit XML: one suite a recording, one case a rule.
enum JUnit {
  static func document(_ results: [CheckResult], failOnPossible: Bool) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
    for result in results {
      text += "  <testsuite name=\"\(escape(result.path))\" tests=\"\(RuleID.allCases.count)\">\n"
      for rule in RuleID.allCases {
        let line = result.tally[rule]
        text += "    <testcase classname=\"odcv\" name=\"\(rule.name)\">"
        if line.certain > 0 || (failOnPossible && line.possible > 0) {
          let margin = line.worst.map { Words.rounded($0.finding.margin.lower) } ?? "?"
          text +=
            "<failure message=\"\(line.certain) certain, \(line.possible) possible; worst margin \(margin) \(rule.unit)\"/>"
        } else if line.unknown > 0 {
          text += "<error message=\"\(line.unknown) times unknown\"/>"
        } else if line.evaluated == 0 {
          text += "<skipped message=\"\(escape(line.notApplicable > 0 ? result.absences[rule.place] : "never evaluated"))\"/>"
        }
        text += "</testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
