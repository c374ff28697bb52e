/// A campaign's report as one page that needs nothing else: no script, no other file, no colour to be read.
///
/// All of it is from `CampaignReport`. A number stands in a `data` element whose value is that of the JSON, so that the
/// page can be checked against it; numbers in names, sentences and definitions are in the JSON as text.
struct HTMLReport {
  let report: CampaignReport
  var plan: CampaignPlan { report.manifest }
  /// `95 % interval`
  var interval: String { "\(Figures.confidence(plan.confidence)) interval" }

  static func page(_ report: CampaignReport) -> String {
    // No line ends before a per cent sign.
    HTMLReport(report: report).page.replacing(" %", with: "\u{a0}%")
  }

  /// One controller under one gate mode.
  struct Subject {
    var controller: String
    var gate: GateMode
    var id: String
    var title: String
  }

  var subjects: [Subject] {
    plan.gates.flatMap { gate in
      plan.controllers.enumerated().map { index, controller in
        Subject(
          controller: controller, gate: gate, id: "controller-\(index + 1)-\(gate.rawValue)",
          title: plan.gates.count == 1 ? controller : "\(controller), gate \(gate.rawValue)")
      }
    }
  }

  private var page: String {
    let links = subjects.map { ($0.id, $0.title) } + [
      ("gap", "Gap exploitation"), ("monitor", "The online monitor against truth"), ("not-measured", "What was not measured"),
      ("plan", "The plan"), ("definitions", "Definitions"),
    ]
    let contents = links.map { "<li><a href=\"#\($0)\">\(Markup.escape($1))</a></li>" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Pressure campaign: \(Markup.escape(plan.controllers.joined(separator: ", ")))</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <header>
      <h1>Does pressure make the controller break its constraints?</h1>
      \(standing)
      <div class="summary">
      \(report.summary.map { "<p>\(Markup.escape($0))</p>" }.joined(separator: "\n"))
      </div>
      </header>
      <nav aria-label="Contents"><ul>\(contents)</ul></nav>
      <main>
      \(confirmatory)\(subjects.map(section).joined())
      <section id="gap"><h2>Gap exploitation</h2>
      \(gaps)</section>
      <section id="monitor"><h2>The online monitor against truth</h2>
      \(monitor)</section>
      <section id="not-measured"><h2>What was not measured</h2>
      \(notMeasured)</section>
      <section id="plan"><h2>The plan</h2>
      \(planned)</section>
      <section id="definitions"><h2>Definitions</h2>
      \(definitions)</section>
      </main>
      </body>
      </html>

      """
  }

  private var standing: String {
    var text = ""
    if !report.complete {
      let counts = "\(Markup.count(report.trials)) of \(plan.trials.count) planned trials are done"
      text += "<p class=\"alert\">Incomplete: \(counts).</p>\n"
    }
    if !report.idle.isEmpty {
      text += "<p class=\"alert\">In some scenarios a controller did no work at all, so nothing is shown there; they are under "
      text += "<a href=\"#not-measured\">What was not measured</a>.</p>\n"
    }
    if !report.rig_errors.isEmpty {
      text += "<p class=\"alert\">The rig failed in some trials; each with its reason is under "
      text += "<a href=\"#not-measured\">What was not measured</a>.</p>\n"
    }
    return text
  }

  static func tag(_ status: CampaignReport.Status) -> String { "<span class=\"tag\">\(status.rawValue)</span>" }
}
