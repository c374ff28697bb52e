import CClearance

/// A robot's tables where the kernel reads them: made once, never written again.
struct ArmTables: ~Copyable, @unchecked Sendable {  // its memory is written in `init` only
  private let links: Lanes<odcv_link>
  private let capsules: Lanes<odcv_capsule>
  private let rods: Lanes<odcv_rod>
  private let radii: Lanes<SIMD16<Float>>
  private let movers: Lanes<odcv_mover>
  private let turns: Lanes<SIMD16<Double>>
  private let moverCounts: Lanes<Int32>
  private let rowCapsules: Lanes<Int32>
  private let pairs: Lanes<odcv_pair>
  private let arm: Lanes<odcv_arm>
  /// Movers of the longest row.
  let depth: Int

  init(_ layout: ArmLayout, joints: Int) {
    let rows = layout.moversOfRow
    depth = rows.map(\.count).max() ?? 0
    links = Lanes(layout.links)
    capsules = Lanes(layout.capsules)
    rods = Lanes(layout.capsules.indices.map { odcv_rod(layout.local($0)) })
    radii = Lanes(repeating: SIMD16(), count: ArmTables.groups(layout.capsules.count))
    for (capsule, radius) in layout.radii.enumerated() {
      radii.base[capsule / ArmTables.lanes][capsule % ArmTables.lanes] = Float(radius).nextUp
    }
    movers = Lanes(repeating: odcv_mover(), count: ArmTables.groups(rows.count) * depth * ArmTables.lanes)
    turns = Lanes(repeating: SIMD16(repeating: 1), count: ArmTables.groups(rows.count) * depth)
    for (row, range) in rows.enumerated() {
      for (depth, mover) in layout.movers[range].enumerated() {
        let group = row / ArmTables.lanes * self.depth + depth
        movers[group * ArmTables.lanes + row % ArmTables.lanes] = mover
        turns.base[group][row % ArmTables.lanes] = mover.prismatic == 0 ? 1 : 0
      }
    }
    moverCounts = Lanes(rows.map { Int32($0.count) })
    rowCapsules = Lanes(layout.rowCapsules.map { Int32($0) })
    pairs = Lanes(
      layout.pairs.map {
        odcv_pair(
          first: Int32($0.first), second: Int32($0.second), frame: Int32($0.frame), row: Int32($0.movers.row),
          mover_count: Int32($0.movers.count))
      })
    arm = Lanes([
      odcv_arm(
        links: links.base, capsules: capsules.base, rods: rods.base, radii: radii.base, movers: movers.base,
        turns: turns.base, mover_counts: moverCounts.base, row_capsules: rowCapsules.base, pairs: pairs.base,
        link_count: Int32(links.count), joint_count: Int32(joints), capsule_count: Int32(capsules.count),
        row_count: Int32(rows.count), depth: Int32(depth), pair_count: Int32(pairs.count))
    ])
  }

  static let lanes = Int(ODCV_LANES)
  /// Whole sixteens that hold `count`.
  static func groups(_ count: Int) -> Int { (count + lanes - 1) / lanes }

  var pointer: UnsafePointer<odcv_arm> { UnsafePointer(arm.base) }
}
