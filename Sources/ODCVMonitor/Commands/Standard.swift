import ArgumentParser
import ODCVConfig
import ODCVCore

/// What the standards' formulas give for numbers on standard input, as the rules compute them.
struct Standard: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute distances and contact limits by the formulas of ISO/TS 15066 and ISO 13855.",
    subcommands: [Separation.self, ContactLimits.self, Approach.self])

  struct Separation: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Separation distance S_p for constant speeds and a constant deceleration.",
      discussion: """
        A CSV line of v_h, v_r (m/s), T_r, T_s (s), C, Z_d, Z_r (m); a JSON line each: {\"human\": S_h, \"reaction\": S_r, \
        \"stopping\": S_s, \"total\": S_p}, m.
        """)

    func run() throws {
      try forEachNumbers(7) { n in
        let distance = SeparationDistance(
          humanSpeed: n[0], robotSpeed: n[1], reactionTime: n[2], stoppingTime: n[3], intrusion: n[4],
          personUncertainty: n[5], robotUncertainty: n[6])
        tell(
          JSON.object([
            ("human", .number(distance.human)), ("reaction", .number(distance.reaction)),
            ("stopping", .number(distance.stopping)), ("total", .number(distance.total)),
          ]).line)
      }
    }
  }

  struct ContactLimits: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "contact", abstract: "What each region of the body bears of an arm, by a table file.",
      discussion: """
        A CSV line of the arm's effective mass m_R (kg) and the contact area (m2); a JSON line each: {region: {\"force\", \
        \"transient_force\" (N), \"pressure\", \"transient_pressure\" (Pa), \"energy\" (J), \"speed\", \"pressure_speed\" \
        (m/s)}}: energy and speeds of a transient contact, or a quasi-static one where there is none.
        """)

    @Option(help: "The table's file.")
    var table: String

    func run() throws {
      let file = try loadTable(table)
      try forEachNumbers(2) { n in
        tell(
          JSON.object(
            BodyRegion.allCases.map { region in
              let row = file.table[region]
              return (
                "\(region)",
                .object([
                  ("force", .number(row.force(isTransient: false))),
                  ("transient_force", .optional(row.transientFactor == nil ? nil : row.force(isTransient: true))),
                  ("pressure", .number(row.pressure(isTransient: false))),
                  ("transient_pressure", .optional(row.transientFactor == nil ? nil : row.pressure(isTransient: true))),
                  ("energy", .number(row.energy(isTransient: true))),
                  ("speed", .number(row.speed(robot: n[0], isTransient: true))),
                  ("pressure_speed", .number(row.speed(robot: n[0], area: n[1], isTransient: true))),
                ])
              )
            }
          ).line)
      }
    }
  }

  struct Approach: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How far before a hazard a person must be seen, by a table file.",
      discussion: """
        A CSV line of the time T (s), the field's resolution d and its height H (m); a JSON line each: {\"distance\": S at right \
        angles, null when d is too coarse, \"intrusion\": its C, \"parallel_intrusion\": C of a field that is walked along}, m.
        """)

    @Option(help: "The table's file.")
    var table: String

    func run() throws {
      let approach = try loadTable(table).approach
      try forEachNumbers(3) { n in
        tell(
          JSON.object([
            ("distance", .optional(approach.distance(time: n[0], resolution: n[1]))),
            ("intrusion", .optional(approach.intrusion(resolution: n[1]))),
            ("parallel_intrusion", .number(approach.intrusion(height: n[2]))),
          ]).line)
      }
    }
  }

  private static func loadTable(_ path: String) throws -> BodyTableFile {
    do throws(ConfigError) { return try BodyTableFile.load(path: path) } catch { throw Stop(.usage, "\(error)") }
  }

  /// `count` numbers a line.
  private static func forEachNumbers(_ count: Int, _ body: ([Double]) throws -> Void) throws {
    try forEachNumberLine(of: "\(count) numbers") { number, values in
      guard values.count == count else {
        throw Stop(.usage, "standard input:\(number): \(values.count) numbers; write \(count)")
      }
      try body(values)
    }
  }
}
