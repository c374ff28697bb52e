import CClearance

/// A robot's tables where the kernel reads them: made once, never written again.
struct ArmTables: ~Copyable, @unchecked Sendable {  // its memory is written in `init` only
  private let links: Lanes<odcv_link>
  private let capsules: Lanes<odcv_capsule>
  private let rods: Lanes<odcv_rod>
  private let movers: Lanes<odcv_mover>
  private let firstMover: Lanes<Int32>
  private let pairs: Lanes<odcv_pair>
  private let arm: Lanes<odcv_arm>

  init(_ layout: ArmLayout, joints: Int) {
    links = Lanes(layout.links)
    capsules = Lanes(layout.capsules)
    rods = Lanes(layout.capsules.indices.map { odcv_rod(layout.local($0)) })
    movers = Lanes(layout.movers)
    firstMover = Lanes(layout.firstMover)
    pairs = Lanes(
      layout.pairs.map { pair in
        let own = layout.moversOfCapsule[pair.second]
        return odcv_pair(
          first: Int32(pair.first), second: Int32(pair.second), frame: Int32(pair.frame),
          from: Int32(pair.movers.lowerBound), to: Int32(pair.movers.upperBound),
          is_branch: pair.movers.isEmpty || own.contains(pair.movers.lowerBound) ? 0 : 1)
      })
    arm = Lanes([
      odcv_arm(
        links: links.base, capsules: capsules.base, rods: rods.base, movers: movers.base, first_mover: firstMover.base,
        pairs: pairs.base, link_count: Int32(links.count), joint_count: Int32(joints),
        capsule_count: Int32(capsules.count), mover_count: Int32(movers.count), pair_count: Int32(pairs.count), pad: 0)
    ])
  }

  var pointer: UnsafePointer<odcv_arm> { UnsafePointer(arm.base) }
}
