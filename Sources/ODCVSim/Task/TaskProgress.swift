/// Cycles and KPI from the true motion of the tool: an end of the way counts when the tool stayed there long enough.
struct TaskProgress: Sendable {
  private let ends: [Vector]
  private let tolerance: Double
  private let dwell: Double
  private let scale: Double

  /// Index of the end that is due next: 0 pick, 1 place.
  private(set) var due = 0
  private(set) var cycles: UInt64 = 0
  private var stayed = 0.0
  private var legDone = 0.0
  private(set) var elapsed = 0.0

  /// m/s: slower than this the tool is taken to have stopped.
  private static let standing = 0.05

  init(_ scenario: Scenario) {
    ends = [scenario.way.tool[0], scenario.way.tool[scenario.way.tool.count - 1]]
    tolerance = scenario.tolerance
    dwell = scenario.dwell
    scale = scenario.kpi.scale
  }

  /// A part is in the gripper.
  var holds: Bool { due == 1 }

  /// KPI so far: ways between the ends, the running one by the part done, two of them to a cycle, per time. The arm
  /// starts at the first end, which is no achievement.
  var kpi: Double {
    let begun = cycles > 0 || due == 1
    return begun && elapsed > 0 ? scale * (2 * Double(cycles) + Double(due) + legDone - 1) / 2 / elapsed : 0
  }

  mutating func observe(tool: Vector, speed: Double, dt: Double) {
    elapsed += dt
    let away = length(tool - ends[due])
    let whole = length(ends[0] - ends[1])
    // Nothing is due back at the first pick of all.
    if cycles > 0 || due == 1 { legDone = max(legDone, min(1, max(0, 1 - away / whole))) }
    guard away <= tolerance, speed <= Self.standing else {
      stayed = 0
      return
    }
    stayed += dt
    guard stayed >= dwell - 1e-9 else { return }
    stayed = 0
    legDone = 0
    if due == 1 { cycles += 1 }
    due = 1 - due
  }
}
