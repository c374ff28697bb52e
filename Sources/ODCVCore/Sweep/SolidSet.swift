import CClearance

/// Solids as the kernel reads them: sixteen side by side for leaving far ones out, and one by one for the path.
public struct SolidSet: ~Copyable, Sendable {
  /// Most solids it can hold.
  public let capacity: Int
  public private(set) var solids: [Solid]
  /// What each is called in a finding.
  public private(set) var subjects: [Subject]
  private var shapes: [Shape]
  /// Largest distance from the origin of the frame, m.
  private(set) var sizes: [Double]
  /// The largest of them.
  private(set) var largest = 0.0
  private var boxes: [odcv_box]
  private var rods: [odcv_rod]
  private let boxGroups: Lanes<odcv_boxes>
  private let rodGroups: Lanes<odcv_rods>
  /// Of the last look from a path: per ball and group the distances of the group's solids, and the least of them.
  let distances: Lanes<SIMD16<Float>>
  let leasts: Lanes<Float>
  /// Which solid is in which lane of the groups; boxes' groups first. -1: none.
  private var members: [Int32]
  private var boxCount = 0
  private var rodCount = 0
  /// Some of the boxes stand for hulls inside them.
  private(set) var holdsHulls = false
  /// Solids that no group holds.
  private(set) var unbounded: [Int]

  private enum Shape: Sendable {
    case box(Int)
    case rod(Int)
    case plane(SIMD4<Float>)
  }

  /// Room for `capacity` solids, seen from `balls` balls at a time; within it nothing is allocated.
  init(capacity: Int, balls: Int) {
    let groups = (capacity + SolidSet.lanes - 1) / SolidSet.lanes
    distances = Lanes(repeating: SIMD16(), count: balls * (groups + 1))
    leasts = Lanes(repeating: 0, count: balls * (groups + 1))
    solids = []
    subjects = []
    shapes = []
    sizes = []
    boxes = []
    rods = []
    unbounded = []
    self.capacity = capacity
    solids.reserveCapacity(capacity)
    subjects.reserveCapacity(capacity)
    shapes.reserveCapacity(capacity)
    sizes.reserveCapacity(capacity)
    boxes.reserveCapacity(capacity)
    rods.reserveCapacity(capacity)
    unbounded.reserveCapacity(capacity)
    boxGroups = Lanes(repeating: odcv_boxes(), count: groups)
    rodGroups = Lanes(repeating: odcv_rods(), count: groups)
    members = Array(repeating: -1, count: 2 * groups * SolidSet.lanes)
  }

  static let lanes = Int(ODCV_LANES)

  public var count: Int { solids.count }

  public mutating func removeAll() {
    solids.removeAll(keepingCapacity: true)
    subjects.removeAll(keepingCapacity: true)
    shapes.removeAll(keepingCapacity: true)
    sizes.removeAll(keepingCapacity: true)
    boxes.removeAll(keepingCapacity: true)
    rods.removeAll(keepingCapacity: true)
    unbounded.removeAll(keepingCapacity: true)
    boxCount = 0
    rodCount = 0
    largest = 0
    holdsHulls = false
  }

  public mutating func append(_ solid: Solid, as subject: Subject) {
    precondition(solids.count < capacity)
    let index = Int32(solids.count)
    solids.append(solid)
    subjects.append(subject)
    switch solid {
    case .box(let box):
      add(box, index)
      sizes.append(box.pose.translation.length + box.halfExtents.length)
    case .capsule(let capsule):
      let rod = odcv_rod(capsule)
      let (group, lane) = (rodCount / SolidSet.lanes, rodCount % SolidSet.lanes)
      if lane == 0 { rodGroups.base[group].clear() }
      rodGroups.base[group].set(lane, rod)
      setMember(boxGroups.count + group, lane, index)
      rodCount += 1
      shapes.append(.rod(rods.count))
      rods.append(rod)
      sizes.append(max(capsule.a.length, capsule.b.length) + capsule.radius)
    case .halfSpace(let half):
      shapes.append(.plane(SIMD4(Float(half.normal.x), Float(half.normal.y), Float(half.normal.z), Float(half.offset))))
      sizes.append(abs(half.offset))
      unbounded.append(Int(index))
    case .hull(let hull):
      // The box around it stands for it; the exact stage looks at the hull itself.
      let around = Box(around: hull)
      holdsHulls = true
      add(around, index)
      sizes.append(around.pose.translation.length + around.halfExtents.length)
    }
    largest = max(largest, sizes[Int(index)])
  }

  private mutating func add(_ box: Box, _ index: Int32) {
    let prepared = odcv_box(box)
    let (group, lane) = (boxCount / SolidSet.lanes, boxCount % SolidSet.lanes)
    if lane == 0 { boxGroups.base[group].clear() }
    boxGroups.base[group].set(lane, prepared)
    setMember(group, lane, index)
    boxCount += 1
    shapes.append(.box(boxes.count))
    boxes.append(prepared)
  }

  private mutating func setMember(_ group: Int, _ lane: Int, _ index: Int32) {
    if lane == 0 {
      for lane in 0..<SolidSet.lanes { members[group * SolidSet.lanes + lane] = -1 }
    }
    members[group * SolidSet.lanes + lane] = index
  }

  // MARK: - What the kernel is asked

  /// Groups in use, boxes' and rods'.
  var groups: Int { boxGroupsInUse + (rodCount + SolidSet.lanes - 1) / SolidSet.lanes }
  private var boxGroupsInUse: Int { (boxCount + SolidSet.lanes - 1) / SolidSet.lanes }

  /// The solid in a lane of a group in use; `nil` in a lane that is empty.
  @inline(__always)
  func member(_ group: Int, _ lane: Int) -> Int? {
    let place = group < boxGroupsInUse ? group : boxGroups.count + group - boxGroupsInUse
    let index = members[place * SolidSet.lanes + lane]
    return index < 0 ? nil : Int(index)
  }

  /// Distances of the balls' centres to the solids of every group in use, and the least of each group.
  @inline(__always)
  func broad(_ balls: borrowing Lanes<SIMD4<Float>>, _ count: Int, _ kernel: UnsafePointer<odcv_kernel>) {
    kernel.pointee.broad(
      UnsafeRawPointer(balls.base).assumingMemoryBound(to: Float.self), Int32(count), boxGroups.base,
      Int32(boxGroupsInUse), rodGroups.base, Int32(groups - boxGroupsInUse), distances.base, leasts.base)
  }

  /// The axis from `ends` to `ends + 3` against a group's solids at one configuration.
  @inline(__always)
  func one(
    _ ends: UnsafePointer<Float>, _ group: Int, _ kernel: UnsafePointer<odcv_kernel>, _ dual: inout SIMD16<Float>,
    _ primal: inout SIMD16<Float>
  ) {
    if group < boxGroupsInUse {
      kernel.pointee.one_boxes(ends, ends + 3, boxGroups.base + group, &dual, &primal)
    } else {
      kernel.pointee.one_rods(ends, ends + 3, rodGroups.base + (group - boxGroupsInUse), &dual, &primal)
    }
  }

  @inline(__always)
  func sweep(
    _ ends: UnsafePointer<SIMD16<Float>>, _ solid: Int, _ kernel: UnsafePointer<odcv_kernel>, weights: SIMD16<Float>,
    bow: Float, into result: inout odcv_sweep
  ) {
    withUnsafePointer(to: weights) { weights in
      switch shapes[solid] {
      case .box(let index):
        boxes.withUnsafeBufferPointer {
          kernel.pointee.sweep_box(ends, $0.baseAddress! + index, weights, bow, &result)
        }
      case .rod(let index):
        rods.withUnsafeBufferPointer {
          kernel.pointee.sweep_rod(ends, $0.baseAddress! + index, weights, bow, &result)
        }
      case .plane(let plane):
        withUnsafeBytes(of: plane) {
          kernel.pointee.sweep_plane(
            ends, $0.assumingMemoryBound(to: Float.self).baseAddress!, plane.w, weights, bow, &result)
        }
      }
    }
  }
}

extension Box {
  /// The least box along the axes of the frame that holds a hull.
  init(around hull: ConvexHull) {
    var low = Vector3(.infinity, .infinity, .infinity)
    var high = Vector3(-.infinity, -.infinity, -.infinity)
    for vertex in hull.vertices {
      low = Vector3(min(low.x, vertex.x), min(low.y, vertex.y), min(low.z, vertex.z))
      high = Vector3(max(high.x, vertex.x), max(high.y, vertex.y), max(high.z, vertex.z))
    }
    let padding = Vector3(hull.padding, hull.padding, hull.padding)
    self.init(
      pose: Pose(rotation: .identity, translation: 0.5 * (low + high)), halfExtents: 0.5 * (high - low) + padding)
  }
}

// MARK: - Shapes of the kernel

extension odcv_box {
  init(_ box: Box) {
    let (c, r, h) = (box.pose.translation, box.pose.rotation, box.halfExtents)
    self.init(
      center: (Float(c.x), Float(c.y), Float(c.z)),
      columns: (
        Float(r.x.x), Float(r.x.y), Float(r.x.z), Float(r.y.x), Float(r.y.y), Float(r.y.z), Float(r.z.x), Float(r.z.y),
        Float(r.z.z)
      ),
      half: (Float(h.x), Float(h.y), Float(h.z)))
  }
}

extension odcv_rod {
  init(_ capsule: Capsule) {
    let d = capsule.b - capsule.a
    self.init(
      a: (Float(capsule.a.x), Float(capsule.a.y), Float(capsule.a.z)), d: (Float(d.x), Float(d.y), Float(d.z)),
      radius: Float(capsule.radius))
  }
}

/// Farther than anything that can be placed: where no solid is.
private let nowhere: Float = 1e6

extension odcv_boxes {
  fileprivate mutating func clear() {
    self = odcv_boxes()
    center.0 = SIMD16(repeating: nowhere)
    columns.0 = SIMD16(repeating: 1)
    columns.4 = SIMD16(repeating: 1)
    columns.8 = SIMD16(repeating: 1)
  }

  fileprivate mutating func set(_ lane: Int, _ box: odcv_box) {
    (center.0[lane], center.1[lane], center.2[lane]) = box.center
    let c = box.columns
    (columns.0[lane], columns.1[lane], columns.2[lane]) = (c.0, c.1, c.2)
    (columns.3[lane], columns.4[lane], columns.5[lane]) = (c.3, c.4, c.5)
    (columns.6[lane], columns.7[lane], columns.8[lane]) = (c.6, c.7, c.8)
    (half.0[lane], half.1[lane], half.2[lane]) = box.half
  }
}

extension odcv_rods {
  fileprivate mutating func clear() {
    self = odcv_rods()
    a.0 = SIMD16(repeating: nowhere)
  }

  fileprivate mutating func set(_ lane: Int, _ rod: odcv_rod) {
    (a.0[lane], a.1[lane], a.2[lane]) = rod.a
    (d.0[lane], d.1[lane], d.2[lane]) = rod.d
    radius[lane] = rod.radius
  }
}
