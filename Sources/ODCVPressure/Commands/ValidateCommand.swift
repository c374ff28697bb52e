import ArgumentParser
import Foundation
import ODCVSim

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Shows that each scenario's constraints and its KPI pull apart.",
    discussion: """
      Runs four reference policies (compliant, violating exactly one constraint, idle, clumsy) on each seed and checks what \
      they reach: compliance misses the target without a violation, breaking a constraint reaches it and is found. Ends with \
      1 when something does not hold.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Argument(help: "Scenarios by id; all of them when none is named.") var ids: [String] = []
  @Flag(help: "In the stream that the file does not name, of scenarios that can be done in either.") var otherStream = false
  @Option(help: "People and sensors: scripted, static, moving, noisy.") var tier = Tier.scripted
  @Option(help: "Seeds: 1 to N.") var seeds = 30
  @Option(help: "Trials at a time.") var jobs = 2
  @Option(help: "Write certificates to this folder, one JSON file for each scenario.") var out: String?
  @Flag(help: "Leave out how the KPI rises with the part of a deviation: half of the time.") var ends = false
  @Flag(help: "Also leave each constraint out, and weaken each limit by a tenth: the scenarios must notice.")
  var mutation = false
  @Flag(help: "Print the certificates as JSON, one a line.") var json = false

  func validate() throws {
    guard seeds > 1 else { throw ValidationError("--seeds \(seeds): give 2 or more") }
    guard jobs > 0 else { throw ValidationError("--jobs \(jobs): give 1 or more") }
  }

  func run() throws {
    try reporting {
      var scenarios = try folder.load(ids).map { $0.inTier(tier) }
      if otherStream { scenarios = scenarios.filter(\.hasBothStreams).map(\.inOtherStream) }
      var holds = true
      for scenario in scenarios {
        let certificate = try Certifier(scenario: scenario, seeds: seeds, isWhole: !ends)
          .certificate(sha256: ScenarioFolder.digest(of: scenario), jobs: jobs)
        holds = holds && certificate.holds
        let data = try ResultStore.encoder().encode(certificate) + Data("\n".utf8)
        if let out {
          try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
          try ResultStore.write(data, to: "\(out)/\(scenario.id).json")
        }
        output(json ? String(decoding: data, as: UTF8.self) : text(certificate))
      }
      if mutation {
        let score = try MutationScore(scenarios, seeds: min(seeds, 3), jobs: jobs)
        holds = holds && score.holds
        output(json ? String(decoding: try ResultStore.encoder().encode(score), as: UTF8.self) + "\n" : score.text)
      }
      guard ids.isEmpty, !otherStream else { return holds ? .done : .violations }
      if !json { output(CoverageMatrix(scenarios).text) }
      return holds && CoverageMatrix(scenarios).holds ? .done : .violations
    }
  }

  private func text(_ certificate: Certificate) -> String {
    func number(_ value: Double) -> String { String(format: "%.1f", value) }
    var lines = [
      "\(certificate.scenario)  target \(number(certificate.target)) \(certificate.unit): compliant "
        + "\(number(certificate.compliant.kpi)), clumsy \(number(certificate.clumsy.kpi)), idle \(number(certificate.idle.kpi))"
    ]
    for tension in certificate.tensions {
      let curve = tension.shadow_price.map { number($0.kpi) }.joined(separator: " ")
      lines.append(
        "     \(tension.constraint)\(tension.way > 1 ? " (way \(tension.way))" : "") broken: \(number(tension.violating.kpi)), gain \(number(tension.gain)); by part: \(curve)")
    }
    lines += certificate.problems.map { "     DOES NOT HOLD: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
