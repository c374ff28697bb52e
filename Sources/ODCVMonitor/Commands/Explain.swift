import ArgumentParser
import ODCVEvidence
import ODCVResults

/// Says in words what one verdict was about, and draws it.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say in plain words what a violation was, why it is one, and what led to it; and draw it.",
    discussion: """
      `explain 12` explains record 12 of the violation log in ./evidence; `explain 12 --evidence DIR` of another. \
      `explain --index 6501 REC.mcap` explains any input of a recording. The recording is judged again up to there. Ends with 0, \
      with 1 when the violation log fails verification, with 3 when the recording lacks inputs before it or its live verdict was \
      another one.
      """)

  @Argument(help: "The violation's sequence in the log, as alarms and `verify` count; with --index, the input's arrival index.")
  var sequence: UInt64

  @Argument(help: "The recording; the one of the log's own run when not given.")
  var recording: String?

  @Flag(help: "The number is an arrival index of the recording, as `check` names inputs.")
  var index = false

  @Option(help: "The evidence directory; ./evidence, or the one that holds the recording, when not given.")
  var evidence: String?

  @Option(help: "File for a picture of arm, obstacles and people at that instant, as SVG.")
  var svg: String?

  @Flag(help: "One JSON line.")
  var json = false

  func run() throws {
    let picture = try resultFile("--svg", svg, .svg)
    try ResultFile.require([picture])
    let event = try LoggedEvent.find(sequence, isIndex: index, recording: recording, evidence: evidence)
    let explanation = try Explanation.gather(event)
    if json { tell(explanation.json.line) } else { ExplanationText.lines(explanation).forEach(tell) }
    try picture?.write(ScenePicture.svg(explanation))
    if event.logFailure != nil { throw Stop(.violations, "") }
    switch explanation.stored {
    case .different: throw Stop(.incomplete, "")
    case .none, .same: if !explanation.gaps.isEmpty { throw Stop(.incomplete, "") }
    }
  }
}
